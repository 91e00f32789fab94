//! A service for tests inside the server's layers: the text of a request says what it does.
//!
//! The layers must hold for all four kinds of call and for handlers that fail halfway or panic. The real services are
//! not made to do that on demand.

use std::sync::Arc;

use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassificationEvent, ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest,
    ClassifyResponse, DocumentChunk, UploadResponse,
};
use reference::Auth;
use reference::errors::{Failure, Violation};
use reference::layers::{self, RequestId, TraceContext, User};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tonic::codegen::BoxStream;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Extensions, IntoStreamingRequest, Request, Response, Status, Streaming};

use crate::harness::{connect, request, within};

/// The four kinds of call.
pub const METHODS: [&str; 4] = [
    "Classify",
    "ClassifyBatch",
    "UploadDocument",
    "ClassifyStream",
];

/// "panic" panics, "fail" is refused, and every other text is fine.
fn act(text: &str) -> Result<(), Status> {
    match text {
        "panic" => panic!("a secret of the inside"),
        "fail" => Err(Failure::invalid(&[Violation::new("text", "it must fail")]).into()),
        _ => Ok(()),
    }
}

struct ScriptedService;

#[tonic::async_trait]
impl DocumentClassifier for ScriptedService {
    /// Answers with what the layers passed to the handler.
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        act(&request.get_ref().text)?;
        Ok(Response::new(seen(request.extensions())))
    }

    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = tokio_stream::iter(request.into_inner().requests);
        let answers = documents.then(async |document| {
            // tonic gathers messages that are ready: this sends the one before on its way.
            tokio::task::yield_now().await;
            act(&document.text)?;
            Ok(ClassifyBatchResponse::default())
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn upload_document(
        &self,
        request: Request<Streaming<DocumentChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let mut chunks = request.into_inner();
        while let Some(chunk) = chunks.message().await? {
            act(&chunk.document_id)?;
        }
        Ok(Response::new(UploadResponse::default()))
    }

    async fn classify_stream(
        &self,
        request: Request<Streaming<ClassificationEvent>>,
    ) -> Result<Response<BoxStream<ClassificationEvent>>, Status> {
        let answers = request.into_inner().then(async |event| {
            tokio::task::yield_now().await;
            let event = event?;
            act(&event.correlation_id)?;
            Ok(event)
        });
        Ok(Response::new(Box::pin(answers)))
    }
}

/// User, request id and trace, in fields that are meant for something else.
fn seen(extensions: &Extensions) -> ClassifyResponse {
    let user: Option<&User> = extensions.get();
    let id: Option<&RequestId> = extensions.get();
    let trace: Option<&TraceContext> = extensions.get();
    ClassifyResponse {
        document_id: user.map_or("nobody", User::name).to_owned(),
        model_version: format!(
            "{} {}",
            id.expect("every call has one").as_str(),
            trace.expect("every call has one")
        ),
        ..ClassifyResponse::default()
    }
}

/// Serves it on a free port until the test ends, and connects.
pub async fn channel(auth: Option<Auth>) -> Channel {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let uri = format!("http://{}", listener.local_addr().expect("it is bound"));
    let router = Routes::new(DocumentClassifierServer::new(ScriptedService)).into_axum_router();
    let routes: Routes = layers::around(router, auth.map(Arc::new)).into();
    let incoming = TcpIncoming::from(listener);
    tokio::spawn(
        Server::builder()
            .add_routes(routes)
            .serve_with_incoming(incoming),
    );
    connect(&uri).await
}

/// Makes a call of the method's kind with one good text and then this one, reads it to its end, and says how often it
/// was answered before that.
pub async fn call(
    channel: &Channel,
    method: &str,
    text: &str,
    prepare: impl Fn(&mut tonic::metadata::MetadataMap),
) -> (usize, Result<(), Status>) {
    let mut client = DocumentClassifierClient::new(channel.clone());
    match method {
        "Classify" => {
            let answer = client.classify(prepared(request(text), prepare));
            counted(within(answer).await)
        }
        "ClassifyBatch" => {
            let batch = ClassifyBatchRequest {
                requests: vec![request("good"), request(text)],
                ..ClassifyBatchRequest::default()
            };
            drained(within(client.classify_batch(prepared(batch, prepare))).await).await
        }
        "UploadDocument" => {
            let chunks = ["good", text].map(|text| DocumentChunk {
                document_id: text.to_owned(),
                ..DocumentChunk::default()
            });
            let chunks = prepared(tokio_stream::iter(chunks), prepare);
            counted(within(client.upload_document(chunks.into_streaming_request())).await)
        }
        "ClassifyStream" => {
            let events = ["good", text].map(|text| ClassificationEvent {
                correlation_id: text.to_owned(),
                event_type: Some(EventType::ClassificationStarted(request(text))),
            });
            let events = prepared(tokio_stream::iter(events), prepare);
            let answers = client.classify_stream(events.into_streaming_request());
            drained(within(answers).await).await
        }
        _ => unreachable!("{method} is not a method"),
    }
}

fn prepared<T>(message: T, prepare: impl Fn(&mut tonic::metadata::MetadataMap)) -> Request<T> {
    let mut request = Request::new(message);
    prepare(request.metadata_mut());
    request
}

fn counted<T>(answer: Result<Response<T>, Status>) -> (usize, Result<(), Status>) {
    match answer {
        Ok(_) => (1, Ok(())),
        Err(status) => (0, Err(status)),
    }
}

async fn drained<T>(
    answers: Result<Response<Streaming<T>>, Status>,
) -> (usize, Result<(), Status>) {
    let mut answers = match answers {
        Ok(answers) => answers.into_inner(),
        Err(status) => return (0, Err(status)),
    };
    let mut count = 0;
    loop {
        match within(answers.message()).await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, Ok(())),
            Err(status) => return (count, Err(status)),
        }
    }
}
