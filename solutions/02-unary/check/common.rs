//! What several checks of this lesson share.

use std::time::Duration;

use prost::Message;
use proto::classification::v1::ClassifyRequest;
use tap::{Code, Event, EventKind, Fault, FaultKind};

pub(crate) mod health;

/// The method that clients call.
pub(crate) const CLASSIFY_METHOD: &str = "/classification.v1.DocumentClassifier/Classify";

/// The metadata key that ties a call to the lines that are logged about it.
pub(crate) const CORRELATION_ID: &str = "x-correlation-id";

/// A deadline so long that no machine, however busy, lets it pass.
pub(crate) const FAR_DEADLINE: Duration = Duration::from_secs(30);

/// The end of a call with a status that has all that one can have, and of all only what no program makes up. `ticket` is
/// in its message, its details and its metadata.
pub(crate) fn whole_status(code: Code, ticket: &str) -> Fault {
    let message = format!("ticket {}-{ticket}", code.number());
    // A `google.rpc.Status` with code and message: both numbers are below 128, and so one byte long.
    let mut details = vec![0x08, code.number() as u8, 0x12, message.len() as u8];
    details.extend(message.as_bytes());
    let metadata = [
        ("x-ticket", message.replace(' ', "-")),
        ("x-seal-bin", "3q2+7w".to_owned()),
    ];
    Fault {
        kind: FaultKind::Status {
            code,
            message,
            details: details.into(),
            metadata: metadata.map(|(key, value)| (key.to_owned(), value)).into(),
        },
        ..Fault::status(code, "")
    }
}

/// A call of [`CLASSIFY_METHOD`] whose request is there as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Which call of the method it is, as [`tap::CallInfo::nth`].
    pub(crate) nth: usize,
    /// The call's number on its tap.
    pub(crate) call: u32,
    /// The request. `None` where it does not decode.
    pub(crate) request: Option<ClassifyRequest>,
}

/// The calls of [`CLASSIFY_METHOD`] whose requests are there as a whole, in the order in which they began.
pub(crate) fn asked(events: &[Event]) -> Vec<Asked> {
    let begun = events.iter().filter_map(|event| match &event.kind {
        EventKind::Request { path, .. } if path == CLASSIFY_METHOD => Some(event.call),
        _ => None,
    });
    let of_call = |call| events.iter().filter(move |event| event.call == call);
    let asked = begun.zip(1..).filter_map(|(call, nth)| {
        let whole = of_call(call).any(|event| event.kind == EventKind::HalfClose);
        let request = of_call(call).find_map(|event| match &event.kind {
            EventKind::Message { bytes, .. } => ClassifyRequest::decode(bytes.clone()).ok(),
            _ => None,
        });
        whole.then_some(Asked { nth, call, request })
    });
    asked.collect()
}

/// Whether a call has ended, whoever ended it.
pub(crate) fn ended(events: &[Event], call: u32) -> bool {
    let ended = |event: &Event| event.call == call && event.kind.ends_call();
    events.iter().any(ended)
}
