//! Batches for an edge, one after the other, about whose documents it asks one after the other.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use stage::Stage;
use stage::faults::STATUS_METADATA;
use stage::hop::{CLIENT_EDGE, EDGE_HOST, HEALTH_CHECKS};
use tap::{CallInfo, CallPlan, Conversation, Count, Rules};

use super::batches::{Batch, Host, Player};

/// How such a run is compared: each answer stands behind the host's that it is made of, and what a status of the host has in
/// its metadata counts, whether it is to be passed on or not.
pub(crate) fn rules() -> Vec<Rules> {
    vec![
        Rules {
            conversation: Conversation::Interleaved,
            metadata: STATUS_METADATA,
            ..Rules::new(CLIENT_EDGE)
        },
        Rules {
            open: Count::AtMost(1),
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(EDGE_HOST)
        },
    ]
}

/// The host's part. The reference server answers about the documents of the first batch, and the course about all others.
#[derive(Debug, Default)]
pub(crate) struct InOrder {
    /// Which batch the edge has now.
    current: AtomicUsize,
    host: Host,
}

impl InOrder {
    /// What the taps do with a call.
    pub(crate) fn plan(&self, call: &CallInfo) -> CallPlan {
        match self.current.load(Ordering::SeqCst) {
            0 => self.host.hold(call),
            _ => self.host.play(call),
        }
    }

    /// Sends the batches.
    ///
    /// # Errors
    ///
    /// When the program is not a server.
    pub(crate) async fn play(
        &self,
        stage: &Stage,
        batches: impl Iterator<Item = &Batch> + Send,
    ) -> Result<()> {
        let mut player = Player::new(stage, &self.host)?;
        for (index, batch) in batches.enumerate() {
            self.current.store(index, Ordering::SeqCst);
            player.play(batch).await;
        }
        Ok(())
    }
}
