//! Receiving what a program sends on the control channel, and how it ended.

use std::process::ExitStatus;

use proto::control::v1::{Task, from_program, to_program};
use tokio::process::Child;
use tokio::sync::{Mutex, watch};

use crate::control::{Listener, Next, Writer};
use crate::cut;
use crate::end::End;
use crate::run_log::RunLog;

/// Gives the program its task and records its messages until one of them says how it ended. A program that hangs up
/// without such a message is about to exit, and then its exit status is its end; all that it sent is recorded before.
/// Where it sends more than it may, what came before is recorded, and that is its end.
///
/// `writer` is set once the program has dialled.
pub(crate) async fn record(
    listener: &Listener,
    task: Task,
    child: &mut Child,
    writer: &Mutex<Option<Writer>>,
    log: &watch::Sender<RunLog>,
) -> End {
    let accepted = tokio::select! {
        accepted = listener.accept() => accepted,
        status = child.wait() => return exited(status),
    };
    if let Ok((mut reader, mut to_program)) = accepted {
        to_program.send(to_program::Kind::Task(task)).await;
        *writer.lock().await = Some(to_program);
        loop {
            let message = match reader.next().await {
                Next::Message(message) => shown(message),
                Next::Excess(excess) => return End::Runaway(excess),
                Next::HungUp => break,
            };
            let end = end_of(&message);
            log.send_modify(|log| match message {
                from_program::Kind::Sent(bytes) => log.program_sent(bytes.data),
                message => log.messages.push(message),
            });
            if let Some(excess) = log.borrow().excess() {
                return End::Runaway(excess);
            }
            if let Some(end) = end {
                return end;
            }
        }
    }
    exited(child.wait().await)
}

/// The message, with the texts cut that are shown as they are and not compared.
fn shown(mut message: from_program::Kind) -> from_program::Kind {
    match &mut message {
        from_program::Kind::Finished(finished) => finished.error = cut::text(&finished.error),
        from_program::Kind::Unfinished(gap) => {
            gap.task = cut::text(&gap.task);
            gap.file = cut::text(&gap.file);
        }
        from_program::Kind::Panicked(panicked) => {
            panicked.message = cut::text(&panicked.message);
            panicked.file = cut::text(&panicked.file);
        }
        _ => {}
    }
    message
}

/// The end that this message announces, if it announces one.
fn end_of(message: &from_program::Kind) -> Option<End> {
    match message {
        from_program::Kind::Finished(finished) => Some(End::Finished(finished.error.clone())),
        from_program::Kind::Unfinished(gap) => Some(End::Unfinished {
            task: gap.task.clone(),
            file: gap.file.replace('\\', "/"),
            line: gap.line,
        }),
        _ => None,
    }
}

fn exited(status: std::io::Result<ExitStatus>) -> End {
    End::Exited(status.map_or_else(|error| error.to_string(), |status| status.to_string()))
}
