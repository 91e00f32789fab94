//! The callers and the host: who does what when.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use stage::Stage;
use tap::Event;

use super::cases::{Case, Course, TAKEN};
use super::{Run, bound};
use crate::common::batches::{Asked, asked, progress};
use crate::common::replies::Reply;

/// For how long nothing may happen before a caller who stands still goes on.
const STILL: Duration = Duration::from_millis(400);

/// For how long nothing may happen before the host answers, so that an edge which asks about too many has asked, and one
/// which sends too early has sent.
const ENOUGH: Duration = Duration::from_millis(100);

/// Plays the callers and the host. Batches go by their index in [`Run::cases`].
pub(super) struct Player<'a> {
    stage: &'a Stage,
    run: &'a Run,
    /// The calls to the host that were looked at, by [`Asked::nth`].
    seen: BTreeSet<u32>,
    /// How far each batch is.
    batches: Vec<Playing>,
}

/// How far the host is with a batch.
#[derive(Clone, Debug, Default)]
struct Playing {
    /// The places of the documents that it was asked about.
    asked: BTreeSet<usize>,
    /// The calls that wait for an answer, as [`Asked::nth`], by the documents' places.
    waiting: BTreeMap<usize, u32>,
    /// The places of the documents about which it has answered.
    replied: BTreeSet<usize>,
    /// About how many documents it may have been asked, as long as the caller stands still.
    most: Option<usize>,
}

impl Playing {
    /// Takes a question about the document in this place, of a batch of which so many may be asked about at a time.
    /// `false` where there may be none: the document was asked about before, or fewer answers can have gone into the
    /// stream than make room for one more, or the caller reads none.
    fn take(&mut self, place: usize, at_once: usize) -> bool {
        let ready = (0..).take_while(|place| self.replied.contains(place));
        let most = self.most.unwrap_or(usize::MAX).min(at_once + ready.count());
        self.asked.insert(place) && self.asked.len() <= most
    }
}

impl<'a> Player<'a> {
    /// Before the first batch.
    pub(super) fn new(stage: &'a Stage, run: &'a Run) -> Self {
        Self {
            stage,
            run,
            seen: BTreeSet::new(),
            batches: vec![Playing::default(); run.cases.len()],
        }
    }

    fn case(&self, index: usize) -> &'a Case {
        &self.run.cases[index]
    }

    /// What the host does about a batch whose caller stays.
    pub(super) async fn play(&mut self, index: usize) {
        match self.case(index).course {
            Course::Windows => self.in_windows(index).await,
            Course::StandsStill => self.stand_still(index).await,
            Course::FailsAhead => self.fail_ahead(index).await,
            Course::BesideNext => {
                self.reply_last_first(index, 0..self.case(index).at_once)
                    .await;
                self.reply_to_all(index).await;
            }
            Course::Fails | Course::Leaves => {
                self.fill_behind_first(index).await;
                self.reply(index, 1).await;
            }
        }
    }

    /// The host is asked about as many documents of a batch as it may be, and answers about none.
    pub(super) async fn fill(&mut self, index: usize) {
        self.asked(index, 0..self.case(index).at_once).await;
    }

    /// The host answers when as many calls are open as there may be, and the last about the first. An edge that asks on
    /// before that has its chance.
    async fn in_windows(&mut self, index: usize) {
        let (all, at_once) = (
            self.case(index).batch.replies.len(),
            self.case(index).at_once,
        );
        let first = at_once.min(all);
        self.asked(index, 0..first).await;
        self.stage.settled(ENOUGH).await;
        if first > 1 {
            self.reply_last_first(index, 1..first).await;
            self.stage.settled(ENOUGH).await;
        }
        self.reply(index, 0).await;
        self.has(index, first).await;
        if first == all {
            return;
        }
        self.asked(index, first..all - 1).await;
        self.reply(index, first).await;
        self.has(index, first + 1).await;
        self.asked(index, all - 1..all).await;
        self.reply_last_first(index, first + 1..all).await;
    }

    /// The host answers about whatever it is asked, and about the first documents one by one, so that nothing is on its
    /// way when the caller stands still. The caller goes on when nothing happens any more.
    async fn stand_still(&mut self, index: usize) {
        self.batches[index].most = Some(TAKEN + bound(self.case(index).at_once));
        for place in 0..TAKEN {
            self.asked(index, place..place + 1).await;
            self.reply(index, place).await;
            self.has(index, place + 1).await;
        }
        let stage = self.stage;
        tokio::select! {
            () = self.reply_to_all(index) => {}
            () = stage.settled(STILL) => {}
        }
        self.batches[index].most = None;
        self.run.still.open();
        self.reply_to_all(index).await;
    }

    /// The host fails while it has not answered about the documents before, and the one behind is left to the edge. There
    /// is no document more: whether an edge that knows of the failure asks on is up to it.
    async fn fail_ahead(&mut self, index: usize) {
        let all = self.case(index).batch.replies.len();
        self.asked(index, 0..all).await;
        let fails = all - 2;
        self.reply(index, fails).await;
        self.stage.settled(ENOUGH).await;
        self.reply_last_first(index, 0..fails).await;
    }

    /// The host answers about the first document, and as many calls are under way then as there may be.
    pub(super) async fn fill_behind_first(&mut self, index: usize) {
        let at_once = self.case(index).at_once;
        self.fill(index).await;
        self.reply(index, 0).await;
        self.has(index, 1).await;
        self.asked(index, at_once..at_once + 1).await;
        // One batch that is long enough shows whether there are more.
        if self.case(index).batch.replies.len() > at_once + 2 {
            self.stage.settled(ENOUGH).await;
        }
    }

    /// Waits for the end of a batch.
    pub(super) async fn over(&self, index: usize) {
        self.stage
            .until(|events| progress(events, index + 1).ended)
            .await;
    }

    /// Waits for the end of all that was caused.
    pub(super) async fn idle(&self) {
        self.stage
            .until(|events| asked(events).iter().all(|asked| asked.ended))
            .await;
    }

    /// Waits until the host is asked about all of these documents, or the batch is over.
    async fn asked(&mut self, index: usize, places: Range<usize>) {
        for place in places {
            while !self.batches[index].asked.contains(&place) {
                if !self.look(index).await {
                    return;
                }
            }
        }
    }

    /// Answers whatever the host is asked until the batch is over.
    async fn reply_to_all(&mut self, index: usize) {
        loop {
            let batch = &mut self.batches[index];
            for (place, asked) in std::mem::take(&mut batch.waiting) {
                batch.replied.insert(place);
                let reply = &self.run.cases[index].batch.replies[place];
                self.run.host.reply(asked, reply);
            }
            if !self.look(index).await {
                return;
            }
        }
    }

    /// Waits for a call to the host. `false` where the batch is over before. A call about no document, about one a second
    /// time, or about one before its time, is a mistake already, and is answered with nothing.
    async fn look(&mut self, index: usize) -> bool {
        let unseen = |asked: &Asked| !self.seen.contains(&asked.nth);
        let next = |events: &[Event]| asked(events).into_iter().find(unseen);
        let over = |events: &[Event]| progress(events, index + 1).ended;
        let events = self
            .stage
            .until(|events| next(events).is_some() || over(events))
            .await;
        let Some(asked) = next(&events) else {
            return false;
        };
        self.seen.insert(asked.nth);
        let found = self.run.cases.iter().enumerate().find_map(|(index, case)| {
            let mut documents = case.batch.request.requests.iter();
            let place = documents.position(|it| Some(&it.text) == asked.text.as_ref())?;
            Some((index, place))
        });
        let cases = &self.run.cases;
        let in_time =
            found.filter(|(index, place)| self.batches[*index].take(*place, cases[*index].at_once));
        match in_time {
            Some((index, place)) => {
                self.batches[index].waiting.insert(place, asked.nth);
            }
            None => {
                let nothing = Reply::Ranks(Default::default());
                self.run.host.reply(asked.nth, &nothing);
            }
        }
        true
    }

    /// Answers about these documents, about the last first.
    async fn reply_last_first(&mut self, index: usize, places: Range<usize>) {
        for place in places.rev() {
            self.reply(index, place).await;
        }
    }

    /// Answers about a document, and waits until that call is over. Does nothing where the host was not asked.
    async fn reply(&mut self, index: usize, place: usize) {
        let Some(nth) = self.batches[index].waiting.remove(&place) else {
            return;
        };
        self.batches[index].replied.insert(place);
        self.run
            .host
            .reply(nth, &self.case(index).batch.replies[place]);
        self.stage
            .until(|events| {
                let calls = asked(events);
                calls.iter().any(|asked| asked.nth == nth && asked.ended)
            })
            .await;
    }

    /// Waits until so many answers have gone back, or the batch is over.
    async fn has(&self, index: usize, answers: usize) {
        self.stage
            .until(|events| {
                let progress = progress(events, index + 1);
                progress.answers >= answers || progress.ended
            })
            .await;
    }
}
