//! Batches about whose documents the host answers only when it has been asked about as many as it may be, the first last;
//! a caller who stands still before long answers; a host that fails, and a caller who leaves, with as many calls under
//! way as there may be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use anyhow::Result;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use stage::{Inputs, Peer, Scenario, Source, Stage, State};
use tap::{CallInfo, CallPlan, Count, Event, Gate, Order, Rules};

use crate::common::BATCH_METHOD;
use crate::common::batches::{Asked, Host, Reply, asked, call, progress};
use crate::common::callers::{HEALTH_CHECKS, STATUS_METADATA};

mod cases;
mod diagnoses;

use cases::{Case, Course, TAKEN, cases};
pub(crate) use diagnoses::DIAGNOSES;

/// The batches of `cases.rs`.
pub(crate) struct SlowReader;

/// How many documents there may be about which the host was asked and no answer has gone back, for an edge that may ask
/// about so many at a time: twice that, and four more. The window has one of the long answers, tonic and hyper have one,
/// and a task that works ahead has one in its hand.
const fn bound(at_once: usize) -> usize {
    2 * at_once + 4
}

/// For how long nothing may happen before a caller who stands still goes on.
const STILL: Duration = Duration::from_millis(400);

/// For how long nothing may happen before the host answers, so that an edge which asks about too many has asked.
const ENOUGH: Duration = Duration::from_millis(100);

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
        let mut player = Player {
            stage,
            run,
            nth: 0,
            seen: BTreeSet::new(),
            waiting: BTreeMap::new(),
        };
        let client = stage.client()?;
        for case in &run.cases {
            player.nth += 1;
            player.waiting.clear();
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
            connections: Count::AtMost(1),
            open: Count::AtMost(at_once),
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(EDGE_HOST)
        },
    ]
}

/// Plays the callers and the host.
struct Player<'a> {
    stage: &'a Stage,
    run: &'a Run,
    /// Which batch it is, from 1.
    nth: usize,
    /// The calls to the host that were looked at, by [`Asked::nth`].
    seen: BTreeSet<u32>,
    /// Those about documents of this batch, by the documents' places.
    waiting: BTreeMap<usize, u32>,
}

impl Player<'_> {
    fn case(&self) -> &Case {
        &self.run.cases[self.nth - 1]
    }

    /// What the host does about a batch whose caller stays.
    async fn play(&mut self, course: Course) {
        match course {
            Course::Windows => self.in_windows().await,
            Course::StandsStill => self.stand_still().await,
            Course::Fails | Course::Leaves => {
                self.fill_behind_first().await;
                self.reply(1).await;
            }
        }
    }

    /// The host answers when as many calls are open as there may be, and the last about the first.
    async fn in_windows(&mut self) {
        let (all, at_once) = (self.case().batch.replies.len(), self.run.at_once);
        let first = at_once.min(all);
        self.asked(0..first).await;
        self.stage.settled(ENOUGH).await;
        for place in (0..first).rev() {
            self.reply(place).await;
        }
        self.has(first).await;
        if first == all {
            return;
        }
        self.asked(first..all - 1).await;
        self.reply(first).await;
        self.has(first + 1).await;
        self.asked(all - 1..all).await;
        for place in (first + 1..all).rev() {
            self.reply(place).await;
        }
    }

    /// The host answers about whatever it is asked. The caller goes on when nothing happens any more.
    async fn stand_still(&mut self) {
        let (stage, nth) = (self.stage, self.nth);
        let until_still = async {
            stage.until(|events| has(events, nth, TAKEN)).await;
            stage.settled(STILL).await;
        };
        tokio::select! {
            () = self.reply_to_all() => {}
            () = until_still => {}
        }
        self.run.still.open();
        self.reply_to_all().await;
    }

    /// The host answers about the first document, and as many calls are under way then as there may be.
    async fn fill_behind_first(&mut self) {
        let at_once = self.run.at_once;
        self.asked(0..at_once).await;
        self.reply(0).await;
        self.has(1).await;
        self.asked(at_once..at_once + 1).await;
        self.stage.settled(ENOUGH).await;
    }

    /// Waits for the end of a batch, and of all that it has caused.
    async fn end(&self) {
        let over = |events: &[Event]| progress(events, self.nth).ended;
        self.stage
            .until(|events| over(events) && asked(events).iter().all(|asked| asked.ended))
            .await;
    }

    /// Waits until the host is asked about all of these documents, or the batch is over.
    async fn asked(&mut self, places: Range<usize>) {
        while !places
            .clone()
            .all(|place| self.waiting.contains_key(&place))
        {
            if !self.look().await {
                return;
            }
        }
    }

    /// Answers whatever the host is asked until the batch is over.
    async fn reply_to_all(&mut self) {
        loop {
            let replies = &self.run.cases[self.nth - 1].batch.replies;
            for (place, asked) in std::mem::take(&mut self.waiting) {
                self.run.host.reply(asked, &replies[place]);
            }
            if !self.look().await {
                return;
            }
        }
    }

    /// Waits for a call to the host. `false` where the batch is over before. A call about no document of the batch, or
    /// about one a second time, is a mistake already, and is answered with nothing.
    async fn look(&mut self) -> bool {
        let nth = self.nth;
        let unseen = |asked: &Asked| !self.seen.contains(&asked.nth);
        let next = |events: &[Event]| asked(events).into_iter().find(unseen);
        let over = |events: &[Event]| progress(events, nth).ended;
        let events = self
            .stage
            .until(|events| next(events).is_some() || over(events))
            .await;
        let Some(asked) = next(&events) else {
            return false;
        };
        self.seen.insert(asked.nth);
        let mut documents = self.case().batch.request.requests.iter();
        let place = documents.position(|document| Some(&document.text) == asked.text.as_ref());
        match place {
            Some(place) if !self.waiting.contains_key(&place) => {
                self.waiting.insert(place, asked.nth);
            }
            _ => {
                let nothing = Reply::Ranks(Default::default());
                self.run.host.reply(asked.nth, &nothing);
            }
        }
        true
    }

    /// Answers about a document, and waits until that call is over. Does nothing where the host was not asked.
    async fn reply(&mut self, place: usize) {
        let Some(nth) = self.waiting.get(&place).copied() else {
            return;
        };
        let reply = &self.case().batch.replies[place];
        self.run.host.reply(nth, reply);
        self.stage
            .until(|events| {
                let calls = asked(events);
                calls.iter().any(|asked| asked.nth == nth && asked.ended)
            })
            .await;
    }

    /// Waits until so many answers have gone back, or the batch is over.
    async fn has(&self, answers: usize) {
        self.stage
            .until(|events| has(events, self.nth, answers))
            .await;
    }
}

fn has(events: &[Event], nth: usize, answers: usize) -> bool {
    let progress = progress(events, nth);
    progress.answers >= answers || progress.ended
}
