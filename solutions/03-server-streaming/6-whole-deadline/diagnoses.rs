//! Known mistakes.

use std::time::Duration;

use checks::{Diagnosis, Evidence};
use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use stage::Idleness;
use tap::{Code, EventKind, Side};

use super::{Batches, End, PASSING};
use crate::common::clients::{
    Asked, Returned, answers, asked, called_again, missing_of_status, returned,
};

/// A batch: its call, how that was to end, and what was returned of it.
struct Read<'a> {
    asked: Asked<'a>,
    end: End,
    limit: Duration,
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
        end: batches.ends[asked.number - 1],
        limit: batches.limits[asked.number - 1],
        returned: returned(evidence, asked.number),
        asked,
    });
    read.collect()
}

impl Read<'_> {
    fn number(&self) -> usize {
        self.asked.number
    }

    /// Whether the limit of the batch passes in this run.
    fn passes(&self) -> bool {
        PASSING.contains(&self.end)
    }

    /// How many answers came.
    fn came(&self) -> usize {
        let messages = self.asked.call.messages(Side::Server);
        let decoded =
            messages.filter(|bytes| ClassifyBatchResponse::decode((*bytes).clone()).is_ok());
        decoded.count()
    }

    fn at_deadline(&self) -> Option<&Returned<'_>> {
        let returned = self.returned.as_ref()?;
        (returned.end == "stopped by the deadline").then_some(returned)
    }

    fn whole(&self) -> Option<&Returned<'_>> {
        self.returned.as_ref().filter(|it| it.end == "whole")
    }

    /// What was reported of the status that was returned, where it was `Why::Failed`.
    fn failed(&self) -> Option<&str> {
        let returned = self
            .returned
            .as_ref()
            .filter(|_| self.at_deadline().is_none())?;
        returned.end.strip_prefix("stopped by ")
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
        name: "deadline-not-sent",
        seen: |evidence| {
            first(evidence, |read| {
                read.asked.call.timeout.is_none().then(|| {
                    format!(
                        "The call of batch {} went out without a grpc-timeout header.",
                        read.number()
                    )
                })
            })
        },
        usually: "`tokio::time::timeout` and `Endpoint::timeout` end only your own wait: the server does not know how long it has. \
                  `Request::set_timeout` sends the deadline along, with the request that it is set on.",
    },
    Diagnosis {
        name: "other-deadline",
        seen: |evidence| {
            first(evidence, |read| {
                let sent = read.asked.call.timeout.filter(|sent| *sent != read.limit)?;
                Some(format!(
                    "The call of batch {} went out with a deadline of {sent:?}, and its limit is {:?}.",
                    read.number(),
                    read.limit
                ))
            })
        },
        usually: "The header carries a duration and not a point in time, and tonic takes a `Duration`: pass `limit` on as it is.",
    },
    Diagnosis {
        name: "limit-cut-short",
        seen: |evidence| {
            let batches = evidence.run.inputs.state.get::<Batches>()?;
            let place = batches.cut_short(&evidence.run.events)?;
            Some(format!(
                "The limit of batch {} is {:?}, and your program gave its call up before that had passed.",
                place + 1,
                batches.limits[place]
            ))
        },
        usually: "Usually a part of the limit is set aside, or one wait of several has a limit of its own that is shorter. An answer \
                  may come in the last moment, and whoever set the limit waits for it.",
    },
    Diagnosis {
        name: "silence-not-ended",
        seen: |evidence| {
            let waits = match evidence.run.end {
                // Nothing has happened for longer than any of these limits.
                stage::End::Hung(hang) if hang.idleness != Idleness::Blocked => {
                    "It passed, and your function still waited for what the server was to send."
                }
                stage::End::Hung(_) => {
                    "Your function waits for what the server is to send, and has no timer that would end that."
                }
                _ => return None,
            };
            first(evidence, |read| {
                let open = read.passes() && !read.asked.call.ended() && read.returned.is_none();
                open.then(|| {
                    let (number, limit) = (read.number(), read.limit);
                    format!("The limit of batch {number} is {limit:?}. {waits}")
                })
            })
        },
        usually: "tonic's own timers are over as soon as the headers are there, and so is a `timeout` around `classify_batch` alone. What \
                  comes behind the headers is not watched. Put one `tokio::time::timeout` around the call and the loop.",
    },
    Diagnosis {
        name: "not-cancelled",
        seen: |evidence| {
            first(evidence, |read| {
                read.at_deadline()?;
                let left_open = read.passes() && !read.asked.given_up();
                // Not which: of several whose limits pass together, chance decides which are given up by the program's end.
                left_open.then(|| {
                    "Your function returned for a batch whose limit had passed, and nobody gave its call up."
                        .to_owned()
                })
            })
        },
        usually: "Usually the stream is read in a task of its own, and only the wait for that task has a limit: a `JoinHandle` that is dropped \
                  does not end its task. Read where you wait, or call `abort`.",
    },
    Diagnosis {
        name: "limit-begun-anew",
        seen: |evidence| {
            first(evidence, |read| {
                let began = read.asked.call.at;
                let late = read.asked.call.events.iter().find_map(|event| {
                    let since = event.at.checked_sub(began)?;
                    let answer = matches!(
                        event.kind,
                        EventKind::Message {
                            from: Side::Server,
                            ..
                        }
                    );
                    (answer && since > read.limit).then_some(since)
                })?;
                read.passes().then(|| {
                    format!(
                        "The limit of batch {} is {:?}. The server sent an answer {late:.1?} after the request, and your program had \
                         not given the call up.",
                        read.number(),
                        read.limit
                    )
                })
            })
        },
        usually: "Usually the `timeout` stands inside the loop, around one `message`, and begins anew with each answer. Or it begins when the \
                  headers have come. One limit is for all: put the `timeout` around the call and the loop.",
    },
    Diagnosis {
        name: "servers-deadline-failed",
        seen: |evidence| {
            first(evidence, |read| {
                let deadline = read.asked.call.status() == Some(Code::DEADLINE_EXCEEDED);
                read.failed().filter(|_| deadline)?;
                Some(format!(
                    "The call of batch {} ended with DEADLINE_EXCEEDED, and your function returned Failed.",
                    read.number()
                ))
            })
        },
        usually: "The server knows the deadline too, and may be the first to see that it passed. For the caller it is the same: \
                  `Why::Deadline`. It may come in place of the stream, and behind answers.",
    },
    Diagnosis {
        name: "tonics-timer-failed",
        seen: |evidence| {
            first(evidence, |read| {
                let status = read.failed()?;
                let own = read.passes() && read.asked.call.status().is_none();
                (own && status.starts_with("Cancelled")).then(|| {
                    format!(
                        "The server sent no status in the call of batch {}, whose limit passed, and your function returned \
                         Failed with CANCELLED.",
                        read.number()
                    )
                })
            })
        },
        usually: "When the headers are late, tonic's timer may be before yours, and says `Code::Cancelled`. Look at the clock where a call \
                  fails: once the limit has passed, it is the deadline.",
    },
    Diagnosis {
        name: "failure-taken-for-deadline",
        seen: |evidence| {
            first(evidence, |read| {
                let failure = read.asked.failure()?;
                let other = read.asked.call.status() != Some(Code::DEADLINE_EXCEEDED);
                read.at_deadline().filter(|_| other)?;
                Some(format!(
                    "The call of batch {} {failure} within its limit of {:?}, and your function returned Deadline.",
                    read.number(),
                    read.limit
                ))
            })
        },
        usually: "Usually every error, or every CANCELLED, is taken for the deadline. A server may say CANCELLED as well. Not the words of a \
                  message decide, which are for people, but the code DEADLINE_EXCEEDED and the clock.",
    },
    Diagnosis {
        name: "failure-hidden",
        seen: |evidence| {
            first(evidence, |read| {
                let failure = read.asked.failure()?;
                let whole = read.whole()?;
                Some(format!(
                    "The call of batch {} {failure}, and your function returned Ok with {}.",
                    read.number(),
                    answers(whole.count)
                ))
            })
        },
        usually: "`while let Ok(Some(answer))` and `while let Some(Ok(answer))` end at an error as they do at the end of the \
                  stream. Keep the error.",
    },
    Diagnosis {
        name: "whole-batch-stopped",
        seen: |evidence| {
            first(evidence, |read| {
                let ok = read.asked.call.status() == Some(Code::OK);
                let stopped = read.returned.as_ref().filter(|it| it.end != "whole");
                stopped.filter(|_| ok)?;
                Some(format!(
                    "The call of batch {} ended with OK after {}, and your function returned Stopped.",
                    read.number(),
                    answers(read.came())
                ))
            })
        },
        usually: "Usually the rule of the exercise before is kept, in which an answer with `is_last` must have come. In this one the call's \
                  OK is enough.",
    },
    Diagnosis {
        name: "answers-lost",
        seen: |evidence| {
            first(evidence, |read| {
                let returned = read.returned.as_ref().filter(|it| it.end != "whole")?;
                let lost = returned.count < read.came();
                lost.then(|| {
                    format!(
                        "In the call of batch {} came {} before it was over, and your function returned Stopped with {}.",
                        read.number(),
                        answers(read.came()),
                        answers(returned.count)
                    )
                })
            })
        },
        usually: "Usually the answers are kept inside of what is dropped when the time is up, or an error takes their place. Keep \
                  them in a `Vec` outside of it.",
    },
    Diagnosis {
        name: "status-remade",
        seen: |evidence| {
            first(evidence, |read| {
                let code = read.asked.whole_status()?;
                let lost = missing_of_status(code, read.failed()?)?;
                Some(format!(
                    "The call of batch {} ended with {code}, with details and metadata. The status that your function returned \
                     {lost}.",
                    read.number()
                ))
            })
        },
        usually: "Usually a new status is made where one came. Whoever looks for the cause needs all of it: \
                  `Why::Failed(status)`.",
    },
    Diagnosis {
        name: "given-up-early",
        seen: |evidence| {
            first(evidence, |read| {
                (read.asked.given_up() && !read.passes()).then(|| {
                    format!(
                        "Your program gave up the call of batch {}, whose limit of {:?} had not passed.",
                        read.number(),
                        read.limit
                    )
                })
            })
        },
        usually: "Usually a `break` at `is_last` ends the loop before the status has come, or your own wait is shorter than the \
                  limit.",
    },
];
