//! FILL: what a learner should know before the gap, in two sentences.

use kit::{Document, Error, Peer};

/// FILL: what the function does, and what it returns.
pub fn in_flight(document: Document, peer: &mut Peer) -> Result<String, Error> {
    // gap
    // uses: ; document, peer
    // hint: peer.send(...);
    peer.send(document.text.into_bytes());
    let answer = peer.receive();
    // hint: ...
    Ok(String::from_utf8(answer)?)
    // end of gap
}
