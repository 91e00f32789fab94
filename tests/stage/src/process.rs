//! A program under test as a process.

use std::io::{PipeReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::environment;
use crate::group::Group;
use crate::memory;
use crate::printed::Printed;

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

/// A running program. It ends with this value, and all that it has started.
pub(crate) struct Process {
    pub(crate) child: Child,
    group: Group,
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
            .env_clear()
            .envs(environment::of_child())
            .env(kit::protocol::STAGE_VARIABLE, stage)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(writer.try_clone().context("share a pipe")?)
            .stderr(writer)
            .process_group(0)
            .kill_on_drop(true);
        let child = command.spawn();
        let child = child.with_context(|| format!("start {}", program.path.display()))?;
        let id = child.id().context("a program was waited for too early")?;
        let group = Group::of(id);
        // It runs no code of the learner's before it has its task, which it is given later.
        memory::limit(id);
        // The command holds the pipe's ends for writing, and the pipe does not end before they are closed.
        drop(command);
        let printed = Arc::<Mutex<Printed>>::default();
        let kept = printed.clone();
        let (end, output_ended) = oneshot::channel();
        // A thread and not a task, since nothing may wait for it: a grandchild that has left the group may hold the pipe open for ever.
        std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || {
                keep(reader, &kept);
                drop(end);
            })
            .context("start a thread")?;
        Ok(Self {
            child,
            group,
            printed,
            output_ended,
        })
    }

    /// Lets a process that has finished exit, and returns what it printed until then.
    pub(crate) async fn end(mut self) -> Printed {
        let _ = tokio::time::timeout(EXIT_TIMEOUT, self.child.wait()).await;
        self.kill().await
    }

    /// Ends the process, if it has not ended, and all that it has started, and returns what it printed.
    pub(crate) async fn kill(mut self) -> Printed {
        self.group.kill();
        let _ = self.child.kill().await;
        // What the program printed is in the pipe by now; a grandchild that has left the group may print on.
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

    #[tokio::test]
    async fn both_streams_are_kept_in_order_until_the_last_line() {
        let folder = crate::folder::PrivateFolder::new().expect("a folder");
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
}
