//! A checker whose check is not wanted any more: what it has started ends, whatever the reason is.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use report::Request;
use tempfile::TempDir;

use crate::programs::{CHECKER_VARIABLE, EXERCISE, IDS_FILE};

/// How long anything may take, on a machine under load.
const LIMIT: Duration = Duration::from_secs(20);

/// A checker in the middle of a check.
struct Checking {
    checker: Child,
    input: Option<ChildStdin>,
    /// The program under test, and a child of it.
    ids: Vec<u32>,
    _course: TempDir,
}

impl Checking {
    fn start() -> Self {
        let course = tempfile::tempdir().expect("a folder");
        let exercise = course.path().join("solutions/01-loops/1-loop");
        std::fs::create_dir_all(&exercise).expect("it is new");
        let snapshot = "---\nsource: here\n---\nwirebook-transcript 2\n";
        std::fs::write(exercise.join("expected.snap"), snapshot).expect("it is new");
        let ids = course.path().join(IDS_FILE);
        let this = std::env::current_exe().expect("this test is a program");
        let mut checker = Command::new(&this)
            .args(["--exact", "programs::is_a_checker"])
            .env(CHECKER_VARIABLE, "")
            .env("TMPDIR", course.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = checker.stdin.take().expect("it is piped");
        let output = checker.stdout.take().expect("it is piped");
        // What the test runner says comes before.
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        lines
            .find(|line| line.contains("wirebook-check"))
            .expect("it says hello");
        let request = Request {
            exercise: EXERCISE.to_owned(),
            program: this,
            course: course.path().to_owned(),
            reference: None,
            record: false,
            seed: report::PUBLISHED_SEED,
            solution: None,
            variant: None,
        };
        writeln!(input, "{}", request.to_json()).expect("it reads");
        Self {
            checker,
            input: Some(input),
            ids: read_ids(&ids),
            _course: course,
        }
    }

    /// Waits for the checker's end, and for that of what it has started. Returns its exit code.
    fn end(mut self) -> Option<i32> {
        let status = self.checker.wait().expect("it is ours");
        let begun = Instant::now();
        while self.ids.iter().any(|id| runs(*id)) {
            assert!(begun.elapsed() < LIMIT, "{:?} run", self.ids);
            std::thread::sleep(Duration::from_millis(20));
        }
        status.code()
    }
}

fn read_ids(path: &std::path::Path) -> Vec<u32> {
    let begun = Instant::now();
    loop {
        if let Ok(ids) = std::fs::read_to_string(path) {
            let ids = ids.split(' ').map(|id| id.parse().expect("an id"));
            return ids.collect();
        }
        assert!(begun.elapsed() < LIMIT, "the program never ran");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process runs. One that has ended and that nobody waits for does not.
fn runs(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// As when the command line was killed.
#[test]
fn input_ends() {
    let mut checking = Checking::start();
    drop(checking.input.take());
    assert_eq!(checking.end(), Some(0));
}

/// From the keyboard, from a terminal that closes, from a system that shuts down, and one that nobody can handle.
#[test]
fn signal_comes() {
    for (signal, code) in [
        ("INT", Some(3)),
        ("HUP", Some(3)),
        ("TERM", Some(3)),
        ("KILL", None),
    ] {
        let checking = Checking::start();
        assert!(checking.ids.iter().all(|id| runs(*id)), "SIG{signal}");
        let id = checking.checker.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.expect("kill runs").success());
        assert_eq!(checking.end(), code, "SIG{signal}");
    }
}
