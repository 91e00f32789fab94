//! Running one of the programs.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use stage::{Inputs, Peer, Program, Run, Scenario, Seed, Source};

/// Nothing is given, and nothing is sent.
struct Alone;

#[stage::async_trait]
impl Scenario for Alone {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    async fn inputs(&self, _source: &mut Source<'_>) -> Result<Inputs> {
        Ok(Inputs {
            settings: BTreeMap::from([("worker_threads".to_owned(), "16".to_owned())]),
            ..Inputs::default()
        })
    }
}

/// The program of this name.
pub fn program(name: &str) -> Program {
    Program {
        path: std::env::current_exe().expect("this test is a program"),
        exercise: format!("programs::{name}"),
    }
}

/// What a run of the program of this name comes to, and how long it takes.
pub async fn timed(name: &str) -> (Run, Duration) {
    let begun = Instant::now();
    let run = stage::run(&program(name), &Alone, Seed::PUBLISHED, None).await;
    let run = run.unwrap_or_else(|error| panic!("{name}: {error:#}"));
    (run, begun.elapsed())
}

/// What a run of the program of this name comes to.
pub async fn run(name: &str) -> Run {
    timed(name).await.0
}

/// Waits until none of these processes runs. One that has ended and that nobody waits for does not.
pub fn until_ended(ids: &[u32]) {
    let runs = |id: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    let begun = Instant::now();
    while ids.iter().any(runs) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{ids:?} run");
        std::thread::sleep(Duration::from_millis(20));
    }
}
