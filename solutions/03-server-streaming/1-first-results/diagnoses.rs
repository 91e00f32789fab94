//! The mistakes that show in the calls.

use tap::Code;

use super::Calls;
use super::cases::Shows;
use crate::common::played::{
    Played, asked_again, asked_ahead, cut_off, last_misplaced, misnumbered, not_ended,
    out_of_order, panic, played, too_many, withheld,
};
use crate::common::statuses;
use checks::{Diagnosis, Evidence};

/// A batch that is not as it should be.
struct Wrong<'a> {
    played: Played<'a>,
    shows: &'a Shows,
}

impl Wrong<'_> {
    /// Where the batch must be refused: what it has.
    fn forbidden(&self) -> Option<&str> {
        match self.shows {
            Shows::Refused(what) => Some(what),
            _ => None,
        }
    }

    /// Where the host fails about a document and was asked about it: its place.
    fn failed(&self) -> Option<usize> {
        let Shows::Failure(failing) = self.shows else {
            return None;
        };
        let mut asked = self.played.asked.iter();
        asked
            .any(|asked| asked.place == Some(*failing))
            .then_some(*failing)
    }

    /// The first document behind this one that the host was asked about.
    fn asked_behind(&self, place: usize) -> Option<usize> {
        let mut asked = self.played.asked.iter().filter_map(|asked| asked.place);
        asked.find(|later| *later > place)
    }

    fn right(&self) -> bool {
        let played = &self.played;
        let status = played.call.status();
        match *self.shows {
            Shows::Refused(_) => {
                status == Some(Code::INVALID_ARGUMENT)
                    && played.asked.is_empty()
                    && played.answers.is_empty()
            }
            Shows::Answers => {
                let count = played.batch.replies.len();
                status == Some(Code::OK) && self.answered(count) && played.asked_one_by_one(count)
            }
            Shows::Failure(place) => {
                self.answered(place)
                    && played.asked_one_by_one(place + 1)
                    && self.lost().is_none()
                    && status.is_some_and(|status| status != Code::OK)
            }
        }
    }

    /// Whether there are answers about the first so many documents and no others, each with the result alone.
    fn answered(&self, count: usize) -> bool {
        let played = &self.played;
        let documents = played.batch.request.requests.iter().take(count);
        let own = documents.zip(&played.answers).all(|(document, answer)| {
            let result = answer.result.as_ref();
            answer.error.is_none()
                && result.is_some_and(|result| result.document_id == document.document_id)
        });
        own && played.answers.len() == count && played.numbered()
    }

    /// What the status of the call lacks of the host's.
    fn lost(&self) -> Option<&'static str> {
        statuses::lost(&self.played.call, self.played.host(self.failed()?)?)
    }
}

/// The first batch that is not as it should be. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Wrong<'a>> {
    let calls: &Calls = evidence.run.inputs.state.get()?;
    let batches = calls.cases.iter().map(|case| &case.batch);
    let wrong = played(evidence, batches).into_iter().map(|played| Wrong {
        shows: &calls.cases[played.index].shows,
        played,
    });
    wrong.into_iter().find(|wrong| !wrong.right())
}

/// The mistakes in one batch: how it is refused, how the host is asked, what goes back, how it ends.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "host-failure-panicked",
        seen: |evidence| {
            let (panic, wrong) = (panic(evidence)?, first_wrong(evidence)?);
            let place = wrong.failed()?;
            Some(format!(
                "Your program panicked: {panic} In the first batch that went wrong, the host failed about {}.",
                wrong.played.name(place)
            ))
        },
        usually: "Every call to another server can fail: no `unwrap` and no `expect` on its result. And a panic ends a task \
                  that you spawned, and nothing else: the stream ends as if all were well. Send the error, as an item of \
                  the stream.",
    },
    Diagnosis {
        name: "panic-for-bad-batch",
        seen: |evidence| {
            let (panic, wrong) = (panic(evidence)?, first_wrong(evidence)?);
            let what = wrong.forbidden()?;
            Some(format!(
                "Your program panicked: {panic} The first batch that went wrong has {what}."
            ))
        },
        usually: "`count - 1` is below zero where a batch is empty, and an index may be behind its end. Check the batch before \
                  anything else, and return an `Err(Status)`.",
    },
    Diagnosis {
        name: "asked-before-checked",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let what = wrong
                .forbidden()
                .filter(|_| !wrong.played.asked.is_empty())?;
            let code = wrong
                .played
                .call
                .status()
                .filter(|code| *code != Code::OK)?;
            Some(format!(
                "The host was asked about a document of a batch that was then refused with {code}: it has {what}."
            ))
        },
        usually: "Usually the documents are counted while they are asked about. Check first, before the stream is made: a bad \
                  batch should cost no more than the check.",
    },
    Diagnosis {
        name: "batch-not-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let what = wrong.forbidden()?;
            match wrong.played.call.status() {
                Some(Code::OK) => Some(format!("A batch with {what} was answered with OK.")),
                None if !wrong.played.asked.is_empty() => Some(format!(
                    "The host was asked about a document of a batch with {what}."
                )),
                _ => None,
            }
        },
        usually: "A batch has 1 to `self.max_documents` documents. An empty one has no last answer, so nobody could tell its \
                  end from a stream that was cut off.",
    },
    Diagnosis {
        name: "wrong-code",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let due = Code::INVALID_ARGUMENT;
            let what = wrong.forbidden()?;
            let code = wrong.played.call.status().filter(|code| *code != due)?;
            Some(format!("A batch with {what} was refused with {code}."))
        },
        usually: "INVALID_ARGUMENT says that the request is wrong whatever the state of the system, so that the caller \
                  changes it and does not send it again.",
    },
    Diagnosis {
        name: "allowed-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong
                .played
                .call
                .status()
                .filter(|code| *code != Code::OK)?;
            let unasked = wrong.played.asked.is_empty() && wrong.forbidden().is_none();
            unasked.then(|| {
                format!(
                    "A good batch of {} was refused with {code}, and the host was not asked.",
                    wrong.played.length()
                )
            })
        },
        usually: "A batch may have 1 document, and `self.max_documents` of them: the limits themselves are allowed. And only their \
                  number is for you to check. What is in them, an empty text or none, is for the host.",
    },
    Diagnosis {
        name: "asked-ahead",
        seen: |evidence| asked_ahead(&first_wrong(evidence)?.played),
        usually: "Usually a task is spawned for each document, or all calls are awaited together. Here the host has one document \
                  of a batch at a time: await each call before you begin the next.",
    },
    Diagnosis {
        name: "asked-again",
        seen: |evidence| asked_again(&first_wrong(evidence)?.played),
        usually: "Ask once, and send what comes of it, be it an answer or an error. Whether to try again is for the caller to \
                  say: it knows how long it waits.",
    },
    Diagnosis {
        name: "out-of-order",
        seen: |evidence| out_of_order(&first_wrong(evidence)?.played),
        usually: "The caller takes the answers by their place in the batch, so ask in that order: from the first document to \
                  the last, and leave none out.",
    },
    // Before that one: where nothing was sent, nothing is behind it.
    Diagnosis {
        name: "failure-skipped",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let place = wrong.failed()?;
            let later = wrong.asked_behind(place)?;
            // Whatever went back of it, as an error or as an answer, would be there.
            let open = wrong.played.call.status().is_none() && evidence.did_not_finish();
            (open && wrong.played.answers.len() == place).then(|| {
                format!(
                    "The host failed about {}, and nothing of it has gone back. The host was then asked about {}.",
                    wrong.played.name(place),
                    wrong.played.name(later)
                )
            })
        },
        usually: "Usually the loop leaves out what failed, with a `continue` or an `if let Ok`. The caller is to know of it: send the \
                  failure as an `Err` item of the stream, then stop.",
    },
    Diagnosis {
        name: "went-on-after-failure",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let place = wrong.failed()?;
            let later = wrong.asked_behind(place)?;
            Some(format!(
                "The host failed about {}, and was then asked about {}.",
                wrong.played.name(place),
                wrong.played.name(later)
            ))
        },
        usually: "An item that is an error ends the call, and nobody gets what comes behind it. Stop at the first one: a \
                  `break` or a `return` after it is sent.",
    },
    Diagnosis {
        name: "collected",
        seen: |evidence| withheld(evidence, &first_wrong(evidence)?.played),
        usually: "Usually all answers are put into a `Vec`, and the stream is made of that: it has its first item when the last \
                  document is done. Return the stream first, and have something else fill it: a task that sends each \
                  answer into a channel when it is there.",
    },
    Diagnosis {
        name: "failure-swallowed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let place = wrong.failed()?;
            (wrong.played.call.status() == Some(Code::OK)).then(|| {
                format!(
                    "The host failed about {}, and the call ended with OK.",
                    wrong.played.name(place)
                )
            })
        },
        usually: "Usually the loop ends at the error and nothing is sent of it, as with `if let Ok`, or a `?` in a task whose \
                  result nobody looks at. Send the error itself, as an item of the stream.",
    },
    Diagnosis {
        name: "host-status-changed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let place = wrong.failed()?;
            let host = wrong.played.host(place)?;
            statuses::changed(&wrong.played.call, host, &wrong.played.name(place))
        },
        usually: statuses::CHANGED,
    },
    Diagnosis {
        name: "answers-extra",
        seen: |evidence| too_many(&first_wrong(evidence)?.played),
        usually: "Each document has one answer, and `is_last` is a field of the last of them: no message of its own says that \
                  the batch is over.",
    },
    Diagnosis {
        name: "misnumbered",
        seen: |evidence| misnumbered(&first_wrong(evidence)?.played),
        usually: "`sequence_number` is the document's place in its batch: 0 for the first, and it begins anew with each batch.",
    },
    Diagnosis {
        name: "last-misplaced",
        seen: |evidence| last_misplaced(&first_wrong(evidence)?.played),
        usually: "The last answer is the one about the document in place `count - 1` of this batch, whatever number of documents \
                  is allowed.",
    },
    Diagnosis {
        name: "stream-not-ended",
        seen: |evidence| not_ended(evidence, &first_wrong(evidence)?.played),
        usually: "A stream that is made of a channel ends when all its senders are dropped: look for a clone of the sender that is \
                  kept, or for a task that does not end.",
    },
    Diagnosis {
        name: "ended-early",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let stopped = evidence.panicked() || wrong.forbidden().is_some();
            cut_off(&wrong.played).filter(|_| !stopped)
        },
        usually: "The stream ends when all senders are gone: a task that panics, or that returns in the middle, drops its own. \
                  Look for what ends the loop too early.",
    },
];
