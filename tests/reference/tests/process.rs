//! The program itself: what it prints, what stops it, and the code it exits with.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use proto::classification::v1::DocumentChunk;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

use crate::harness::{connect, request, within};

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference"));
    command
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A running server that has printed its address.
pub struct Process {
    pub child: Child,
    stdout: BufReader<ChildStdout>,
    pub uri: String,
}

impl Process {
    pub async fn start(arguments: &[&str]) -> Self {
        Self::spawn(&mut command(arguments)).await
    }

    pub async fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("it is built");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        within(stdout.read_line(&mut line)).await.expect("UTF-8");
        let uri = line
            .strip_prefix("listening on ")
            .and_then(|rest| rest.strip_suffix('\n'))
            .unwrap_or_else(|| panic!("not an address: {line:?}"));
        Self {
            child,
            stdout,
            uri: uri.to_owned(),
        }
    }

    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(within(sent).await.expect("kill runs").success());
    }

    /// Waits for the end: exit code, what else was on standard output, and standard error.
    pub async fn end(mut self) -> (Option<i32>, String, String) {
        let status = within(self.child.wait()).await.expect("it is ours");
        let (mut more, mut errors) = (String::new(), String::new());
        self.stdout.read_to_string(&mut more).await.expect("UTF-8");
        let mut stderr = self.child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut errors).await.expect("UTF-8");
        (status.code(), more, errors)
    }
}

/// A server that ended well, and printed nothing but its address.
pub fn quiet_success() -> (Option<i32>, String, String) {
    (Some(0), String::new(), String::new())
}

/// A start that must fail: exit code and standard error.
pub async fn failure(arguments: &[&str]) -> (Option<i32>, String) {
    let output = within(command(arguments).output())
        .await
        .expect("it is built");
    assert!(output.stdout.is_empty());
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code(), errors)
}

#[tokio::test]
async fn prints_the_address_and_stops_on_either_signal() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(&["--listen", "127.0.0.1:0"]).await;
        let mut client = DocumentClassifierClient::new(connect(&process.uri).await);
        within(client.classify(request("Invoice 1: amount due 10 EUR")))
            .await
            .expect("OK");
        process.signal(signal).await;
        assert_eq!(process.end().await, quiet_success(), "SIG{signal}");
    }
}

/// The signal may come as soon as the address is known, before any call.
#[tokio::test]
async fn stops_cleanly_right_after_the_address() {
    let process = Process::start(&["--listen", "127.0.0.1:0"]).await;
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
}

/// A reflection call that has had its first answer.
async fn open_call(
    uri: &str,
) -> (
    mpsc::Sender<ServerReflectionRequest>,
    tonic::Streaming<tonic_reflection::pb::v1::ServerReflectionResponse>,
) {
    let mut client = ServerReflectionClient::new(connect(uri).await);
    let (questions, receiver) = mpsc::channel(1);
    questions.send(question()).await.expect("there is room");
    let answers = within(client.server_reflection_info(ReceiverStream::new(receiver)))
        .await
        .expect("it is served");
    let mut answers = answers.into_inner();
    let first = within(answers.message()).await.expect("OK");
    first.expect("an answer");
    (questions, answers)
}

fn question() -> ServerReflectionRequest {
    ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    }
}

#[tokio::test]
async fn call_in_flight_finishes_after_the_signal() {
    let process = Process::start(&["--listen", "127.0.0.1:0", "--grace", "60"]).await;
    let (questions, mut answers) = open_call(&process.uri).await;
    process.signal("TERM").await;
    let address = process.uri.strip_prefix("http://").expect("TCP").to_owned();
    within(async { while tokio::net::TcpStream::connect(&address).await.is_ok() {} }).await;

    questions.send(question()).await.expect("it is open");
    within(answers.message())
        .await
        .expect("OK")
        .expect("the call goes on");
    drop(questions);
    assert!(within(answers.message()).await.expect("OK").is_none());
    assert_eq!(process.end().await, quiet_success());
}

#[tokio::test]
async fn endless_call_is_cut_at_the_grace_limit() {
    let process = Process::start(&["--listen", "127.0.0.1:0", "--grace", "0"]).await;
    let (_questions, mut answers) = open_call(&process.uri).await;
    process.signal("TERM").await;
    within(answers.message()).await.expect_err("it is cut");
    let (code, _, errors) = process.end().await;
    assert_eq!(code, Some(0));
    assert!(errors.contains("were cut"), "{errors}");
}

#[tokio::test]
async fn stops_when_standard_input_closes() {
    let mut process = Process::spawn(
        command(&["--listen", "127.0.0.1:0", "--stop-with-stdin"]).env("RUST_LOG", "info"),
    )
    .await;
    drop(process.child.stdin.take());
    let (code, _, log) = process.end().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("standard input closed"), "{log}");
}

/// A thread still reads standard input then, and nothing can interrupt it: the process must not wait for it.
#[tokio::test]
async fn stops_on_a_signal_while_standard_input_is_open() {
    let mut process = Process::start(&["--listen", "127.0.0.1:0", "--stop-with-stdin"]).await;
    let _open = process.child.stdin.take();
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
}

/// A server in the background has no standard input at all, and must not stop for that.
#[tokio::test]
async fn outlives_standard_input_by_default() {
    let process = Process::spawn(
        command(&["--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "info")
            .stdin(Stdio::null()),
    )
    .await;
    let mut client = DocumentClassifierClient::new(connect(&process.uri).await);
    within(client.classify(request("Invoice 1")))
        .await
        .expect("OK");
    process.signal("TERM").await;
    let (code, _, log) = process.end().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("SIGTERM"), "{log}");
    assert!(!log.contains('\u{1b}'), "no colours into a pipe: {log}");
}

#[tokio::test]
async fn serves_on_a_unix_socket() {
    let folder = tempfile::tempdir().expect("a folder");
    let uri = format!("unix:{}", folder.path().join("socket").display());
    let process = Process::start(&["--listen", &uri]).await;
    assert_eq!(process.uri, uri);
    let mut client = DocumentClassifierClient::new(connect(&uri).await);
    within(client.classify(request("Invoice 1")))
        .await
        .expect("OK");
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
    assert!(!folder.path().join("socket").exists());
}

#[tokio::test]
async fn port_in_use_is_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let (code, errors) = failure(&["--listen", &address]).await;
    assert_eq!(code, Some(2));
    for part in [
        format!("error: cannot listen on {address}").as_str(),
        "Likely cause: another program has the port",
        "Next: stop it, or let the system choose a port: cargo xtask serve --listen 127.0.0.1:0",
    ] {
        assert!(errors.contains(part), "{errors}");
    }
}

#[tokio::test]
async fn public_address_needs_a_key_or_a_flag() {
    let (code, errors) = failure(&["--listen", "0.0.0.0:0"]).await;
    assert_eq!(code, Some(2));
    assert!(errors.contains("--auth-key FILE"), "{errors}");
    assert!(errors.contains("--no-auth-beyond-loopback"), "{errors}");

    let flag = "--no-auth-beyond-loopback";
    let process = Process::start(&["--listen", "0.0.0.0:0", flag]).await;
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
}

#[tokio::test]
async fn invalid_command_line_exits_with_2() {
    for arguments in [
        ["--listen", "nowhere"],
        ["--inference-threads", "0"],
        ["--grace", "soon"],
        ["--queue", "long"],
    ] {
        let (code, errors) = failure(&arguments).await;
        assert_eq!(code, Some(2), "{errors}");
        assert!(errors.contains(arguments[0]), "{errors}");
    }
}

#[tokio::test]
async fn uploads_are_kept_in_the_given_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("not there yet/uploads");
    let store_argument = store.to_str().expect("UTF-8");
    let process = Process::start(&["--listen", "127.0.0.1:0", "--store", store_argument]).await;
    assert!(
        !store.exists(),
        "a server that stores nothing leaves no folder"
    );
    let mut client = DocumentClassifierClient::new(connect(&process.uri).await);
    let file = DocumentChunk {
        data: b"file".to_vec(),
        document_id: "doc-1".to_owned(),
        mime_type: "text/plain; charset=utf-8".to_owned(),
        is_last: true,
        total_bytes: 4,
        sha256: Sha256::digest(b"file").to_vec(),
        ..DocumentChunk::default()
    };
    let receipt = within(client.upload_document(tokio_stream::once(file)))
        .await
        .expect("OK")
        .into_inner();
    let stored = std::fs::read(store.join(receipt.storage_key));
    assert_eq!(stored.expect("it is there"), b"file");
    process.signal("TERM").await;
    assert_eq!(process.end().await, quiet_success());
}

#[tokio::test]
async fn store_that_is_not_a_folder_is_explained() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let path = file.path().to_str().expect("UTF-8");
    let (code, errors) = failure(&["--listen", "127.0.0.1:0", "--store", path]).await;
    assert_eq!(code, Some(2));
    assert!(
        errors.contains(&format!("error: cannot keep uploads in {path}")),
        "{errors}"
    );
    assert!(errors.contains("Next: choose a folder"), "{errors}");
}

/// Names the socket to the program that [`only_the_parent_is_served_where_it_asks_for_that`] starts.
const SOCKET_VARIABLE: &str = "REFERENCE_TEST_SOCKET";

/// Not a test of its own: a program that has found the socket of a server which somebody else started.
#[test]
fn connects_to_a_socket_of_another() {
    let Some(path) = std::env::var_os(SOCKET_VARIABLE) else {
        return;
    };
    let mut socket = UnixStream::connect(path).expect("the file may be found");
    // It hears nothing but that the connection is closed: not even HTTP/2's first frame. Where the server closes it before
    // all is written, writing fails, or reading.
    let _ = socket.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    let mut read = Vec::new();
    let _ = socket.read_to_end(&mut read);
    assert!(read.is_empty(), "{} bytes", read.len());
}

/// This test is the server's parent, and a child of it is not.
#[tokio::test]
async fn only_the_parent_is_served_where_it_asks_for_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let address = format!("unix:{}", path.display());
    let process = Process::start(&["--listen", &address, "--only-for-parent"]).await;
    let mut client = DocumentClassifierClient::new(connect(&process.uri).await);
    let served = client.classify(request("Invoice 1: amount due 10 EUR"));
    within(served).await.expect("the parent is served");

    let other = Command::new(std::env::current_exe().expect("this test is a program"))
        .args(["--exact", "process::connects_to_a_socket_of_another"])
        .env(SOCKET_VARIABLE, &path)
        .output();
    let other = within(other).await.expect("it starts");
    assert!(
        other.status.success(),
        "{}",
        String::from_utf8_lossy(&other.stdout)
    );
    process.signal("TERM").await;
    assert_eq!(process.end().await.0, Some(0));
}

#[tokio::test]
async fn only_for_the_parent_needs_a_unix_socket() {
    let (code, errors) = failure(&["--listen", "127.0.0.1:0", "--only-for-parent"]).await;
    assert_eq!(code, Some(2));
    assert!(errors.contains("needs a Unix socket"), "{errors}");
}
