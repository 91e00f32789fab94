//! The two programs, run as a reader runs them.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use temp_dir::TempDir;

use crate::certificates;

struct Server {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
    port: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_server"))
            .arg("127.0.0.1:0")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = process.expect("the server starts");
        let output = process.stdout.take().expect("its output is a pipe");
        let mut output = BufReader::new(output).lines();
        let line = output.next().expect("a line").expect("text");
        let (_, port) = line.rsplit_once(':').expect("an address");
        let port = port.to_owned();
        Self {
            process,
            output,
            port,
        }
    }

    /// Sends SIGTERM. Returns what the server printed since it listened, whether it called that a success, and its log.
    fn terminate(mut self) -> (Vec<String>, bool, String) {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.expect("kill runs").success());
        let lines = self
            .output
            .by_ref()
            .map(|line| line.expect("text"))
            .collect();
        let status = self.process.wait().expect("it ends");
        let log = self.process.stderr.take().expect("its log is a pipe");
        let log = std::io::read_to_string(log).expect("text");
        (lines, status.success(), log)
    }
}

/// A test that fails leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn client(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_client"))
        .args(arguments)
        .output();
    output.expect("the client runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn a_call_is_logged_with_the_trace_that_the_client_printed() {
    let server = Server::start(&[]);
    let output = client(&[&format!("http://127.0.0.1:{}", server.port)]);
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    let [trace, answer] = lines.as_slice() else {
        panic!("{output:?}");
    };
    assert_eq!(*answer, "6 words, 2 of them uncommon");

    let (lines, success, log) = server.terminate();
    assert_eq!(lines, ["stopping", "stopped, all calls finished"]);
    assert!(success);
    let logged: Vec<_> = log
        .lines()
        .filter(|line| line.contains("WordCounter"))
        .collect();
    let [line] = logged.as_slice() else {
        panic!("{log}");
    };
    let trace = trace
        .strip_prefix("trace ")
        .expect("the client names the trace");
    for part in [
        "method=\"/words.v1.WordCounter/Count\"",
        "code=Ok",
        &format!("trace={trace}"),
    ] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}

#[test]
fn mutual_tls_from_files() {
    let folder = TempDir::new().expect("a folder");
    certificates::write(folder.path()).expect("certificates");
    let folder = folder.path().to_str().expect("UTF-8");
    let ca = Path::new(folder).join("ca.pem");
    let server = Server::start(&[folder, ca.to_str().expect("UTF-8")]);
    let uri = format!("https://localhost:{}", server.port);

    let output = client(&[&uri, folder, "client"]);
    assert!(output.status.success(), "{output:?}");
    let output = client(&[&uri, folder]);
    assert!(!output.status.success(), "{output:?}");
    assert!(!text(&output.stdout).contains("words"), "{output:?}");
}

#[test]
fn other_machines_are_not_served_without_tls() {
    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .arg("0.0.0.0:0")
        .output();
    let output = output.expect("the server runs");
    assert!(!output.status.success());
    assert!(
        text(&output.stderr).contains("no certificates"),
        "{output:?}"
    );
}
