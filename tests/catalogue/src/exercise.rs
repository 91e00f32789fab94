//! One exercise: a folder `N-slug` of its lesson.

use std::path::{Path, PathBuf};

use crate::error::{Error, read};
use crate::front_matter::FrontMatter;
use crate::gap::Gap;

/// An exercise: one gap in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// `unary.4`.
    pub id: String,
    /// Its place in its lesson, from 1.
    pub number: u32,
    /// Its one name, `blocking`: that of its folder, its files, its modules.
    pub slug: String,
    /// What it is about, in a few words.
    pub title: String,
    /// The page of the book on which it stands, below `book/src`.
    pub page: String,
    /// How long it takes, in minutes, for someone who has read the chapter.
    pub minutes: u32,
    /// What it is worth in a grade.
    pub points: u32,
    /// What the course calls: the name of a function in the exercise's file, or a closure over that file's items.
    pub entry: String,
    /// What to do: one paragraph.
    pub task: String,
    /// What the page says beyond the task, as Markdown. May be empty.
    pub more: String,
    /// A nudge, the API's name, almost the code: as Markdown.
    pub hints: [String; 3],
    /// Another way to do it and why one would, for someone who has just passed: as Markdown.
    pub note: String,
    /// The solution's gap.
    pub gap: Gap,
    /// Its folder.
    pub path: PathBuf,
}

const HEAD_KEYS: [&str; 5] = ["title", "page", "minutes", "points", "entry"];

impl Exercise {
    /// The module and the stem of the learner's file: `ex4_blocking`.
    pub fn module(&self) -> String {
        format!("ex{}_{}", self.number, self.slug.replace('-', "_"))
    }

    /// The learner's file, below the lesson's `src`: `ex4_blocking.rs`.
    pub fn file(&self) -> String {
        format!("{}.rs", self.module())
    }

    /// The name of its folder: `4-blocking`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.number, self.slug)
    }

    /// Reads the folder of an exercise of this lesson.
    pub(crate) fn read(path: &Path, lesson: &str, number: u32, slug: &str) -> Result<Self, Error> {
        let file = path.join("exercise.md");
        let text = read(&file)?;
        let head = FrontMatter::read(&file, &text, &HEAD_KEYS)?;
        let solution = path.join("solution.rs");
        let gap = Gap::find(&solution, &read(&solution)?)?;
        let sections = sections(head.body);
        let names: Vec<_> = sections.iter().skip(1).map(|(name, ..)| *name).collect();
        let wanted = ["Hint 1", "Hint 2", "Hint 3", "Note"];
        if names != wanted {
            let line = sections.iter().skip(1).zip(wanted);
            let line = line
                .filter(|((name, ..), wanted)| name != wanted)
                .map(|((_, line, _), _)| head.body_line + line)
                .next();
            let what = format!("the headings are {names:?}, and {wanted:?} are wanted");
            return Err(Error::new(&file, line.unwrap_or(0), what));
        }
        for (name, line, text) in &sections {
            if text.trim().is_empty() {
                let name = if name.is_empty() { "task" } else { name };
                let what = format!("there is no text for the {name}");
                return Err(Error::new(&file, head.body_line + line, what));
            }
        }
        let text = |index: usize| -> &str { sections[index].2.trim() };
        let (task, more) = text(0).split_once("\n\n").unwrap_or((text(0), ""));
        let hint = |index: usize| expand(text(index), &gap.hint_with_imports());
        Ok(Self {
            id: format!("{lesson}.{number}"),
            number,
            slug: slug.to_owned(),
            title: head.text("title"),
            page: head.text("page"),
            minutes: head.number("minutes")?,
            points: head.number("points")?,
            entry: head.text("entry"),
            task: task.lines().map(str::trim).collect::<Vec<_>>().join(" "),
            more: more.trim().to_owned(),
            hints: [hint(1), hint(2), hint(3)],
            note: text(4).to_owned(),
            path: path.to_owned(),
            gap,
        })
    }
}

/// The parts of a text between its headings of the second level: name, line (from 0), text. The first has no name.
fn sections(body: &str) -> Vec<(&str, usize, String)> {
    let mut sections = vec![("", 0, String::new())];
    for (index, line) in body.lines().enumerate() {
        if let Some(name) = line.strip_prefix("## ") {
            sections.push((name.trim(), index, String::new()));
        } else if let Some((.., text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}

/// Puts the code of the hint, as an indented block, where a text has a line `{{hint}}`.
fn expand(text: &str, code: &str) -> String {
    let lines = text.lines().map(|line| match line.trim() {
        "{{hint}}" => {
            let indented = |line: &str| format!("    {line}").trim_end().to_owned();
            let lines = code.lines().map(indented);
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
