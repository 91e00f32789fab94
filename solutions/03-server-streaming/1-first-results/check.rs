//! An edge that gets batches one after the other: good ones, what must be refused, and good ones about which the host
//! fails.

use anyhow::Result;
use stage::{Inputs, Peer, Scenario, Source, Stage, State};
use tap::{CallInfo, CallPlan, Rules};

use crate::common::in_order::{self, InOrder};

mod cases;
mod diagnoses;

use cases::{Case, cases};
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`. The host answers about a document only when the caller has the answers before it.
pub(crate) struct FirstResults;

/// What this run is made of.
struct Calls {
    cases: Vec<Case>,
    host: InOrder,
}

#[stage::async_trait]
impl Scenario for FirstResults {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        in_order::rules()
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let max_documents = 4 + source.seed.draw(60, 3) as usize;
        let calls = Calls {
            cases: cases(source, max_documents).await?,
            host: InOrder::default(),
        };
        Ok(Inputs {
            settings: [("max_documents".to_owned(), max_documents.to_string())].into(),
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
        let batches = calls.cases.iter().map(|case| &case.batch);
        calls.host.play(stage, batches).await
    }
}
