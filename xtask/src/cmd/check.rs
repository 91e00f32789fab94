//! `cargo xtask check`.

use anyhow::{Result, anyhow};
use build::{Source, workspace_root};
use catalogue::Course;
use report::PUBLISHED_SEED;
use serde_json::Value;

use crate::arguments::{Given, Syntax};
use crate::checkers::Checkers;
use crate::exit;
use crate::passed::Passed;
use crate::screen::{self, Checked};
use crate::style::{GOOD, paint};
use crate::subcommand::{Audience, Subcommand};

/// What is checked, and how it is shown.
pub(crate) struct Options {
    name: Option<String>,
    source: Source,
    json: bool,
    full: bool,
    /// What the documents and the other inputs are made from.
    seed: u64,
}

impl Options {
    /// The learner's exercises as far as they pass. `full`: whole transcripts.
    pub(crate) fn all(full: bool) -> Self {
        Self {
            name: None,
            source: Source::Lessons,
            json: false,
            full,
            seed: PUBLISHED_SEED,
        }
    }
}

pub(super) const CHECK: Subcommand = Subcommand {
    name: "check",
    about: "Build and check exercises: the first difference, what it probably means, the next step",
    details: "  NAME          A lesson or an exercise, for example unary or unary.2. Without it: all in order, up to the first that\n\
              \x20               does not pass.\n  \
              --solutions   Check the course's solutions instead of your files.\n  \
              --json        For programs: one array of reports on standard output.\n  \
              --full        Show whole transcripts, not only the rows around the first difference.\n  \
              --seed N      Check on other inputs: N is any whole number, and the documents, ids and numbers are made from it.\n\
              \x20               The solution is run on them first, and what it does is expected of your program. Without it, the\n\
              \x20               inputs are the course's published ones (seed 1), and only with these a pass counts as progress.",
    examples: &[
        "check",
        "check unary.2",
        "check unary.2 --seed 7",
        "check protobuf --json",
    ],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["[NAME]"],
        flags: &["solutions", "json", "full"],
        options: &["seed"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let seed = given.number("seed", 0)?.unwrap_or(PUBLISHED_SEED);
    let source = match given.has("solutions") {
        true => Source::Solutions,
        false => Source::Lessons,
    };
    check(&Options {
        name: given.value(0)?.map(str::to_owned),
        source,
        json: given.has("json"),
        full: given.has("full"),
        seed,
    })
}

/// Checks what was chosen, shows it, and returns the exit code.
pub(crate) fn check(options: &Options) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let chosen = course
        .select(options.name.as_deref())
        .map_err(|error| anyhow!(error))?;
    let source = options.source;
    let progress = Passed::of(&course);
    // Named exercises are all checked, the whole course only up to the first that does not pass.
    let to_the_end = options.name.is_some() || source == Source::Solutions;
    // Read before anything is built: what is saved later was not checked.
    let files = chosen
        .iter()
        .map(|(lesson, exercise)| progress.file_now(lesson, exercise));
    let files: Vec<_> = files.collect();
    if options.seed != PUBLISHED_SEED && !options.json {
        println!(
            "Seed {}: the inputs are not the published ones. What the solution does on them is expected.\n",
            options.seed
        );
    }
    let mut checkers = Checkers::new(&course)?;
    let mut lessons: Vec<_> = chosen.iter().map(|(lesson, _)| *lesson).collect();
    lessons.dedup_by_key(|lesson| lesson.number);
    if to_the_end {
        checkers.prepare(&lessons, source)?;
        lessons.clear();
    }
    let mut all: Vec<Checked<'_>> = Vec::new();
    for ((lesson, exercise), file) in chosen.iter().zip(files) {
        if lessons
            .first()
            .is_some_and(|next| next.number == lesson.number)
        {
            checkers.prepare(&[lessons.remove(0)], source)?;
        }
        let (report, notes) = checkers.check(lesson, exercise, source, options.seed)?;
        let checked = Checked {
            exercise,
            file: source.file(lesson, exercise),
            report,
            notes,
        };
        let passed = checked.passed();
        let counts = source == Source::Lessons && options.seed == PUBLISHED_SEED;
        if passed && counts {
            progress.remember(lesson, exercise, file);
        }
        if !options.json {
            screen::line(&checked);
            if passed && options.name.as_ref() == Some(&exercise.id) {
                screen::note(exercise);
            }
        }
        all.push(checked);
        if lesson.exercises.last() == Some(exercise) {
            checkers.finish(lesson);
        }
        if !passed && !to_the_end {
            break;
        }
    }
    if options.json {
        let reports: Vec<Value> = all.iter().map(screen::json).collect();
        println!("{}", serde_json::to_string_pretty(&reports)?);
    } else {
        conclude(&all, chosen.len(), options);
    }
    Ok(match all.iter().all(Checked::passed) {
        true => exit::PASSED,
        false => exit::FAILED,
    })
}

/// The first exercise that did not pass, whole, and the one thing to do next.
fn conclude(all: &[Checked<'_>], chosen: usize, options: &Options) {
    let Some(first) = all.iter().find(|checked| !checked.passed()) else {
        println!("\n{}", paint(&GOOD, "All of it passed."));
        if options.source == Source::Solutions {
            return;
        }
        if options.seed != PUBLISHED_SEED {
            println!("A pass counts as progress on the published inputs: check it without --seed");
        } else if options.name.is_some() {
            println!("Next   `cargo xtask start` shows the next exercise");
        }
        return;
    };
    screen::details(first, options.full);
    let id = &first.exercise.id;
    let left = chosen - all.len();
    if left > 0 {
        println!("\n{left} more after this one, not checked yet.");
    }
    if options.source == Source::Solutions {
        println!(
            "\nThis is the course's own solution: the fault is the course's or the machine's."
        );
        return;
    }
    let seed = match options.seed {
        PUBLISHED_SEED => String::new(),
        seed => format!(" --seed {seed}"),
    };
    println!("\nNext   edit the file, save, then `cargo xtask check {id}{seed}`");
    println!("Stuck? `cargo xtask hint {id}`");
}
