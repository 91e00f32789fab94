//! What the edge made of callers who leave and of those who stay, and the mistakes that show in it.

use checks::{Diagnosis, Evidence};
use tap::Code;

use super::Run;
use crate::common::callers::{self, Heard, end, heard};
use crate::common::statuses;

/// The batches that were played, in their order.
fn played<'a>(evidence: &Evidence<'a>) -> Vec<Heard<'a>> {
    let run: Option<&Run> = evidence.run.inputs.state.get();
    let cases = run.into_iter().flat_map(|run| &run.cases);
    heard(evidence, cases.map(|case| &case.batch))
}

/// A batch that ended early although its caller stayed and the host answered, after another caller had left.
fn stopped(evidence: &Evidence<'_>) -> Option<String> {
    let played = played(evidence);
    played.iter().find_map(|batch| {
        let over = end(&batch.call)?;
        let failed = |code: Option<Code>| code.is_some_and(|code| code != Code::OK);
        let short = batch.answers() < batch.documents()
            && batch.left().is_none()
            && batch.failed().is_none()
            && !failed(batch.call.status());
        let mut others = played.iter().rev();
        let other = others.find(|other| other.left().is_some_and(|left| left < over))?;
        short.then(|| {
            format!(
                "The caller of the batch that begins with {} stayed, and got {} of {} answers. The caller of the one that \
                 begins with {} had left before.",
                batch.id(0),
                batch.answers(),
                batch.documents(),
                other.id(0)
            )
        })
    })
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "asked-ahead",
        seen: |evidence| played(evidence).iter().find_map(callers::asked_ahead),
        usually: "Usually the calls are begun before the first is awaited, by `join_all` or `buffered`. The task is to ask about \
                  one document at a time.",
    },
    Diagnosis {
        name: "out-of-order",
        seen: |evidence| played(evidence).iter().find_map(callers::out_of_order),
        usually: "Usually the documents are turned round, sorted, or taken from the end of a `Vec` by `pop`. A caller can use \
                  the answers only in the order of its documents.",
    },
    Diagnosis {
        name: "asked-on",
        seen: |evidence| played(evidence).iter().find_map(callers::asked_on),
        usually: "Usually the loop goes on with the next document: what `select!` or `send` says of a caller who is gone \
                  has to end the task, by `return` or `break`.",
    },
    Diagnosis {
        name: "not-given-up",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::not_given_up(evidence, batch))
        },
        usually: callers::NOT_GIVEN_UP,
    },
    Diagnosis {
        name: "waits-for-other-caller",
        seen: |evidence| callers::waits_for_other(evidence, &played(evidence)),
        usually: callers::WAITS_FOR_OTHER,
    },
    Diagnosis {
        name: "collected",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::collected(evidence, batch))
        },
        usually: "Usually the answers are gathered in a `Vec` and sent at the end. Send each when it is there, and return the \
                  stream before the first.",
    },
    Diagnosis {
        name: "failure-as-item",
        seen: |evidence| played(evidence).iter().find_map(callers::failure_as_item),
        usually: callers::FAILURE_AS_ITEM,
    },
    Diagnosis {
        name: "asked-after-failure",
        seen: |evidence| {
            let played = played(evidence);
            played.iter().find_map(callers::asked_after_failure)
        },
        usually: "An `Err` in the stream ends the call: nobody reads what comes behind it. Send it, and end the task.",
    },
    Diagnosis {
        name: "failure-hidden",
        seen: |evidence| played(evidence).iter().find_map(callers::failure_hidden),
        usually: "A stream that just ends has the status OK. Usually the task returns at the error, by `?` or `break`, and has \
                  not sent it: put the `Err` into the channel first.",
    },
    Diagnosis {
        name: "host-status-changed",
        seen: |evidence| played(evidence).iter().find_map(callers::status_changed),
        usually: statuses::CHANGED,
    },
    Diagnosis {
        name: "stream-not-ended",
        seen: |evidence| {
            let played = played(evidence);
            let mut batches = played.iter();
            batches.find_map(|batch| callers::not_ended(evidence, batch))
        },
        usually: callers::NOT_ENDED,
    },
    Diagnosis {
        name: "stopped-for-all",
        seen: stopped,
        usually: "Usually what one caller's leaving sets, a token or a flag or a set of tasks, belongs to the service and not to \
                  the call: make it in the method, for each call. A time limit of your own ends batches as well.",
    },
];
