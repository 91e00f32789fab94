//! ClassifyBatch, server streaming: many documents in one request, one answer each.
//!
//! The answers are a stream that makes the next one when it is asked for it, and it is asked when the client has room
//! (HTTP/2 flow control). So no queue between the two can grow, and a client that leaves drops the stream, and
//! with it the documents that are still in flight.

use futures_util::{StreamExt, stream};
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse, ClassifyResponse};
use tonic::codegen::BoxStream;

use super::{document, validate};
use crate::errors::Failure;
use crate::inference::Inference;

/// Documents of one batch that are in flight at a time, finished ones that wait for the client included: enough to
/// keep a few threads busy, few enough to leave room for others.
const MAX_IN_FLIGHT: usize = 4;

/// Begins with a batch, unless it is wrong as a whole.
pub(crate) fn answers(
    inference: &Inference,
    batch: ClassifyBatchRequest,
) -> Result<BoxStream<ClassifyBatchResponse>, Failure> {
    validate::batch(&batch)?;
    let last = batch.requests.len() - 1;
    let inference = inference.clone();
    let answers = stream::iter(batch.requests.into_iter().enumerate())
        .map(move |(position, mut request)| {
            request.include_keywords = Some(batch.include_keywords);
            let result = document::start(&inference, request);
            async move { Ok(answer(position, position == last, result.await)) }
        })
        // In order: a document that is ready before its turn waits in one of the places.
        .buffered(MAX_IN_FLIGHT);
    Ok(Box::pin(answers))
}

/// A document that fails is an answer like any other, and may be the last.
fn answer(
    position: usize,
    is_last: bool,
    result: Result<ClassifyResponse, Failure>,
) -> ClassifyBatchResponse {
    let (result, error) = match result {
        Ok(response) => (Some(response), None),
        Err(failure) => (None, Some(failure.into())),
    };
    ClassifyBatchResponse {
        result,
        sequence_number: i32::try_from(position).expect("a batch is short"),
        is_last,
        error,
    }
}
