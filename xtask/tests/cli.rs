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
    let rows = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ").filter(|row| !row.starts_with(' ')));
    let names: Vec<_> = rows
        .filter_map(|row| row.split_whitespace().next())
        .collect();
    for name in ["start", "grade", "sync"] {
        assert!(names.contains(&name), "{names:?}");
    }
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
fn what_has_passed_once_stays_passed_and_a_change_is_said() {
    let root = tempfile::tempdir().expect("a folder");
    // Exercises are what the course's folders say; only what a learner has is made up.
    let solutions = build::workspace_root().join("solutions");
    std::os::unix::fs::symlink(solutions, root.path().join("solutions")).expect("a link");
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
        (
            exercises[0]["passed"].clone(),
            exercises[0]["changed"].clone(),
        )
    };
    let is = |passed: bool, changed: bool| (Value::from(passed), Value::from(changed));
    assert_eq!(state(), is(false, false));
    write("lessons/01-protobuf/src/ex1_round_trip.rs", "right");
    assert_eq!(state(), is(false, false));
    write(".wirebook/passed/protobuf.1.rs", "right");
    assert_eq!(state(), is(true, false));
    write("lessons/01-protobuf/src/ex1_round_trip.rs", "right no more");
    assert_eq!(state(), is(true, true));
}

#[test]
fn a_hint_without_a_name_is_that_of_the_first_exercise_that_has_not_passed() {
    let root = tempfile::tempdir().expect("a folder");
    let solutions = build::workspace_root().join("solutions");
    std::os::unix::fs::symlink(solutions, root.path().join("solutions")).expect("a link");
    let hint = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["hint"]).env("WIREBOOK_ROOT", root.path());
        stdout(&command.output().expect("xtask runs"))
    };
    assert!(hint().starts_with("protobuf.1: "), "{}", hint());
    for file in [
        "lessons/01-protobuf/src/ex1_round_trip.rs",
        ".wirebook/passed/protobuf.1.rs",
    ] {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, "right").expect("it is written");
    }
    assert!(hint().starts_with("protobuf.2: "), "{}", hint());
}

#[test]
fn lists_and_help_fit_a_terminal_of_80_columns() {
    let mut calls = vec![vec!["list"], vec!["--help"]];
    let names = [
        "start", "check", "list", "hint", "reset", "book", "serve", "bench", "grade", "trial",
    ];
    calls.extend(names.map(|name| vec![name, "--help"]));
    for arguments in calls {
        let printed = stdout(&xtask(&arguments));
        let wide = printed.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{arguments:?}");
    }
    let exercises: Value =
        serde_json::from_slice(&xtask(&["list", "--json"]).stdout).expect("JSON");
    let ids = exercises.as_array().expect("a list").iter();
    let ids: Vec<_> = ids.filter_map(|it| it["exercise"].as_str()).collect();
    let list = stdout(&xtask(&["list", "--all"]));
    let rows = list.lines().take_while(|line| !line.is_empty());
    let of_rows: Vec<_> = rows.filter_map(|row| row.split(' ').next()).collect();
    assert_eq!(of_rows, ids, "a row for each");
}

#[test]
fn what_passed_has_its_note_by_any_name_and_its_transcript_where_all_is_asked_for() {
    let check = |arguments: &[&str]| {
        let output = xtask(&[&["check", "--solutions"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let by_id = check(&["protobuf.1"]);
    assert!(by_id.contains("  note    "), "{by_id}");
    assert_eq!(check(&["lessons/01-protobuf/src/ex1_round_trip.rs"]), by_id);
    let title = "    yours, as expected\n";
    let row = "    program > peer  ClassifyRequest\n";
    assert!(!by_id.contains(title) && !by_id.contains(row), "{by_id}");
    let full = check(&["protobuf.1", "--full"]);
    assert!(full.contains(title) && full.contains(row), "{full}");
}

#[test]
fn wrong_calls_are_the_tools_business_and_say_what_is_right() {
    for (arguments, said) in [
        (&["chekc"][..], "there are start, check, list"),
        (
            &["check", "--no-such-flag"],
            "it takes --solutions, --json, --full, --seed",
        ),
        (
            &["check", "unary.1", "unary.2"],
            "unary.2 is one argument too many",
        ),
        (
            &["check", "unary.1", "--seed", "seven"],
            "--seed takes a whole number, at least 0, and not seven",
        ),
        (
            &["check", "--seed", "-7"],
            "--seed takes a whole number, at least 0, and not -7",
        ),
        (
            &["list", "-x"],
            "there is no option -x; it takes --all, --json",
        ),
        (&["reset"], "NAME is missing. `cargo xtask reset --help`"),
        (
            &["hint", "unary.1", "--step"],
            "missing argument for option",
        ),
        (
            &["hint", "unary.1", "--step", "two"],
            "a whole number, at least 1",
        ),
        (&["stress", "--runs", "1"], "a whole number, at least 2"),
        (&["bench", "speed"], "there are loop, first and upload"),
        (&["grade", "here"], "--out DIR is missing"),
    ] {
        let output = xtask(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
        assert!(output.stdout.is_empty(), "talk goes to standard error");
    }
}

#[test]
fn help_is_asked_for_in_any_way() {
    let all = stdout(&xtask(&["--help"]));
    assert_eq!(stdout(&xtask(&["help"])), all);
    assert_eq!(stdout(&xtask(&["-h"])), all);
    let check = stdout(&xtask(&["check", "--help"]));
    assert!(
        check.contains("Usage: cargo xtask check [--solutions]"),
        "{check}"
    );
    assert_eq!(stdout(&xtask(&["help", "check"])), check);
    assert_eq!(stdout(&xtask(&["check", "unary.1", "-h"])), check);
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
        "solutions/01-protobuf/1-round-trip/solution.rs"
    );
    assert_eq!(report["expected"], report["actual"]);
    assert!(
        report["expected"]
            .as_array()
            .is_some_and(|lines| lines.len() > 5)
    );
}

/// The keys of a report are those that `JSON.md` has, and no others.
#[test]
fn reports_have_the_keys_of_their_page() {
    let page = std::fs::read_to_string(build::workspace_root().join("tests/report/JSON.md"));
    let page = page.expect("the page is there");
    let output = xtask(&["check", "protobuf.1", "--solutions", "--json"]);
    let reports: Value = serde_json::from_slice(&output.stdout).expect("nothing but JSON");
    let report = reports[0].as_object().expect("an object");
    assert_eq!(report["format"], "wirebook-check/1");
    for key in report.keys() {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
    for key in [
        "file",
        "line",
        "title",
        "note",
        "difference",
        "diagnosis",
        "output",
    ] {
        assert!(report.contains_key(key), "{key}");
    }
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
    assert!(exercises.len() >= 13);
    for exercise in exercises {
        let file = build::workspace_root().join(exercise["file"].as_str().expect("a file"));
        assert!(file.exists(), "{}", file.display());
        assert!(
            exercise["minutes"]
                .as_u64()
                .is_some_and(|minutes| (1..=45).contains(&minutes))
        );
    }
}

/// A course with one file of a learner's, and everything else as `sync` writes it.
fn course_with(file: &str, text: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let course = build::workspace_root();
    // Without lessons/: what a learner has done in the real one is not part of this test.
    for name in ["solutions", "tests/course", "Cargo.toml"] {
        copy(&course.join(name), &root.path().join(name));
    }
    let synced = sync(root.path(), &[]);
    assert_eq!(synced.status.code(), Some(0), "{}", stderr(&synced));
    assert_eq!(sync(root.path(), &["--check"]).status.code(), Some(0));
    std::fs::write(root.path().join(file), text).expect("it is written");
    root
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to.parent().expect("a folder")).expect("it is made");
    if from.is_file() {
        std::fs::copy(from, to).expect("it is copied");
        return;
    }
    std::fs::create_dir_all(to).expect("it is made");
    for entry in std::fs::read_dir(from).expect("it is listed") {
        let entry = entry.expect("an entry");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

fn sync(root: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("sync")
        .args(arguments)
        .env("WIREBOOK_ROOT", root);
    command.output().expect("xtask runs")
}

#[test]
fn sync_overwrites_nothing_that_a_learner_has_edited() {
    let edited = "lessons/01-protobuf/src/ex1_round_trip.rs";
    let root = course_with(edited, "my work");
    // A starter that is out of step as well: nothing at all is written.
    let other = root.path().join("lessons/01-protobuf/src/ex2_presence.rs");
    std::fs::remove_file(&other).expect("it was there");
    let output = sync(root.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(edited), "{}", stderr(&output));
    let kept = std::fs::read_to_string(root.path().join(edited)).expect("it is there");
    assert_eq!(kept, "my work");
    assert!(!other.exists());
}

#[test]
fn sync_notices_a_file_that_nothing_generates_any_more() {
    let folder = "solutions/01-protobuf/6-onnx";
    let root = course_with("lessons/notes.txt", "mine");
    std::fs::remove_dir_all(root.path().join(folder)).expect("it was there");
    let output = sync(root.path(), &["--check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    for file in ["src/ex6_onnx.rs", "src/run/onnx.rs"] {
        let file = format!("lessons/01-protobuf/{file}");
        assert!(
            said.contains("by nothing now") && said.contains(&file),
            "{said}"
        );
    }
    assert!(!said.contains("notes.txt"), "{said}");
    assert_eq!(sync(root.path(), &[]).status.code(), Some(0));
    assert!(
        !root
            .path()
            .join("lessons/01-protobuf/src/ex6_onnx.rs")
            .exists()
    );
    assert!(root.path().join("lessons/notes.txt").exists());
    assert_eq!(sync(root.path(), &["--check"]).status.code(), Some(0));
}

#[test]
fn sync_leaves_a_file_alone_that_it_never_wrote() {
    let file = "lessons/01-protobuf/src/helper.rs";
    let root = course_with(file, "// mine");
    let checked = sync(root.path(), &["--check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stderr(&checked).contains(file), "{}", stderr(&checked));
    assert_eq!(sync(root.path(), &[]).status.code(), Some(0));
    assert!(root.path().join(file).exists());
}

#[test]
fn new_refuses_names_that_are_not_next() {
    let root = course_with("lessons/notes.txt", "mine");
    let new = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("new")
            .args(arguments)
            .env("WIREBOOK_ROOT", root.path());
        command.output().expect("xtask runs")
    };
    let course = catalogue::Course::read(root.path()).expect("it is read");
    let (lesson, last) = course.exercises().last().expect("an exercise");
    let next = format!("{}.{}", lesson.name, last.number + 1);
    let second_next = format!("{}.{}", lesson.name, last.number + 2);
    let the_next = format!("the next exercise of {} is {next}", lesson.name);
    for (arguments, said) in [
        ([second_next.as_str(), "last"], the_next.as_str()),
        ([&last.id, "last"], &the_next),
        ([&next, &last.slug], "is that of"),
        ([&next, "match"], "cannot be a name"),
        (["unary", "last"], "is not an exercise"),
        ([&next, "Last Call"], "is not a name"),
        (["../unary.1", "last"], "is not an exercise"),
        (
            ["streaming.2", "last"],
            "the next exercise of streaming is streaming.1",
        ),
    ] {
        let output = new(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    let output = new(&["streaming.1", "first-words"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // Behind the lessons that there are.
    let lesson = format!("{:02}-streaming", course.lessons.len() + 1);
    let folder = root.path().join("solutions").join(&lesson);
    for file in [
        "Cargo.toml",
        "lesson.md",
        "check/Cargo.toml",
        "1-first-words/check.rs",
    ] {
        assert!(folder.join(file).exists(), "{file}");
    }
    let starter = root
        .path()
        .join(format!("lessons/{lesson}/src/ex1_first_words.rs"));
    assert!(std::fs::read_to_string(starter).is_ok_and(|text| text.contains("kit::gap!(")));
}
