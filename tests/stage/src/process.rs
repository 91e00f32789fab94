//! A program under test as a process, and what it prints.

use std::collections::VecDeque;
use std::fmt;
use std::io::{PipeReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// How many bytes are kept of the beginning, and as many of the end, of what a program prints.
const KEPT_BYTES: usize = 32 << 10;

/// How long a program that has finished may take to exit, and how long what it printed may take to arrive. A program
/// that exits, as all do, is waited for no longer than it takes.
const EXIT_TIMEOUT: Duration = Duration::from_secs(1);

/// A program that runs exercises.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// The exercise, or the variant of it, as the program names it: `unary.1` or `unary.1/right-lazy`.
    pub exercise: String,
}

/// What a program printed on standard output and standard error, in one order. Of long output the beginning and the end
/// are kept: the beginning says what the program was doing, and the end why it stopped.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// How many line ends there were between the two.
    lost_lines: usize,
}

impl Printed {
    fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(KEPT_BYTES - self.head.len()));
        self.head.extend(head);
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(KEPT_BYTES);
        self.lost_lines += self
            .tail
            .drain(..excess)
            .filter(|byte| *byte == b'\n')
            .count();
    }

    /// The first lines, how many are left out after them, and the last lines: at most `most` lines in all.
    pub fn lines(&self, most: usize) -> (Vec<String>, usize, Vec<String>) {
        let text = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            text.lines().map(str::to_owned).collect()
        };
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let (mut head, mut tail, mut left_out) = match self.lost_lines {
            0 => (text(&[&self.head[..], &tail].concat()), Vec::new(), 0),
            lost => (text(&self.head), text(&tail), lost),
        };
        if head.len() + tail.len() > most {
            let first = most / 2;
            let all: Vec<_> = head.into_iter().chain(tail).collect();
            let last = all.len() - (most - first);
            left_out += last - first;
            head = all[..first].to_vec();
            tail = all[last..].to_vec();
        }
        (head, left_out, tail)
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, left_out, tail) = self.lines(usize::MAX);
        for line in head {
            writeln!(out, "{line}")?;
        }
        if left_out > 0 {
            writeln!(out, "... {left_out} lines left out ...")?;
        }
        tail.iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

/// A running program.
pub(crate) struct Process {
    pub(crate) child: Child,
    printed: Arc<Mutex<Printed>>,
    /// Resolves when nothing more will be printed.
    output_ended: oneshot::Receiver<()>,
}

impl Process {
    /// Starts a program that dials the stage at this socket.
    pub(crate) fn spawn(program: &Program, stage: &Path) -> Result<Self> {
        // One pipe for both streams, which keeps the order in which the program wrote to them.
        let (reader, writer) = std::io::pipe().context("make a pipe")?;
        let mut command = Command::new(&program.path);
        command
            .arg(&program.exercise)
            .env(kit::protocol::STAGE_VARIABLE, stage)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(writer.try_clone().context("share a pipe")?)
            .stderr(writer)
            .kill_on_drop(true);
        let child = command.spawn();
        let child = child.with_context(|| format!("start {}", program.path.display()))?;
        // The command holds the pipe's ends for writing, and the pipe does not end before they are closed.
        drop(command);
        let printed = Arc::<Mutex<Printed>>::default();
        let kept = printed.clone();
        let (end, output_ended) = oneshot::channel();
        // A thread and not a task, since nothing may wait for it: a grandchild may hold the pipe open for ever.
        std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || {
                keep(reader, &kept);
                drop(end);
            })
            .context("start a thread")?;
        Ok(Self {
            child,
            printed,
            output_ended,
        })
    }

    /// Lets a process that has finished exit, and returns what it printed until then.
    pub(crate) async fn end(mut self) -> Printed {
        let _ = tokio::time::timeout(EXIT_TIMEOUT, self.child.wait()).await;
        self.kill().await
    }

    /// Ends the process, if it has not ended, and returns what it printed.
    pub(crate) async fn kill(mut self) -> Printed {
        let _ = self.child.kill().await;
        // What the program itself printed is in the pipe by now; a grandchild may print on.
        let _ = tokio::time::timeout(EXIT_TIMEOUT, &mut self.output_ended).await;
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.clone()
    }
}

/// Reads all that a program prints, so that it never blocks on a full pipe, and keeps what is to be kept.
fn keep(mut pipe: PipeReader, printed: &Mutex<Printed>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.push(&buffer[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_output_keeps_head_and_tail_and_counts_the_rest() {
        let mut printed = Printed::default();
        for line in 0..200_000 {
            printed.push(format!("line {line}\n").as_bytes());
        }
        let (head, left_out, tail) = printed.lines(20);
        assert_eq!((head.len(), tail.len()), (10, 10));
        assert_eq!(head[0], "line 0");
        assert_eq!(tail[9], "line 199999");
        // Where the middle begins, a line may be cut in two, and then each half counts as a line.
        assert!((199_979..=199_981).contains(&left_out), "{left_out}");
        assert!(printed.to_string().len() < 3 * KEPT_BYTES);
    }

    #[tokio::test]
    async fn both_streams_are_kept_in_order_until_the_last_line() {
        let folder = temp_dir::TempDir::new().expect("a folder");
        let script = folder.path().join("script");
        let text =
            "for i in 1 2 3; do echo out $i; echo err $i >&2; done; exec sh -c 'echo last >&2'";
        std::fs::write(&script, text).expect("it is written");
        let program = Program {
            path: "/bin/sh".into(),
            exercise: script.display().to_string(),
        };
        let process = Process::spawn(&program, Path::new("nowhere")).expect("there is a shell");
        let printed = process.end().await.to_string();
        assert_eq!(printed, "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\nlast\n");
    }

    #[test]
    fn short_output_is_shown_whole() {
        let mut printed = Printed::default();
        for line in 0..20 {
            printed.push(format!("{line}\n").as_bytes());
        }
        let (head, left_out, tail) = printed.lines(20);
        assert_eq!((head.len(), left_out, tail.len()), (20, 0, 0));
        let (head, left_out, tail) = printed.lines(4);
        assert_eq!(
            (head, left_out, tail),
            (
                vec!["0".into(), "1".into()],
                16,
                vec!["18".into(), "19".into()]
            )
        );
    }
}
