//! Tools that come without the contracts can ask for them, in both versions of the protocol.

use tonic_reflection::pb::{v1, v1alpha};

use crate::harness::{TestServer, quick_model, within};

const SERVICES: [&str; 5] = [
    "classification.v1.DocumentClassifier",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "model.v1.ModelHost",
];

/// Asks one question in one version of the protocol: both have the same messages, each in its package.
macro_rules! ask {
    ($version:ident, $server:expr, $question:ident($argument:expr)) => {{
        use $version::server_reflection_client::ServerReflectionClient;
        use $version::server_reflection_request::MessageRequest::*;
        let mut client = ServerReflectionClient::new($server.channel().await);
        let question = $version::ServerReflectionRequest {
            host: String::new(),
            message_request: Some($question($argument.to_owned())),
        };
        let mut answers = within(client.server_reflection_info(tokio_stream::once(question)))
            .await
            .expect("it is served")
            .into_inner();
        within(answers.message()).await
    }};
}

macro_rules! services {
    ($version:ident, $server:expr) => {{
        use $version::server_reflection_response::MessageResponse;
        let answer = ask!($version, $server, ListServices(""))
            .expect("OK")
            .expect("an answer");
        let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
            panic!("not a list: {answer:?}");
        };
        let mut names: Vec<String> = list.service.into_iter().map(|s| s.name).collect();
        names.sort();
        names
    }};
}

#[tokio::test]
async fn both_versions_list_what_is_served_and_nothing_else() {
    let server = TestServer::start(quick_model()).await;
    assert_eq!(services!(v1, server), SERVICES);
    assert_eq!(services!(v1alpha, server), SERVICES);
}

#[tokio::test]
async fn served_methods_are_described_but_not_the_control_contract() {
    let server = TestServer::start(quick_model()).await;
    let method = "classification.v1.DocumentClassifier.Classify";
    assert!(ask!(v1, server, FileContainingSymbol(method)).is_ok());
    assert!(ask!(v1alpha, server, FileContainingSymbol(method)).is_ok());
    let control = "control.v1.Hello";
    assert!(ask!(v1, server, FileContainingSymbol(control)).is_err());
    assert!(ask!(v1alpha, server, FileContainingSymbol(control)).is_err());
}
