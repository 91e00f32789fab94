//! How many documents the edge asked about at a time and ahead of its caller, and the mistakes that show in it.

use checks::{Diagnosis, Evidence};
use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use tap::{Code, EventKind, Side};

use super::cases::{Course, TAKEN};
use super::{Run, bound};
use crate::common::callers::{self, AskedCall, Heard, end, heard};
use crate::common::statuses;

/// A batch, and what was done with it.
struct Played<'a> {
    heard: Heard<'a>,
    course: Course,
    at_once: usize,
}

/// The batches that were played, in their order.
fn played<'a>(evidence: &Evidence<'a>) -> Vec<Played<'a>> {
    let Some(run) = evidence.run.inputs.state.get::<Run>() else {
        return Vec::new();
    };
    let heard = heard(evidence, run.cases.iter().map(|case| &case.batch));
    let played = heard.into_iter().zip(&run.cases);
    played
        .map(|(heard, case)| Played {
            heard,
            course: case.course,
            at_once: case.at_once,
        })
        .collect()
}

impl Played<'_> {
    /// The first moment in which too many calls to the host were under way: the one that began then, and how many there were
    /// with it. How many there are at most is left to chance.
    fn too_many(&self) -> Option<(&AskedCall<'_>, usize)> {
        let all = self.heard.asked.iter();
        let open = |now: u64| {
            let begun = all.clone().filter(|asked| asked.call.seq <= now);
            begun
                .filter(|asked| end(&asked.call).is_none_or(|end| end > now))
                .count()
        };
        // What is begun when the batch is over is another mistake, and what is given up then ends when it does.
        let over = end(&self.heard.call).unwrap_or(u64::MAX);
        let in_time = all.clone().filter(|asked| asked.call.seq < over);
        in_time
            .map(|asked| (asked, open(asked.call.seq)))
            .find(|(_, open)| *open > self.at_once)
    }

    /// How many answers had gone back at this moment.
    fn answers_at(&self, now: u64) -> usize {
        let before = self
            .heard
            .call
            .events
            .iter()
            .filter(|event| event.seq < now);
        before
            .filter(|event| {
                matches!(
                    event.kind,
                    EventKind::Message {
                        from: Side::Server,
                        ..
                    }
                )
            })
            .count()
    }

    /// How many documents the host had been asked about beyond the answers that the caller had read when it stood still:
    /// before it read another one.
    fn ahead(&self) -> usize {
        let asked = self.heard.asked.iter();
        let still = asked.filter(|asked| self.answers_at(asked.call.seq) <= TAKEN);
        still.count().saturating_sub(TAKEN)
    }

    /// The host was asked about a document that stands further behind one about which it had not answered than documents
    /// may be under way.
    fn past_slow(&self) -> Option<String> {
        let asked = &self.heard.asked;
        let over = end(&self.heard.call).unwrap_or(u64::MAX);
        let answered = |place, now| {
            let mut calls = asked.iter().filter(|asked| asked.place == place);
            calls.any(|asked| end(&asked.call).is_some_and(|end| end < now))
        };
        let mut in_time = asked.iter().take_while(|asked| asked.call.seq < over);
        in_time.find_map(|asked| {
            let now = asked.call.seq;
            let slow = (0..asked.place).find(|place| !answered(*place, now))?;
            let behind = asked.place - slow;
            (behind >= self.at_once).then(|| {
                format!(
                    "The host was asked about {} before it had answered about {}, which stands {behind} places before it in \
                     the batch. `self.at_once` was {}.",
                    asked.id,
                    self.heard.id(slow),
                    self.at_once
                )
            })
        })
    }

    /// The call ended with the host's failure before the answers about the documents before that had gone back.
    fn failed_too_early(&self) -> Option<String> {
        let (failed, code) = self.heard.failed()?;
        let (place, back) = (failed.place, self.heard.answers());
        let status = self.heard.call.status()?;
        (status != Code::OK && back < place && self.course == Course::FailsAhead).then(|| {
            format!(
                "The host failed with {code} about {}, document {} of its batch, and the call ended with {status} when {back} \
                 of the {place} answers before it had gone back.",
                failed.id,
                place + 1
            )
        })
    }

    /// The documents whose answers went back, in that order.
    fn answered(&self) -> Vec<String> {
        let answers = self.heard.call.messages(Side::Server);
        let answers = answers.filter_map(|bytes| ClassifyBatchResponse::decode(bytes.clone()).ok());
        answers
            .filter_map(|answer| Some(answer.result?.document_id))
            .collect()
    }
}

/// The host has answered about the first of those that may be under way and waits to be asked about the next.
fn in_chunks(evidence: &Evidence<'_>) -> Option<String> {
    let played = played(evidence);
    let batch = played.iter().find(|batch| !batch.heard.call.ended())?;
    let first = batch.at_once;
    let asked = |place| batch.heard.asked.iter().find(move |it| it.place == place);
    let answered = asked(first).filter(|asked| asked.call.ended())?;
    let next = batch.heard.documents().checked_sub(1)?;
    let back = batch.heard.answers();
    let shows = evidence.did_not_finish()
        && batch.course == Course::Windows
        && (asked(next).is_none() || back <= first);
    let shows = shows && asked(first + 1).is_some_and(|asked| !asked.call.ended());
    let what = if back <= first {
        "that answer has not gone back"
    } else {
        "the host was not asked about another document"
    };
    shows.then(|| {
        format!(
            "The host has answered about {}, the first of {} that were under way, and {what}. The host answers about the \
             others when it has been asked about {}.",
            answered.id,
            batch.at_once,
            batch.heard.id(next)
        )
    })
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "too-many-at-once",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let (last, open) = batch.too_many()?;
                Some(format!(
                    "The host was asked about {} while it was at work on {} other documents of the batch. `self.at_once` was \
                     {}.",
                    last.id,
                    open - 1,
                    batch.at_once
                ))
            })
        },
        usually: "Usually a task is spawned for each document, or all calls are begun before the first is awaited: \
                  `join_all` does that, and `FuturesOrdered` with all futures in it. `buffered(self.at_once)` begins no \
                  more than so many.",
    },
    Diagnosis {
        name: "too-few-at-once",
        seen: |evidence| {
            let played = played(evidence);
            let batch = played.iter().find(|batch| !batch.heard.call.ended())?;
            let due = batch.at_once.min(batch.heard.documents());
            let asked = &batch.heard.asked;
            let none_answered = asked.iter().all(|asked| !asked.call.ended());
            let shows = evidence.did_not_finish() && none_answered && asked.len() < due;
            let calls = match asked.len() {
                0 => "no document".to_owned(),
                1 => "1 document".to_owned(),
                count => format!("{count} documents"),
            };
            shows.then(|| {
                format!(
                    "The host answers when it has been asked about the first {due} documents of the batch. It was asked about \
                     {calls}, and `self.at_once` was {}.",
                    batch.at_once
                )
            })
        },
        usually: "Usually each call is awaited before the next one begins: in a loop, or by `then`, which has one future under \
                  way. Make a stream of futures that have not been awaited, and let `buffered` await them.",
    },
    Diagnosis {
        name: "others-first",
        seen: |evidence| {
            let played = played(evidence);
            let batch = played.iter().find(|batch| !batch.heard.call.ended())?;
            let asked = |place| batch.heard.asked.iter().find(move |it| it.place == place);
            let missing = (0..batch.at_once).find(|place| asked(*place).is_none())?;
            let other = (batch.at_once..batch.heard.documents()).find_map(asked)?;
            let shows = evidence.did_not_finish() && batch.heard.answers() == 0;
            shows.then(|| {
                format!(
                    "The host was asked about {}, and not about {}, which is among the first {} of that batch.",
                    other.id,
                    batch.heard.id(missing),
                    batch.at_once
                )
            })
        },
        usually: "Usually the documents are taken in another order, or a task is spawned for each and chance decides which of \
                  them get a permit. The first answer that the caller can have is the one about the first document.",
    },
    Diagnosis {
        name: "collected",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::collected(evidence, &batch.heard))
        },
        usually: "Usually the answers are gathered in a `Vec`, by `collect` or `join_all`, and sent at the end. Return the \
                  stream itself.",
    },
    Diagnosis {
        name: "in-chunks",
        seen: in_chunks,
        usually: "Usually the batch is cut into parts of `self.at_once` documents, and the next part begins when all of one are \
                  done. Then the slowest document holds up all that come behind it. Begin another call for each answer that \
                  has gone into the stream, as `buffered` does.",
    },
    Diagnosis {
        name: "completion-order",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let answered = batch.answered();
                let ids: Vec<_> = (0..batch.heard.documents())
                    .map(|place| batch.heard.id(place))
                    .collect();
                let place = |id: &String| ids.iter().position(|other| other == id);
                let pair = answered.windows(2).find(|pair| place(&pair[0]) > place(&pair[1]))?;
                Some(format!(
                    "The answer about {} went back before the one about {}, which stands before it in the batch.",
                    pair[0], pair[1]
                ))
            })
        },
        usually: "Usually the answers are sent as they come: by `buffer_unordered`, from a `JoinSet`, or by tasks that share a \
                  channel. `buffered` keeps the order of the stream, whichever call ends first.",
    },
    Diagnosis {
        name: "asked-past-slow",
        seen: |evidence| played(evidence).iter().find_map(Played::past_slow),
        usually: "Usually one more call is begun each time that the host has answered, whatever it was about: a permit that is \
                  given back at the end of a call does that. Then all answers behind a slow one are kept. Begin one more for \
                  each answer that has gone into the stream.",
    },
    Diagnosis {
        name: "runs-ahead",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let ahead = batch.ahead();
                let bound = bound(batch.at_once);
                let shows = batch.course == Course::StandsStill && ahead > bound;
                shows.then(|| {
                    format!(
                        "A caller had read {TAKEN} of {} long answers, and read no more. The host was asked about {ahead} \
                         documents whose answers had not gone back: with an `at_once` of {}, {bound} are the most.",
                        batch.heard.documents(),
                        batch.at_once
                    )
                })
            })
        },
        usually: "Usually an unbounded channel, a large one or a `Vec` takes the answers from tasks that wait for nobody. A \
                  bounded channel stops whoever sends, and a stream that works only when it is asked needs none.",
    },
    Diagnosis {
        name: "waits-for-other-caller",
        seen: |evidence| {
            let heard: Vec<_> = played(evidence).into_iter().map(|it| it.heard).collect();
            callers::waits_for_other(evidence, &heard)
        },
        usually: callers::WAITS_FOR_OTHER,
    },
    Diagnosis {
        name: "asked-on",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::asked_on(&batch.heard))
        },
        usually: "Usually a task of its own goes through the batch, and nothing tells it that the caller is gone: see \
                  server-streaming.4. Work that lies in the stream is dropped with it.",
    },
    Diagnosis {
        name: "failure-as-item",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::failure_as_item(&batch.heard))
        },
        usually: callers::FAILURE_AS_ITEM,
    },
    Diagnosis {
        name: "failure-too-early",
        seen: |evidence| played(evidence).iter().find_map(Played::failed_too_early),
        usually: "Usually a failure is looked for among all that the host has answered: `try_join_all` and `JoinSet` tell of it as \
                  soon as it is there. It has its place in the batch as an answer has, and the caller is to have what comes \
                  before.",
    },
    Diagnosis {
        name: "asked-after-failure",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::asked_after_failure(&batch.heard))
        },
        usually: "An `Err` in the stream ends the call: nobody reads what comes behind it. Usually the next call is begun when one is over, whatever came of it, or the failure is left out of the stream, which goes on.",
    },
    Diagnosis {
        name: "not-given-up",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::not_given_up(evidence, &batch.heard))
        },
        usually: callers::NOT_GIVEN_UP,
    },
    Diagnosis {
        name: "failure-hidden",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::failure_hidden(&batch.heard))
        },
        usually: "A stream that just ends has the status OK. Usually the failure is left out, by `filter_map` or `flatten`, or \
                  a task returns at it, and has not sent it: put the `Err` into the stream.",
    },
    Diagnosis {
        name: "host-status-changed",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::status_changed(&batch.heard))
        },
        usually: statuses::CHANGED,
    },
    Diagnosis {
        name: "stream-not-ended",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::not_ended(evidence, &batch.heard))
        },
        usually: callers::NOT_ENDED,
    },
];
