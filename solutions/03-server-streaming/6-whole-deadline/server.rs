//! What the course does in the server's place.

use std::ops::Range;
use std::time::{Duration, Instant};

use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use stage::{
    Inputs, Stage,
    faults::{whole_status, whole_status_saying},
};
use tap::{Code, Event, Fault, FaultKind, ResetCode, Step};

use super::{Batches, End, PASSING};
use crate::common::clients::{answer, failed, ok};

/// When the third answer of [`End::TooLong`] comes, and the headers of [`End::LateHeaders`], as a part of the limit: so late
/// that a wait which begins anew with it is over long after the limit.
const IN_TIME: f64 = 0.55;

/// When the next answer comes: long after the limit, also for a busy machine, and before a wait that begins with what came
/// last is over.
const TOO_LATE: f64 = 1.45;

/// How long [`End::Whole`] waits for the calls before it to be given up. A right program has done so before it makes this one.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(3);

/// How long [`End::Whole`] stays open behind its last answer, for a program that gives it up there to be seen.
const OPEN_BEHIND_LAST: Duration = Duration::from_millis(300);

/// What failures say that are no deadline. The server's own DEADLINE_EXCEEDED says nothing of the kind.
const MISLEADING: &str = "Timeout expired: Deadline exceeded, deadline has elapsed, ";

/// What tonic's own timer says, with CANCELLED and nothing else.
const TONICS_WORDS: &str = "Timeout expired";

/// The server's part in all calls.
pub(super) struct Server<'a> {
    pub(super) stage: &'a Stage,
    pub(super) batches: &'a Batches,
    pub(super) inputs: &'a Inputs,
}

impl Server<'_> {
    async fn asked(&self, place: usize) {
        let asked = |events: &[Event]| self.batches.is_asked(place, events);
        self.stage.until(asked).await;
    }

    /// Sends an answer about each of these documents of a batch.
    fn answer(&self, place: usize, documents: Range<usize>) {
        let length = self.batches.documents[place].len();
        for number in documents {
            let id = self.id(place, number);
            // Some documents fail.
            let answer = match (id.as_bytes().last(), number) {
                (Some(b'0'..=b'2'), 1..) => failed(self.batches.seed, id, number),
                _ => answer(self.batches.seed, id, number),
            };
            let answer = ClassifyBatchResponse {
                is_last: number + 1 == length,
                ..answer
            };
            self.batches.scripts[place].message(answer.encode_to_vec());
        }
    }

    fn id(&self, place: usize, number: usize) -> &str {
        let first = self.batches.documents[place].start;
        &self.inputs.documents[first + number].0
    }

    /// Ends each call that is to fail, or to end too early, as soon as it is made.
    pub(super) async fn end_soon(&self) {
        let ends = self.batches.ends.iter().enumerate();
        let mut to_end: Vec<usize> = ends
            .filter(|(_, end)| {
                let soon = matches!(end, End::Failed { .. } | End::TonicsWords | End::Reset);
                soon || matches!(end, End::Early(_))
            })
            .map(|(place, _)| place)
            .collect();
        while !to_end.is_empty() {
            let mut asked = Vec::new();
            self.stage
                .until(|events| {
                    let is_asked = |place: &usize| self.batches.is_asked(*place, events);
                    asked = to_end.iter().copied().filter(is_asked).collect();
                    !asked.is_empty()
                })
                .await;
            to_end.retain(|place| !asked.contains(place));
            asked.into_iter().for_each(|place| self.end(place));
        }
    }

    fn end(&self, place: usize) {
        let script = &self.batches.scripts[place];
        match self.batches.ends[place] {
            End::Failed {
                behind,
                code,
                headers,
            } => {
                if headers {
                    script.step(Step::Headers(Vec::new()));
                }
                self.answer(place, 0..behind);
                let ticket = self.id(place, 0);
                let status = match code {
                    Code::DEADLINE_EXCEEDED => whole_status(code, ticket),
                    code => whole_status_saying(MISLEADING, code, ticket),
                };
                script.end(status.kind);
            }
            End::TonicsWords => script.end(Fault::status(Code::CANCELLED, TONICS_WORDS).kind),
            End::Early(count) => {
                self.answer(place, 0..count);
                script.end(ok());
            }
            _ => {
                self.answer(place, 0..2);
                script.end(FaultKind::Reset(ResetCode::CANCEL));
            }
        }
    }

    pub(super) async fn take_too_long(&self) {
        let place = self.batches.place(End::TooLong);
        self.asked(place).await;
        let asked = Instant::now();
        self.answer(place, 0..2);
        self.wait(place, asked, IN_TIME).await;
        self.answer(place, 2..3);
        self.wait(place, asked, TOO_LATE).await;
        self.answer(place, 3..5);
        self.batches.scripts[place].end(ok());
    }

    pub(super) async fn send_headers_late(&self) {
        let place = self.batches.place(End::LateHeaders);
        self.asked(place).await;
        let asked = Instant::now();
        self.wait(place, asked, IN_TIME).await;
        // With something in them, so that they are seen in a transcript.
        let works_on = ("x-works-on".to_owned(), self.id(place, 0).to_owned());
        self.batches.scripts[place].step(Step::Headers(vec![works_on]));
        self.wait(place, asked, TOO_LATE).await;
        // And no end: a program without a limit of its own waits for ever.
        self.answer(place, 0..1);
    }

    /// Waits until this part of a batch's limit has passed.
    async fn wait(&self, place: usize, asked: Instant, part: f64) {
        let until = asked + self.batches.limits[place].mul_f64(part);
        tokio::time::sleep_until(until.into()).await;
    }

    pub(super) async fn end_at_last(&self) {
        let place = self.batches.place(End::Whole);
        self.asked(place).await;
        self.answer(place, 0..2);
        let mut cut_short = None;
        let given_up = self.stage.until(|events| {
            cut_short = self.batches.cut_short(events);
            let mut passing = PASSING.iter();
            passing.all(|end| self.batches.is_over(self.batches.place(*end), events))
        });
        let _ = tokio::time::timeout(GIVEN_UP_WITHIN, given_up).await;
        let left = self
            .stage
            .until(|events| self.batches.is_over(place, events));
        let _ = tokio::time::timeout(OPEN_BEHIND_LAST, left).await;
        self.batches.scripts[place].end(match cut_short {
            None => ok(),
            Some(early) => {
                let (number, limit) = (early + 1, self.batches.limits[early]);
                let says = format!("batch {number} was given up before its limit of {limit:?}");
                Fault::status(Code::ABORTED, &says).kind
            }
        });
    }
}
