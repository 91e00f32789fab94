//! The mistakes that show in the calls.

use proto::classification::v1::{ClassifyBatchResponse, ErrorEvent};
use tap::Code;

use super::Calls;
use crate::common::played::{
    Played, asked_again, asked_ahead, cut_off, failure, last_misplaced, misnumbered, not_ended,
    out_of_order, panic, played, too_many, withheld,
};
use checks::{Diagnosis, Evidence};

/// The first batch that is not as it should be. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Played<'a>> {
    let calls: &Calls = evidence.run.inputs.state.get()?;
    let mut all = played(evidence, &calls.batches).into_iter();
    all.find(|played| !right(played))
}

fn right(played: &Played<'_>) -> bool {
    let count = played.batch.replies.len();
    let answers = answers(played).all(|answer| {
        let error = answer.message.error.as_ref();
        let result = answer.message.result.as_ref();
        match answer.failed {
            Some(code) => result.is_none() && error.is_some_and(|error| error.code == code),
            None => error.is_none() && result.is_some(),
        }
    });
    played.call.status() == Some(Code::OK)
        && played.asked_one_by_one(count)
        && played.answers.len() == count
        && played.numbered()
        && answers
}

/// An answer, and what the host had made of its document.
struct Answer<'p> {
    /// The document's place.
    place: usize,
    message: &'p ClassifyBatchResponse,
    /// The name of the code that the host failed with. `None` where it answered.
    failed: Option<String>,
}

/// The answers, as far as the host was asked about their documents.
fn answers<'p>(played: &'p Played<'_>) -> impl Iterator<Item = Answer<'p>> {
    let mut all = played.answers.iter().enumerate();
    std::iter::from_fn(move || {
        let (place, message) = all.next()?;
        let failed = failure(played.host(place)?);
        Some(Answer {
            place,
            message,
            failed,
        })
    })
}

/// The first answer about a document that failed, and its `error`, of which this is so.
fn failed_answer<'p>(
    played: &'p Played<'_>,
    is: impl Fn(&Answer<'p>, Option<&ErrorEvent>) -> bool,
) -> Option<Answer<'p>> {
    let mut failed = answers(played).filter(|answer| answer.failed.is_some());
    failed.find(|answer| is(answer, answer.message.error.as_ref()))
}

/// The mistakes in one batch: how the host is asked, how the call ends, what goes back.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "host-failure-panicked",
        seen: |evidence| {
            let (panic, played) = (panic(evidence)?, first_wrong(evidence)?);
            let failed = played
                .asked
                .iter()
                .find(|asked| failure(&asked.call).is_some())?;
            Some(format!(
                "Your program panicked: {panic} In the first batch that went wrong, the host failed about {}.",
                played.name(failed.place?)
            ))
        },
        usually: "Every call to another server can fail: no `unwrap` and no `expect` on its result. Make an `error` of it, \
                  with `to_error`.",
    },
    Diagnosis {
        name: "ended-on-failure",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let status = played.call.status().filter(|code| *code != Code::OK)?;
            let mut asked = played.asked.iter().rev();
            let (place, failed) = asked.find_map(|it| Some((it.place?, failure(&it.call)?)))?;
            Some(format!(
                "The host failed about {} with {failed}, and the call ended with {status}.",
                played.name(place)
            ))
        },
        usually: "Usually a `?` makes the item an error, or the stream passes the host's status on. An item that is an error \
                  ends the call. The failure of one document is a message: `Ok`, with `error` set.",
    },
    Diagnosis {
        name: "batch-refused",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let status = played.call.status().filter(|code| *code != Code::OK)?;
            played.asked.is_empty().then(|| {
                format!(
                    "A batch of {} was refused with {status}, and the host was not asked.",
                    played.length()
                )
            })
        },
        usually: "A document's own mistakes are never the call's: also a text that is empty is for the host to judge.",
    },
    Diagnosis {
        name: "asked-ahead",
        seen: |evidence| asked_ahead(&first_wrong(evidence)?),
        usually: "Usually a task is spawned for each document, or all calls are awaited together. Here the host has one document \
                  of a batch at a time: await each call before you begin the next.",
    },
    Diagnosis {
        name: "asked-again",
        seen: |evidence| asked_again(&first_wrong(evidence)?),
        usually: "Ask once, and send what comes of it, be it a result or an error. Whether to try again is for the caller to \
                  say: it knows how long it waits.",
    },
    Diagnosis {
        name: "out-of-order",
        seen: |evidence| out_of_order(&first_wrong(evidence)?),
        usually: "The caller takes the answers by their place in the batch, so ask in that order, from the first document to the \
                  last, and leave none out: also a document without a text is the host's to judge.",
    },
    Diagnosis {
        name: "failed-left-out",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let place = played.replied().get(played.answers.len()).copied()?;
            let failed = failure(played.host(place)?)?;
            if let Some(seen) = withheld(evidence, &played) {
                return Some(seen);
            }
            let ok = played.call.status() == Some(Code::OK);
            ok.then(|| {
                format!(
                    "The host failed about {} with {failed}. The call ended with OK, and {} of {} answers had gone back.",
                    played.name(place),
                    played.answers.len(),
                    played.batch.replies.len()
                )
            })
        },
        usually: "Usually only what is `Ok` goes on, as with `filter_map`, `flatten` or `if let Ok`, or the loop ends at the \
                  first failure. A caller can then not tell a document that failed from one that was lost.",
    },
    Diagnosis {
        name: "collected",
        seen: |evidence| withheld(evidence, &first_wrong(evidence)?),
        usually: "Usually all answers are put into a `Vec`, and the stream is made of that: it has its first item when the last \
                  document is done. Return a stream that asks for one document each time when it is polled.",
    },
    Diagnosis {
        name: "error-and-result",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let answer = failed_answer(&played, |answer, error| {
                error.is_some() && answer.message.result.is_some()
            })?;
            Some(format!(
                "The host failed about {}, and the answer has an `error` and a `result`.",
                played.name(answer.place)
            ))
        },
        usually: "Exactly one of the two is set. A `result` that is there, be it empty, looks like a success to a caller that \
                  asks for it first: `None`.",
    },
    Diagnosis {
        name: "error-not-set",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let answer = failed_answer(&played, |_, error| error.is_none())?;
            let has = match answer.message.result {
                Some(_) => "has a `result` and no `error`",
                None => "has neither a `result` nor an `error`",
            };
            Some(format!(
                "The host failed about {}, and the answer {has}.",
                played.name(answer.place)
            ))
        },
        usually: "Usually the failure was made a default, as `unwrap_or_default` does, or dropped by `ok()`. An answer without \
                  results looks like a document that is nothing: set `error`.",
    },
    Diagnosis {
        name: "error-code-changed",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            let answer = failed_answer(&played, |answer, error| {
                error.map(|error| &error.code) != answer.failed.as_ref()
            })?;
            Some(format!(
                "The host failed about {} with {}, and the `code` of the `error` is {:?}.",
                played.name(answer.place),
                answer.failed?,
                answer.message.error.as_ref()?.code
            ))
        },
        usually: "The `code` is the name of the status code, letter by letter, since programs compare it. `to_error` knows the \
                  names: give it the status as it came.",
    },
    Diagnosis {
        name: "answers-extra",
        seen: |evidence| too_many(&first_wrong(evidence)?),
        usually: "Each document has one answer, and `is_last` is a field of the last of them: no message of its own says that \
                  the batch is over.",
    },
    Diagnosis {
        name: "misnumbered",
        seen: |evidence| misnumbered(&first_wrong(evidence)?),
        usually: "`sequence_number` is the document's place in its batch: 0 for the first. A document that failed has its place \
                  too.",
    },
    Diagnosis {
        name: "last-misplaced",
        seen: |evidence| last_misplaced(&first_wrong(evidence)?),
        usually: "The last answer is the one about the last document, whether that failed or not. A caller that waits for \
                  `is_last` would wait in vain.",
    },
    Diagnosis {
        name: "stream-not-ended",
        seen: |evidence| not_ended(evidence, &first_wrong(evidence)?),
        usually: "A stream that is made of a channel ends when all its senders are dropped: look for a clone of the sender that is \
                  kept, or for a task that does not end.",
    },
    Diagnosis {
        name: "ended-early",
        seen: |evidence| {
            let played = first_wrong(evidence)?;
            cut_off(&played).filter(|_| !evidence.panicked())
        },
        usually: "Look for what ends the stream too early: a `take` or a `take_while`, or a loop that ends after a failure.",
    },
];
