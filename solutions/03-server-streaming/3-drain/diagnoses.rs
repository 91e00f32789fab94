//! Known mistakes.

use checks::{Diagnosis, Evidence};
use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use tap::{Code, Side};

use super::{Batches, End};
use crate::common::clients::{
    Asked, Returned, answers, asked, called_again, missing_of_status, not_called, returned,
};

/// A batch: its call, the answers that came in it, and what was returned of it.
struct Read<'a> {
    asked: Asked<'a>,
    came: Vec<ClassifyBatchResponse>,
    /// Whether its call was to end with OK and without a last answer. Of the status that is returned the code is reported.
    is_early: bool,
    /// `None` where the function has not returned.
    returned: Option<Returned<'a>>,
}

/// The batches that were asked about, in the order of their calls.
fn read<'a>(evidence: &Evidence<'a>) -> Vec<Read<'a>> {
    let Some(batches) = evidence.run.inputs.state.get::<Batches>() else {
        return Vec::new();
    };
    let asked = asked(evidence, &batches.documents).into_iter();
    let read = asked.map(|asked| Read {
        came: asked
            .call
            .messages(Side::Server)
            .filter_map(|bytes| ClassifyBatchResponse::decode(bytes.clone()).ok())
            .collect(),
        is_early: matches!(batches.ends[asked.number - 1], End::Early(_)),
        returned: returned(evidence, asked.number),
        asked,
    });
    read.collect()
}

impl Read<'_> {
    fn number(&self) -> usize {
        self.asked.number
    }

    /// Whether one of the answers that came says that it is the last.
    fn has_last(&self) -> bool {
        self.came.iter().any(|answer| answer.is_last)
    }

    fn ended_with_ok(&self) -> bool {
        self.asked.call.status() == Some(Code::OK)
    }

    /// Whether all that came is answers.
    fn all_decode(&self) -> bool {
        self.came.len() == self.asked.count()
    }

    /// What was returned, where it was `Ok`.
    fn whole(&self) -> Option<&Returned<'_>> {
        self.returned.as_ref().filter(|it| it.end == "whole")
    }

    /// What was returned, where it was `Interrupted`, and what it says of its status.
    fn interrupted(&self) -> Option<(&Returned<'_>, &str)> {
        let returned = self.returned.as_ref()?;
        Some((returned, returned.end.strip_prefix("interrupted by ")?))
    }
}

/// What is to be said of the first batch that it is true of.
fn first(evidence: &Evidence<'_>, seen: impl FnMut(&Read<'_>) -> Option<String>) -> Option<String> {
    read(evidence).iter().find_map(seen)
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    // Before all others, which name a call by its batch.
    Diagnosis {
        name: "called-again",
        seen: |evidence| {
            let batches = evidence.run.inputs.state.get::<Batches>()?;
            called_again(evidence, &batches.documents)
        },
        usually: "Usually a loop or a retry sends the batch again when its call has failed. The task wants one call: return what it \
                  failed with, and leave it to the caller whether to ask again.",
    },
    Diagnosis {
        name: "not-called",
        seen: |evidence| {
            let batches = evidence.run.inputs.state.get::<Batches>()?;
            not_called(evidence, &batches.documents)
        },
        usually: "Usually the function returns before the call, where the batch has no documents or looks as if it could be answered \
                  without it. What the server says to it is for the server to decide.",
    },
    // Before those that speak of lost answers and of a stream that was left.
    Diagnosis {
        name: "error-taken-for-failure",
        seen: |evidence| {
            first(evidence, |read| {
                let (returned, _) = read.interrupted()?;
                let error_at = read.came.iter().position(|it| it.error.is_some())?;
                let left = read.asked.given_up();
                // With the answers up to that one, or without all of its kind.
                let stopped = [error_at, error_at + 1].contains(&returned.count);
                let others = read.came.iter().filter(|it| it.error.is_none()).count();
                let fewer = returned.count < read.came.len();
                if left && stopped {
                    Some(format!(
                        "Your program gave up the call of batch {} when an answer with `error` had come, and your function \
                         returned Interrupted with {}.",
                        read.number(),
                        answers(returned.count)
                    ))
                } else if read.ended_with_ok() && fewer && (stopped || returned.count == others) {
                    Some(format!(
                        "The call of batch {} ended with OK after {}. Answer {} has `error`, and your function returned \
                         Interrupted with {}.",
                        read.number(),
                        answers(read.came.len()),
                        error_at + 1,
                        answers(returned.count)
                    ))
                } else {
                    None
                }
            })
        },
        usually: "An answer with `error` is an answer like any other: keep it, look at its `is_last` too, and read on. It says \
                  that one document failed. That the call failed, only its status says.",
    },
    Diagnosis {
        name: "stopped-at-last",
        seen: |evidence| {
            first(evidence, |read| {
                let all = read
                    .returned
                    .as_ref()
                    .is_none_or(|it| it.count == read.came.len());
                let shows = read.asked.given_up() && read.has_last() && all;
                shows.then(|| {
                    format!(
                        "Your program gave up the call of batch {} when the answer with `is_last` had come, and before its \
                         status did.",
                        read.number()
                    )
                })
            })
        },
        usually: "Usually a `break` or a `return` at `is_last` ends the loop, and the stream is dropped. The status comes after the \
                  answers, and it may be a failure: read on until `message` gives `None` or an error.",
    },
    Diagnosis {
        name: "answers-changed",
        seen: |evidence| {
            first(evidence, |read| {
                let whole = read.whole()?;
                let came: Vec<_> = read
                    .came
                    .iter()
                    .map(|answer| answer.sequence_number.to_string())
                    .collect();
                let given = whole.answers.iter().filter_map(|line| {
                    let (number, _) = line.split_once(", ")?.1.split_once([',', ':'])?;
                    Some(number.to_owned())
                });
                let given: Vec<_> = given.collect();
                (read.all_decode() && came != given).then(|| {
                    format!(
                        "In the call of batch {} came the sequence numbers {}, and your function returned {}.",
                        read.number(),
                        came.join(", "),
                        given.join(", ")
                    )
                })
            })
        },
        usually: "Usually the answers are sorted, put into a map by their numbers, filtered, or not all read. The task wants all, in \
                  the order in which they come and as they are.",
    },
    Diagnosis {
        name: "failure-hidden",
        seen: |evidence| {
            first(evidence, |read| {
                let failure = read.asked.failure().filter(|_| !read.has_last())?;
                let whole = read.whole()?;
                Some(format!(
                    "The call of batch {} {failure}, and your function returned Ok with {}.",
                    read.number(),
                    answers(whole.count)
                ))
            })
        },
        usually: "`while let Ok(Some(answer))` and `while let Some(Ok(answer))` end at an error as they do at the end of the \
                  stream. Match on all that `message` can give, and keep the error.",
    },
    Diagnosis {
        name: "failure-behind-last-hidden",
        seen: |evidence| {
            first(evidence, |read| {
                let failure = read.asked.failure().filter(|_| read.has_last())?;
                read.whole()?;
                Some(format!(
                    "In the call of batch {} came an answer with `is_last`. Behind it the call {failure}, and your function \
                     returned Ok.",
                    read.number()
                ))
            })
        },
        usually: "Usually the batch is taken for whole as soon as there is an answer with `is_last`, whatever comes behind it. The \
                  status says whether the call succeeded: an error counts behind that answer too.",
    },
    Diagnosis {
        name: "early-end-taken-for-success",
        seen: |evidence| {
            first(evidence, |read| {
                let early = read.ended_with_ok() && read.all_decode() && !read.has_last();
                read.whole().filter(|_| early)?;
                Some(format!(
                    "The call of batch {} ended with OK after {}, without one that has `is_last`, and your function returned Ok.",
                    read.number(),
                    answers(read.came.len())
                ))
            })
        },
        usually: "OK says that the stream has ended as the server meant it. That all is there, only the last answer says: look at \
                  its `is_last` when the stream is over.",
    },
    Diagnosis {
        name: "answers-lost",
        seen: |evidence| {
            first(evidence, |read| {
                let (returned, _) = read.interrupted()?;
                let early = read.ended_with_ok() && read.all_decode() && !read.has_last();
                let end = match read.asked.failure() {
                    Some(_) => "failed",
                    None if early => "ended with OK",
                    None => return None,
                };
                let lost = returned.count < read.came.len();
                lost.then(|| {
                    format!(
                        "In the call of batch {} came {} before it {end}, and your function returned Interrupted with {}.",
                        read.number(),
                        answers(read.came.len()),
                        answers(returned.count)
                    )
                })
            })
        },
        usually: "Usually `?`, `map_err` or `try_collect` makes an error of the status alone, and the answers are dropped. Keep \
                  them in a variable outside of the loop, and put both into `Interrupted`.",
    },
    Diagnosis {
        name: "status-remade",
        seen: |evidence| {
            first(evidence, |read| {
                let code = read.asked.whole_status().filter(|_| !read.is_early)?;
                let (_, status) = read.interrupted()?;
                let lost = missing_of_status(code, status)?;
                Some(format!(
                    "The call of batch {} ended with {code}, with details and metadata. The status that your function returned \
                     {lost}.",
                    read.number()
                ))
            })
        },
        usually: "Usually a new status is made where one came. Whoever looks for the cause needs all of it: \
                  `Interrupted { answers, status }`. A status of your own is for a call that ended with OK.",
    },
    Diagnosis {
        name: "early-end-with-other-code",
        seen: |evidence| {
            first(evidence, |read| {
                let early = read.ended_with_ok() && read.all_decode() && !read.has_last();
                let (_, status) = read.interrupted().filter(|_| early)?;
                (!status.starts_with("DataLoss")).then(|| {
                    format!(
                        "The call of batch {} ended with OK after {}, without one that has `is_last`, and your function returned \
                         the code {status}.",
                        read.number(),
                        answers(read.came.len())
                    )
                })
            })
        },
        usually: "The task wants DATA_LOSS for it: `Status::data_loss(\"...\")`.",
    },
    Diagnosis {
        name: "whole-batch-interrupted",
        seen: |evidence| {
            first(evidence, |read| {
                let whole = read.ended_with_ok() && read.all_decode() && read.has_last();
                let (_, status) = read.interrupted().filter(|_| whole)?;
                let (code, _) = status.split_once(", ").unwrap_or((status, ""));
                Some(format!(
                    "The call of batch {} ended with OK after an answer with `is_last`, and your function returned Interrupted \
                     with the code {code}.",
                    read.number()
                ))
            })
        },
        usually: "Usually an answer with an `error`, or with a type that is not known here, is taken for a failure of the call. It \
                  is an answer like any other. What counts is that one of them has `is_last`, whichever it is.",
    },
];
