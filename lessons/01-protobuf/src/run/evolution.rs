//! How the course calls the exercise, and what it gives it.

use kit::{Error, Peer, Session};
use prost::DecodeError;
use proto::evolution::v1::ReviewTask;

/// Runs the exercise: for each task that the peer sends, with the name of the program that passes this one on.
pub async fn evolution(
    session: Session,
    exercise: impl Fn(Vec<u8>, String, &mut Peer) -> Result<ReviewTask, DecodeError>,
) -> Result<(), Error> {
    let programs = session.setting("programs")?.to_owned();
    let mut peer = session.into_peer();
    for program in programs.split(' ') {
        let bytes = peer.receive();
        match exercise(bytes, program.to_owned(), &mut peer) {
            Ok(task) => kit::report(line(&task)),
            Err(_) => kit::report("not readable"),
        }
    }
    Ok(())
}

/// A task with all that version 1 knows of it.
fn line(task: &ReviewTask) -> String {
    format!(
        "document_id {:?}, priority {}, reviewer {:?}, labels {:?}, handled by {:?}",
        task.document_id, task.priority, task.reviewer, task.labels, task.handled_by
    )
}
