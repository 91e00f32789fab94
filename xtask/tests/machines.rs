//! The command line on a copy of the course, on machines and in hands as they are: what a learner wrote stays. Nothing here
//! builds a lesson; `.ci/machines` does.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A copy of what the command line reads and writes.
struct Copy {
    folder: TempDir,
}

const FILE: &str = "lessons/01-protobuf/src/ex1_round_trip.rs";

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = build::workspace_root();
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "proto/Cargo.toml",
            "tests/course",
        ] {
            copy(&root.join(name), &folder.path().join(name));
        }
        copy(&root.join("solutions"), &folder.path().join("solutions"));
        let copy = Self { folder };
        // A learner may have written into the course's own.
        let course = catalogue::Course::read(&root).expect("the course is read");
        for lesson in &course.lessons {
            for (file, text) in build::lesson_files(lesson).expect("the lesson is read") {
                copy.save(
                    &format!("lessons/{}/{}", lesson.folder, file.display()),
                    &text,
                );
            }
        }
        fs::copy(
            root.join("lessons/starters.sum"),
            copy.path("lessons/starters.sum"),
        )
        .expect("it is there");
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn save(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("it is there")
    }

    fn xtask(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let command = command
            .args(arguments)
            .env("WIREBOOK_ROOT", self.folder.path());
        command
            .current_dir(self.folder.path())
            .output()
            .expect("xtask runs")
    }

    /// What it prints, where it ends with this code.
    fn says(&self, arguments: &[&str], code: i32) -> String {
        let output = self.xtask(arguments);
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// Every file in a folder, with its bytes.
    fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => drop(files.insert(path.clone(), fs::read(&path).unwrap_or_default())),
                }
            }
        }
        files
    }
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().expect("a folder")).expect("it is made");
        fs::copy(from, to).expect("it is copied");
        return;
    }
    fs::create_dir_all(to).expect("it is made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn reset_keeps_what_it_replaces_and_puts_it_back() {
    let course = Copy::new();
    let starter = course.text(FILE);
    assert!(
        course
            .says(&["reset", "protobuf.1"], 0)
            .contains("is the starter already")
    );
    assert!(!course.path(".wirebook").exists());

    course.save(FILE, "first");
    let said = course.says(&["reset", "protobuf.1"], 0);
    let kept = format!(".wirebook/kept/{FILE}.1");
    assert!(said.contains(&kept) && said.contains("--undo"), "{said}");
    assert_eq!(
        (course.text(FILE), course.text(&kept)),
        (starter.clone(), "first".to_owned())
    );

    course.save(FILE, "second");
    course.says(&["reset", "protobuf.1", "--undo"], 0);
    assert_eq!(course.text(FILE), "first");
    assert_eq!(
        course.text(&format!(".wirebook/kept/{FILE}.2")),
        "second",
        "that was somebody's work too"
    );
    course.says(&["reset", "protobuf.1", "--undo"], 0);
    course.says(&["reset", "protobuf.1", "--undo"], 0);
    let kept: Vec<_> = course.files(".wirebook/kept").into_values().collect();
    for text in ["first", "second"] {
        assert!(kept.contains(&text.as_bytes().to_vec()), "{text} is gone");
    }
    course.says(&["reset", "protobuf.2", "--undo"], 2);
}

#[test]
fn reset_keeps_a_folder_a_link_and_a_file_in_another_encoding() {
    let course = Copy::new();
    let starter = course.text(FILE);
    let kept = |number: u32| course.path(&format!(".wirebook/kept/{FILE}.{number}"));

    let utf16: Vec<u8> = "pub fn".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(course.path(FILE), &utf16).expect("it is written");
    course.says(&["reset", "protobuf.1"], 0);
    assert_eq!(fs::read(kept(1)).expect("it is kept"), utf16);

    fs::remove_file(course.path(FILE)).expect("it is there");
    course.save(&format!("{FILE}/notes.txt"), "mine");
    course.says(&["reset", "protobuf.1"], 0);
    assert_eq!(
        fs::read(kept(2).join("notes.txt")).expect("it is kept"),
        b"mine"
    );

    course.save("elsewhere.rs", "mine too");
    fs::remove_file(course.path(FILE)).expect("it is there");
    symlink(course.path("elsewhere.rs"), course.path(FILE)).expect("a link");
    course.says(&["reset", "protobuf.1"], 0);
    assert_eq!(
        course.text("elsewhere.rs"),
        "mine too",
        "what a link leads to"
    );
    assert_eq!(fs::read(kept(3)).expect("it is kept"), b"mine too");

    fs::remove_file(course.path(FILE)).expect("it is there");
    course.says(&["reset", "protobuf.1"], 0);
    assert_eq!(course.text(FILE), starter, "where nothing was");
    assert!(!kept(4).exists());
}

#[test]
fn reset_of_a_lesson_puts_given_files_back_and_no_exercise() {
    let course = Copy::new();
    let given = "lessons/01-protobuf/src/run/varint.rs";
    let manifest = "lessons/01-protobuf/Cargo.toml";
    let before = course.text(given);
    course.save(FILE, "mine");
    course.save(given, "changed");
    let with_more = course
        .text(manifest)
        .replace("[dependencies]\n", "[dependencies]\nmine = \"1\"\n");
    course.save(manifest, &with_more);
    let said = course.says(&["reset", "protobuf"], 0);
    assert_eq!(course.text(given), before, "{said}");
    assert_eq!(course.text(&format!(".wirebook/kept/{given}.1")), "changed");
    assert_eq!(course.text(FILE), "mine");
    assert_eq!(
        course.text(manifest),
        with_more,
        "a dependency of the learner's own may stay"
    );
    assert!(
        course
            .says(&["reset", "protobuf"], 0)
            .contains("as they were")
    );
}

/// Every command that a learner may call and that does not build: they list, show, refuse, and change nothing.
#[test]
fn no_command_changes_what_a_learner_wrote() {
    let course = Copy::new();
    course.save(FILE, "mine");
    course.save("lessons/01-protobuf/src/run.rs", "mine too");
    course.save("lessons/02-unary/src/notes.rs", "notes");
    course.save("lessons/notes/Cargo.toml", "[package]\nname = \"notes\"\n");
    let before = course.files("lessons");
    for (arguments, code) in [
        (&["list"][..], 0),
        (&["list", "--json"], 0),
        (&["hint", "protobuf.1", "--step", "3"], 0),
        (&["reset", "protobuf.1", "--undo"], 2),
        (&["sync"], 1),
        (&["sync", "--check"], 1),
        (&["new", "unary.8", "last-call"], 1),
        (&["check", "nonsense"], 2),
        (&["grade", "lessons"], 2),
        (&["grade", "lessons", "--out", "lessons"], 2),
        (
            &[
                "grade",
                "lessons",
                "--out",
                "lessons/01-protobuf/new/folder",
            ],
            2,
        ),
    ] {
        course.says(arguments, code);
        assert!(
            course.files("lessons") == before,
            "{arguments:?} has changed a file"
        );
    }
}

#[test]
fn copies_and_strays_are_no_part_of_the_course() {
    let course = Copy::new();
    let listed = course.says(&["list"], 0);
    for lesson in ["lessons/01-protobuf", "solutions/01-protobuf"] {
        copy(
            &course.path(lesson),
            &course.path(&format!("{lesson}-backup")),
        );
        copy(
            &course.path(lesson),
            &course.path(&format!("{lesson} copy")),
        );
    }
    copy(
        &course.path("solutions/01-protobuf/1-round-trip"),
        &course.path("solutions/01-protobuf/1-round-trip.bak"),
    );
    course.save("lessons/notes.txt", "mine");
    course.save("lessons/notes/Cargo.toml", "[package]\nname = \"notes\"\n");
    symlink("01-protobuf", course.path("lessons/03-link")).expect("a link");
    assert_eq!(course.says(&["list"], 0), listed);
    course.says(&["sync", "--check"], 0);
    course.says(&["sync"], 0);
}

/// As a checkout with `core.autocrlf`, an unpacked archive or an editor leaves them.
#[test]
fn other_line_ends_change_nothing() {
    let course = Copy::new();
    let listed = course.says(&["list", "--json"], 0);
    let hints = course.says(&["hint", "protobuf", "--step", "3"], 0);
    for folder in ["solutions", "lessons", "tests", "proto"] {
        for (path, bytes) in course.files(folder) {
            if let Ok(text) = String::from_utf8(bytes) {
                fs::write(path, text.replace('\n', "\r\n")).expect("it is written");
            }
        }
    }
    let manifest = course.text("Cargo.toml").replace('\n', "\r\n");
    course.save("Cargo.toml", &manifest);
    assert_eq!(course.says(&["list", "--json"], 0), listed);
    assert_eq!(course.says(&["hint", "protobuf", "--step", "3"], 0), hints);
    course.says(&["sync", "--check"], 0);
    let before = course.files("lessons");
    course.says(&["sync"], 0);
    assert!(
        course.files("lessons") == before,
        "nothing is written again for its line ends"
    );
    assert!(
        course
            .says(&["reset", "protobuf.1"], 0)
            .contains("is the starter already")
    );
}

#[test]
fn a_machine_that_lacks_something_is_told_what() {
    let root = build::workspace_root();
    let start = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("start").env(name, value);
        let output = command.output().expect("xtask runs");
        assert_eq!(output.status.code(), Some(2), "{name}={value}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let none = root.join("no such folder");
    let none = none.display().to_string();
    let said = start("PATH", &none);
    assert!(
        said.contains("no linker `cc`") && said.contains("build-essential"),
        "{said}"
    );
    for name in ["TMPDIR", "CARGO_TARGET_DIR"] {
        // A file is no folder, and nobody can make one there, whatever their rights are.
        let said = start(name, &root.join("Cargo.lock").display().to_string());
        assert!(
            said.contains(name) && said.contains("cannot write to"),
            "{said}"
        );
    }
}
