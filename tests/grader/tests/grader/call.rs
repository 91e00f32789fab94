//! The program: its exit codes, and which stream says what.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use grader::output::grades_path;
use grader::report::csv;

use crate::shared::{MEMBERS, SEED, folder, shared};

fn call<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(arguments).output().expect("the grader starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_wrong_call_exits_with_2_and_writes_nothing() {
    let at = folder("wrong");
    let out = at.join("out");
    let out = out.to_string_lossy();
    for path in ["a/ann", "b/ann"] {
        fs::create_dir_all(at.join(path)).expect("a folder can be made");
    }
    let path = |name: &str| at.join(name).display().to_string();
    for arguments in [
        vec!["--out".to_owned(), out.to_string()],
        vec![path("a/ann")],
        vec![
            path("a/ann"),
            path("b/ann"),
            "--out".to_owned(),
            out.to_string(),
        ],
        vec![path("nobody"), "--out".to_owned(), out.to_string()],
        vec![
            path("a/ann"),
            "--out".to_owned(),
            out.to_string(),
            "--seed".to_owned(),
            "1".to_owned(),
        ],
    ] {
        let output = call(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(
            text(&output.stderr).contains("error:"),
            "{}",
            text(&output.stderr)
        );
        assert!(!Path::new(&*out).exists(), "{arguments:?}");
    }
}

#[test]
fn help_has_an_example_and_exits_with_0() {
    let output = call(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    assert!(help.contains("Example: cargo xtask grade"), "{help}");
    assert!(help.contains("isolation: none"), "{help}");
}

#[test]
fn the_table_goes_to_standard_output_and_the_csv_to_a_file() {
    let shared = shared();
    let mut arguments: Vec<_> = shared
        .paths
        .iter()
        .map(|path| path.as_os_str().to_owned())
        .collect();
    // Without --seed: the round that is kept in the folder goes on.
    arguments.extend(["--out".into(), shared.out.clone().into_os_string()]);
    let output = call(&arguments);
    let (table, progress) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{progress}");
    assert!(
        !table.contains('\u{1b}') && !progress.contains('\u{1b}'),
        "{table}{progress}"
    );
    let kept = table.lines().filter(|line| line.ends_with("kept")).count();
    assert_eq!(kept, MEMBERS.len(), "{table}");
    assert!(table.contains("isolation: none"), "{table}");
    assert!(progress.contains(&SEED.to_string()), "{progress}");
    assert!(
        !table.contains(&SEED.to_string()),
        "the table may be shown to learners: {table}"
    );
    let grades = fs::read_to_string(grades_path(&shared.out)).expect("there are grades");
    assert_eq!(grades, csv::text(&shared.class).expect("a class has a CSV"));
}
