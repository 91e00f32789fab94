//! The programs that the tests start. Each is a test that does nothing unless it is started as one: by its name, and with
//! a variable of the environment.

use std::collections::BTreeMap;
use std::os::unix::net::UnixListener;

use anyhow::Result;
use checks::{Exercise, Lesson};
use stage::{Inputs, Peer, Scenario, Source};

/// Set for the checker.
pub const CHECKER_VARIABLE: &str = "CHECKS_TEST_CHECKER";

/// The file into which the program under test writes its id and its child's. It is in the folder for temporary files, whose
/// path is one of the few variables that a program gets.
pub const IDS_FILE: &str = "ids";

/// Names the socket of the server.
pub const SOCKET_VARIABLE: &str = "CHECKS_TEST_SOCKET";

/// The name of the exercise, and of the test that has it.
pub const EXERCISE: &str = "programs::loops_for_ever";

/// Nothing is given, and nothing is sent.
struct Alone;

#[stage::async_trait]
impl Scenario for Alone {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    async fn inputs(&self, _source: &mut Source<'_>) -> Result<Inputs> {
        let settings = BTreeMap::new();
        Ok(Inputs {
            settings,
            ..Inputs::default()
        })
    }
}

static LESSON: Lesson = Lesson {
    name: "loops",
    folder: "01-loops",
    exercises: &[Exercise {
        id: EXERCISE,
        folder: "1-loop",
        scenario: &Alone,
        diagnoses: &[],
    }],
};

#[test]
fn is_a_checker() {
    if std::env::var_os(CHECKER_VARIABLE).is_some() {
        let code = checks::main(&LESSON);
        // An exit code cannot be compared, only printed.
        let code = format!("{code:?}");
        let code = code.chars().filter(char::is_ascii_digit);
        let code: String = code.collect();
        std::process::exit(code.parse().unwrap_or(i32::MAX));
    }
}

#[test]
fn loops_for_ever() {
    if std::env::var_os(kit::protocol::STAGE_VARIABLE).is_none() {
        return;
    }
    let _ = kit::main(&[(EXERCISE, |_| {
        Box::pin(async {
            let child = std::process::Command::new("sleep").arg("600").spawn()?;
            let path = std::env::temp_dir().join(IDS_FILE);
            // Whoever sees the file sees it whole.
            let ids = format!("{} {}", std::process::id(), child.id());
            std::fs::write(path.with_extension("new"), ids)?;
            std::fs::rename(path.with_extension("new"), path)?;
            loop {
                std::hint::spin_loop();
            }
        })
    })]);
}

#[test]
fn is_a_server() {
    let Some(path) = std::env::var_os(SOCKET_VARIABLE) else {
        return;
    };
    let listener = UnixListener::bind(path).expect("a free path");
    let mut connections = Vec::new();
    // Not `extend`: it would make room for all that may come, and these have no end.
    for connection in listener.incoming() {
        connections.push(connection);
    }
}
