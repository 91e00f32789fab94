//! Batches whose callers stay and batches whose callers leave: before the first answer, between two, while the last is
//! awaited, behind the last, and beside another caller who stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use anyhow::Result;
use stage::faults::STATUS_METADATA;
use stage::hop::{CLIENT_EDGE, EDGE_HOST, HEALTH_CHECKS};
use stage::{Inputs, Peer, Scenario, Source, Stage, State, StreamingCall};
use tap::{CallInfo, CallPlan, Conversation, Event, Gate, Rules};

use crate::common::BATCH_METHOD;
use crate::common::batches::{Asked, Host, asked, call, progress};
use crate::common::replies::Reply;

mod cases;
mod diagnoses;

use cases::{Caller, Case, cases};
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`. The host answers about one document when the client has the answers before it.
pub(crate) struct CallerLeaves;

/// For how long an edge whose caller has left may do nothing but wait, and a program that waits for its host alone is found
/// to hang before that. It decides nothing for one that is told by its channel or its stream: what the caller did lies in
/// its socket then, so that it is not blocked, however slow the machine is.
const AT_ONCE: Duration = Duration::from_millis(1_500);

/// What this run is made of.
struct Run {
    cases: Vec<Case>,
    host: Host,
    /// Never opened: the client reads nothing behind it.
    behind_last: Gate,
}

#[stage::async_trait]
impl Scenario for CallerLeaves {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                metadata: STATUS_METADATA,
                conversation: Conversation::Interleaved,
                ..Rules::new(CLIENT_EDGE)
            },
            Rules {
                uncounted_calls: HEALTH_CHECKS,
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let run = Run {
            cases: cases(source)?,
            host: Host::default(),
            behind_last: Gate::new(),
        };
        Ok(Inputs {
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
        let leaves_last = case.filter(|case| case.caller == Caller::LeavesBeforeStatus);
        CallPlan {
            hold_after: leaves_last
                .map(|case| (case.batch.replies.len() as u32, run.behind_last.clone())),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let run = inputs.state::<Run>()?;
        let mut player = Player {
            stage,
            run,
            seen: BTreeSet::new(),
            waiting: BTreeMap::new(),
            known: BTreeSet::new(),
        };
        let mut nth = 0;
        while let Some(case) = run.cases.get(nth) {
            nth += 1;
            let one = player.begin(nth)?;
            let Caller::StaysBesideNext = case.caller else {
                player.play(one, nth).await;
                continue;
            };
            // The host is asked about its first document, so that it is known which call of the host is whose.
            let first = player.asked(nth, 0).await;
            nth += 1;
            let other = player.begin(nth)?;
            player.play(other, nth).await;
            if let Some(first) = first {
                run.host.reply(first, &case.batch.replies[0]);
            }
            player.answer(nth - 1, 1..case.batch.replies.len()).await;
            player.end(one, nth - 1).await;
        }
        Ok(())
    }
}

/// Plays the callers and the host.
struct Player<'a> {
    stage: &'a Stage,
    run: &'a Run,
    /// The calls to the host that were looked at, by [`Asked::nth`].
    seen: BTreeSet<u32>,
    /// Those among them that have no answer yet, by the number of the batch, from 1, and the place of the document.
    waiting: BTreeMap<(usize, usize), u32>,
    /// The documents that the host was asked about.
    known: BTreeSet<(usize, usize)>,
}

impl Player<'_> {
    /// Makes the `nth` call.
    fn begin(&self, nth: usize) -> Result<StreamingCall> {
        let case = &self.run.cases[nth - 1];
        Ok(call(&self.stage.client()?, &case.batch.request))
    }

    /// Plays the `nth` call to its end, and to that of what it has caused.
    async fn play(&mut self, call: StreamingCall, nth: usize) {
        let case = &self.run.cases[nth - 1];
        let all = case.batch.replies.len();
        match case.caller {
            Caller::Stays | Caller::StaysBesideNext => {
                self.answer(nth, 0..all).await;
                self.end(call, nth).await;
            }
            Caller::LeavesBeforeStatus => {
                self.answer(nth, 0..all).await;
                self.has(nth, all).await;
                self.leave(call, nth).await;
            }
            Caller::LeavesAfter(answers) => {
                self.answer(nth, 0..answers).await;
                let under_way = self.asked(nth, answers).await;
                self.has(nth, answers).await;
                self.leave(call, nth).await;
                if let Some(under_way) = under_way {
                    self.given_up(under_way, nth, answers).await;
                }
            }
        }
    }

    /// Answers about these documents of the `nth` batch, about each when the answers before it have gone back.
    async fn answer(&mut self, nth: usize, places: Range<usize>) {
        for place in places {
            let Some(asked) = self.asked(nth, place).await else {
                return;
            };
            self.has(nth, place).await;
            let reply = &self.run.cases[nth - 1].batch.replies[place];
            self.run.host.reply(asked, reply);
            if matches!(reply, Reply::Fails(_)) {
                return;
            }
        }
    }

    /// Waits until the host is asked about a document, and returns which call it is. `None` where the batch is over before.
    async fn asked(&mut self, nth: usize, place: usize) -> Option<u32> {
        loop {
            if let Some(asked) = self.waiting.remove(&(nth, place)) {
                return Some(asked);
            }
            let unseen = |asked: &Asked| !self.seen.contains(&asked.nth);
            let next = |events: &[Event]| asked(events).into_iter().find(unseen);
            let over = |events: &[Event]| progress(events, nth).ended;
            let events = self
                .stage
                .until(|events| next(events).is_some() || over(events))
                .await;
            let asked = next(&events)?;
            self.look(asked);
        }
    }

    /// Keeps a call to the host until its document's turn comes. One about no document, or about one again, is a mistake
    /// already, and is answered with nothing.
    fn look(&mut self, asked: Asked) {
        self.seen.insert(asked.nth);
        let found = self.run.cases.iter().enumerate().find_map(|(index, case)| {
            let mut documents = case.batch.request.requests.iter();
            let place = documents.position(|it| Some(&it.text) == asked.text.as_ref())?;
            Some((index + 1, place))
        });
        match found.filter(|found| self.known.insert(*found)) {
            Some(found) => {
                self.waiting.insert(found, asked.nth);
            }
            None => {
                let nothing = Reply::Ranks(Default::default());
                self.run.host.reply(asked.nth, &nothing);
            }
        }
    }

    /// Waits until the client has so many answers, or the call is over.
    async fn has(&self, nth: usize, answers: usize) {
        let there = |events: &[Event]| {
            let progress = progress(events, nth);
            progress.answers >= answers || progress.ended
        };
        self.stage.until(there).await;
    }

    /// Waits for the end of a call whose caller stays.
    async fn end(&self, mut call: StreamingCall, nth: usize) {
        self.stage.until(|events| progress(events, nth).ended).await;
        call.drain().await;
    }

    /// Waits until the edge has given up this call to the host, which is about the document in this place. If it has done
    /// nothing for [`AT_ONCE`] but wait, the host answers all the same: an edge that looks now and then whether its caller is
    /// there is too late.
    async fn given_up(&self, under_way: u32, nth: usize, place: usize) {
        let ended = |asked: &Asked| asked.nth == under_way && asked.ended;
        let over = |events: &[Event]| asked(events).iter().any(ended);
        tokio::select! {
            _ = self.stage.until(over) => return,
            () = self.stage.settled(AT_ONCE) => {}
        }
        let reply = &self.run.cases[nth - 1].batch.replies[place];
        self.run.host.reply(under_way, reply);
        self.stage.until(over).await;
    }

    /// The caller leaves.
    async fn leave(&self, call: StreamingCall, nth: usize) {
        drop(call);
        self.stage.until(|events| progress(events, nth).ended).await;
    }
}
