//! A failure that does not end its call: one document of a batch or of a stream.
//!
//! Every failure becomes a [`Status`] first, whichever kind of call it belongs to, so that what a caller may learn is
//! decided in one place. Where only the document failed, the same status travels as a message.

use proto::classification::v1::ErrorEvent;
use tonic::Status;

use super::Failure;
use super::code;

/// `ErrorInfo` becomes the metadata. The request id does not: it is the call's, and its response's headers have it.
impl From<Failure> for ErrorEvent {
    fn from(failure: Failure) -> Self {
        let metadata = failure.metadata();
        let status = Status::from(failure);
        Self {
            code: code::name(status.code()).to_owned(),
            message: status.message().to_owned(),
            metadata,
        }
    }
}
