//! `cargo xtask check`.

use anyhow::{Result, anyhow};
use checks::{Checker, Report, Source, Verdict, select};
use clap::{ArgMatches, Command, arg};
use serde_json::Value;

use crate::style::{GOOD, paint};
use crate::{exit, passed, progress, report};

pub(crate) struct Arguments {
    name: Option<String>,
    solutions: bool,
    json: bool,
    full: bool,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            name: matches.get_one("name").cloned(),
            solutions: matches.get_flag("solutions"),
            json: matches.get_flag("json"),
            full: matches.get_flag("full"),
        }
    }

    /// The learner's exercises as far as they pass.
    pub(crate) fn all(full: bool) -> Self {
        Self {
            name: None,
            solutions: false,
            json: false,
            full,
        }
    }
}

pub(crate) fn command() -> Command {
    Command::new("check")
        .about("Build and check exercises: the first difference, what it probably means, the next step")
        .long_about(
            "Build and check exercises: the first difference, what it probably means, the next step.\n\n\
             Without a name: all in order, up to the first that does not pass.",
        )
        .after_help(
            "Examples:\n  cargo xtask check\n  cargo xtask check unary.2\n  cargo xtask check protobuf --json",
        )
        .arg(arg!([name] "A lesson or an exercise, for example unary or unary.2"))
        .arg(arg!(--solutions "Check the course's solutions instead of your files"))
        .arg(arg!(--json "For programs: one array of reports on standard output"))
        .arg(arg!(--full "Show whole transcripts, not only the rows around the first difference"))
}

pub(crate) async fn run(arguments: &Arguments) -> Result<u8> {
    let chosen = select(arguments.name.as_deref()).map_err(|error| anyhow!(error))?;
    let source = if arguments.solutions {
        Source::Solutions
    } else {
        Source::Lessons
    };
    // Named ones are all checked; the whole course only as far as the learner has come.
    let to_the_end = arguments.name.is_some() || arguments.solutions;
    let mut checker = Checker::new(checks::workspace_root());
    let mut reports: Vec<Report> = Vec::new();
    for (lesson, exercise) in &chosen {
        let report = checker
            .check(lesson, exercise, source, &mut progress::cargo)
            .await?;
        let passed = report.verdict == Verdict::Passed;
        if passed && source == Source::Lessons {
            passed::remember(lesson, exercise);
        }
        if !arguments.json {
            report::line(&report);
            if passed && arguments.name.as_deref() == Some(exercise.id) {
                report::note(exercise);
            }
        }
        reports.push(report);
        if !passed && !to_the_end {
            break;
        }
    }
    if arguments.json {
        let reports: Vec<Value> = reports.iter().map(report::json).collect();
        println!("{}", serde_json::to_string_pretty(&reports)?);
    } else {
        conclude(&reports, chosen.len(), arguments);
    }
    let passed = reports
        .iter()
        .all(|report| report.verdict == Verdict::Passed);
    Ok(if passed { exit::PASSED } else { exit::FAILED })
}

/// The first exercise that did not pass, whole, and the one thing to do next.
fn conclude(reports: &[Report], chosen: usize, arguments: &Arguments) {
    let Some(first) = reports
        .iter()
        .find(|report| report.verdict != Verdict::Passed)
    else {
        println!("\n{}", paint(&GOOD, "All of it passed."));
        if arguments.name.is_some() && !arguments.solutions {
            println!("Next   `cargo xtask start` shows the next exercise");
        }
        return;
    };
    report::details(first, arguments.full);
    let id = first.exercise.id;
    let left = chosen - reports.len();
    if left > 0 {
        println!("\n{left} more after this one, not checked yet.");
    }
    println!("\nNext   edit the file, save, then `cargo xtask check {id}`");
    println!("Stuck? `cargo xtask hint {id}`");
}
