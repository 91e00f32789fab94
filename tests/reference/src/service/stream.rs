//! ClassifyStream, bidirectional streaming: questions and answers pass each other, tied together by correlation ids.
//!
//! Like a batch, the answers are a stream that is asked for the next one when the client has room. Being asked is also
//! what reads the questions, and no more than [`MAX_IN_FLIGHT`] of them are read ahead of the answers. A client that
//! writes and does not read is thus held back by its unread answers. When it half-closes, the pending answers follow
//! and the stream ends; when it leaves, the stream is dropped, and the work with it.

use futures_util::StreamExt;
use proto::classification::v1::ClassificationEvent;
use proto::classification::v1::classification_event::EventType;
use tonic::Streaming;
use tonic::codegen::BoxStream;

use super::{document, validate};
use crate::inference::Inference;

/// Events of one stream that are in flight at a time, answered ones that wait for the client included. The contract
/// names the number: a client that writes more before it reads may be held.
const MAX_IN_FLIGHT: usize = 8;

/// Answers every event, each as soon as it is ready.
pub(crate) fn answers(
    inference: &Inference,
    events: Streaming<ClassificationEvent>,
) -> BoxStream<ClassificationEvent> {
    let inference = inference.clone();
    let answers = events
        .map(move |event| {
            // An error here is the call's: what arrived is not an event, or the connection broke.
            let answer = event.map(|event| answer(&inference, event));
            async move { Ok(answer?.await) }
        })
        .buffer_unordered(MAX_IN_FLIGHT);
    Box::pin(answers)
}

/// Starts to work on an event. Whatever becomes of it, its id is on the answer.
fn answer(
    inference: &Inference,
    event: ClassificationEvent,
) -> impl Future<Output = ClassificationEvent> + Send + use<> {
    let ClassificationEvent {
        event_type,
        correlation_id,
    } = event;
    let started = validate::event(&correlation_id, event_type)
        .map(|request| document::start(inference, request));
    async move {
        let result = match started {
            Ok(work) => work.await,
            Err(failure) => Err(failure),
        };
        ClassificationEvent {
            correlation_id,
            event_type: Some(match result {
                Ok(response) => EventType::ClassificationComplete(response),
                Err(failure) => EventType::ClassificationFailed(failure.into()),
            }),
        }
    }
}
