//! How the course calls the exercise, and what it gives it.

use kit::{Error, Peer, Session};

/// Runs the exercise.
pub async fn varint(
    session: Session,
    exercise: impl Fn(&[u8], &mut Peer) -> i32,
) -> Result<(), Error> {
    let readings: usize = session.setting("readings")?.parse()?;
    let mut peer = session.into_peer();
    // ANCHOR: varint
    for _ in 0..readings {
        let reading = peer.receive();
        // The tag of field 1 is one byte; the number's varint is the rest.
        let varint = reading.get(1..).ok_or("the peer sent no reading")?;
        let number = exercise(varint, &mut peer);
        kit::report(number.to_string());
    }
    // ANCHOR_END: varint
    Ok(())
}
