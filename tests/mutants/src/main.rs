//! Tries the mutants of the solutions: `cargo xtask mutants` starts it.
//!
//! Exit codes: 0 all that pass are listed, 1 one is not or a list is out of date, 2 could not run.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use build::workspace_root;
use catalogue::Course;
use mutants::{Suite, Tally, run, table};

/// How many programs run side by side.
const AT_ONCE: usize = 6;

#[tokio::main]
async fn main() -> ExitCode {
    match tried().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Prints what came of the mutants, and says whether all is as listed.
async fn tried() -> Result<bool> {
    let (flags, exercises): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|it| it == "--json");
    let course = Course::read(&workspace_root()).context("read the course")?;
    let suite = Suite {
        exercises,
        at_once: AT_ONCE,
    };
    let begun = Instant::now();
    let progress = move |line: &str| eprintln!("{:4.0?}  {line}", begun.elapsed());
    let tallies = run(&course, &suite, progress).await?;
    if flags.is_empty() {
        print!("{}", table(&tallies));
        for tally in tallies.iter().filter(|tally| !tally.is_right()) {
            print!("\n{}", tally.complaints());
        }
    } else {
        let tallies: Vec<_> = tallies.iter().map(Tally::to_json).collect();
        println!("{}", serde_json::to_string_pretty(&tallies)?);
    }
    Ok(tallies.iter().all(Tally::is_right))
}
