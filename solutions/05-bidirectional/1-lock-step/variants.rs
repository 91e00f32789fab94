//! Other right programs, known mistakes, mutants.
// FILL: two right ways, two programs for each diagnosis, four mutants: default, error, hard_coded, one_more.

use kit::{Document, Error, Peer};

kit::variants! {
    crate::run::lock_step;
    right_lossy,
}

type Answer = Result<String, Error>;

/// Reads the answer without checking it.
fn right_lossy(document: Document, peer: &mut Peer) -> Answer {
    peer.send(document.text.into());
    Ok(String::from_utf8_lossy(&peer.receive()).into_owned())
}
