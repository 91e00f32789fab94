//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::ErrorEvent;
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use tonic::{Code, Status};

use crate::host::{Host, serve};

/// Runs the exercise.
pub async fn bad_document<S: DocumentClassifier>(
    session: Session,
    exercise: impl FnOnce(Host) -> S,
) -> Result<(), Error> {
    serve(session, exercise).await
}

/// What the caller is told of a document that failed: the code's name, for programs, and a sentence for people, which has
/// nothing of the host's in it.
pub fn to_error(status: Status) -> ErrorEvent {
    ErrorEvent {
        code: code_name(status.code()).to_owned(),
        message: "This document could not be classified.".to_owned(),
        metadata: Default::default(),
    }
}

/// The name of a code, as the gRPC specification writes it.
fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
