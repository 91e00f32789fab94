//! A failure that is not the end of a call: one document of a batch or of a stream.
//!
//! Every failure becomes a [`Status`] first, whichever kind of call it belongs to, so that what may be told to a caller
//! is decided in one place. Where only the document failed, the same status travels as a message.

use proto::classification::v1::ErrorEvent;
use tonic::Status;

use crate::code;
use crate::failure::Failure;

/// What the status of `failure` says, as a message within a stream. `ErrorInfo` becomes the metadata; the request id
/// does not, because it is the call's, and its response's headers have it.
pub(crate) fn from(failure: Failure) -> ErrorEvent {
    let metadata = failure.metadata();
    let status = Status::from(failure);
    ErrorEvent {
        code: code::name(status.code()).to_owned(),
        message: status.message().to_owned(),
        metadata,
    }
}
