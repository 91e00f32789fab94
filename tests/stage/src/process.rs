//! The program's process, and what it prints.

use std::collections::VecDeque;
use std::fmt;
use std::io::{PipeReader, Read};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::run::Program;

/// How many bytes are kept of the beginning and of the end of what a program prints.
const KEPT: usize = 32 << 10;

/// How long a program that has come to its end may take to exit, and how long what it printed may take to arrive. A
/// program that exits, as all do, is waited for no longer than it takes.
const EXIT: Duration = Duration::from_secs(1);

/// What a program printed, on standard output and standard error in the order in which it did. The middle of very much is
/// not kept: the beginning says what the program was at, and the end says why it stopped.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// How many line ends there were between the two.
    lost: usize,
}

impl Printed {
    fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(KEPT - self.head.len()));
        self.head.extend(head);
        self.tail.extend(rest);
        let more = self.tail.len().saturating_sub(KEPT);
        self.lost += self
            .tail
            .drain(..more)
            .filter(|byte| *byte == b'\n')
            .count();
    }

    /// At most about this many lines, those of the beginning and those of the end, and how many are left out between them.
    pub fn lines(&self, most: usize) -> (Vec<String>, usize, Vec<String>) {
        let text = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            text.lines().map(str::to_owned).collect()
        };
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let (mut head, mut tail, mut left_out) = match self.lost {
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

/// A program that runs.
pub(crate) struct Process {
    pub(crate) child: Child,
    printed: Arc<Mutex<Printed>>,
    /// Hears of the end of what it prints.
    all: oneshot::Receiver<()>,
}

impl Process {
    /// Starts a program that dials the stage at this address.
    pub(crate) fn spawn(program: &Program, stage: &str) -> Result<Self> {
        // One pipe for both, so that what it printed has the order in which it did.
        let (reader, writer) = std::io::pipe().context("make a pipe")?;
        let mut command = Command::new(&program.path);
        command
            .arg(&program.exercise)
            .env(kit::protocol::STAGE, stage)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(writer.try_clone().context("share a pipe")?)
            .stderr(writer)
            .kill_on_drop(true);
        let child = command.spawn();
        let child = child.with_context(|| format!("start {}", program.path.display()))?;
        // It has the ends for writing; while it has, the pipe never ends.
        drop(command);
        let printed = Arc::<Mutex<Printed>>::default();
        let kept = printed.clone();
        let (end, all) = oneshot::channel();
        // A thread, since nobody waits for it at the end: a grandchild may hold the pipe open for ever.
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
            all,
        })
    }

    /// Lets a process whose work is over exit, which prints what is left to be said, and returns what it printed.
    pub(crate) async fn end(mut self) -> Printed {
        let _ = tokio::time::timeout(EXIT, self.child.wait()).await;
        self.kill().await
    }

    /// Ends the process, if it has not ended, and returns what it printed.
    pub(crate) async fn kill(mut self) -> Printed {
        let _ = self.child.kill().await;
        // What the program itself printed is in the pipe by now.
        let _ = tokio::time::timeout(EXIT, &mut self.all).await;
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.clone()
    }
}

/// Keeps what is worth keeping of what a program prints, and reads the rest so that it does not block.
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
    fn of_much_the_beginning_and_the_end_are_kept_and_the_rest_is_counted() {
        let mut printed = Printed::default();
        for line in 0..200_000 {
            printed.push(format!("line {line}\n").as_bytes());
        }
        let (head, left_out, tail) = printed.lines(20);
        assert_eq!((head.len(), tail.len()), (10, 10));
        assert_eq!(head[0], "line 0");
        assert_eq!(tail[9], "line 199999");
        // A line may be cut where the middle begins, and then each of its halves is one.
        assert!((199_979..=199_981).contains(&left_out), "{left_out}");
        assert!(printed.to_string().len() < 3 * KEPT);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_it_says_last_is_heard_and_all_in_its_order() {
        let folder = temp_dir::TempDir::new().expect("a folder");
        let script = folder.path().join("script");
        let text =
            "for i in 1 2 3; do echo out $i; echo err $i >&2; done; exec sh -c 'echo last >&2'";
        std::fs::write(&script, text).expect("it is written");
        let program = Program {
            path: "/bin/sh".into(),
            exercise: script.display().to_string(),
        };
        let process = Process::spawn(&program, "nowhere").expect("there is a shell");
        let printed = process.end().await.to_string();
        assert_eq!(printed, "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\nlast\n");
    }

    #[test]
    fn of_little_all_is_shown() {
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
