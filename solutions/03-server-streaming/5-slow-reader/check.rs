//! Batches about whose documents the host answers only when it has been asked about as many as it may be, the first last;
//! a caller who stands still before long answers; a host that fails, and a caller who leaves, with as many calls under
//! way as there may be.

use anyhow::Result;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use stage::{Inputs, Peer, Scenario, Source, Stage, State};
use tap::{CallInfo, CallPlan, Count, Gate, Order, Rules};

use crate::common::BATCH_METHOD;
use crate::common::batches::{Host, call};
use crate::common::callers::{HEALTH_CHECKS, STATUS_METADATA};

mod cases;
mod diagnoses;
mod player;

use cases::{Case, Course, TAKEN, cases};
pub(crate) use diagnoses::DIAGNOSES;
use player::Player;

/// The batches of `cases.rs`.
pub(crate) struct SlowReader;

/// How many documents there may be about which the host was asked and no answer has gone back, for an edge that may ask
/// about so many at a time: twice that, and four more. The window has one of the long answers, tonic and hyper have one,
/// and a task that works ahead has one in its hand.
const fn bound(at_once: usize) -> usize {
    2 * at_once + 4
}

/// What this run is made of.
struct Run {
    at_once: usize,
    cases: Vec<Case>,
    host: Host,
    /// Opens when the caller who stands still goes on.
    still: Gate,
}

#[stage::async_trait]
impl Scenario for SlowReader {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        rules(0)
    }

    fn rules_for(&self, inputs: &Inputs) -> Vec<Rules> {
        let run: Option<&Run> = inputs.state.get();
        rules(run.map_or(0, |run| run.at_once))
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let at_once = 2 + source.seed.draw(62, 3) as usize;
        let run = Run {
            at_once,
            cases: cases(source, at_once)?,
            host: Host::default(),
            still: Gate::new(),
        };
        Ok(Inputs {
            settings: [("at_once".to_owned(), at_once.to_string())].into(),
            state: State::new(run),
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let Some(run) = inputs.state.get::<Run>() else {
            return CallPlan::default();
        };
        if call.hop != CLIENT_EDGE || call.path != BATCH_METHOD {
            return run.host.play(call);
        }
        let case = run.cases.get(call.nth as usize - 1);
        let stands_still = case.filter(|case| case.course == Course::StandsStill);
        CallPlan {
            hold_after: stands_still.map(|_| (TAKEN as u32, run.still.clone())),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let run = inputs.state::<Run>()?;
        let mut player = Player::new(stage, run);
        let client = stage.client()?;
        for case in &run.cases {
            player.next_batch();
            let mut call = call(&client, &case.batch.request);
            match case.course {
                Course::Leaves => {
                    player.fill_behind_first().await;
                    drop(call);
                }
                // What crosses the wire is for the tap to see, but somebody has to read it.
                _ => {
                    tokio::join!(player.play(case.course), call.drain());
                }
            }
            player.end().await;
        }
        Ok(())
    }
}

fn rules(at_once: usize) -> Vec<Rules> {
    vec![
        Rules {
            metadata: STATUS_METADATA,
            caused_ahead: Some(bound(at_once)),
            ..Rules::new(CLIENT_EDGE)
        },
        Rules {
            calls: Order::Set,
            open: Count::AtMost(at_once),
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(EDGE_HOST)
        },
    ]
}
