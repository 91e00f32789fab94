//! unary.7: a status, in your own words.
//!
//! The caller wants to know what to do now, and whoever reads the log tomorrow wants to know what it was. So a failure
//! has a [`Reason`] for the one and keeps the status for the other:
//!
//! - `Rejected`: the request is wrong, or names what does not exist or what exists already, or does not fit the state
//!   that things are in. It will be refused again, however often it is sent, until somebody changes something.
//! - `NotAllowed`: the caller is not known, or may not do this.
//! - `TryAgain`: the server cannot be reached, or has no room for the call now. Sent again after a pause, it may succeed.
//! - `OutOfTime`: the deadline passed, and nobody knows whether the work was done. tonic's own timer says CANCELLED.
//! - `Broken`: everything else: a fault of the server, a method that it does not have, a call that was ABORTED (the whole
//!   sequence of calls has to begin again, and this call alone does not help), a code that nobody thought of. Not to be
//!   sent again: somebody has to look into it.
//!
//! Fill the gap, save, and run `cargo xtask check unary.7`.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::run::{Failure, Reason, best};

/// Asks once. The caller sends the request again, after a pause, where the reason is `TryAgain`.
pub async fn ask(
    mut client: DocumentClassifierClient<Channel>,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    kit::gap!(
        "Call `classify` once and return what `best` makes of the answer. For an error \
         status, return a `Failure` with the reason that fits its code, and with the \
         status as it came: code, message, details and metadata.";
        use Code, Failure, Reason, best;
        &mut client, request
    )
}
