//! An edge that gets batches one after the other, and a host that fails about some of their documents.

use anyhow::Result;
use stage::{Inputs, Peer, Scenario, Source, Stage, State};
use tap::{CallInfo, CallPlan, Rules};

use crate::common::batches::Batch;
use crate::common::in_order::{self, InOrder};

mod cases;
mod diagnoses;

use cases::batches;
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`. The host answers about a document only when the caller has the answers before it.
pub(crate) struct BadDocument;

/// What this run is made of.
struct Calls {
    batches: Vec<Batch>,
    host: InOrder,
}

#[stage::async_trait]
impl Scenario for BadDocument {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        in_order::rules()
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let calls = Calls {
            batches: batches(source).await?,
            host: InOrder::default(),
        };
        Ok(Inputs {
            state: State::new(calls),
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let calls = inputs.state.get::<Calls>();
        calls.map_or_else(CallPlan::default, |calls| calls.host.plan(call))
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let calls: &Calls = inputs.state()?;
        let batches = calls.batches.iter();
        calls.host.play(stage, batches).await
    }
}
