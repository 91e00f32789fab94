//! What a learner sees: the screen of every verdict and of every diagnosis, at 80 and at 60 columns, recorded in the files
//! of `screens/`, of real runs.
//!
//! `INSTA_UPDATE=always cargo test --package course --test course screens` records them anew. `cargo xtask screens` prints
//! them.

mod gallery;
mod general;
mod verdicts;

use std::collections::BTreeMap;

use catalogue::Lesson;
use checks::Verdict;
use course::{LESSONS, left_to_chance};
use report::Report;
use screen::{Around, Checked, Texts, View, write_failure};
use stage::{Peer, Seed};

use self::gallery::Gallery;
use crate::harness::{catalogue, reference, root, starters, try_out};
use crate::tried::{Variant, all_on_published_seed, variants};

/// The widths of recorded screens.
const WIDTHS: [usize; 2] = [80, 60];

/// Programs whose error is worded by the machine: by its resolver of names.
const WORDS_OF_THE_MACHINE: [&str; 1] = ["unary.1/address-changed-1"];

/// Every diagnosis of every exercise has its screen, and so has every starter.
#[tokio::test(flavor = "multi_thread")]
async fn screens_of_every_exercise_are_the_recorded_ones() {
    let mut reports = starter_reports().await;
    let (chosen, missing) = chosen();
    assert!(missing.is_empty(), "no program shows these:\n{missing:#?}");
    let tried = all_on_published_seed(chosen.clone()).await;
    for variant in chosen {
        let report = tried[&variant.name].report.clone();
        assert_named(&variant, &report);
        reports.insert((variant.exercise.id, variant.name), report);
    }
    for lesson in &catalogue().lessons {
        for exercise in &lesson.exercises {
            let of_exercise = reports.iter().filter(|((id, _), _)| *id == exercise.id);
            for width in WIDTHS {
                let mut gallery = Gallery::new(width);
                for ((_, name), report) in of_exercise.clone() {
                    let checked = shown(lesson, name, report);
                    match left_to_chance(name) {
                        Some(_) => gallery.add_by_chance(&title(name), &checked),
                        None => gallery.add(&title(name), &checked),
                    }
                }
                gallery.assert(&exercise.id);
            }
        }
    }
}

/// For every diagnosis of every exercise the program whose screen is recorded, and the diagnoses that have none. A program of
/// which chance decides a part is taken where there is no other.
fn chosen() -> (Vec<Variant>, Vec<String>) {
    let all = variants();
    let (mut chosen, mut missing) = (Vec::new(), Vec::new());
    for exercise in LESSONS.iter().flat_map(|lesson| lesson.exercises) {
        for diagnosis in exercise.diagnoses {
            let begin = format!("{}/{}-", exercise.id, diagnosis.name);
            let is_of_it = |variant: &&Variant| {
                let number = variant.name.strip_prefix(&begin);
                number.is_some_and(|number| number.parse::<u32>().is_ok())
            };
            let programs = all.iter().filter(is_of_it);
            let best = programs.min_by_key(|it| {
                let name = it.name.as_str();
                left_to_chance(name).is_some() || WORDS_OF_THE_MACHINE.contains(&name)
            });
            match best {
                Some(variant) => chosen.push(variant.clone()),
                None => missing.push(begin),
            }
        }
    }
    (chosen, missing)
}

/// The reports of all starters, by exercise and name.
async fn starter_reports() -> BTreeMap<(&'static str, String), Report> {
    let (_, programs) = starters();
    let reference = reference().await;
    let mut reports = BTreeMap::new();
    for (lesson, program) in LESSONS.iter().zip(programs) {
        for exercise in lesson.exercises {
            let run = try_out(program, exercise.id, exercise, Seed::PUBLISHED, &reference).await;
            let expected = checks::snapshot::read(&root(), lesson, exercise);
            let expected = expected.unwrap_or_else(|error| panic!("{error:#}"));
            let judgement = checks::judge(exercise, &run, &expected);
            let checked = checks::Checked {
                run,
                expected,
                judgement,
            };
            let report = checked.report(exercise, Seed::PUBLISHED);
            // The first in the exercise's file.
            reports.insert(
                (exercise.id, format!("{}, the starter", exercise.id)),
                report,
            );
        }
    }
    reports
}

/// A check of the learner's file that came to this, without what differs from run to run or from machine to machine.
fn shown(lesson: &Lesson, name: &str, report: &Report) -> Checked {
    let mut exercises = lesson.exercises.iter();
    let exercise = exercises.find(|it| it.id == report.exercise);
    let exercise = exercise.expect("the lesson has the exercise");
    let file = lesson.lesson_file(exercise);
    let mut report = report.clone();
    // What a program prints in a panic has the number of its thread, and several may do so at a time.
    report.output = report::Output::default();
    if is_racy(name, &report) {
        report.difference.clear();
    }
    if left_to_chance(name).is_some() {
        if let Some(diagnosis) = &mut report.diagnosis {
            diagnosis.seen = without_numbers(&diagnosis.seen);
        }
        // What such a program leaves behind hangs in some runs, and in others not.
        if report.verdict == Verdict::Hangs {
            report.verdict = Verdict::Differs;
        }
        report.waiting = None;
    }
    let own = |text: &mut String| *text = in_own_file(text, &file);
    report.failure_message.iter_mut().for_each(own);
    if let Some(diagnosis) = &mut report.diagnosis {
        own(&mut diagnosis.seen);
    }
    let page = exercise.page.trim_end_matches(".md");
    let anchor = exercise.id.replace('.', "-");
    let read = format!("target/book/{page}.html#exercise-{anchor}");
    Checked::new(Texts::from(exercise), file, read, report)
}

/// Whether chance decides a part of the transcript: of how a call ends whose program dies, too.
fn is_racy(name: &str, report: &Report) -> bool {
    let crashed = matches!(report.verdict, Verdict::Crashed(_));
    let (_, exercise) = course::find(&report.exercise).expect("there is the exercise");
    left_to_chance(name).is_some() || crashed && exercise.scenario.peer() != Peer::Bytes
}

/// The text with `doc-..` in place of each document's id: chance decides which document shows the mistake first.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split("doc-");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "doc-..";
        out += part.trim_start_matches(|it: char| it.is_ascii_digit());
    }
    out
}

/// The text with the learner's file in place of the one that the course's own programs are in. Their lines are not told:
/// they change whenever a program is added.
fn in_own_file(text: &str, file: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/variants.rs:") {
        let begin = rest[..at].rfind(' ').map_or(0, |space| space + 1);
        let after = &rest[at + "/variants.rs:".len()..];
        let digits = after.find(|it: char| !it.is_ascii_digit());
        out.push_str(&rest[..begin]);
        out.push_str(&format!("{file}:20"));
        rest = &after[digits.unwrap_or(after.len())..];
    }
    out + rest
}

/// The screen of a check that did not pass.
fn screen(checked: &Checked, view: &View, around: &Around) -> String {
    let mut out = String::new();
    write_failure(&mut out, checked, view, around).expect("a text can be written to");
    out
}

fn view(width: usize) -> View {
    View {
        columns: width,
        ..View::PIPE
    }
}

/// What stands above a screen: `connection-per-call: unary.1/connection-per-call-1`, and whether a part is left out.
fn title(name: &str) -> String {
    match (name.split_once('/'), left_to_chance(name)) {
        (Some((_, kind)), Some(why)) => {
            let kind = kind.rsplit_once('-').map_or(kind, |(kind, _)| kind);
            format!("{kind}: {name}, without its transcripts, since {why}")
        }
        (Some((_, kind)), None) => {
            let kind = kind.rsplit_once('-').map_or(kind, |(kind, _)| kind);
            format!("{kind}: {name}")
        }
        (None, _) => "not done yet: the starter".to_owned(),
    }
}

/// What every screen keeps, whatever is on it.
fn assert_layout(name: &str, screen: &str, view: &View) {
    for line in screen.lines() {
        // The compiler's own lines are as it prints them.
        let begin = line.trim_start_matches(|it: char| it.is_ascii_digit() || it == ' ');
        let of_compiler = ["-->", "|", "= note:", "error[", "warning:"]
            .iter()
            .any(|it| begin.starts_with(it));
        let width = line.chars().count();
        assert!(width <= view.columns || of_compiler, "{name}: {line:?}");
        assert!(!line.contains('\u{1b}'), "{name}: {line:?}");
    }
}

/// A program that is chosen for a diagnosis gets it, also where its screen is not compared.
fn assert_named(variant: &Variant, report: &Report) {
    let named = report.diagnosis.as_ref().map(|it| it.name.as_str());
    let wanted = variant
        .name
        .split_once('/')
        .and_then(|(_, kind)| kind.rsplit_once('-'));
    assert_eq!(named, wanted.map(|(name, _)| name), "{}", variant.name);
}
