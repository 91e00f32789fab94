//! The command line from outside: exit codes, help, JSON, pipes. Nothing here depends on what a learner has written.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn xtask(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).output().expect("xtask runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn every_subcommand_has_help_with_an_example() {
    let help = stdout(&xtask(&["--help"]));
    let commands = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1);
    let names: Vec<_> = commands
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ")
                .filter(|rest| !rest.starts_with(' '))
        })
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(
        names.contains(&"start") && names.contains(&"grade"),
        "{names:?}"
    );
    for name in names {
        let output = xtask(&[name, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{name} --help");
        assert!(
            stdout(&output).contains("Example"),
            "{name} --help has no example"
        );
    }
}

#[test]
fn a_name_that_there_is_not_says_what_there_is() {
    for arguments in [
        &["check", "unary.99"][..],
        &["check", "nonsense"],
        &["hint", "nonsense"],
    ] {
        let output = xtask(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains("there are protobuf (protobuf.1 to"),
            "{}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty(), "talk goes to standard error");
    }
}

#[test]
fn a_name_that_is_nearly_right_is_understood() {
    for (name, meant) in [
        ("protobuf1", "protobuf.1"),
        ("Unary-2", "unary.2"),
        ("UNARY", "unary"),
    ] {
        let said = stderr(&xtask(&["check", name]));
        assert!(said.contains(&format!("Did you mean {meant}?")), "{said}");
    }
}

#[test]
fn a_reader_that_has_gone_is_no_crash() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["list", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("xtask runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(stderr(&output), "");
}

#[test]
fn an_exercise_has_passed_as_long_as_its_file_is_the_one_that_did() {
    let root = temp_dir::TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    };
    let state = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["list", "--json"])
            .env("WIREBOOK_ROOT", root.path());
        let output = command.output().expect("xtask runs");
        let exercises: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        exercises[0]["passed"].clone()
    };
    assert_eq!(state(), false);
    write("lessons/01-protobuf/src/ex1_round_trip.rs", "right");
    assert_eq!(state(), false);
    write("target/passed/protobuf.1.rs", "right");
    assert_eq!(state(), true);
    write("lessons/01-protobuf/src/ex1_round_trip.rs", "right no more");
    assert_eq!(state(), false);
}

#[test]
fn a_wrong_call_is_no_failed_check() {
    assert_eq!(xtask(&["chekc"]).status.code(), Some(2));
    assert_eq!(xtask(&["check", "--no-such-flag"]).status.code(), Some(2));
}

#[test]
fn a_solution_passes_and_its_report_is_data() {
    let output = xtask(&["check", "protobuf.1", "--solutions", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let reports: Value = serde_json::from_slice(&output.stdout).expect("nothing but JSON");
    let report = &reports[0];
    assert_eq!(report["exercise"], "protobuf.1");
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["diagnosis"], Value::Null);
    assert_eq!(
        report["file"],
        "solutions/01-protobuf/src/ex1_round_trip.rs"
    );
    assert_eq!(report["expected"], report["actual"]);
    assert!(
        report["expected"]
            .as_array()
            .is_some_and(|lines| lines.len() > 5)
    );
}

#[test]
fn no_escape_codes_go_into_a_pipe() {
    for arguments in [
        &["check", "protobuf.1", "--solutions"][..],
        &["list"],
        &["check", "nonsense"],
    ] {
        let output = xtask(arguments);
        let all = stdout(&output) + &stderr(&output);
        assert!(!all.contains('\u{1b}'), "{arguments:?}: {all:?}");
    }
}

#[test]
fn the_list_is_data_and_names_files_that_are_there() {
    let exercises: Value =
        serde_json::from_slice(&xtask(&["list", "--json"]).stdout).expect("JSON");
    let exercises = exercises.as_array().expect("an array");
    assert!(exercises.len() >= 4);
    for exercise in exercises {
        let file = checks::workspace_root().join(exercise["file"].as_str().expect("a file"));
        assert!(file.exists(), "{}", file.display());
        assert!(
            exercise["minutes"]
                .as_u64()
                .is_some_and(|minutes| (1..=20).contains(&minutes))
        );
    }
}
