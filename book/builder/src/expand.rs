//! The directives of a chapter, each replaced by what it stands for.
//!
//! `{{#include PATH[:ANCHOR]}}` may stand anywhere, and usually in a code fence. The directives of `facts.rs` become a
//! few words, and stand within a sentence. All others stand alone on a line, and become blocks: `{{#transcript EXERCISE}}`,
//! `{{#diagram EXERCISE}}` and `{{#transcript-text EXERCISE}}` a figure (of some parts: `EXERCISE 1-3`),
//! `{{#beside TITLE: EXERCISE PARTS; ...}}` small pictures beside each other, `{{#pace EXERCISE}}` a chart of its recorded runs,
//! `{{#exercise EXERCISE}}` the exercise's section, `{{#screen EXERCISE NAME}}` what a check prints,
//! `{{#mistake EXERCISE NAME}}` the part of it that shows a mistake, `{{#exercises LESSON}}` a table of exercises, and
//! `{{#points LESSON}}` the end of a lesson. A backslash before the braces leaves a directive as it is, without the
//! backslash. mdBook's own pass over directives is switched off, so nothing is expanded without a check.

use std::path::Path;

use crate::beside;
use crate::exercise;
use crate::facts;
use crate::include::include;
use crate::listing;
use crate::mistake;
use crate::pace;
use crate::problem::{Problem, from_root};
use crate::screen;
use crate::wire::{self, Shown};

/// The directives that become blocks.
const BLOCKS: [&str; 10] = [
    "transcript",
    "diagram",
    "transcript-text",
    "beside",
    "pace",
    "exercise",
    "exercises",
    "points",
    "screen",
    "mistake",
];

/// Where a chapter stands.
pub(crate) struct Chapter<'a> {
    /// The repository.
    pub(crate) root: &'a Path,
    /// The chapter's file.
    pub(crate) file: &'a Path,
    /// What keeps its ids apart from those of all other chapters, which share one page when the book is printed.
    pub(crate) slug: &'a str,
}

/// `text` with every directive replaced. A problem leaves its directive as it is and goes to `problems`.
pub(crate) fn expand(chapter: &Chapter, text: &str, problems: &mut Vec<Problem>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence = Fence::default();
    let mut blocks = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        fence.see(line);
        let mut rest = line;
        while let Some(start) = rest.find("{{#") {
            let (before, directive) = rest.split_at(start);
            if let Some(before) = before.strip_suffix('\\') {
                out.push_str(before);
                out.push_str("{{#");
                rest = &directive[3..];
                continue;
            }
            out.push_str(before);
            let Some(end) = directive.find("}}") else {
                let problem = Problem::new(
                    "a directive is not closed",
                    "\"}}\" is missing, or stands on another line",
                    "close it on the line where it begins",
                );
                problems.push(problem.at(from_root(chapter.root, chapter.file), number));
                rest = directive;
                break;
            };
            let (name, argument) = split(&directive[3..end]);
            let standing = Standing {
                alone: line.trim_end() == &directive[..end + 2],
                fenced: fence.0.is_some(),
            };
            match replacement(chapter, name, argument, &standing, &mut blocks) {
                Ok(text) => {
                    out.push_str(&text);
                    if standing.alone && name != "include" {
                        // A block of HTML ends at an empty line, and the next line may be text.
                        out.push('\n');
                    }
                }
                Err(problem) => {
                    problems.push(problem.at(from_root(chapter.root, chapter.file), number));
                }
            }
            rest = &directive[end + 2..];
        }
        out.push_str(rest);
    }
    out
}

struct Standing {
    alone: bool,
    fenced: bool,
}

fn split(directive: &str) -> (&str, &str) {
    let (name, argument) = directive
        .split_once(char::is_whitespace)
        .unwrap_or((directive, ""));
    (name, argument.trim())
}

fn replacement(
    chapter: &Chapter,
    name: &str,
    argument: &str,
    standing: &Standing,
    blocks: &mut usize,
) -> Result<String, Problem> {
    if name == "include" {
        let folder = chapter.file.parent().unwrap_or(chapter.root);
        return include(chapter.root, folder, argument);
    }
    if let Some(fact) = facts::fact(chapter.root, name, argument) {
        return fact;
    }
    if !BLOCKS.contains(&name) {
        return Err(Problem::new(
            format!("there is no directive {{{{#{name}}}}}"),
            "it is misspelt, or one of mdBook's that this book does without",
            format!(
                "use one of include, {}, {}; a backslash before the braces shows them as text",
                BLOCKS.join(", "),
                facts::DIRECTIVES.join(", "),
            ),
        ));
    }
    if !standing.alone || standing.fenced {
        return Err(Problem::new(
            format!("{{{{#{name}}}}} does not stand alone on a line"),
            "it becomes separate blocks, which Markdown accepts only between paragraphs: not in a list or a fence",
            "give it a line of its own, from the first column, outside of any fence",
        ));
    }
    match name {
        "exercise" => return exercise::section(chapter.root, chapter.file, argument),
        "exercises" => return listing::exercises(chapter.root, argument),
        "screen" => return screen::block(chapter.root, argument),
        "mistake" => return mistake::block(chapter.root, argument),
        "points" => return listing::points(chapter.root, argument),
        _ => {}
    }
    *blocks += 1;
    let id = format!("wire-{}-{blocks}", chapter.slug);
    let shown = match name {
        "beside" => return beside::block(chapter.root, argument, &id),
        "pace" => return pace::block(chapter.root, argument, &id),
        "diagram" => Shown::Diagram,
        "transcript-text" => Shown::Text,
        _ => Shown::Both,
    };
    wire::block(chapter.root, argument, shown, &id)
}

/// The code fence that is open, as its character and length.
#[derive(Default)]
struct Fence(Option<(char, usize)>);

impl Fence {
    fn see(&mut self, line: &str) {
        let line = line.trim();
        for mark in ['`', '~'] {
            let length = line.len() - line.trim_start_matches(mark).len();
            if length < 3 {
                continue;
            }
            match self.0 {
                None => self.0 = Some((mark, length)),
                Some((open, least)) if open == mark && length >= least && length == line.len() => {
                    self.0 = None;
                }
                Some(_) => {}
            }
            return;
        }
    }
}
