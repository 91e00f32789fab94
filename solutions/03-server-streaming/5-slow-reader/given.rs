//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;

use crate::host::{Host, serve};

/// Serves an edge that is made with a client of the host, and with how many documents it may ask about at a time.
pub async fn slow_reader<S: DocumentClassifier>(
    session: Session,
    edge: impl FnOnce(Host, usize) -> S,
) -> Result<(), Error> {
    let at_once = session.setting("at_once")?.parse()?;
    serve(session, |host| edge(host, at_once)).await
}
