//! What is left of a program and what it started, however the check ends: nothing.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;
use proto::control::v1::from_program::Kind;
use stage::{End, Inputs, Peer, Run, Scenario, Seed, Source, Stage};
use tokio::sync::watch;

use crate::harness::{program, run, until_ended};

/// The file into which a program writes its id and its child's. It is in the folder for temporary files, whose path is one of
/// the few variables that a program gets.
pub const IDS_FILE: &str = "ids";

/// Has this test program be a checker.
const CHECKER_VARIABLE: &str = "STAGE_TEST_CHECKER";

/// The id that a program has reported.
fn reported_id(messages: &[Kind]) -> Option<u32> {
    messages.iter().find_map(|message| match message {
        Kind::Reported(reported) => reported.line.parse().ok(),
        _ => None,
    })
}

fn child_of(run: &Run) -> u32 {
    reported_id(&run.messages).expect("it reports its child's id")
}

#[tokio::test]
async fn child_of_a_program_that_finishes_or_hangs_is_ended() {
    let finished = run("leaves_a_child_and_finishes").await;
    assert_eq!(finished.end, End::Finished(String::new()));
    until_ended(&[child_of(&finished)]);
    let hung = run("leaves_a_child_and_hangs").await;
    assert!(matches!(hung.end, End::Hung(_)), "{:?}", hung.end);
    until_ended(&[child_of(&hung)]);
}

/// Not a test of its own: a checker, in the middle of a check of a program that loops for ever.
#[tokio::test]
async fn checks_a_program_that_loops() {
    if std::env::var_os(CHECKER_VARIABLE).is_some() {
        run("writes_its_ids_and_loops").await;
    }
}

/// The checker cannot end what it has started: the program sees that its stage has gone.
#[test]
fn program_and_child_of_a_checker_that_is_killed_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(IDS_FILE);
    let mut checker = Command::new(std::env::current_exe().expect("this test is a program"))
        .args(["--exact", "orphans::checks_a_program_that_loops"])
        .env(CHECKER_VARIABLE, "")
        .env("TMPDIR", folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while !file.exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    checker.kill().expect("it runs");
    checker.wait().expect("it ended");
    let ids = std::fs::read_to_string(file).expect("the program ran");
    let ids = ids.split(' ').map(|id| id.parse().expect("an id"));
    let ids: Vec<u32> = ids.collect();
    assert_eq!(ids.len(), 2);
    until_ended(&ids);
}

/// Has a run given up as soon as its program has reported its child's id.
struct GivenUp {
    id: watch::Sender<Option<u32>>,
    panics: bool,
}

#[stage::async_trait]
impl Scenario for GivenUp {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    async fn inputs(&self, _source: &mut Source<'_>) -> Result<Inputs> {
        Ok(Inputs::default())
    }

    async fn drive(&self, stage: &mut Stage, _inputs: &Inputs) -> Result<()> {
        let mut id = None;
        stage
            .until_messages(|messages| {
                id = reported_id(messages);
                id.is_some()
            })
            .await;
        self.id.send_replace(id);
        assert!(!self.panics, "a fault of the scenario");
        Ok(())
    }
}

/// A run that is dropped, as by a checker that a signal ends, and one in which the checker panics.
#[tokio::test]
async fn child_of_a_run_that_is_given_up_is_ended() {
    for panics in [false, true] {
        let (id, mut reported) = watch::channel(None);
        let scenario = Box::leak(Box::new(GivenUp { id, panics }));
        let running = tokio::spawn(async {
            let program = program("leaves_a_child_and_hangs");
            stage::run(&program, scenario, Seed::PUBLISHED, None).await
        });
        let id = reported.wait_for(Option::is_some).await;
        let id = id.ok().and_then(|id| *id).expect("it is reported");
        if !panics {
            running.abort();
        }
        let ended = running.await.expect_err("it was given up");
        assert_eq!(ended.is_panic(), panics);
        until_ended(&[id]);
    }
}
