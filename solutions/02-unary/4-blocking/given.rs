//! How the course calls the exercise, and what it gives it.

use std::sync::Arc;

use kit::{Document, Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifierServer;
use proto::model::v1::model_host_client::ModelHostClient;
use tokio::sync::Semaphore;
use tonic::Status;
use tonic::transport::Server;
use tonic_health::server::health_reporter;

use crate::edge::{Edge, Preparing};

/// Runs the exercise.
pub async fn blocking<F>(
    session: Session,
    exercise: impl Fn(Arc<Semaphore>, Document) -> F + Send + Sync + 'static,
) -> Result<(), Error>
where
    F: Future<Output = Result<String, Status>> + Send + 'static,
{
    // ANCHOR: permits
    let permits = Arc::new(Semaphore::new(session.setting("permits").parse()?));
    let all = permits.available_permits();
    let prepare = move |document: Document| {
        let watch = Watch::new(&permits, &document, all);
        Box::pin(watched(watch, exercise(permits.clone(), document))) as Preparing
    };
    // ANCHOR_END: permits
    let edge = Edge {
        host: ModelHostClient::connect(session.peer_address()).await?,
        prepare: Box::new(prepare),
    };
    let (reporter, health) = health_reporter();
    reporter
        .set_serving::<DocumentClassifierServer<Edge>>()
        .await;
    let router = Server::builder()
        .add_service(health)
        .add_service(DocumentClassifierServer::new(edge));
    session.serve(router).await
}

/// Looks at the permits when a caller leaves whose text is being prepared.
struct Watch {
    permits: Arc<Semaphore>,
    /// How many there are.
    all: usize,
    id: String,
    done: bool,
}

impl Watch {
    fn new(permits: &Arc<Semaphore>, document: &Document, all: usize) -> Self {
        Self {
            permits: permits.clone(),
            all,
            id: document.id.clone(),
            done: false,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The checker has a caller leave when no other call is there, and while its text is being cleaned.
        if !self.done && self.permits.available_permits() == self.all {
            kit::report(format!(
                "{}: the caller left, and the work goes on without a permit",
                self.id
            ));
        }
    }
}

/// What the exercise makes of a text, with an eye on it.
async fn watched(
    mut watch: Watch,
    preparing: impl Future<Output = Result<String, Status>>,
) -> Result<String, Status> {
    let text = preparing.await;
    watch.done = true;
    // Work that kept its thread may be over only now, and its caller gone: here tonic gets to see that.
    tokio::task::yield_now().await;
    text
}

// ANCHOR: clean
/// Cleans a scanned text: one space between two words. Stands for work that computes for long, and keeps the thread that
/// it is called on until it is done.
pub fn clean(document: &Document) -> String {
    kit::blocking_job(&document.id);
    let words: Vec<_> = document.text.split_whitespace().collect();
    words.join(" ")
}
// ANCHOR_END: clean
