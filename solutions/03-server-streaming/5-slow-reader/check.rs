//! Batches about whose documents the host answers only when it has been asked about as many as it may be, the first last;
//! a caller who stands still before long answers; a host that fails, in the batch's order and ahead of it, and a caller
//! who leaves, with as many calls under way as there may be; two callers at a time.

use anyhow::Result;
use stage::faults::STATUS_METADATA;
use stage::hop::{CLIENT_EDGE, EDGE_HOST, HEALTH_CHECKS};
use stage::{CallOptions, Inputs, Peer, Scenario, Source, Stage, State, StreamingCall};
use tap::{CallInfo, CallPlan, Gate, Order, Rules};

use crate::common::BATCH_METHOD;
use crate::common::batches::{Host, call_with};

mod cases;
mod diagnoses;
mod player;

use cases::{Case, Course, TAKEN, cases};
pub(crate) use diagnoses::DIAGNOSES;
use player::Player;

/// The batches of `cases.rs`.
pub(crate) struct SlowReader;

/// Beside a caller who stands still: how many documents there may be about which the host was asked and whose answers were
/// not read, for an edge that may ask about so many at a time. That many may be under way, that many in a channel, and
/// the windows hold one long answer and hyper has the next in its hand. Nothing is added for chance: host and caller have
/// both come to rest then.
const fn bound(at_once: usize) -> usize {
    2 * at_once + 2
}

/// How many more there may be while a caller reads: an answer counts as read when the last of it is, and by then the one
/// behind it may have left the stream; and the tap makes room just before it has recorded what it read.
const PASSING: usize = 2;

/// The metadata that says for which of its edges a call is: for the one that asks about so many documents at a time.
const AT_ONCE: &str = "at-once";

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
        // Three, so that the host can fail about one that is neither the first of those under way nor the last.
        let at_once = 3 + source.seed.draw(62, 3) as usize;
        let run = Run {
            at_once,
            cases: cases(source, at_once)?,
            host: Host::default(),
            still: Gate::new(),
        };
        Ok(Inputs {
            settings: [("at_once".to_owned(), format!("1 {at_once}"))].into(),
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
        let begin = |case: &Case| {
            let metadata = vec![(AT_ONCE, case.at_once.to_string())];
            let options = CallOptions {
                metadata,
                ..CallOptions::default()
            };
            call_with(&client, &case.batch.request, options)
        };
        let mut cases = run.cases.iter().enumerate();
        while let Some((index, case)) = cases.next() {
            let mut call = begin(case);
            match case.course {
                Course::Leaves => {
                    player.fill_behind_first(index).await;
                    drop(call);
                    player.over(index).await;
                }
                Course::BesideNext => {
                    player.fill(index).await;
                    if let Some((next, other)) = cases.next() {
                        play(&mut player, next, &mut begin(other)).await;
                    }
                    play(&mut player, index, &mut call).await;
                }
                _ => play(&mut player, index, &mut call).await,
            }
            player.idle().await;
        }
        Ok(())
    }
}

/// Plays a batch whose caller stays. What crosses the wire is for the tap to see, but somebody has to read it.
async fn play(player: &mut Player<'_>, index: usize, call: &mut StreamingCall) {
    tokio::join!(player.play(index), call.drain());
    player.over(index).await;
}

fn rules(at_once: usize) -> Vec<Rules> {
    vec![
        Rules {
            metadata: STATUS_METADATA,
            caused_ahead: Some(bound(at_once) + PASSING),
            ..Rules::new(CLIENT_EDGE)
        },
        Rules {
            calls: Order::Set,
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(EDGE_HOST)
        },
    ]
}
