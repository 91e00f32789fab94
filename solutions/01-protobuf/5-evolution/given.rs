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
    let mut peer = session.into_peer();
    for _ in 0..4 {
        let bytes = peer.receive();
        let line = match exercise(bytes, program.clone(), &mut peer) {
            Ok(task) => format!(
                "{}: priority {}, reviewer {:?}, labels {:?}",
                task.document_id, task.priority, task.reviewer, task.labels
            ),
            Err(_) => "not readable".to_owned(),
        };
        kit::report(line);
    }
    Ok(())
}
