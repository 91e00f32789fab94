//! An edge that gets calls one after the other: good ones, whole and without what may be left out, what must be refused,
//! and good ones about which the host fails.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use prost::Message;
use stage::{
    Inputs, Peer, Scenario, Source, Stage, State,
    hop::{CLIENT_EDGE, EDGE_HOST},
    jobs,
};
use tap::{CallInfo, CallPlan, Count, Deadline, Fault, Rules};

use crate::common::{CLASSIFY_METHOD, CORRELATION_ID, HEALTH_CHECKS};

mod cases;
mod diagnoses;

use cases::{Case, Host, SECRETS, cases};
pub(crate) use diagnoses::DIAGNOSES;

/// The calls of `cases.rs`. Those under a deadline are held before the edge can ask the host, for so long that what is
/// left differs from what there was.
pub(crate) struct Edge;

/// The method of the host.
const RANK_METHOD: &str = "/model.v1.ModelHost/Rank";

/// How long a call under a deadline is held.
///
/// A program that takes a fixed second off the deadline, whatever it has spent, is not told from one that measures. That
/// would need a deadline below two seconds, which a slow machine lets pass, or more than two seconds here: half of what
/// was spent is demanded, and every call under a deadline would be held for so long, in every check.
const HELD: Duration = Duration::from_millis(300);

/// What this run is made of.
struct Calls {
    cases: Vec<Case>,
    /// Which of them the edge has now.
    current: AtomicUsize,
}

#[stage::async_trait]
impl Scenario for Edge {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                metadata: &[CORRELATION_ID, SECRETS[0], SECRETS[1]],
                // What goes along with the code of a failure is the program's choice.
                details: false,
                ..Rules::new(CLIENT_EDGE)
            },
            Rules {
                metadata: &SECRETS,
                deadline: Deadline::Left { spent: HELD },
                connections: Count::AtMost(1),
                uncounted_calls: HEALTH_CHECKS,
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let calls = Calls {
            cases: cases(source).await?,
            current: AtomicUsize::new(0),
        };
        let model_version = source.model_version().await?;
        Ok(Inputs {
            settings: [("model_version".to_owned(), model_version)].into(),
            state: State::new(calls),
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let calls: Option<&Calls> = inputs.state.get();
        let case = calls.and_then(|calls| calls.cases.get(calls.current.load(Ordering::SeqCst)));
        let fault = match case.map(|case| &case.host) {
            None | Some(Host::Answers) => None,
            Some(Host::Ranks(ranking)) => Some(Fault::answer(ranking.encode_to_vec())),
            Some(Host::Fails(fault)) => Some(fault.clone()),
        };
        CallPlan {
            fault: fault.filter(|_| call.path == RANK_METHOD),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let client = stage.client()?;
        let calls: &Calls = inputs.state()?;
        // Also of the call that the given part makes without an id, at the end.
        for case in calls.cases.iter().filter(|case| !case.is_held()) {
            stage.release(case.id().to_owned()).await;
        }
        for (index, case) in calls.cases.iter().enumerate() {
            calls.current.store(index, Ordering::SeqCst);
            let request = case.request.encode_to_vec();
            let mut call = client.unary(CLASSIFY_METHOD, request, case.options.clone());
            // The tap records what the edge answers, and nothing else needs it.
            tokio::select! {
                _ = &mut call => {}
                () = hold(stage, case) => {
                    let _ = call.await;
                }
            }
        }
        Ok(())
    }
}

/// Returns when a call that is to be held has been held.
async fn hold(stage: &Stage, case: &Case) {
    let waits = |name: &str| case.is_held() && name == case.id();
    stage
        .until_messages(|messages| jobs::started(messages).any(waits))
        .await;
    tokio::time::sleep(HELD).await;
    stage.release(case.id().to_owned()).await;
}
