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
        // In a check, a caller leaves while its text is being cleaned and no other call is there.
        if !self.done && self.permits.available_permits() == self.all {
            kit::report(format!(
                "{}: the caller left, and the work goes on without a permit",
                self.id
            ));
        }
    }
}

/// Runs the exercise on a text, with a watch on its permits.
async fn watched(
    mut watch: Watch,
    preparing: impl Future<Output = Result<String, Status>>,
) -> Result<String, Status> {
    let text = preparing.await;
    watch.done = true;
    // If the work blocked this thread, the caller may have left meanwhile. Here tonic can notice that.
    tokio::task::yield_now().await;
    text
}

// ANCHOR: clean
/// Cleans a scanned text: one space between two words. Stands for a long computation, which keeps the thread that it is
/// called on busy until it is done.
pub fn clean(document: &Document) -> String {
    kit::blocking_job(&document.id);
    let words: Vec<_> = document.text.split_whitespace().collect();
    words.join(" ")
}
// ANCHOR_END: clean
