//! How the course runs each exercise of this lesson: what it passes in, and what it reports of the answer.

#![allow(
    dead_code,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::ready;
use std::time::{Duration, Instant};

use kit::{Document, Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::{RankResponse, Score};
use tokio::sync::Semaphore;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_health::server::{HealthReporter, health_reporter};

use crate::edge::{Edge, Preparing};

/// One question of unary.2.
pub struct Question {
    /// What to ask about.
    pub document: Document,
    /// Goes into the metadata as `x-correlation-id`.
    pub correlation_id: String,
    /// How long the answer may take.
    pub deadline: Duration,
}

/// Why a question of unary.2 has no answer.
#[derive(Debug)]
pub enum AskError {
    /// The deadline passed first.
    DeadlineExceeded,
    /// The server said so, or could not be reached.
    Failed(Status),
}

/// unary.1
pub async fn classify<F>(
    session: Session,
    exercise: impl FnOnce(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<DocumentType>, Error>>,
{
    let documents = session.documents();
    let ids: Vec<_> = documents
        .iter()
        .map(|document| document.id.clone())
        .collect();
    let types = exercise(session.peer_address(), documents).await?;
    for (index, document_type) in types.iter().enumerate() {
        let id = ids.get(index).map_or("one too many", String::as_str);
        kit::report(format!("{id}: {}", document_type.as_str_name()));
    }
    Ok(())
}

/// unary.2
pub async fn deadline<F>(
    session: Session,
    exercise: impl Fn(Channel, Question) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<DocumentType, AskError>>,
{
    let channel = Endpoint::from_shared(session.peer_address())?
        .connect()
        .await?;
    for document in session.documents() {
        let id = document.id.clone();
        let deadline =
            Duration::from_millis(session.setting(&format!("{id} deadline_ms")).parse()?);
        let correlation_id = session.setting(&format!("{id} correlation_id")).to_owned();
        let question = Question {
            document,
            correlation_id,
            deadline,
        };
        let asked = both_timers_first(deadline, exercise(channel.clone(), question));
        kit::report(match asked.await {
            Ok(document_type) => format!("{id}: {}", document_type.as_str_name()),
            Err(AskError::DeadlineExceeded) => format!("{id}: deadline exceeded"),
            Err(AskError::Failed(status)) => format!("{id}: failed with {:?}", status.code()),
        });
    }
    Ok(())
}

/// Runs a function, and once the deadline has passed, lets it go on only when every timer is over that it began for this
/// time. tonic has one of its own, and a function may have another: which of them is first is up to chance, and so would
/// be what the function gets to see. With both over, tonic's is seen.
async fn both_timers_first<F: Future>(deadline: Duration, asking: F) -> F::Output {
    let begun = Instant::now();
    let (mut asking, mut ran) = (pin!(asking), begun);
    let mut over = None;
    poll_fn(|context| {
        if begun.elapsed() >= deadline {
            let timer = || Box::pin(tokio::time::sleep_until((ran + deadline).into()));
            ready!(over.get_or_insert_with(timer).as_mut().poll(context));
        }
        let asked = asking.as_mut().poll(context);
        ran = Instant::now();
        asked
    })
    .await
}

/// unary.3
pub async fn edge<S: DocumentClassifier>(
    session: Session,
    exercise: impl FnOnce(ModelHostClient<Channel>, String) -> S,
) -> Result<(), Error> {
    let host = ModelHostClient::connect(session.peer_address()).await?;
    let edge = exercise(host, session.setting("model_version").to_owned());
    let router = Server::builder().add_service(DocumentClassifierServer::new(edge));
    session.serve(router).await
}

/// unary.4
pub async fn blocking<F>(
    session: Session,
    exercise: impl Fn(Arc<Semaphore>, Document) -> F + Send + Sync + 'static,
) -> Result<(), Error>
where
    F: Future<Output = Result<String, Status>> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(session.setting("permits").parse()?));
    let all = permits.available_permits();
    let prepare = move |document: Document| {
        let watch = Watch::new(&permits, &document, all);
        Box::pin(watched(watch, exercise(permits.clone(), document))) as Preparing
    };
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

/// Cleans a scanned text: one space between two words. Stands for work that computes for long, and keeps the thread that
/// it is called on until it is done.
pub fn clean(document: &Document) -> String {
    kit::blocking_job(&document.id);
    let words: Vec<_> = document.text.split_whitespace().collect();
    words.join(" ")
}

/// unary.5
pub async fn health<F>(
    session: Session,
    exercise: impl Fn(Channel, HealthReporter) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<(), Status>>,
{
    let host = Endpoint::from_shared(session.peer_address())?
        .connect()
        .await?;
    let edge = Edge {
        host: ModelHostClient::new(host.clone()),
        prepare: Box::new(|document| Box::pin(async { Ok(document.text) })),
    };
    let (reporter, health) = health_reporter();
    reporter
        .set_not_serving::<DocumentClassifierServer<Edge>>()
        .await;
    let router = Server::builder()
        .add_service(health)
        .add_service(DocumentClassifierServer::new(edge));
    // The edge takes calls, health checks among them, while it finds out about its host. It does so three times.
    let finding_out = async {
        for time in ["first", "second", "third"] {
            kit::report(match exercise(host.clone(), reporter.clone()).await {
                Ok(()) => format!("{time} time: done"),
                Err(status) => format!("{time} time: {:?}", status.code()),
            });
        }
    };
    tokio::join!(session.serve(router), finding_out).0
}

/// unary.6
pub async fn at_once<F>(
    session: Session,
    exercise: impl FnOnce(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<ClassifyResponse>, Error>>,
{
    let documents = session.documents();
    let mut ids = documents
        .iter()
        .map(|document| document.id.clone())
        .collect::<Vec<_>>()
        .into_iter();
    for answer in exercise(session.peer_address(), documents).await? {
        let id = ids.next().unwrap_or_else(|| "one too many".to_owned());
        let about = answer.document_id.clone();
        let name = best(answer).as_str_name();
        kit::report(format!("{id}: the answer for {about}, {name}"));
    }
    Ok(())
}

/// Why unary.7 has no answer.
#[derive(Debug)]
pub struct Failure {
    /// What the caller can do about it.
    pub reason: Reason,
    /// What the server said, as it came.
    pub status: Status,
}

/// What a caller can do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Change the request.
    Rejected,
    /// Sign in, or ask for the right.
    NotAllowed,
    /// Ask again in a moment.
    TryAgain,
    /// Find out whether it was done.
    OutOfTime,
    /// Tell those who run the server.
    Broken,
}

/// unary.7
pub async fn failures<F>(
    session: Session,
    exercise: impl Fn(DocumentClassifierClient<Channel>, Request<ClassifyRequest>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<DocumentType, Failure>>,
{
    let client = DocumentClassifierClient::connect(session.peer_address()).await?;
    for document in session.documents() {
        // Twice at most, and the second time only if the first says so.
        for attempt in 1..=2 {
            let name = format!("{}/{attempt}", document.id);
            let mut request = request_for(&document);
            request
                .metadata_mut()
                .insert("x-correlation-id", name.parse()?);
            match exercise(client.clone(), request).await {
                Ok(document_type) => {
                    kit::report(format!("{name}: {}", document_type.as_str_name()))
                }
                Err(Failure { reason, status }) => {
                    let (code, message) = (status.code(), status.message());
                    kit::report(format!("{name}: {reason:?}, {code:?}, {message}"));
                    if reason == Reason::TryAgain {
                        continue;
                    }
                }
            }
            break;
        }
    }
    Ok(())
}

/// A request for the one best result.
pub fn request_for(document: &Document) -> Request<ClassifyRequest> {
    Request::new(ClassifyRequest {
        text: document.text.clone(),
        document_id: document.id.clone(),
        max_results: Some(1),
        ..Default::default()
    })
}

/// The first result of an answer. A type that this program does not know counts as unspecified.
pub fn best(response: ClassifyResponse) -> DocumentType {
    let number = response
        .results
        .first()
        .map_or(0, |result| result.document_type);
    DocumentType::try_from(number).unwrap_or_default()
}

/// The edge's answer about a document: a result for each of the host's scores, in their order. `arrived` is when the
/// call came in.
pub fn to_response(
    document_id: String,
    ranking: RankResponse,
    arrived: Instant,
) -> ClassifyResponse {
    ClassifyResponse {
        document_id,
        results: ranking.scores.into_iter().map(to_result).collect(),
        model_version: ranking.model_version,
        processing_time_ms: arrived.elapsed().as_millis() as i64,
    }
}

/// The host's score for a label, as the edge's result for a document type.
pub fn to_result(score: Score) -> ClassificationResult {
    let name = format!("DOCUMENT_TYPE_{}", score.label.to_uppercase());
    ClassificationResult {
        document_type: DocumentType::from_str_name(&name)
            .unwrap_or_default()
            .into(),
        confidence: score.probability,
        keywords: score.keywords,
    }
}

/// The stream of a method that this lesson does not serve.
pub type NoStream<T> = tokio_stream::Empty<Result<T, Status>>;

/// The answer of a method that this lesson does not serve.
pub fn later<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("this lesson is about Classify"))
}
