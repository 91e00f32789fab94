//! How the course calls the exercise, and what it gives it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    let exercise = Arc::new(exercise);
    let permits = Arc::new(Semaphore::new(session.setting("permits")?.parse()?));
    let all = permits.available_permits();
    let (own, shared) = (exercise.clone(), permits.clone());
    let prepare = move |document: Document| {
        let watch = Watch::new(&shared, &document, all);
        Box::pin(watched(watch, own(shared.clone(), document))) as Preparing
    };
    jobs().permits = Some((permits.clone(), all));
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
    session.serve(router).await?;
    permits.close();
    let document = Document {
        id: AFTER_CLOSE.to_owned(),
        text: "Too  late.".to_owned(),
    };
    // In a task, so that a panic ends it alone.
    let outcome = match tokio::spawn(exercise(permits, document)).await {
        Ok(Ok(_)) => "a text".to_owned(),
        Ok(Err(status)) => format!("{:?}", status.code()),
        Err(_) => "a panic".to_owned(),
    };
    kit::report(format!("with a closed semaphore: {outcome}"));
    Ok(())
}

/// The id of the document that comes when the semaphore is closed.
const AFTER_CLOSE: &str = "closed";

/// The jobs that run, and the permits that they need.
struct Jobs {
    /// The ids of their documents.
    running: Vec<String>,
    /// The semaphore, and how many permits there are.
    permits: Option<(Arc<Semaphore>, usize)>,
}

/// A static, since [`clean`] is called from wherever a learner likes.
static JOBS: Mutex<Jobs> = Mutex::new(Jobs {
    running: Vec::new(),
    permits: None,
});

fn jobs() -> MutexGuard<'static, Jobs> {
    JOBS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Jobs {
    /// Counts a job that begins. Returns whether there are as many permits taken as jobs that run: each has one from
    /// before it begins until after it has ended, or one has none.
    fn begin(&mut self, id: &str) -> bool {
        self.running.push(id.to_owned());
        let taken = |(permits, all): &(Arc<Semaphore>, usize)| all - permits.available_permits();
        self.running.len() <= self.permits.as_ref().map_or(0, taken)
    }

    fn end(&mut self, id: &str) {
        if let Some(index) = self.running.iter().position(|running| running == id) {
            self.running.remove(index);
        }
    }
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
        let works = !self.done && jobs().running.contains(&self.id);
        if works && self.permits.available_permits() == self.all {
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

/// Cleans a scanned text: one space between two words. Panics if there is none.
///
/// Stands for a long computation, which keeps the thread that it is called on busy
/// until it is done.
pub fn clean(document: &Document) -> String {
    if !jobs().begin(&document.id) {
        kit::report(format!("{}: the job began without a permit", document.id));
    }
    kit::blocking_job(&document.id);
    jobs().end(&document.id);
    let words: Vec<_> = document.text.split_whitespace().collect();
    if words.is_empty() {
        // A panic that is not printed, since it belongs to the exercise.
        std::panic::resume_unwind(Box::new("there is no word to clean"));
    }
    words.join(" ")
}
