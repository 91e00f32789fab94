//! bidirectional.1: FILL: what it is about, in a few words.
//!
//! FILL: what a learner should know before the gap, in two sentences.
//!
//! Fill the gap, save, and run `cargo xtask check bidirectional.1`.

use kit::{Document, Error, Peer};

/// FILL: what the function does, and what it returns.
pub fn lock_step(document: Document, peer: &mut Peer) -> Result<String, Error> {
    kit::gap!(
        "FILL: what the learner is to do, in one paragraph of full sentences. Name here \
         all that is judged.";
        document, peer
    )
}
