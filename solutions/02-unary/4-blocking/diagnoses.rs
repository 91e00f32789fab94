//! The mistakes that show in the calls and the jobs.

use proto::classification::v1::ClassifyRequest;
use proto::control::v1::from_program;
use proto::model::v1::RankRequest;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, Side};

use super::{AFTER_CLOSE, Documents};
use crate::common::{CLASSIFY_METHOD, health};
use checks::{Diagnosis, Evidence, message};

/// The calls for documents, each with the document's id.
fn calls<'a>(evidence: &Evidence<'a>) -> Vec<(String, Call<'a>)> {
    let calls = evidence.calls_to(CLIENT_EDGE, CLASSIFY_METHOD).into_iter();
    let named = |call: Call<'a>| {
        let request: ClassifyRequest = message(&call, Side::Client)?;
        Some((request.document_id, call))
    };
    calls.filter_map(named).collect()
}

/// The call for one document.
fn call<'a>(evidence: &Evidence<'a>, id: &str) -> Option<Call<'a>> {
    let mut calls = calls(evidence).into_iter();
    calls.find(|(name, _)| name == id).map(|(_, call)| call)
}

fn documents<'a>(evidence: &Evidence<'a>) -> Option<&'a Documents> {
    evidence.run.inputs.state.get()
}

/// The texts that the host was asked about and that are not what `clean` returns for any document.
fn uncleaned(evidence: &Evidence<'_>) -> Option<Vec<String>> {
    let documents = documents(evidence)?;
    let cleaned =
        |(_, text): &(String, String)| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = documents
        .many
        .iter()
        .chain(&documents.last)
        .chain([&documents.leaving]);
    let known: Vec<_> = all.map(cleaned).collect();
    let calls = evidence.calls_to(EDGE_HOST, "/model.v1.ModelHost/Rank");
    let texts = calls.iter().filter_map(|call| {
        let request: RankRequest = message(call, Side::Client)?;
        (!known.contains(&request.text)).then_some(request.text)
    });
    Some(texts.collect())
}

/// The documents whose jobs run at the end of the run.
fn running<'a>(evidence: &Evidence<'a>) -> Vec<&'a str> {
    let mut running = Vec::new();
    for kind in &evidence.run.messages {
        match kind {
            from_program::Kind::JobStarted(job) => running.push(job.name.as_str()),
            from_program::Kind::JobEnded(job) => {
                if let Some(index) = running.iter().position(|name| *name == job.name) {
                    running.remove(index);
                }
            }
            _ => {}
        }
    }
    running
}

/// The id in the first reported line that ends like this.
fn reported<'a>(evidence: &Evidence<'a>, end: &str) -> Option<&'a str> {
    evidence.reported().find_map(|line| line.strip_suffix(end))
}

/// Whether the first calls, whose jobs neither panic nor lose their callers, all ended with OK.
fn serves(evidence: &Evidence<'_>) -> bool {
    documents(evidence).is_some_and(|documents| {
        let mut ids = documents.many.iter().map(|(id, _)| id);
        ids.all(|id| call(evidence, id).is_some_and(|call| call.status() == Some(Code::OK)))
    })
}

/// The documents whose calls wait at the end of a run that did not finish, and have no job.
fn waiting(evidence: &Evidence<'_>) -> Vec<String> {
    let mut waiting = calls(evidence);
    waiting.retain(|(id, call)| !call.ended() && evidence.jobs().all(|name| name != id));
    waiting.into_iter().map(|(id, _)| id).collect()
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "work-skipped",
        seen: |evidence| {
            let mut calls = calls(evidence).into_iter();
            let (id, _) = calls.find(|(id, call)| {
                call.status() == Some(Code::OK) && evidence.jobs().all(|name| name != id)
            })?;
            Some(format!(
                "{id} was answered with OK, and `clean` was not called for it."
            ))
        },
        usually: "The point of this exercise is where that job runs: call `clean(&document)` for each document and pass \
                  on what it returns.",
    },
    Diagnosis {
        name: "runtime-blocked",
        seen: |evidence| {
            let health = evidence.calls_to(CLIENT_EDGE, health::CHECK_METHOD);
            let unanswered = health.iter().any(|call| !call.ended());
            let running = running(evidence);
            (evidence.did_not_finish() && unanswered && !running.is_empty()).then(|| {
                let jobs = running.join(" and ");
                format!("A health check was not answered while the job for {jobs} ran.")
            })
        },
        usually: "The thread that runs all async code was busy: with the job itself, or with waiting for it or for a \
                  permit by something other than an `.await`. `async` alone moves nothing, and neither does \
                  `tokio::spawn`: work that does not await belongs on another thread, by `spawn_blocking`.",
    },
    Diagnosis {
        name: "unbounded-work",
        seen: |evidence| {
            let (permits, most) = (documents(evidence)?.permits, evidence.max_concurrent_jobs());
            (most > permits).then(|| {
                format!("More than {permits} jobs ran at a time, and there are {permits} permits.")
            })
        },
        usually: "tokio starts up to 512 blocking threads and queues without limit behind them, so `spawn_blocking` is \
                  not a bound. Wait for a permit first, and keep it in a variable until the job has ended: \
                  `let _ = permits.acquire()...` gives it back at once.",
    },
    Diagnosis {
        name: "permit-not-taken",
        seen: |evidence| {
            let id = reported(evidence, ": the job began without a permit")?;
            (id != AFTER_CLOSE).then(|| {
                format!("When the job for {id} began, more jobs ran than permits of the given semaphore were taken.")
            })
        },
        usually: "All calls share the semaphore that is given, `permits`. One of your own bounds something else, and a \
                  permit that was given back before the job began bounds nothing.",
    },
    Diagnosis {
        name: "permit-left-with-caller",
        seen: |evidence| {
            let id = reported(
                evidence,
                ": the caller left, and the work goes on without a permit",
            )?;
            Some(format!(
                "The caller of {id} left while its text was being cleaned, and all permits were free at once."
            ))
        },
        usually: "The future of your function is dropped when the caller leaves, with all that it holds, and the thread \
                  works on. Have the closure that does the work own the permit: `move` takes along only what the closure \
                  uses, and `let _ = permit` does not use it. `let _permit = permit` does.",
    },
    Diagnosis {
        name: "panic-not-reported",
        seen: |evidence| {
            let (id, _) = &documents(evidence)?.empty;
            let call = call(evidence, id)?;
            let code = call.status();
            if !call.ended() || !serves(evidence) || !evidence.jobs().any(|name| name == id) {
                return None;
            }
            // The host refuses a text without a word, and the edge makes INTERNAL of that too.
            let asked = uncleaned(evidence)?;
            if let ([text], Some(Code::INTERNAL)) = (asked.as_slice(), code) {
                return text.trim().is_empty().then(|| {
                    format!(
                        "The job for {id} panicked, and the host was asked all the same, about a text without words."
                    )
                });
            }
            (code != Some(Code::INTERNAL)).then(|| match code {
                Some(code) => format!("The job for {id} panicked, and its call ended with {code}."),
                None => {
                    format!("The job for {id} panicked, and its call was reset, without a status.")
                }
            })
        },
        usually: "A panic on a blocking thread comes back as an error of the `JoinHandle`: no `unwrap` on it, and no \
                  default in its place, but `map_err` to `Status::internal`.",
    },
    Diagnosis {
        name: "closed-not-reported",
        seen: |evidence| {
            let mut reported = evidence.reported();
            let outcome =
                reported.find_map(|line| line.strip_prefix("with a closed semaphore: "))?;
            (outcome != "Internal" && serves(evidence))
                .then(|| format!("With a closed semaphore, your function came to {outcome}."))
        },
        usually: "To acquire a permit fails where the semaphore was closed. That is no reason to panic, nor to work without \
                  a permit: `map_err` to `Status::internal`.",
    },
    Diagnosis {
        name: "turned-away",
        seen: |evidence| {
            let documents = documents(evidence)?;
            let mut calls = calls(evidence).into_iter();
            let (id, call) = calls.find(|(id, call)| {
                let failed = call.status().is_some_and(|code| code != Code::OK);
                let many = documents.many.iter().any(|(name, _)| name == id);
                many && failed && evidence.jobs().all(|name| name != id)
            })?;
            let busy = evidence.max_concurrent_jobs() >= documents.permits;
            let code = call.status()?;
            busy.then(|| {
                format!(
                    "The call for {id} came while all permits were taken, and ended with {code}."
                )
            })
        },
        usually: "A call waits here until a permit is free, however long that takes, and needs no thread for it: \
                  `acquire_owned().await` waits, without a time limit around it, and `try_acquire_owned()` does not.",
    },
    Diagnosis {
        name: "gave-up-on-job",
        seen: |evidence| {
            let documents = documents(evidence)?;
            let mut calls = calls(evidence).into_iter();
            let (id, call) = calls.find(|(id, call)| {
                let failed = call.status().is_some_and(|code| code != Code::OK);
                let many = documents.many.iter().any(|(name, _)| name == id);
                many && failed && evidence.jobs().any(|name| name == id)
            })?;
            let code = call.status()?;
            Some(format!(
                "The job for {id} began, and its call ended with {code}. That job does not panic."
            ))
        },
        usually: "However long a job takes, its call waits for it: a time limit around the `JoinHandle` ends the \
                  wait and not the job.",
    },
    Diagnosis {
        name: "permit-not-returned",
        seen: |evidence| {
            let waiting = waiting(evidence);
            let ended = evidence.jobs().count() - running(evidence).len();
            let first = waiting.first()?;
            let stuck = evidence.did_not_finish() && ended > 0;
            (stuck && running(evidence).len() < documents(evidence)?.permits).then(|| {
                format!(
                    "The job for {first} did not begin. Jobs that ran at the end: {}, jobs that had ended: {ended}, \
                     permits: {}.",
                    running(evidence).len(),
                    documents(evidence).map_or(0, |it| it.permits),
                )
            })
        },
        usually: "A permit did not come back when its job ended, or when it panicked. A permit that is dropped comes \
                  back by itself, also after a panic: look for a `forget`, for a permit that is kept elsewhere, or \
                  for an `add_permits` that a panic skips.",
    },
    Diagnosis {
        name: "one-at-a-time",
        seen: |evidence| {
            let waiting = waiting(evidence);
            let (first, running) = (waiting.first()?, running(evidence).len());
            let permits = documents(evidence)?.permits;
            (evidence.did_not_finish() && running < permits).then(|| {
                format!("The job for {first} did not begin. Jobs that ran at the end: {running}, permits: {permits}.")
            })
        },
        usually: "Each call takes one permit, and nothing else is locked while its job runs.",
    },
    Diagnosis {
        name: "text-not-cleaned",
        seen: |evidence| {
            // The one that comes first in the transcript, where calls are sorted by their text.
            let other = uncleaned(evidence)?;
            let other = other.iter().min_by_key(|text| format!("{text:?}"))?;
            Some(format!(
                "The host was asked about a text of {} characters, which is not what `clean` returns for any document.",
                other.chars().count()
            ))
        },
        usually: "What your function returns is what the host is asked about: the `String` that `clean` gave, as it is.",
    },
];
