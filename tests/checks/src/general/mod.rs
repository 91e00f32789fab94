//! Mistakes that any exercise may show, asked for after its own: what they say is read off the run and off how it
//! differs from what was expected, so it is true of any program.

mod again;
pub(crate) mod blocks;
mod calls;
mod fields;
mod outcome;
mod sent;
mod sides;
mod stuck;

use crate::diagnosis::Diagnosis;

/// In this order: how the program stopped or got stuck, its calls, the fields of its messages, how calls ended, its connections and
/// jobs, its result.
pub const GENERAL: &[Diagnosis] = &[
    Diagnosis {
        name: "panicked",
        seen: outcome::panicked,
        usually: "Usually an `unwrap`, an `expect` or an index met a value that it cannot take. Look at that line and at what \
                  came over the wire just before, and return an error, or do what the task says about it.",
    },
    Diagnosis {
        name: "peer-refused",
        seen: outcome::peer_refused,
        usually: "The peer says in its message what it did not like, or the task says what is to be done when it fails. \
                  A `?` passes the error on and ends your function.",
    },
    Diagnosis {
        name: "returned-error",
        seen: outcome::returned_error,
        usually: "Usually a `?` ended your function where the task wants it to go on, or what you sent could not be used. \
                  Look for the place that this error comes from.",
    },
    Diagnosis {
        name: "never-returned",
        seen: stuck::never_returned,
        usually: "Usually it waits for a channel whose last sender is never dropped: `recv` returns `None` only when all \
                  senders are gone, also the one that the others were cloned from. A task that does not end, or a lock \
                  that is not given back, does the same.",
    },
    Diagnosis {
        name: "received-too-often",
        seen: stuck::waits_for_bytes,
        usually: "Usually `peer.receive()` is called once more than there are messages for you, or before you have sent what \
                  the next one answers.",
    },
    Diagnosis {
        name: "never-ends",
        seen: stuck::computes,
        usually: "Usually a loop does not end: follow its condition with the last values that came. In an async function \
                  such a loop also keeps its thread from all other calls.",
    },
    Diagnosis {
        name: "call-missing",
        seen: calls::missing,
        usually: "Usually a condition left it out, or the loop ended before: look for a `return` or a `break` inside it.",
    },
    Diagnosis {
        name: "called-again-after-failure",
        seen: again::after_failure,
        usually: "Usually a loop or a retry sends the same request again. The task wants one call: hand its error on, and \
                  leave it to the caller whether to ask again.",
    },
    Diagnosis {
        name: "call-extra",
        seen: calls::extra,
        usually: "Usually a call is made once before a loop and again in it, or where the task wants none.",
    },
    Diagnosis {
        name: "one-value-for-all",
        seen: calls::one_value,
        usually: "Usually the value is taken once, before the loop, from the first document or from another one.",
    },
    Diagnosis {
        name: "field-differs",
        seen: calls::field,
        usually: "Usually the field is left to `..Default::default()`, and so not set, or it is filled from another value, \
                  or the value is changed on the way, as `trim` does.",
    },
    Diagnosis {
        name: "headers-missing",
        seen: calls::headers_missing,
        usually: "Metadata and deadline belong to the `Request` and the `Response`, not to the message: `into_inner` \
                  leaves them behind.",
    },
    Diagnosis {
        name: "headers-differ",
        seen: calls::headers,
        usually: "Usually the value is a constant, or that of another call: each call has its own.",
    },
    Diagnosis {
        name: "ended-otherwise",
        seen: calls::ended,
        usually: "Usually a new status is made of an error, or the error is lost on the way: look at where your code turns \
                  an error into a status.",
    },
    Diagnosis {
        name: "sent-field-differs",
        seen: sent::field,
        usually: "Usually the field is left to `..Default::default()`, and so not set, or it is filled from another value.",
    },
    Diagnosis {
        name: "bytes-differ",
        seen: outcome::bytes,
        usually: "Usually a field has another value, or is missing, or stands there twice, or a message is sent twice: compare \
                  the messages above.",
    },
    Diagnosis {
        name: "connections-differ",
        seen: |evidence| outcome::count(evidence, "connections"),
        usually: "Usually a client or a channel is made inside a loop, and connects each time. Clones of one share its \
                  connection.",
    },
    Diagnosis {
        name: "work-differs",
        seen: |evidence| outcome::count(evidence, "work"),
        usually: "Usually a job is started where none is due, or more of them at a time than permits were given.",
    },
    Diagnosis {
        name: "result-differs",
        seen: outcome::result,
        usually: "What crossed the wire is right as far as it is compared; what your function made of it is not.",
    },
];

#[cfg(test)]
mod tests;
