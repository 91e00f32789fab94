//! Nothing is constant over the seeds by accident, nothing rises with the place, and what matters is in every run.
//!
//! An input that is the same on every seed can be written into a program, which then passes everywhere. One that rises
//! with the place can be counted. And a case that only some seeds have gives one program another grade in another round.

mod declared;
mod values;

use std::collections::BTreeMap;
use std::fmt::Write;

use checks::{Exercise, Verdict, check, check_by_solution};
use stage::{Program, Reference, Seed};

use crate::harness::{SEEDS, catalogue, programs, reference, root, try_out};
use declared::{Declared, Kind};
use values::{Values, values};

/// More seeds, for where a value was equal on the first ones and might be so by chance.
const MORE_SEEDS: [Seed; 5] = [
    Seed(11),
    Seed(104_729),
    Seed(1 << 40),
    Seed(77),
    Seed(u64::MAX),
];

/// How much of a value is printed, in characters.
const SHOWN_CHARACTERS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_constant_over_seeds_is_meant_to_be() {
    let reference = reference().await;
    let mut wrong = String::new();
    for (lesson, text) in catalogue().exercises() {
        let (checks, exercise) = course::find(&text.id).expect("every exercise has a check");
        let program = &programs(checks).solution;
        let declared = Declared::read(&text.path);
        let mut runs = runs(program, exercise, &SEEDS, &reference).await;
        let mut problems = problems(&declared, &runs);
        if problems.iter().any(|problem| problem.may_be_chance) {
            runs.extend(self::runs(program, exercise, &MORE_SEEDS, &reference).await);
            problems = self::problems(&declared, &runs);
        }
        if !problems.is_empty() {
            let folder = format!("solutions/{}/{}-{}", lesson.folder, text.number, text.slug);
            let _ = writeln!(wrong, "\n{}, {folder}/constants.txt:", exercise.id);
        }
        for problem in problems {
            let _ = writeln!(wrong, "  {}", problem.text);
        }
    }
    assert!(
        wrong.is_empty(),
        "An input that is the same on every seed can be written into a program, and one that rises with the place can be \
         counted. Draw it from the seed, or say in constants.txt why it may be so.\n{wrong}"
    );
}

async fn runs(
    program: &std::path::Path,
    exercise: &Exercise,
    seeds: &[Seed],
    reference: &Reference,
) -> Vec<Values> {
    let mut runs = Vec::new();
    for seed in seeds {
        let run = try_out(program, exercise.id, exercise, *seed, reference).await;
        runs.push(values(exercise, &run));
    }
    runs
}

/// Something that the runs show and `constants.txt` does not say, or the other way round.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    text: String,
    /// More seeds may show that it is none.
    may_be_chance: bool,
}

fn problems(declared: &Declared, runs: &[Values]) -> Vec<Problem> {
    let problem = |text, may_be_chance| Problem {
        text,
        may_be_chance,
    };
    let mut problems: Vec<_> = declared
        .errors
        .iter()
        .map(|error| problem(error.clone(), false))
        .collect();
    let equal = equal(runs);
    let rising = rising(runs);
    let is_declared = |kind: &Kind, path: &str| {
        let mut lines = declared.lines.iter();
        lines.any(|line| line.kind == *kind && line.speaks_of(path))
    };
    for (path, value) in &equal {
        if !is_declared(&Kind::Equal, path) {
            let text = format!("equal {path}: WHY?  (it is {})", shortened(value));
            problems.push(problem(text, true));
        }
    }
    for path in &rising {
        if !is_declared(&Kind::Rising, path) {
            problems.push(problem(format!("rising {path}: WHY?"), true));
        }
    }
    for line in &declared.lines {
        let path = &line.path;
        match &line.kind {
            Kind::Equal if !equal.keys().any(|equal| line.speaks_of(equal)) => {
                let text =
                    format!("`equal {path}` is out of date: no such value is equal on all seeds");
                problems.push(problem(text, false));
            }
            Kind::Rising if !rising.iter().any(|rising| line.speaks_of(rising)) => {
                let text = format!("`rising {path}` is out of date: no such value rises");
                problems.push(problem(text, false));
            }
            Kind::Always(values) => {
                let missing = values.iter().filter(|value| {
                    let has = |run: &Values| {
                        let mut values = run.iter();
                        values.any(|(path, it)| line.speaks_of(path) && it == *value)
                    };
                    !runs.iter().all(has)
                });
                for value in missing {
                    let text = format!("`always {path}`: {value} is not in every run");
                    problems.push(problem(text, false));
                }
            }
            Kind::Equal | Kind::Rising => {}
        }
    }
    problems
}

/// What is the same in all runs.
fn equal(runs: &[Values]) -> Values {
    let Some((first, others)) = runs.split_first() else {
        return Values::new();
    };
    let mut equal = first.clone();
    equal.retain(|path, value| others.iter().all(|run| run.get(path) == Some(value)));
    equal
}

/// The families of values that rise with the place in most of the runs: paths that differ in their first number alone,
/// which is `*` here.
fn rising(runs: &[Values]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for run in runs {
        let mut families = BTreeMap::<_, Vec<_>>::new();
        for (path, value) in run {
            let placed = split_at_number(path, false);
            if let (Some((before, place, after)), Some(number)) = (placed, number(value)) {
                let family = format!("{before}*{after}");
                families.entry(family).or_default().push((place, number));
            }
        }
        for (family, mut members) in families {
            members.sort_unstable();
            let rises = |pair: &[(u64, (&str, u64))]| {
                let [(_, (left, low)), (_, (right, high))] = pair else {
                    return false;
                };
                left == right && low < high
            };
            // Of two numbers, one is always the greater.
            if members.len() > 2 && members.windows(2).all(rises) {
                *counts.entry(family).or_insert(0) += 1;
            }
        }
    }
    let most = |count: &usize| 2 * count > runs.len();
    let rising = counts.into_iter().filter(|(_, count)| most(count));
    rising.map(|(family, _)| family).collect()
}

/// The whole number at the end of a value, with what stands before it: 478 of `"doc-478"`.
fn number(value: &str) -> Option<(&str, u64)> {
    let value = value.trim_matches('"');
    let (before, number, after) = split_at_number(value, true)?;
    // 0.25 is not a count.
    (after.is_empty() && !before.ends_with(['.', ','])).then_some((before, number))
}

/// A text around its first or last whole number.
fn split_at_number(text: &str, last: bool) -> Option<(&str, u64, &str)> {
    let digit = |character: char| character.is_ascii_digit();
    let (start, end) = match last {
        true => {
            let end = text.rfind(digit)? + 1;
            let before = text[..end].trim_end_matches(digit);
            (before.len(), end)
        }
        false => {
            let start = text.find(digit)?;
            let rest = text[start..].trim_start_matches(digit);
            (start, text.len() - rest.len())
        }
    };
    let number = text[start..end].parse().ok()?;
    Some((&text[..start], number, &text[end..]))
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARACTERS) {
        Some((at, _)) => format!("{}...", &value[..at]),
        None => value.to_owned(),
    }
}

/// An answer that stands in the code passes on the published seed, and not on another, where the solution says what is
/// expected.
#[tokio::test]
async fn check_on_another_seed_goes_by_the_solution() {
    let (lesson, exercise) = course::find("protobuf.1").expect("there is such an exercise");
    let programs = programs(lesson);
    let program = |path: &std::path::Path, name: &str| Program {
        path: path.to_owned(),
        exercise: name.to_owned(),
    };
    let solution = program(&programs.solution, exercise.id);
    let hard_coded = program(&programs.variants, "protobuf.1/mutant-hard-coded");
    let right = program(&programs.variants, "protobuf.1/right-buffer");
    let seed = Seed(7);
    for (program, published, other) in [
        (&hard_coded, Verdict::Passed, Verdict::Differs),
        (&right, Verdict::Passed, Verdict::Passed),
        (&solution, Verdict::Passed, Verdict::Passed),
    ] {
        let checked = check(&root(), lesson, exercise, program, None).await;
        let checked = checked.unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(checked.judgement.verdict, published, "{program:?}");
        let checked = check_by_solution(exercise, program, &solution, seed, None).await;
        let checked = checked.unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(checked.judgement.verdict, other, "{program:?}");
        assert_eq!(checked.report(exercise, seed).seed, 7);
    }
    // A solution that comes to no end expects nothing.
    let error = check_by_solution(
        exercise,
        &right,
        &program(&programs.solution, "no.1"),
        seed,
        None,
    )
    .await;
    let error = format!("{:#}", error.expect_err("there is no such solution"));
    assert!(error.contains("nothing is expected on seed 7"), "{error}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(values: &[(&str, &str)]) -> Values {
        let owned = |(path, value): &(&str, &str)| (path.to_string(), value.to_string());
        values.iter().map(owned).collect()
    }

    fn texts(constants: &[(Kind, &str)], runs: &[Values]) -> Vec<String> {
        let lines = constants.iter().map(|(kind, path)| declared::Line {
            kind: kind.clone(),
            path: path.to_string(),
        });
        let declared = Declared {
            lines: lines.collect(),
            errors: Vec::new(),
        };
        let problems = problems(&declared, runs).into_iter();
        problems.map(|problem| problem.text).collect()
    }

    #[test]
    fn value_that_is_equal_on_all_seeds_is_to_be_explained() {
        let runs = [
            run(&[("setting a", "1"), ("setting b", "1"), ("setting c", "1")]),
            run(&[("setting a", "1"), ("setting b", "2"), ("setting c", "1")]),
            run(&[("setting a", "1"), ("setting b", "1")]),
        ];
        assert_eq!(texts(&[], &runs), ["equal setting a: WHY?  (it is 1)"]);
        assert!(texts(&[(Kind::Equal, "setting a")], &runs).is_empty());
        assert_eq!(
            texts(
                &[(Kind::Equal, "setting *"), (Kind::Equal, "setting b")],
                &runs
            ),
            ["`equal setting b` is out of date: no such value is equal on all seeds"]
        );
    }

    #[test]
    fn number_that_rises_with_the_place_is_to_be_explained() {
        let ids = |ids: [&str; 3]| {
            let places = ["document 9 id", "document 10 id", "document 11 id"];
            run(&std::array::from_fn::<_, 3, _>(|index| {
                (places[index], ids[index])
            }))
        };
        let (up, down) = (
            ["\"d-8\"", "\"d-9\"", "\"d-10\""],
            ["\"d-9\"", "\"d-8\"", "\"d-7\""],
        );
        let rising = ["rising document * id: WHY?"];
        assert_eq!(texts(&[], &[ids(up), ids(down), ids(up)])[..1], rising);
        assert!(
            texts(
                &[(Kind::Rising, "document * id")],
                &[ids(up), ids(down), ids(up)]
            )
            .is_empty()
        );
        assert!(
            texts(
                &[],
                &[ids(up), ids(down), ids(["\"d-1\"", "\"d-3\"", "\"d-2\""])]
            )
            .is_empty()
        );
        assert_eq!(
            texts(
                &[(Kind::Rising, "document * id")],
                &[ids(down), ids(up), ids(down)]
            ),
            ["`rising document * id` is out of date: no such value rises"]
        );
        // No counts: a measure, and numbers of different things.
        let other = |values: [&str; 3]| {
            let places = ["m 1.a", "m 2.a", "m 3.a"];
            run(&std::array::from_fn::<_, 3, _>(|index| {
                (places[index], values[index])
            }))
        };
        for values in [["0.1", "0.2", "0.3"], ["\"a-1\"", "\"b-2\"", "\"c-3\""]] {
            let runs = [other(values), other(values)];
            let rising = super::rising(&runs);
            assert!(rising.is_empty(), "{rising:?}");
        }
    }

    #[test]
    fn what_matters_is_in_every_run() {
        let runs = [
            run(&[("call 1 status", "INTERNAL"), ("call 2 status", "ABORTED")]),
            run(&[("call 1 status", "ABORTED"), ("call 2 status", "INTERNAL")]),
            run(&[("call 1 status", "ABORTED"), ("call 2 status", "UNKNOWN")]),
        ];
        let always = |values: [&str; 2]| Kind::Always(values.map(str::to_owned).into());
        assert_eq!(
            texts(&[(always(["ABORTED", "INTERNAL"]), "call * status")], &runs),
            ["`always call * status`: INTERNAL is not in every run"]
        );
        assert!(
            texts(
                &[(always(["ABORTED", "INTERNAL"]), "call * status")],
                &runs[..2]
            )
            .is_empty()
        );
    }
}
