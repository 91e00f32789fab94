//! Which folders are submissions, and under which names.

use std::fs;
use std::path::PathBuf;

use grader::submission::{Handed, LARGEST, find};

use crate::shared::{Hand, folder};

fn error(paths: &[PathBuf]) -> String {
    format!("{:#}", find(paths).expect_err("there is something wrong"))
}

#[test]
fn submissions_come_by_name_whatever_the_order() {
    let at = folder("names");
    let paths: Vec<_> = ["bob", "ann", "Ännchen", "cy 3"]
        .iter()
        .map(|name| at.join(name))
        .collect();
    for path in &paths {
        fs::create_dir(path).expect("a folder can be made");
    }
    let ids: Vec<_> = find(&paths)
        .expect("all is well")
        .into_iter()
        .map(|own| own.id)
        .collect();
    assert_eq!(ids, ["ann", "bob", "cy 3", "Ännchen"]);
    let dotted = find(&[at.join("ann/../bob/.")]).expect("all is well");
    assert_eq!(dotted[0].id, "bob");
    let above = find(&[at.join("ann/..")]).expect("all is well");
    assert_eq!(above[0].id, "names");
}

#[test]
fn two_of_one_name_are_an_error_that_says_which() {
    let at = folder("twice");
    for path in ["a/ann", "b/ann", "b/Ann"] {
        fs::create_dir_all(at.join(path)).expect("a folder can be made");
    }
    let said = error(&[at.join("a/ann"), at.join("b/ann")]);
    assert!(said.contains("a/ann") && said.contains("b/ann"), "{said}");
    assert!(error(&[at.join("a/ann"), at.join("b/Ann")]).contains("rename"));
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    let at = folder("nowhere");
    assert!(error(&[at.join("ann")]).contains("find the submission"));
}

#[test]
fn a_name_that_a_terminal_would_obey_is_an_error() {
    let at = folder("obey");
    for name in ["a\u{1b}[31mb", "a\u{202e}b", &"x".repeat(230)] {
        fs::create_dir(at.join(name)).expect("a folder can be made");
        let said = error(&[at.join(name)]);
        assert!(
            said.contains("rename") && !said.contains('\u{1b}'),
            "{said}"
        );
    }
}

#[test]
fn only_the_exercises_files_count() {
    let at = folder("count");
    let hand = Hand(at.join("ann"));
    hand.put("unary.1", "x".repeat(LARGEST as usize));
    fs::write(hand.source("unary.1").join("main.rs"), "fn main() {}").expect("it is written");
    let files = find(&[at.join("ann")]).expect("all is well")[0].read();
    assert_eq!(files.len(), crate::shared::all().count());
    for (exercise, handed) in &files {
        match *exercise {
            "unary.1" => {
                assert!(matches!(handed, Handed::File(text) if text.len() == LARGEST as usize))
            }
            _ => assert_eq!(handed, &Handed::Missing),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_submission_that_is_a_link_is_refused() {
    let at = folder("linked");
    let link = at.join("eve");
    std::os::unix::fs::symlink(crate::shared::root().join("solutions"), &link).expect("a link");
    for (_, handed) in find(&[link]).expect("all is well")[0].read() {
        assert_eq!(
            handed,
            Handed::Refused("the submission is a link".to_owned())
        );
    }
}
