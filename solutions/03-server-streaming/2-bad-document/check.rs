//! An edge that gets batches one after the other, and a host that fails about some of their documents.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use stage::{
    Inputs, Peer, Scenario, Source, Stage, State,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{CallInfo, CallPlan, Conversation, Count, Rules};

use crate::common::batches::{Batch, Host, Player};

mod cases;
mod diagnoses;

use cases::batches;
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`. The host answers about a document only when the caller has the answers before it.
pub(crate) struct BadDocument;

/// What this run is made of.
struct Calls {
    batches: Vec<Batch>,
    /// Which of them the edge has now.
    current: AtomicUsize,
    host: Host,
}

#[stage::async_trait]
impl Scenario for BadDocument {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                conversation: Conversation::Interleaved,
                // The host's own, which is not for the caller.
                metadata: &["x-ticket", "x-seal-bin"],
                ..Rules::new(CLIENT_EDGE)
            },
            Rules {
                open: Count::AtMost(1),
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let calls = Calls {
            batches: batches(source).await?,
            current: AtomicUsize::new(0),
            host: Host::default(),
        };
        Ok(Inputs {
            state: State::new(calls),
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let Some(calls) = inputs.state.get::<Calls>() else {
            return CallPlan::default();
        };
        match calls.current.load(Ordering::SeqCst) {
            0 => calls.host.hold(call),
            _ => calls.host.play(call),
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let calls: &Calls = inputs.state()?;
        let mut player = Player::new(stage, &calls.host)?;
        for (index, batch) in calls.batches.iter().enumerate() {
            calls.current.store(index, Ordering::SeqCst);
            player.play(batch).await;
        }
        Ok(())
    }
}
