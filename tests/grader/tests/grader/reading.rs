//! Which folders are submissions, and under which names.

use std::fs;
use std::path::PathBuf;

use grader::exercises;
use grader::submission::{MAX_FILE_BYTES, SubmittedFile, find};

use crate::shared::{Draft, folder, root};

fn error_of(paths: &[PathBuf]) -> String {
    format!("{:#}", find(paths).expect_err("there is something wrong"))
}

#[test]
fn submissions_are_sorted_by_name() {
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
        .map(|submission| submission.id)
        .collect();
    assert_eq!(ids, ["ann", "bob", "cy 3", "Ännchen"]);
    let dotted = find(&[at.join("ann/../bob/.")]).expect("all is well");
    assert_eq!(dotted[0].id, "bob");
    let above = find(&[at.join("ann/..")]).expect("all is well");
    assert_eq!(above[0].id, "names");
}

#[test]
fn two_submissions_of_one_name_are_rejected() {
    let at = folder("twice");
    for path in ["a/ann", "b/ann", "b/Ann"] {
        fs::create_dir_all(at.join(path)).expect("a folder can be made");
    }
    let message = error_of(&[at.join("a/ann"), at.join("b/ann")]);
    assert!(
        message.contains("a/ann") && message.contains("b/ann"),
        "{message}"
    );
    assert!(error_of(&[at.join("a/ann"), at.join("b/Ann")]).contains("rename"));
}

#[test]
fn missing_paths_are_rejected() {
    let at = folder("nowhere");
    assert!(error_of(&[at.join("ann")]).contains("find the submission"));
}

#[test]
fn names_that_a_terminal_would_obey_are_rejected() {
    let at = folder("obey");
    for name in ["a\u{1b}[31mb", "a\u{202e}b", &"x".repeat(230)] {
        fs::create_dir(at.join(name)).expect("a folder can be made");
        let message = error_of(&[at.join(name)]);
        assert!(
            message.contains("rename") && !message.contains('\u{1b}'),
            "{message}"
        );
    }
}

#[test]
fn only_the_files_of_exercises_count() {
    let at = folder("count");
    let draft = Draft(at.join("ann"));
    draft.put("unary.1", "x".repeat(MAX_FILE_BYTES as usize));
    fs::write(draft.source("unary.1").join("main.rs"), "fn main() {}").expect("it is written");
    let files = find(&[at.join("ann")]).expect("all is well")[0].read();
    assert_eq!(files.len(), exercises::all().count());
    for (exercise, file) in &files {
        match exercise.as_str() {
            "unary.1" => {
                assert!(
                    matches!(file, SubmittedFile::Text(text) if text.len() == MAX_FILE_BYTES as usize)
                )
            }
            _ => assert_eq!(file, &SubmittedFile::Missing),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_submission_that_is_a_link_is_refused() {
    let at = folder("linked");
    let link = at.join("eve");
    std::os::unix::fs::symlink(root().join("solutions"), &link).expect("a link");
    for (_, file) in find(&[link]).expect("all is well")[0].read() {
        assert_eq!(
            file,
            SubmittedFile::Refused("the submission is a link".to_owned())
        );
    }
}
