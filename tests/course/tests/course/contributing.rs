//! CONTRIBUTING.md, followed word by word in a copy of the course: the exercise that it adds is listed, checks, stands
//! in the book, and the suite names what it lacks until it is whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use build::{lesson_files, target_dir, workspace_root};
use catalogue::Course;

const CONTRIBUTING_PAGE: &str = include_str!("../../../../CONTRIBUTING.md");

/// What is not copied: what was built, and what a learner has done.
const UNCOPIED_NAMES: [&str; 4] = ["target", ".git", ".wirebook", "lessons"];

/// Where the exercise that the page adds is, in the copy.
const EXERCISE_FOLDER: &str = "solutions/02-unary/8-trial";

#[test]
fn exercise_of_the_page_is_added_as_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = Copy::new(folder.path().join("course"));
    // The page begins where everything is in step.
    copy.passes(&["sync"]);

    copy.passes(&["new", "unary.8", "trial"]);
    assert!(copy.passes(&["list"]).contains("unary.8"));
    let lacking = copy.suite();
    for lack in [
        "unary.8: exercise.md:2 is to be filled",
        "unary.8: variants.rs:2 is to be filled",
        "unary.8: book/src/02-unary-many-calls.md is to have one line {{#exercise unary.8}}",
        "unary.8: two right variants `right_...` are wanted",
        "unary.8: one variant nothing_sent_1 is wanted",
        "unary.8: it has no expected.snap; run `cargo xtask record unary.8`",
    ] {
        assert!(lacking.contains(lack), "{lack}\n{lacking}");
    }

    for file in [
        "exercise.md",
        "solution.rs",
        "given.rs",
        "check.rs",
        "variants.rs",
        "constants.txt",
    ] {
        copy.write(&format!("{EXERCISE_FOLDER}/{file}"), &block(file));
    }
    copy.passes(&["sync"]);
    copy.passes(&["record", "unary.8"]);
    let page = "book/src/02-unary-many-calls.md";
    let text = copy.read(page) + "\n" + &block("page");
    copy.write(page, &text);

    let unfinished = copy.xtask(&["check", "unary.8"]);
    assert_eq!(
        unfinished.status.code(),
        Some(1),
        "{}",
        text_of(&unfinished)
    );
    let shown = text_of(&unfinished);
    assert!(shown.contains("unary.8  not done yet  a trial"), "{shown}");
    assert!(
        shown.contains("Send the peer the document's text"),
        "{shown}"
    );
    let passed = copy.passes(&["check", "unary.8", "--solutions"]);
    assert!(passed.contains("unary.8  passed"), "{passed}");
    let hint = copy.passes(&["hint", "unary.8", "--step", "3"]);
    assert!(hint.contains("    peer.send(...);\n"), "{hint}");
    assert!(copy.passes(&["list", "--json"]).contains("\"a trial\""));
    copy.passes(&["sync", "--check"]);
    let whole = copy.suite();
    assert!(whole.contains("test result: ok. 1 passed"), "{whole}");
}

/// What the page says that a file is to hold.
fn block(file: &str) -> String {
    let start = format!(" file={file}\n");
    let (_, rest) = CONTRIBUTING_PAGE
        .split_once(&start)
        .expect("the page has the file");
    let (text, _) = rest.split_once("\n```").expect("the block is closed");
    text.to_owned() + "\n"
}

/// The commands on the page are those that are run here.
#[test]
fn page_says_what_is_run() {
    for command in [
        "cargo xtask new unary.8 trial",
        "cargo xtask sync",
        "cargo xtask record unary.8",
        "cargo xtask check unary.8",
        "cargo xtask check unary.8 --solutions",
        "cargo test --package course every_exercise_is_complete",
    ] {
        assert!(
            CONTRIBUTING_PAGE.contains(&format!("$ {command}\n")),
            "{command}"
        );
    }
}

/// A copy of the course, which builds below the course's own target directory.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    fn new(root: PathBuf) -> Self {
        let course = workspace_root();
        copy(&course, &root, &UNCOPIED_NAMES);
        without_later_exercises(&root);
        // The starters as they are generated, whatever a learner has made of them.
        let course = Course::read(&root).expect("the copy is read");
        for lesson in &course.lessons {
            let folder = root.join("lessons").join(&lesson.folder);
            for (path, text) in lesson_files(lesson).expect("the solution is read") {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
                fs::write(path, text).expect("it is written");
            }
        }
        let target = target_dir(&workspace_root())
            .expect("cargo says")
            .join("contributing");
        Self { root, target }
    }

    fn xtask(&self, arguments: &[&str]) -> Output {
        let mut arguments = arguments.to_vec();
        arguments.splice(0..0, ["run", "--quiet", "--package", "xtask", "--"]);
        self.cargo(&arguments)
    }

    /// Runs a command that is to succeed, and returns all that it printed.
    fn passes(&self, arguments: &[&str]) -> String {
        let output = self.xtask(arguments);
        let text = text_of(&output);
        assert!(output.status.success(), "{arguments:?}: {text}");
        text
    }

    /// What the suite says is lacking.
    fn suite(&self) -> String {
        let test = "every_exercise_is_complete";
        text_of(&self.cargo(&["test", "--package", "course", "--test", "course", test]))
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(&self.root)
            .args(arguments)
            .env("CARGO_TARGET_DIR", &self.target)
            // cargo and the outer test set these for the original course.
            .env_remove("WIREBOOK_ROOT")
            .env_remove("CARGO_MANIFEST_DIR");
        cargo.output().expect("cargo runs")
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("the file is there")
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).expect("it is written");
    }
}

/// The page adds the exercise after the seventh. Whoever has followed it in the course itself has one already.
fn without_later_exercises(root: &Path) {
    let lesson = root.join("solutions/02-unary");
    for entry in fs::read_dir(lesson).expect("it is listed") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number = name
            .split('-')
            .next()
            .and_then(|number| number.parse().ok());
        if number.is_some_and(|number: u32| number > 7) {
            fs::remove_dir_all(&path).expect("it is deleted");
        }
    }
    for entry in fs::read_dir(root.join("book/src")).expect("it is listed") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a page");
        let later = |line: &&str| {
            let number = line.strip_prefix("{{#exercise unary.");
            let number = number.and_then(|rest| rest.trim_end_matches('}').parse().ok());
            number.is_some_and(|number: u32| number > 7)
        };
        if text.lines().any(|line| later(&line)) {
            let kept = text.lines().filter(|line| !later(line));
            let kept: String = kept.flat_map(|line| [line, "\n"]).collect();
            fs::write(&path, kept).expect("it is written");
        }
    }
}

fn text_of(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn copy(from: &Path, to: &Path, left_out: &[&str]) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("it is listed") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if left_out.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name), left_out);
        } else {
            fs::copy(entry.path(), to.join(name)).expect("it is copied");
        }
    }
}
