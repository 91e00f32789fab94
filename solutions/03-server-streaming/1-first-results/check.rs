//! An edge that gets batches one after the other: good ones, what must be refused, and good ones about which the host
//! fails.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use stage::{
    Inputs, Peer, Scenario, Source, Stage, State,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{CallInfo, CallPlan, Conversation, Count, Rules};

use crate::common::batches::{Host, Player};

mod cases;
mod diagnoses;

use cases::{Case, cases};
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`. The host answers about a document only when the caller has the answers before it.
pub(crate) struct FirstResults;

/// What this run is made of.
struct Calls {
    cases: Vec<Case>,
    /// Which of them the edge has now.
    current: AtomicUsize,
    host: Host,
}

#[stage::async_trait]
impl Scenario for FirstResults {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                conversation: Conversation::Interleaved,
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
        let max_documents = 4 + source.seed.draw(60, 3) as usize;
        let calls = Calls {
            cases: cases(source, max_documents).await?,
            current: AtomicUsize::new(0),
            host: Host::default(),
        };
        Ok(Inputs {
            settings: [("max_documents".to_owned(), max_documents.to_string())].into(),
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
        for (index, case) in calls.cases.iter().enumerate() {
            calls.current.store(index, Ordering::SeqCst);
            player.play(&case.batch).await;
        }
        Ok(())
    }
}
