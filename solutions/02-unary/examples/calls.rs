//! A client's calls, and a server for them in the same program. The page "Unary calls" shows parts of it, and the test
//! runs it.
//!
//!     cargo run -p solution-unary --example calls

use std::time::Duration;

use kit::Error;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};
use tonic::{Code, Request, Response, Status};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let address = serve().await?;

    // ANCHOR: call
    let mut client = DocumentClassifierClient::connect(address).await?;
    let request = ClassifyRequest {
        text: "Invoice 8129. Bill to: Silverbirch Media.".to_owned(),
        document_id: "doc-7".to_owned(),
        ..Default::default()
    };
    let response = client.classify(request).await?;
    let answer: ClassifyResponse = response.into_inner();
    println!("{} has {} result", answer.document_id, answer.results.len());
    // ANCHOR_END: call
    assert_eq!(answer.document_id, "doc-7");

    // ANCHOR: types
    for result in &answer.results {
        match DocumentType::try_from(result.document_type) {
            Ok(known) => println!("type: {}", known.as_str_name()),
            Err(_) => println!(
                "type {}, which this program does not know",
                result.document_type
            ),
        }
    }
    // ANCHOR_END: types

    let message = || ClassifyRequest {
        text: "Dear Leo".to_owned(),
        ..Default::default()
    };
    // ANCHOR: metadata
    let mut request = Request::new(message());
    request.set_timeout(Duration::from_secs(2));
    request
        .metadata_mut()
        .insert("x-correlation-id", "order-81".parse()?);

    let response = client.classify(request).await?;
    if let Some(id) = response.metadata().get("x-correlation-id") {
        println!("the answer for {id:?}");
    }
    // ANCHOR_END: metadata
    let echoed = response.metadata().get("x-correlation-id");
    assert_eq!(echoed.map(|id| id.as_bytes()), Some(b"order-81".as_slice()));

    // ANCHOR: status
    match client.classify(ClassifyRequest::default()).await {
        Ok(response) => println!("{:?}", response.into_inner()),
        Err(status) if status.code() == Code::InvalidArgument => {
            println!("my mistake: {}", status.message());
        }
        Err(status) => return Err(status.into()),
    }
    // ANCHOR_END: status

    // Port 1: nobody listens there.
    // ANCHOR: lazy
    let channel = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    println!("connected");
    let mut client = DocumentClassifierClient::new(channel);
    let answer = client.classify(ClassifyRequest::default()).await;
    println!("{:?}", answer.map_err(|status| status.code()));
    // ANCHOR_END: lazy
    Ok(())
}

/// Answers each text with one type, of which the contract has no name.
struct Classifier;

#[tonic::async_trait]
impl DocumentClassifier for Classifier {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let id = request.metadata().get("x-correlation-id").cloned();
        let request = request.into_inner();
        if request.text.is_empty() {
            return Err(Status::invalid_argument("the text is empty"));
        }
        let mut response = Response::new(ClassifyResponse {
            document_id: request.document_id,
            results: vec![ClassificationResult {
                document_type: 41,
                ..Default::default()
            }],
            ..Default::default()
        });
        if let Some(id) = id {
            response.metadata_mut().insert("x-correlation-id", id);
        }
        Ok(response)
    }
}

/// Serves in a task of its own, and returns the address.
async fn serve() -> Result<String, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = Server::builder().add_service(DocumentClassifierServer::new(Classifier));
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    Ok(address)
}

#[test]
fn the_page_is_right() -> Result<(), Error> {
    main()
}

/// What the pages say of metadata keys and values.
#[test]
fn keys_are_lower_case_and_values_are_checked() {
    use tonic::metadata::AsciiMetadataValue;

    let insert = |key: &'static str| {
        std::panic::catch_unwind(move || {
            let mut request = Request::new(());
            let value = AsciiMetadataValue::from_static("order-81");
            request.metadata_mut().insert(key, value);
        })
    };
    assert!(insert("x-correlation-id").is_ok());
    assert!(insert("X-Correlation-Id").is_err());
    assert!(insert("x-correlation-bin").is_err());
    assert!("order 81".parse::<AsciiMetadataValue>().is_ok());
    assert!("order\n81".parse::<AsciiMetadataValue>().is_err());
}

/// A lazy channel is there before anybody listens; the first call finds out.
#[tokio::test]
async fn lazy_channel_fails_at_its_first_call() {
    let nobody = "http://127.0.0.1:1";
    assert!(DocumentClassifierClient::connect(nobody).await.is_err());
    let channel = Endpoint::from_static(nobody).connect_lazy();
    let mut client = DocumentClassifierClient::new(channel);
    let answer = client.classify(ClassifyRequest::default()).await;
    assert_eq!(answer.err().map(|it| it.code()), Some(Code::Unavailable));
}
