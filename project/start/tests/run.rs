//! The two programs, run as a reader runs them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The server's process. It never ends by itself, so it is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_client_prints_what_the_server_counted() {
    // Port 0: the system chooses a free one, and the server says which.
    let server = Command::new(env!("CARGO_BIN_EXE_server"))
        .arg("127.0.0.1:0")
        .stdout(Stdio::piped())
        .spawn();
    let mut server = Server(server.expect("the server starts"));
    let mut line = String::new();
    let output = server.0.stdout.take().expect("its output is a pipe");
    let read = BufReader::new(output).read_line(&mut line);
    read.expect("the server says where it listens");
    let address = line.trim_end().strip_prefix("listening on ");
    let address = format!("http://{}", address.expect("an address"));

    let client = Command::new(env!("CARGO_BIN_EXE_client"))
        .arg(address)
        .output();
    let client = client.expect("the client runs");
    assert_eq!(
        String::from_utf8_lossy(&client.stdout),
        "6 words, 2 of them uncommon\n",
        "{}",
        String::from_utf8_lossy(&client.stderr)
    );
}
