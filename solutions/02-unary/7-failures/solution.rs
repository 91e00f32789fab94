//! The caller wants to know what to do now, and whoever reads the log tomorrow wants to know what it was. So a failure
//! has a [`Reason`] for the one and keeps the status for the other:
//!
//! - `Rejected`: the request is wrong, or names what does not exist or what exists already, or does not fit the state
//!   that things are in. It will be refused again, however often it is sent, until somebody changes something.
//! - `NotAllowed`: the caller is not known, or may not do this.
//! - `TryAgain`: the server did not take the call on, since it is away or has its hands full.
//! - `OutOfTime`: time ran out, and nobody knows whether the work was done. tonic's own timer says CANCELLED.
//! - `Broken`: everything else: a fault of the server, a method that it does not have, a call that was ABORTED (it is not
//!   enough to repeat this one), a code that nobody thought of. To be looked into, and not to be sent again.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::run::{Failure, Reason, best};

/// Asks once. The caller asks again where the reason is `TryAgain`.
pub async fn ask(
    client: DocumentClassifierClient<Channel>,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    // gap
    // uses: Code, Failure, Reason, best; client, request
    let mut client = client;
    match client.classify(request).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(status) => Err(Failure {
            reason: match status.code() {
                // hint, 6 lines:
                Code::InvalidArgument
                | Code::NotFound
                | Code::AlreadyExists
                | Code::FailedPrecondition
                | Code::OutOfRange => Reason::Rejected,
                Code::Unauthenticated | Code::PermissionDenied => Reason::NotAllowed,
                Code::Unavailable | Code::ResourceExhausted => Reason::TryAgain,
                // hint: ...
                Code::DeadlineExceeded | Code::Cancelled => Reason::OutOfTime,
                _ => Reason::Broken,
            },
            status,
        }),
    }
    // end of gap
}
