//! The commands that pages tell a reader to type: each is there, with the options that it is given.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMMAND: &str = "cargo xtask ";

/// The pages that a reader copies commands from.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let chapters = fs::read_dir(root.join("book/src")).expect("the book has chapters");
    let chapters = chapters.map(|entry| entry.expect("an entry").path());
    let chapters = chapters.filter(|path| path.extension().is_some_and(|it| it == "md"));
    let others = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"];
    chapters.chain(others.map(|name| root.join(name))).collect()
}

/// The commands of the course on a page: those in console blocks, and those between backticks.
fn commands(text: &str) -> Vec<String> {
    let prompted = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let quoted = text.split('`').skip(1).step_by(2);
    let all = prompted.chain(quoted);
    let all = all.filter_map(|command| command.trim().strip_prefix(COMMAND));
    all.map(|command| command.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// What `cargo xtask NAME --help` prints, where there is such a subcommand.
fn help(name: &str) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args([name, "--help"]).output().expect("xtask runs");
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn commands_are_found_in_blocks_and_in_sentences() {
    let text = "Run `cargo xtask hint unary.1\n--step 2`:\n\n```console\n$ cargo xtask check --full\n$ ls\n```\n";
    assert_eq!(commands(text), ["check --full", "hint unary.1 --step 2"]);
}

#[test]
fn every_command_on_a_page_is_there_with_its_options() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("the page is text");
        for command in commands(&text) {
            seen += 1;
            let reason = wrong_with(&command);
            wrong.extend(
                reason.map(|reason| format!("{}: cargo xtask {command}: {reason}", page.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "{seen}");
}

/// Why a command cannot be typed as it is written.
fn wrong_with(command: &str) -> Option<String> {
    let mut words = command.split(' ');
    let Some(help) = help(words.next()?) else {
        return Some("there is no such subcommand".to_owned());
    };
    // What follows `--` is for another program, and a part in brackets may be left out.
    let words = words.take_while(|word| *word != "--");
    let mut options = words
        .map(|word| word.trim_matches(['[', ']']))
        .filter(|word| word.starts_with("--"));
    let unknown = options.find(|option| !help.contains(option))?;
    Some(format!("it has no option {unknown}"))
}
