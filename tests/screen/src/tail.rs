//! What stands last on the screen of a check that did not pass: the verdict, why, where, what to do.

use report::Verdict;

use crate::checked::Checked;
use crate::compiler::{Headline, warnings_in_short};
use crate::errors::ordered;
use crate::paragraph::{paragraph, wrapped};
use crate::shorten::{Part, shorten, shorten_task};
use crate::style::Style;
use crate::view::View;
use crate::width::{escape, width};

/// How much of a message of the program is shown, in characters: it may be as long as it likes.
const MAX_MESSAGE_CHARACTERS: usize = 240;

/// What the command line knows beside the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// How many lines of this screen are above already, which are to stay in sight.
    pub lines_above: usize,
    /// How many exercises come after this one that have not passed.
    pub to_do: usize,
    /// Where the lines of transcripts are explained, for whoever has not passed an exercise yet.
    pub lines_page: Option<String>,
}

/// The line of a verdict: the exercise, the verdict, the title.
pub fn verdict_line(checked: &Checked, view: &View) -> Vec<String> {
    let exercise = &checked.exercise;
    let (name, style) = match &checked.report.verdict {
        Verdict::Passed => ("passed", Style::Good),
        Verdict::Unfinished { .. } => ("not done yet", Style::Dim),
        verdict => (verdict.name(), Style::Bad),
    };
    let paint = |style, text: &str| view.styles.paint(style, text);
    let begin = format!(
        "{}  {}",
        paint(Style::Strong, &exercise.id),
        paint(style, name)
    );
    let columns = width(&exercise.id) + 2 + width(name) + 2 + width(&exercise.title);
    if columns <= view.columns {
        return vec![format!("{begin}  {}", paint(Style::Dim, &exercise.title))];
    }
    let title = wrapped(&exercise.title, view.columns.saturating_sub(2));
    let title = title
        .iter()
        .map(|line| format!("  {}", paint(Style::Dim, line)));
    std::iter::once(begin).chain(title).collect()
}

/// The lines of the tail: as many as the terminal has room for, the verdict always among them.
pub(crate) fn lines(checked: &Checked, view: &View, around: &Around) -> Vec<String> {
    let mut tail = Tail {
        parts: vec![Part {
            label: "",
            lines: verdict_line(checked, view),
        }],
        view,
    };
    for (label, text) in causes(checked) {
        tail.add(label, &text);
    }
    for (label, text) in places(checked, around) {
        tail.add(label, &text);
    }
    if around.to_do > 0 {
        tail.add(
            "then",
            &format!("{} more to do after this one", around.to_do),
        );
    }
    let id = &checked.exercise.id;
    if checked.is_solution {
        tail.add(
            "note",
            "This is the course's own solution: the fault is the course's or the machine's.",
        );
    } else {
        let seed = checked.seed_option();
        tail.add(
            "next",
            &format!("edit the file, save, then `cargo xtask check {id}{seed}`"),
        );
        tail.add("stuck?", &format!("`cargo xtask hint {id}`"));
    }
    // Whoever has a verdict on a program has read the task. Its lines go to what is new: the errors, or the rows that differ.
    if !matches!(checked.report.verdict, Verdict::Unfinished { .. }) {
        shorten_task(&mut tail.parts, view);
    }
    shorten(&mut tail.parts, view);
    tail.parts.into_iter().flat_map(|part| part.lines).collect()
}

struct Tail<'a> {
    parts: Vec<Part>,
    view: &'a View,
}

impl Tail<'_> {
    fn add(&mut self, label: &'static str, text: &str) {
        let lines = paragraph(&format!("  {label:7} "), text, self.view);
        self.parts.push(Part { label, lines });
    }
}

/// What is known of why it did not pass.
fn causes(checked: &Checked) -> Vec<(&'static str, String)> {
    let report = &checked.report;
    let mut causes = Vec::new();
    let message = report.failure_message.as_deref();
    let is_silent = message.is_none();
    let message = message.and_then(|message| unrepeated(checked, message));
    match &report.verdict {
        Verdict::Unfinished { line, .. } if checked.begun => causes.push((
            "begun",
            format!(
                "You have edited the file, and your program reached the gap in line {line}. No code of yours \
                 below it has run. When your code is whole, remove the `kit::gap!`, from `kit` to its closing bracket."
            ),
        )),
        Verdict::DoesNotBuild(errors) => {
            let own = errors.get(&checked.file);
            if let Some(error) = own.and_then(|errors| errors.first()) {
                let others = ordered(checked).len().saturating_sub(1);
                let others = match others {
                    0 => String::new(),
                    1 => ", and 1 more error".to_owned(),
                    count => format!(", and {count} more errors"),
                };
                let first = escape(&Headline::of(error).sentence());
                causes.push(("why", format!("{first}, above{others}")));
            }
            let advice = checked.build_advice.clone();
            let elsewhere = || elsewhere(checked);
            let advice = advice.or_else(|| own.is_none().then(elsewhere));
            causes.extend(advice.map(|advice| ("why", advice)));
        }
        verdict => {
            let what = match verdict {
                Verdict::Hangs => Some(hangs(checked)),
                Verdict::Runaway if is_silent => Some(
                    "Your program went on and on: far more crossed the wire, or for far longer, than the exercise needs."
                        .to_owned(),
                ),
                Verdict::Crashed(status) if is_silent => Some(format!(
                    "Your program ended before the exercise was over ({}).",
                    escape(status)
                )),
                _ => None,
            };
            causes.extend(message.map(|message| ("why", message)));
            causes.extend(what.map(|what| ("why", what)));
        }
    }
    if let Some(diagnosis) = &report.diagnosis {
        // The general ones for a panic and an error say what the program has said itself, and those of a program that
        // stands still what is said of every such program.
        let of_hang = report.waiting.as_deref().unwrap_or_default();
        let is_said = report.failure_message.as_ref() == Some(&diagnosis.seen)
            || of_hang.contains(&diagnosis.seen);
        if !is_said && !diagnosis.seen.is_empty() {
            causes.push(("seen", escape(&diagnosis.seen)));
        }
        causes.push(("likely", diagnosis.usually.clone()));
    }
    // They are above in full.
    causes.extend(warnings_in_short(&checked.warnings).map(|warnings| ("warning", warnings)));
    causes.extend(changed_given(checked));
    causes
}

/// What holds of a run that hangs.
fn hangs(checked: &Checked) -> String {
    let report = &checked.report;
    let stopped = "Nothing crossed the wire any more, and your program had not finished";
    match (&report.waiting, &report.diagnosis) {
        (Some(waiting), _) => waiting.clone(),
        (None, Some(_)) => format!("{stopped}."),
        (None, None) => format!(
            "{stopped}: it waits for something that does not come, or is in a loop without an end."
        ),
    }
}

/// Of the message what the diagnosis and the line to edit do not say. Where the diagnosis has the words of the program's panic
/// already, with more, that is at most the place of the panic.
fn unrepeated(checked: &Checked, message: &str) -> Option<String> {
    let seen = checked.report.diagnosis.as_ref().map(|it| it.seen.as_str());
    let (place, words) = message.split_once(": ").unwrap_or((message, ""));
    let is_repeated = |seen: &str| {
        seen != message && is_of_panic(seen) && !words.is_empty() && seen.contains(words)
    };
    if !seen.is_some_and(is_repeated) {
        return Some(said(message));
    }
    let (_, line) = checked.place();
    line.is_none().then(|| format!("{}.", said(place)))
}

/// Whether what was seen is about a panic.
fn is_of_panic(seen: &str) -> bool {
    seen.contains("panic")
}

/// Why there are errors, and none of them in the exercise's file.
fn elsewhere(checked: &Checked) -> String {
    format!(
        "The errors are not in {0}, but where the course calls the function in it. Most likely the first line of the \
         function (its name, its arguments or its result) is not as it was: `git diff {0}` shows what was changed.",
        checked.file
    )
}

/// The given files that are not as the course has them.
fn changed_given(checked: &Checked) -> Option<(&'static str, String)> {
    let (subject, first) = match checked.changed_given.as_slice() {
        [] => return None,
        [file] => (format!("{file} is given, and it was changed."), file),
        files => (
            format!("{} are given, and they were changed.", files.join(", ")),
            &files[0],
        ),
    };
    let advice = &checked.given_advice;
    let text = format!("{subject} `git diff {first}` shows how. {advice}");
    Some(("given", text.trim_end().to_owned()))
}

/// Where to edit, what the task is, where to read.
fn places(checked: &Checked, around: &Around) -> Vec<(&'static str, String)> {
    let exercise = &checked.exercise;
    let (file, line) = checked.place();
    let mut at = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
    let seen = checked.report.diagnosis.as_ref();
    let is_another = seen.is_some_and(|it| !it.seen.is_empty() && !is_of_panic(&it.seen));
    // What was seen is not about this line.
    let message = checked.report.failure_message.as_deref();
    let is_panic = message.is_some_and(is_of_panic);
    if is_another && is_panic && line.is_some() {
        at.push_str(", where it panicked");
    }
    let mut places = vec![
        ("edit", at),
        ("task", exercise.task.clone()),
        ("read", checked.read.clone()),
    ];
    if let Some(page) = &around.lines_page {
        places.push(("lines", format!("what each line above means: {page}")));
    }
    if matches!(checked.report.verdict, Verdict::Unfinished { .. }) {
        let minutes = exercise.minutes;
        places.push(("time", format!("about {minutes} minutes with its page")));
    }
    places
}

/// The message with the path of a file of a library from its crate on: where cargo keeps it, or where Rust's own library was
/// built, says nothing.
fn in_crate(message: &str) -> String {
    // Behind the one stands the folder of the registry, behind the other the commit that Rust was built from.
    const FOLDERS: [&str; 2] = ["/registry/src/", "/rustc/"];
    let found = FOLDERS.iter().find_map(|it| message.split_once(it));
    let Some((before, after)) = found else {
        return message.to_owned();
    };
    let before = before.rfind(' ').map_or("", |space| &before[..=space]);
    let after = after.split_once('/').map_or(after, |(_, file)| file);
    let after = after.strip_prefix("library/").unwrap_or(after);
    format!("{before}{after}")
}

/// A message of the program, which may be long, and hold anything.
fn said(message: &str) -> String {
    let message = &in_crate(message);
    let count = message.chars().count();
    let shown: String = message.chars().take(MAX_MESSAGE_CHARACTERS).collect();
    let shown: Vec<_> = shown.lines().map(escape).collect();
    let shown = shown.join("\n");
    match count.saturating_sub(MAX_MESSAGE_CHARACTERS) {
        0 => shown,
        left => format!("{shown}.. ({left} more characters)"),
    }
}
