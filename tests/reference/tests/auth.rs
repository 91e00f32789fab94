//! With a key, every call needs a token that is right in every respect, but for health and reflection.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use reference::layers::auth::ShortSecret;
use reference::{Auth, Inference};
use serde::Serialize;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Status};
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_types::StatusExt;

use crate::errors::call_path;
use crate::harness::{TestServer, config, connect, quick_model, request, within};
use crate::health::of;
use crate::layered::{self, METHODS};
use crate::process::{Process, failure, quiet_success};

pub const SECRET: &[u8] = b"a secret of at least 32 bytes, for tests";

#[derive(Clone, Serialize)]
struct Claims {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<u64>,
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}

fn good() -> Claims {
    Claims {
        sub: Some("alice"),
        iss: Some("wirebook"),
        aud: Some("reference"),
        exp: Some(now() + 3600),
        nbf: None,
    }
}

fn signed(claims: &Claims, algorithm: Algorithm, secret: &[u8]) -> String {
    let key = EncodingKey::from_secret(secret);
    encode(&Header::new(algorithm), claims, &key).expect("it can be signed")
}

/// A token that is accepted.
pub fn token() -> String {
    signed(&good(), Algorithm::HS256, SECRET)
}

/// What accepts it.
pub fn auth() -> Auth {
    Auth::new(SECRET, "wirebook", "reference").expect("long enough")
}

/// Puts this into the metadata.
pub fn authorization(value: &str) -> impl Fn(&mut MetadataMap) + use<> {
    let value: tonic::metadata::AsciiMetadataValue = value.parse().expect("ASCII");
    move |metadata| {
        metadata.insert("authorization", value.clone());
    }
}

fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    assert!(details.request_info().is_some(), "an id");
    details.error_info().expect("a reason").reason.clone()
}

#[tokio::test]
async fn every_kind_of_call_needs_a_token() {
    let channel = layered::channel(Some(auth())).await;
    let bearer = authorization(&format!("Bearer {}", token()));
    for method in METHODS {
        let (_, outcome) = layered::call(&channel, method, "good", |_| {}).await;
        let status = outcome.expect_err("nobody asks without a token");
        assert_eq!(status.code(), Code::Unauthenticated, "{method}");
        assert_eq!(reason(&status), "TOKEN_MISSING", "{method}");
        let (_, outcome) = layered::call(&channel, method, "good", &bearer).await;
        outcome.expect("it is accepted");
    }
}

#[tokio::test]
async fn handler_knows_the_user() {
    for (auth, user) in [(Some(auth()), "alice"), (None, "nobody")] {
        let channel = layered::channel(auth).await;
        let mut client = DocumentClassifierClient::new(channel);
        let mut call = Request::new(request("a"));
        // The scheme's name is the same in lower case.
        authorization(&format!("bearer {}", token()))(call.metadata_mut());
        let answer = within(client.classify(call)).await.expect("OK");
        assert_eq!(answer.get_ref().document_id, user);
    }
}

/// A token that is accepted in every respect but one, and a name for it.
pub fn bad_tokens() -> Vec<(&'static str, String)> {
    let with = |change: &dyn Fn(&mut Claims)| {
        let mut claims = good();
        change(&mut claims);
        signed(&claims, Algorithm::HS256, SECRET)
    };
    let good_token = token();
    let (_, payload_and_signature) = good_token.split_once('.').expect("three parts");
    let (payload, _) = payload_and_signature.split_once('.').expect("three parts");
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    vec![
        ("expired", with(&|claims| claims.exp = Some(now() - 3600))),
        ("without an end", with(&|claims| claims.exp = None)),
        ("not yet", with(&|claims| claims.nbf = Some(now() + 3600))),
        (
            "of another issuer",
            with(&|claims| claims.iss = Some("mallory")),
        ),
        ("without an issuer", with(&|claims| claims.iss = None)),
        (
            "for another audience",
            with(&|claims| claims.aud = Some("another")),
        ),
        ("without an audience", with(&|claims| claims.aud = None)),
        ("without a subject", with(&|claims| claims.sub = None)),
        (
            "signed with another secret",
            signed(
                &good(),
                Algorithm::HS256,
                b"another secret of at least 32 bytes!",
            ),
        ),
        (
            "signed with another algorithm",
            signed(&good(), Algorithm::HS512, SECRET),
        ),
        ("unsigned", format!("{none}.{payload}.")),
        (
            "unsigned with a signature",
            format!("{none}.{payload_and_signature}"),
        ),
        ("cut short", good_token[..good_token.len() - 1].to_owned()),
        ("not a token", "swordfish".to_owned()),
        ("empty", String::new()),
    ]
}

#[tokio::test]
async fn bad_token_is_refused_without_a_reason() {
    let channel = layered::channel(Some(auth())).await;
    let mut headers: Vec<_> = bad_tokens()
        .into_iter()
        .map(|(name, token)| (name, format!("Bearer {token}")))
        .collect();
    headers.push(("of another scheme", format!("Basic {}", token())));
    headers.push(("without a scheme", token()));
    for (name, header) in headers {
        let prepare = authorization(&header);
        let (_, outcome) = layered::call(&channel, "Classify", "good", prepare).await;
        let status = outcome.expect_err(name);
        assert_eq!(status.code(), Code::Unauthenticated, "{name}");
        assert_eq!(reason(&status), "TOKEN_NOT_ACCEPTED", "{name}");
        assert_eq!(
            status.message(),
            "the token is not accepted: send a fresh one that was issued for this server",
            "{name}"
        );
    }
}

#[tokio::test]
async fn only_health_and_reflection_stay_open() {
    let server = TestServer::start_configured(reference::Config {
        auth: Some(std::sync::Arc::new(auth())),
        ..config(Inference::new(quick_model(), 1, 1))
    })
    .await;
    let channel = server.channel().await;
    let mut health = HealthClient::new(channel.clone());
    within(health.check(of(""))).await.expect("it is open");
    let watch = within(health.watch(of(""))).await.expect("it is open");
    let mut watch = watch.into_inner();
    within(watch.message()).await.expect("it is open");
    let question = tokio_stream::once(ServerReflectionRequest::default());
    let mut reflection = ServerReflectionClient::new(channel.clone());
    let answers = within(reflection.server_reflection_info(question)).await;
    answers.expect("it is open");
    for path in [
        "/grpc.health.v1.Healthy/Check",
        "/grpc.health.v1.Health",
        "/model.v1.ModelHost/Rank",
        "/no.such.Service/grpc.health.v1.Health/Check",
    ] {
        let status = call_path(channel.clone(), path).await;
        assert_eq!(status.code(), Code::Unauthenticated, "{path}");
    }
}

#[test]
fn short_secret_is_rejected_and_no_secret_is_shown() {
    let short = Auth::new(&SECRET[..31], "wirebook", "reference").expect_err("31 bytes");
    assert_eq!(short, ShortSecret { bytes: 31 });
    Auth::new(&SECRET[..32], "wirebook", "reference").expect("32 bytes");
    let shown = format!("{:?}", auth());
    assert!(
        shown.contains("wirebook") && !shown.contains("97, 32, 115"),
        "{shown}"
    );
    assert!(!shown.contains("a secret"), "{shown}");
}

#[tokio::test]
async fn program_with_a_key_may_listen_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    // As `openssl rand` and editors leave a file: with a line break at the end.
    std::fs::write(&path, [SECRET, b"\n"].concat()).expect("it can be written");
    let path = path.to_str().expect("UTF-8");
    let process = Process::start(&["--listen", "0.0.0.0:0", "--auth-key", path]).await;
    let uri = process.uri.replace("0.0.0.0", "127.0.0.1");
    let mut client = DocumentClassifierClient::new(connect(&uri).await);
    let status = within(client.classify(request("Invoice 1"))).await;
    assert_eq!(
        status.expect_err("not a token").code(),
        Code::Unauthenticated
    );
    let mut call = Request::new(request("Invoice 1"));
    authorization(&format!("Bearer {}", token()))(call.metadata_mut());
    within(client.classify(call)).await.expect("OK");
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
}

#[tokio::test]
async fn unusable_key_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let shown = path.to_str().expect("UTF-8").to_owned();
    let arguments = ["--listen", "127.0.0.1:0", "--auth-key", &shown];
    let (code, errors) = failure(&arguments).await;
    assert_eq!(code, Some(2));
    assert!(
        errors.contains(&format!("cannot read the key {shown}")),
        "{errors}"
    );
    std::fs::write(&path, "swordfish\n").expect("it can be written");
    let (code, errors) = failure(&arguments).await;
    assert_eq!(code, Some(2));
    assert!(errors.contains("9 bytes are too few"), "{errors}");
    assert!(errors.contains("openssl rand -hex 32"), "{errors}");
    assert!(!errors.contains("swordfish"), "{errors}");
}
