//! The access log of the program itself: a line for each call of every kind, with the status that the caller saw.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

use crate::auth::{SECRET, authorization, bad_tokens, token};
use crate::harness::{connect, request, within};
use crate::health::of;
use crate::layered::{METHODS, call};
use crate::process::{Process, command};

/// A server with its log at this level, which is read as it is written: a full pipe would hold the server up.
struct Logging {
    process: Process,
    lines: mpsc::UnboundedReceiver<String>,
    read: Vec<String>,
}

impl Logging {
    async fn start(level: &str, arguments: &[&str]) -> Self {
        let arguments = [&["--listen", "127.0.0.1:0"], arguments].concat();
        let mut process = Process::spawn(command(&arguments).env("RUST_LOG", level)).await;
        let stderr = process.child.stderr.take().expect("a pipe");
        let (sender, lines) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stderr).lines();
            while let Some(line) = lines.next_line().await.expect("UTF-8") {
                // A test that has seen enough no longer listens.
                let _ = sender.send(line);
            }
        });
        Self {
            process,
            lines,
            read: Vec::new(),
        }
    }

    async fn channel(&self) -> Channel {
        connect(&self.process.uri).await
    }

    /// The access log's line about the call with this id.
    async fn line_of(&mut self, id: &str) -> String {
        let id = format!("request_id=\"{id}\"");
        let is_it = |line: &String| line.contains(&id) && line.contains("status=");
        loop {
            if let Some(line) = self.read.iter().find(|line| is_it(line)) {
                return line.clone();
            }
            let next = within(self.lines.recv()).await;
            self.read.push(next.expect("it still runs"));
        }
    }

    /// The whole log, after the server was stopped.
    async fn end(mut self) -> String {
        self.process.signal("TERM").await;
        while let Some(line) = within(self.lines.recv()).await {
            self.read.push(line);
        }
        self.read.join("\n")
    }
}

fn with_id<T>(id: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let value = id.parse().expect("ASCII");
    request.metadata_mut().insert("x-request-id", value);
    request
}

/// The name of the status in the log: INVALID_ARGUMENT for tonic's `InvalidArgument`.
fn logged(outcome: &Result<(), Status>) -> String {
    let code = outcome.as_ref().map_or_else(Status::code, |()| Code::Ok);
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[tokio::test]
async fn every_kind_of_call_is_logged_with_the_status_that_the_caller_saw() {
    let mut server = Logging::start("info", &[]).await;
    let channel = server.channel().await;
    for method in METHODS {
        for text in ["Invoice 1", ""] {
            let id = format!("{method}-{}", text.len());
            let value: tonic::metadata::AsciiMetadataValue = id.parse().expect("ASCII");
            let (_, outcome) = call(&channel, method, text, |metadata| {
                metadata.insert("x-request-id", value.clone());
            })
            .await;
            let line = server.line_of(&id).await;
            for part in [
                " INFO ".to_owned(),
                format!("method=\"/classification.v1.DocumentClassifier/{method}\""),
                format!("status=\"{}\"", logged(&outcome)),
                "elapsed_ms=".to_owned(),
                "trace_id=".to_owned(),
            ] {
                assert!(line.contains(&part), "{part} in {line}");
            }
            assert!(!line.contains("user="), "nobody was asked: {line}");
        }
    }
}

/// Reflection answers a question about an unknown name with an error after the response has begun.
#[tokio::test]
async fn status_comes_from_the_trailers() {
    let mut server = Logging::start("info", &[]).await;
    let mut reflection = ServerReflectionClient::new(server.channel().await);
    let question = |name: &str| ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(name.to_owned())),
    };
    for (id, name, status) in [
        ("good", "model.v1.ModelHost", "OK"),
        ("bad", "model.v1.Nobody", "NOT_FOUND"),
    ] {
        let question = with_id(id, tokio_stream::once(question(name)));
        let answers = within(reflection.server_reflection_info(question)).await;
        let mut answers = answers.expect("the response begins").into_inner();
        let end = loop {
            match within(answers.message()).await {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(status) => break Err(status),
            }
        };
        assert_eq!(logged(&end), status);
        let line = server.line_of(id).await;
        assert!(line.contains(&format!("status=\"{status}\"")), "{line}");
    }
}

/// Not every refusal is gRPC's.
#[tokio::test]
async fn plain_http_is_logged_with_its_http_status() {
    let mut server = Logging::start("info", &[]).await;
    let address = server.process.uri.strip_prefix("http://").expect("TCP");
    let mut browser = TcpStream::connect(address).await.expect("it listens");
    let get = b"GET /favicon.ico HTTP/1.1\r\nhost: localhost\r\nx-request-id: get\r\n\r\n";
    browser.write_all(get).await.expect("it is open");
    let line = server.line_of("get").await;
    assert!(line.contains("method=\"/favicon.ico\""), "{line}");
    assert!(line.contains("status=\"415\""), "{line}");
}

#[tokio::test]
async fn leaving_caller_is_logged_as_cancelled() {
    let mut server = Logging::start("info", &[]).await;
    let mut health = HealthClient::new(server.channel().await);
    let watch = within(health.watch(with_id("left", of("")))).await;
    let mut watch = watch.expect("it is known").into_inner();
    within(watch.message())
        .await
        .expect("OK")
        .expect("a status");
    drop(watch);
    let line = server.line_of("left").await;
    assert!(line.contains("status=\"CANCELLED\""), "{line}");
    assert!(
        line.contains("method=\"/grpc.health.v1.Health/Watch\""),
        "{line}"
    );
}

/// At the level at which every library logs all it can, except for tract: it never sees the metadata of a request, and
/// logs so much at the start that the pipe is full before anybody reads the address.
#[tokio::test]
async fn refusals_are_logged_with_a_reason_and_without_the_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    std::fs::write(&path, SECRET).expect("it can be written");
    let arguments = ["--auth-key", path.to_str().expect("UTF-8")];
    let mut server = Logging::start("trace,tract=warn", &arguments).await;
    let mut client = DocumentClassifierClient::new(server.channel().await);

    let good = token();
    let mut accepted = with_id("accepted", request("Invoice 1"));
    authorization(&format!("Bearer {good}"))(accepted.metadata_mut());
    within(client.classify(accepted)).await.expect("OK");
    let line = server.line_of("accepted").await;
    assert!(line.contains("status=\"OK\""), "{line}");
    assert!(line.contains("user=\"alice\""), "{line}");

    let refused = within(client.classify(with_id("none", request("Invoice 1")))).await;
    refused.expect_err("without a token");
    let line = server.line_of("none").await;
    assert!(line.contains("status=\"UNAUTHENTICATED\""), "{line}");

    for (n, (_, bad)) in bad_tokens().iter().enumerate() {
        let id = format!("bad-{n}");
        let mut call = with_id(&id, request("Invoice 1"));
        authorization(&format!("Bearer {bad}"))(call.metadata_mut());
        let refused = within(client.classify(call)).await;
        refused.expect_err("it is not accepted");
        let line = server.line_of(&id).await;
        assert!(line.contains("status=\"UNAUTHENTICATED\""), "{line}");
        assert!(!line.contains("user="), "{line}");
    }

    let log = server.end().await;
    assert!(log.contains(r#"token refused reason="expired""#), "{log}");
    let tokens = bad_tokens()
        .into_iter()
        .map(|(_, token)| token)
        .chain([good]);
    let parts: Vec<String> = tokens
        .flat_map(|token| token.split('.').map(str::to_owned).collect::<Vec<_>>())
        .filter(|part| !part.is_empty())
        .collect();
    for part in &parts {
        assert!(!log.contains(part.as_str()), "{part} is in the log");
    }
    let secret = std::str::from_utf8(SECRET).expect("text");
    assert!(!log.contains(secret), "the secret is in the log");
}

#[tokio::test]
async fn calls_are_not_logged_by_default() {
    let server = Logging::start("warn", &[]).await;
    let mut client = DocumentClassifierClient::new(server.channel().await);
    within(client.classify(request("Invoice 1")))
        .await
        .expect("OK");
    within(client.classify(request("")))
        .await
        .expect_err("empty");
    assert_eq!(server.end().await, "");
}
