//! What several checks of this lesson share.

use std::time::Duration;

use prost::Message;
use proto::classification::v1::ClassifyRequest;
use tap::{Event, EventKind};

pub(crate) mod health;

/// The method that clients call.
pub(crate) const CLASSIFY_METHOD: &str = "/classification.v1.DocumentClassifier/Classify";

/// The metadata key that ties a call to the lines that are logged about it.
pub(crate) const CORRELATION_ID: &str = "x-correlation-id";

/// A deadline so long that no machine, however busy, lets it pass.
pub(crate) const FAR_DEADLINE: Duration = Duration::from_secs(30);

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
