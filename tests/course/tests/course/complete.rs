//! What has to be there for every exercise. All that is lacking is named at once, for whoever writes one.

use std::fs;
use std::path::Path;

use catalogue::{Exercise, Form, Lesson};
use checks::snapshot;
use course::LESSONS;

use crate::harness::{catalogue, names, programs, root};

/// What `cargo xtask new` writes where something is to be filled.
const FILL_MARK: &str = "FILL:";

/// How wide a line of code in a hint may be: hints are read in a terminal, which shows such a line whole.
const HINT_COLUMNS: usize = 78;

#[test]
fn every_exercise_is_complete() {
    let mut lacks = Vec::new();
    for (lesson, exercise) in catalogue().exercises() {
        let mut lack = |what: String| lacks.push(format!("{}: {what}", exercise.id));
        sentences_to_fill(&exercise.path, &mut lack);
        page(exercise, &mut lack);
        gap(exercise, &mut lack);
        variants(lesson, exercise, &mut lack);
    }
    for lesson in &catalogue().lessons {
        let mut lack = |what: String| lacks.push(format!("{}: {what}", lesson.name));
        let text = fs::read_to_string(lesson.path.join("lesson.md")).expect("it was read before");
        filled("lesson.md", &text, &mut lack);
    }
    assert!(lacks.is_empty(), "lacking:\n  {}", lacks.join("\n  "));
}

fn sentences_to_fill(folder: &Path, lack: &mut dyn FnMut(String)) {
    for file in [
        "exercise.md",
        "solution.rs",
        "given.rs",
        "check.rs",
        "variants.rs",
    ] {
        match fs::read_to_string(folder.join(file)) {
            Ok(text) => filled(file, &text, lack),
            Err(error) => lack(format!("{file} cannot be read: {error}")),
        }
    }
}

fn filled(file: &str, text: &str, lack: &mut dyn FnMut(String)) {
    for (index, line) in text.lines().enumerate() {
        if let Some((_, what)) = line.split_once(FILL_MARK) {
            lack(format!(
                "{file}:{} is to be filled: {}",
                index + 1,
                what.trim()
            ));
        }
    }
}

/// It stands on its page, and on that alone.
fn page(exercise: &Exercise, lack: &mut dyn FnMut(String)) {
    let directive = format!("{{{{#exercise {}}}}}", exercise.id);
    let page = root().join("book/src").join(&exercise.page);
    let text = fs::read_to_string(&page).unwrap_or_default();
    if text.lines().filter(|line| *line == directive).count() != 1 {
        lack(format!(
            "book/src/{} is to have one line {directive}",
            exercise.page
        ));
    }
}

/// A gap is one sitting's work. Each line of the solution counts, between the first and the last.
fn gap(exercise: &Exercise, lack: &mut dyn FnMut(String)) {
    let lines = exercise.gap.code.lines().count();
    if !(3..=25).contains(&lines) {
        lack(format!("its gap has {lines} lines, and 3 to 25 are wanted"));
    }
    // The file has no more than its name and its parameters.
    if let Form::Function(_) = exercise.gap.form
        && let Some(name) = exercise.gap.form.name()
        && ![&exercise.task, &exercise.more]
            .iter()
            .any(|text| text.contains(name))
    {
        lack(format!(
            "its text does not say how `{name}` begins, which a learner writes"
        ));
    }
    let balance = |open: char, close: char| {
        let count = |wanted: char| exercise.gap.hint.matches(wanted).count();
        count(open) == count(close)
    };
    if !(balance('{', '}') && balance('(', ')')) {
        lack("the code of its third hint has brackets that do not match".to_owned());
    }
    let code = exercise.gap.hint_with_imports();
    let code = code
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned());
    let code = code.collect::<Vec<_>>().join("\n");
    if !exercise.hints[2].contains(code.trim_end()) {
        lack("its third hint has no {{hint}}".to_owned());
    }
    for text in exercise.hints.iter().chain([&exercise.note]) {
        if text.contains("```") {
            lack("code in a hint or the note is indented by four spaces, not fenced".to_owned());
        }
        let code = text.lines().filter_map(|line| line.strip_prefix("    "));
        for line in code.filter(|line| line.chars().count() > HINT_COLUMNS) {
            lack(format!(
                "a line of code in a hint or the note is wider than {HINT_COLUMNS} columns: {line}"
            ));
        }
    }
    if !(1..=45).contains(&exercise.minutes) || !(1..=5).contains(&exercise.points) {
        lack("its minutes are not 1 to 45, or its points not 1 to 5".to_owned());
    }
}

/// Two other right programs, four mutants, and two programs for each diagnosis.
fn variants(lesson: &Lesson, exercise: &Exercise, lack: &mut dyn FnMut(String)) {
    let id = &exercise.id;
    let checks = LESSONS.iter().find(|it| it.name == lesson.name);
    let Some(checks) = checks else {
        return lack("its lesson is not in the list; run `cargo xtask sync`".to_owned());
    };
    let Some(check) = checks.find(id) else {
        return lack("it has no check; run `cargo xtask sync`".to_owned());
    };
    let all = names(&programs(checks).variants);
    let count = |start: &str| {
        let start = format!("{id}/{start}");
        all.iter().filter(|name| name.starts_with(&start)).count()
    };
    if count("right-") < 2 {
        lack("two right variants `right_...` are wanted".to_owned());
    }
    for mutant in ["default", "error", "hard-coded", "one-more"] {
        if count(&format!("mutant-{mutant}")) != 1 {
            lack(format!(
                "one variant mutant_{} is wanted",
                mutant.replace('-', "_")
            ));
        }
    }
    for diagnosis in check.diagnoses {
        for number in 1..=2 {
            let name = format!("{}-{number}", diagnosis.name);
            if count(&name) != 1 {
                lack(format!("one variant {} is wanted", name.replace('-', "_")));
            }
        }
    }
    let of_exercise = all
        .iter()
        .filter_map(|name| name.strip_prefix(&format!("{id}/")));
    for kind in of_exercise.filter(|kind| !is_named_for_something(kind, check)) {
        let known = check.diagnoses.iter().map(|diagnosis| diagnosis.name);
        let known = known.collect::<Vec<_>>().join(", ");
        lack(format!(
            "the variant {} is named after no diagnosis: there are {known}",
            kind.replace('-', "_")
        ));
    }
    let texts = check.diagnoses.iter().map(|it| (it.name, it.usually));
    for (name, usually) in texts.filter(|(_, usually)| has_stray_blank(usually)) {
        lack(format!(
            "the diagnosis {name} has two blanks in a row, a line break, or a blank at an end: {usually:?}"
        ));
    }
    if check.diagnoses.is_empty() {
        lack("a diagnosis is wanted".to_owned());
    }
    if !snapshot::path(&root(), checks, check).exists() {
        lack(format!(
            "it has no expected.snap; run `cargo xtask record {id}`"
        ));
    }
}

/// Whether a text has a blank too many: a string literal over several lines that lacks a backslash has the next line's
/// indentation in it.
fn has_stray_blank(text: &str) -> bool {
    text.contains("  ") || text.contains('\n') || text.trim() != text
}

#[test]
fn stray_blanks_are_seen() {
    for text in ["one  two", "one\n two", " one", "one "] {
        assert!(has_stray_blank(text), "{text:?}");
    }
    assert!(!has_stray_blank("One two. `a b`"));
}

/// No general diagnosis has a blank too many. Those of exercises are looked at with the exercises.
#[test]
fn general_diagnoses_have_no_stray_blank() {
    let stray = checks::GENERAL
        .iter()
        .filter(|it| has_stray_blank(it.usually));
    let names: Vec<_> = stray.map(|it| it.name).collect();
    assert!(names.is_empty(), "{names:?}");
}

/// Whether a variant's name says what it must come to: right, a mutant, or a mistake with a number.
fn is_named_for_something(kind: &str, check: &checks::Exercise) -> bool {
    let mistake = kind
        .rsplit_once('-')
        .filter(|(_, number)| matches!(*number, "1" | "2"));
    kind.starts_with("right-")
        || kind.starts_with("mutant-")
        || mistake.is_some_and(|(name, _)| check.diagnoses.iter().any(|it| it.name == name))
}
