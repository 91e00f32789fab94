//! How the course calls the exercise, and what it gives it.

use kit::{Error, Peer, Session};
use prost::DecodeError;
use proto::evolution::v1::ReviewTask;

/// Runs the exercise.
pub async fn evolution(
    session: Session,
    exercise: impl Fn(Vec<u8>, String, &mut Peer) -> Result<ReviewTask, DecodeError>,
) -> Result<(), Error> {
    let program = session.setting("program").to_owned();
    let tasks: usize = session.setting("tasks").parse()?;
    let mut peer = session.into_peer();
    for _ in 0..tasks {
        let bytes = peer.receive();
        let line = match exercise(bytes, program.clone(), &mut peer) {
            Ok(task) => format!(
                "document_id {:?}, priority {}, reviewer {:?}, labels {:?}, handled by {:?}",
                task.document_id, task.priority, task.reviewer, task.labels, task.handled_by
            ),
            Err(_) => "not readable".to_owned(),
        };
        kit::report(line);
    }
    Ok(())
}
