//! The callers and the host: who does what when.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use stage::Stage;
use tap::Event;

use super::Run;
use super::cases::{Case, Course, TAKEN};
use crate::common::batches::{Asked, asked, progress};
use crate::common::replies::Reply;

/// For how long nothing may happen before a caller who stands still goes on.
const STILL: Duration = Duration::from_millis(400);

/// For how long nothing may happen before the host answers, so that an edge which asks about too many has asked.
const ENOUGH: Duration = Duration::from_millis(100);

/// Plays the callers and the host.
pub(super) struct Player<'a> {
    stage: &'a Stage,
    run: &'a Run,
    /// Which batch it is, from 1.
    nth: usize,
    /// The calls to the host that were looked at, by [`Asked::nth`].
    seen: BTreeSet<u32>,
    /// Those about documents of this batch, by the documents' places.
    waiting: BTreeMap<usize, u32>,
}

impl<'a> Player<'a> {
    /// Before the first batch.
    pub(super) fn new(stage: &'a Stage, run: &'a Run) -> Self {
        Self {
            stage,
            run,
            nth: 0,
            seen: BTreeSet::new(),
            waiting: BTreeMap::new(),
        }
    }

    /// Another batch begins.
    pub(super) fn next_batch(&mut self) {
        self.nth += 1;
        self.waiting.clear();
    }

    fn case(&self) -> &Case {
        &self.run.cases[self.nth - 1]
    }

    /// What the host does about a batch whose caller stays.
    pub(super) async fn play(&mut self, course: Course) {
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
    pub(super) async fn fill_behind_first(&mut self) {
        let at_once = self.run.at_once;
        self.asked(0..at_once).await;
        self.reply(0).await;
        self.has(1).await;
        self.asked(at_once..at_once + 1).await;
        // One batch that is long enough shows whether there are more.
        if self.case().batch.replies.len() > at_once + 2 {
            self.stage.settled(ENOUGH).await;
        }
    }

    /// Waits for the end of a batch, and of all that it has caused.
    pub(super) async fn end(&self) {
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
