//! What the edge made of callers who leave and of those who stay, and the mistakes that show in it.

use checks::{Diagnosis, Evidence, message};
use proto::model::v1::RankRequest;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, EventKind, Side};

use super::{Run, place_of};
use crate::common::{BATCH_METHOD, RANK_METHOD};

/// A batch's call, and the calls to the host about its documents.
struct Played<'a> {
    call: Call<'a>,
    asked: Vec<AskedCall<'a>>,
    /// How many documents the batch has.
    documents: usize,
    /// The id of its first document.
    first: String,
}

/// A call to the host about one of a batch's documents.
struct AskedCall<'a> {
    call: Call<'a>,
    id: String,
}

impl Played<'_> {
    /// Where the caller left, in the record.
    fn left(&self) -> Option<u64> {
        let mut events = self.call.events.iter();
        let left = events.find(|event| cancelled_by(&event.kind) == Some(Side::Client))?;
        Some(left.seq)
    }

    fn answers(&self) -> usize {
        self.call.messages(Side::Server).count()
    }
}

fn cancelled_by(kind: &EventKind) -> Option<Side> {
    match kind {
        EventKind::Cancelled { by, .. } => Some(*by),
        _ => None,
    }
}

/// Where a call ended in the record.
fn end(call: &Call<'_>) -> Option<u64> {
    let mut events = call.events.iter();
    let end = events.find(|event| event.kind.ends_call())?;
    Some(end.seq)
}

/// The batches that were played, in their order.
fn played<'a>(evidence: &Evidence<'a>) -> Vec<Played<'a>> {
    let Some(run) = evidence.run.inputs.state.get::<Run>() else {
        return Vec::new();
    };
    let calls = evidence.calls_to(CLIENT_EDGE, BATCH_METHOD);
    let mut played: Vec<_> = calls
        .into_iter()
        .zip(&run.cases)
        .map(|(call, case)| Played {
            call,
            asked: Vec::new(),
            documents: case.batch.replies.len(),
            first: case.batch.request.requests[0].document_id.clone(),
        })
        .collect();
    for call in evidence.calls_to(EDGE_HOST, RANK_METHOD) {
        let request: Option<RankRequest> = message(&call, Side::Client);
        let found = request.and_then(|request| place_of(run, &request.text));
        if let Some((index, batch, place)) = found
            && let Some(played) = played.get_mut(index)
        {
            let id = batch.request.requests[place].document_id.clone();
            played.asked.push(AskedCall { call, id });
        }
    }
    played
}

/// `2 answers`.
fn answers(count: usize) -> String {
    match count {
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "asked-on",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let left = batch.left()?;
                let asked = batch.asked.iter().find(|asked| asked.call.seq > left)?;
                Some(format!(
                    "The host was asked about {} after the caller of its batch had left, with {} of {}.",
                    asked.id,
                    batch.answers(),
                    batch.documents
                ))
            })
        },
        usually: "Usually the loop goes on with the next document: what `select!` or `send` says of a caller who is gone \
                  has to end the task, by `return` or `break`.",
    },
    Diagnosis {
        name: "not-given-up",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let left = batch.left()?;
                let asked = batch.asked.iter().find(|asked| {
                    let given_up = asked
                        .call
                        .events
                        .iter()
                        .any(|event| cancelled_by(&event.kind) == Some(Side::Client));
                    asked.call.seq < left
                        && end(&asked.call).is_none_or(|end| end > left)
                        && !given_up
                })?;
                let shows = asked.call.ended() || evidence.did_not_finish();
                shows.then(|| {
                    format!(
                        "A caller left when it had {}. The call to the host about {}, which was under way then, was not given \
                         up.",
                        answers(batch.answers()),
                        asked.id
                    )
                })
            })
        },
        usually: "Usually the task waits for the host alone, and sees that the caller is gone when it sends the next answer, \
                  or never where the result of `send` is dropped. Wait for the host and for `answers.closed()` at the same \
                  time, with `tokio::select!`: it drops the call that is under way.",
    },
    Diagnosis {
        name: "waits-for-other-caller",
        seen: |evidence| {
            let played = played(evidence);
            let waiting = |batch: &&Played<'_>| {
                !batch.call.ended() && batch.asked.is_empty() && batch.answers() == 0
            };
            let waiting = played.iter().find(waiting)?;
            let other = played.iter().find(|other| {
                !other.call.ended() && other.call.seq < waiting.call.seq && !other.asked.is_empty()
            })?;
            evidence.did_not_finish().then(|| {
                format!(
                    "Two callers are there. The host was asked about {} of the first, and about nothing of the second, whose \
                     batch begins with {}.",
                    other.asked[0].id, waiting.first
                )
            })
        },
        usually: "Usually a lock is held over an `.await`, or one task or one channel serves all calls. Each call has a stream \
                  of its own; of the host, each takes a clone.",
    },
    Diagnosis {
        name: "collected",
        seen: |evidence| {
            let played = played(evidence);
            let batch = played.iter().find(|batch| !batch.call.ended())?;
            let (answered, next) = batch.asked.iter().zip(batch.asked.iter().skip(1)).find_map(
                |(answered, next)| {
                    let back = batch.answers();
                    let answered_ok = answered.call.status() == Some(Code::OK);
                    (answered_ok && back == 0).then_some((answered, next))
                },
            )?;
            evidence.did_not_finish().then(|| {
                format!(
                    "The host has answered about {}, and nothing went back to the caller. Then the host was asked about {}.",
                    answered.id, next.id
                )
            })
        },
        usually: "Usually the answers are gathered in a `Vec` and sent at the end. Send each when it is there, and return the \
                  stream before the first.",
    },
    Diagnosis {
        name: "asked-after-failure",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let failed = batch.asked.iter().find(|asked| {
                    let status = asked.call.status();
                    status.is_some_and(|code| code != Code::OK)
                })?;
                let at = end(&failed.call)?;
                let next = batch.asked.iter().find(|asked| asked.call.seq > at)?;
                Some(format!(
                    "The host failed about {}, and was asked about {} of the same batch after that.",
                    failed.id, next.id
                ))
            })
        },
        usually: "An `Err` in the stream ends the call: nobody reads what comes behind it. Send it, and end the task.",
    },
    Diagnosis {
        name: "failure-hidden",
        seen: |evidence| {
            played(evidence).iter().find_map(|batch| {
                let failed = batch.asked.iter().find_map(|asked| {
                    let code = asked.call.status().filter(|code| *code != Code::OK)?;
                    Some((asked, code))
                });
                let (failed, code) = failed?;
                (batch.call.status() == Some(Code::OK)).then(|| {
                    format!(
                        "The host failed with {code} about {}, and the call with its batch ended with OK.",
                        failed.id
                    )
                })
            })
        },
        usually: "A stream that just ends has the status OK. Usually the task returns at the error, by `?` or `break`, and has \
                  not sent it: put the `Err` into the channel first.",
    },
    Diagnosis {
        name: "stopped-for-all",
        seen: |evidence| {
            let played = played(evidence);
            let leavers = || played.iter().filter_map(|batch| Some((batch, batch.left()?)));
            played.iter().find_map(|batch| {
                let ended = end(&batch.call)?;
                let failed = |code: Option<Code>| code.is_some_and(|code| code != Code::OK);
                let host_failed = batch.asked.iter().any(|asked| failed(asked.call.status()));
                let short = batch.left().is_none()
                    && batch.answers() < batch.documents
                    && !host_failed;
                let (other, _) = leavers().filter(|(_, left)| *left < ended).last()?;
                short.then(|| {
                    format!(
                        "The caller of the batch that begins with {} stayed, and got {} of {}. The caller of the batch that \
                         begins with {} had left before.",
                        batch.first,
                        batch.answers(),
                        batch.documents,
                        other.first
                    )
                })
            })
        },
        usually: "Usually what one caller's leaving sets, a token or a flag or a set of tasks, belongs to the service and not to \
                  the call. Make it in the method, for each call.",
    },
];
