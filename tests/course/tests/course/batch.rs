//! Many sources in one program: each is built and named as if it were alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use build::{Batch, Entry, Outcome};

use crate::harness::{catalogue, names};

/// What must come of a source: it compiles, or it does not, with an error that has this text.
const SOURCES: [(&str, &str, Option<&str>); 9] = [
    ("as it is", "", None),
    // Inner attributes, names of its own module and of others.
    (
        "attributes",
        "#![allow(unused)]\n#![deny(unsafe_code)]\nuse super::*; use crate::edge::Edge as _; fn two() -> u8 { crate::ex1_classify::one() } fn one() -> u8 { 1 }",
        None,
    ),
    ("syntax", "fn 1() {}", Some("expected identifier")),
    ("name", "fn f() { g() }", Some("cannot find function `g`")),
    ("type", "fn f() -> u8 { \"\" }", Some("mismatched types")),
    (
        "borrow",
        "fn f(a: String) { let b = &a; drop(a); println!(\"{b}\") }",
        Some("cannot move out of `a`"),
    ),
    // Both are for the same given type, and each is right alone.
    ("impl 1", "impl crate::run::Failure { pub fn f() {} }", None),
    ("impl 2", "impl crate::run::Failure { pub fn f() {} }", None),
    (
        "broken impl",
        "impl crate::run::Failure { fn f() { Self::g() } }",
        Some("`g`"),
    ),
];

#[test]
fn sources_of_one_program_do_not_get_into_each_others_way() {
    let course = catalogue();
    let (lesson, exercise) = course.find("unary.1").expect("there is one");
    let solution = fs::read_to_string(exercise.path.join("solution.rs")).expect("it is read");
    // What is added comes first, since inner attributes must; the solution's own comment is an inner one as well.
    let solution = solution
        .trim_start_matches("//! ")
        .trim_start_matches(|it| it != '\n');
    let texts = SOURCES.map(|(_, added, _)| format!("{added}\n{solution}"));
    let mut entries: Vec<_> = SOURCES
        .iter()
        .zip(&texts)
        .map(|((name, ..), text)| Entry {
            exercise,
            name,
            text,
        })
        .collect();
    let unnamed = solution.replace("pub async fn classify", "pub async fn ask");
    entries.push(Entry {
        exercise,
        name: "unnamed",
        text: &unnamed,
    });
    let batch = Batch::build(course, lesson, &entries, &mut |_| {}).expect("cargo runs");
    let mut programs = BTreeSet::new();
    let expected = SOURCES
        .iter()
        .map(|(.., error)| *error)
        .chain([Some("cannot find value `classify`")]);
    for ((entry, outcome), error) in entries.iter().zip(&batch.outcomes).zip(expected) {
        match (outcome, error) {
            (Outcome::Program { path, name, .. }, None) => {
                assert_eq!(*name, format!("unary.1/{}", entry.name));
                assert!(
                    names(path).contains(name),
                    "{name} is not in {}",
                    path.display()
                );
                programs.insert(path.as_path());
            }
            (Outcome::Errors(errors), Some(error)) => {
                let errors = errors.join("\n");
                assert!(errors.contains(error), "{}: {errors}", entry.name);
                // The last one's error is in the list of exercises.
                let named = errors.contains(&format!("--> {}:", entry.name));
                assert!(named || entry.name == "unnamed", "{}: {errors}", entry.name);
            }
            (outcome, _) => panic!("{}: {outcome:?}", entry.name),
        }
    }
    assert_eq!(programs.len(), 3, "two of them need a program each");
    // Another batch at the same time has other programs.
    let other = Batch::build(course, lesson, &entries[..1], &mut |_| {}).expect("cargo runs");
    let Outcome::Program { path, .. } = &other.outcomes[0] else {
        panic!("{:?}", other.outcomes)
    };
    assert!(!programs.contains(Path::new(path)));
}
