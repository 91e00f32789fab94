//! What reflection says to a tool that knows no contract.

use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::support::{Running, counter, options};

async fn ask(question: MessageRequest) -> MessageResponse {
    let server = Running::start(counter(), options(None));
    let mut client = ServerReflectionClient::new(server.channel().await);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(question),
    };
    let answers = client
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let mut answers = answers.expect("reflection is served").into_inner();
    let answer = answers
        .message()
        .await
        .expect("no error")
        .expect("an answer");
    answer.message_response.expect("a response")
}

#[tokio::test]
async fn the_services_are_listed() {
    let answer = ask(MessageRequest::ListServices(String::new())).await;
    let MessageResponse::ListServicesResponse(list) = answer else {
        panic!("{answer:?}");
    };
    let mut names: Vec<_> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "words.v1.WordCounter"
        ]
    );
}

/// A tool that was given one file asks for what it imports.
#[tokio::test]
async fn an_imported_file_is_there_too() {
    let file = "document/v1/document.proto".to_owned();
    let answer = ask(MessageRequest::FileByFilename(file)).await;
    let MessageResponse::FileDescriptorResponse(files) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(files.file_descriptor_proto.len(), 1);
}
