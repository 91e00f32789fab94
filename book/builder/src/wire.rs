//! A recorded transcript on a page: its picture, its text, or both. The picture of calls is a sequence diagram, that of
//! messages without a network a strip of their bytes.
//!
//! The text comes from the very snapshot that the exercise is checked against, so that page and check cannot
//! disagree.

use std::fmt::Write as _;
use std::path::Path;

use insta::Snapshot;
use tap::{Content, Direction, Transcript};

use crate::excerpt::{self, Parts};
use crate::html::escape;
use crate::problem::{Problem, from_root};
use crate::{arrow, bytes, diagram, strip, svg, together};

/// The recorded transcript in an exercise's folder.
const SNAPSHOT_FILE: &str = "expected.snap";

/// What a block shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Both,
    Diagram,
    Text,
}

/// The block of HTML for an exercise's transcript, or for the parts of it that the argument names. It holds no blank
/// line, which would end it for Markdown.
pub(crate) fn block(
    root: &Path,
    argument: &str,
    shown: Shown,
    id: &str,
) -> Result<String, Problem> {
    let (exercise, parts) = excerpt::argument(argument)?;
    let mut transcript = read(root, exercise)?;
    // The parts that are asked for do not say it.
    let together = together::read(&transcript);
    let mut of = None;
    if let Some(parts) = parts {
        let (selected, all) = excerpt::select(&transcript, exercise, &parts)?;
        transcript = selected;
        of = Some((parts, all)).filter(|(parts, all)| parts.clone().count() < *all);
    }
    let mut out = format!("<figure class=\"wire\" id=\"{id}\">\n");
    let mut strip = false;
    if shown != Shown::Text {
        let messages = bytes::messages(&transcript);
        strip = !messages.is_empty();
        match diagram::scene(&transcript, &together) {
            Some(scene) => {
                let beside = (shown == Shown::Both).then(|| format!("{id}-text"));
                out.push_str(&svg::draw(&scene, exercise, id, beside.as_deref()));
            }
            None if strip => out.push_str(&strip::draw(&messages)),
            None if shown == Shown::Both => {}
            None => {
                return Err(Problem::new(
                    format!("the transcript of {exercise} has no call and no bytes to draw"),
                    "it is one of values, or these parts of it are",
                    format!("use {{{{#transcript-text {exercise}}}}}, or ask for other parts"),
                ));
            }
        }
    }
    if shown != Shown::Diagram {
        text(&transcript, id, &mut out);
    }
    caption(&transcript, exercise, shown, strip, of, &mut out);
    if strip {
        legend(&mut out);
    }
    out.push_str("</figcaption>\n");
    out.push_str("</figure>");
    Ok(out)
}

/// The recorded transcript of an exercise.
pub(crate) fn read(root: &Path, exercise: &str) -> Result<Transcript, Problem> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if exercise.is_empty() || !exercise.chars().all(is_name) {
        return Err(Problem::new(
            format!("{exercise:?} is not an exercise"),
            "an exercise is named lesson.number, for example unary.3",
            "name one",
        ));
    }
    let folder = catalogue::find_folder(root, exercise).ok().flatten();
    let path = folder.map(|folder| folder.join(SNAPSHOT_FILE));
    let Some(path) = path.filter(|path| path.is_file()) else {
        return Err(Problem::new(
            format!("{exercise} has no {SNAPSHOT_FILE} in its folder in solutions/"),
            "the exercise is misspelt, or was never recorded",
            format!("name another, or record it: `cargo xtask record {exercise}`"),
        ));
    };
    let name = from_root(root, &path).display();
    let unreadable = |reason: String| {
        Problem::new(
            format!("cannot read {name}: {reason}"),
            "it was edited by hand, or the format of transcripts changed",
            "record it again",
        )
    };
    let snapshot = Snapshot::from_file(&path).map_err(|error| unreadable(error.to_string()))?;
    let text = snapshot
        .as_text()
        .ok_or_else(|| unreadable("it is not text".to_owned()))?
        .to_string();
    let transcript: Transcript = text
        .parse()
        .map_err(|error| unreadable(format!("{error}")))?;
    if transcript.lines.is_empty() {
        return Err(unreadable("it is empty".to_owned()));
    }
    Ok(transcript)
}

/// One block-level span for each line: a line that is too long continues under its own beginning.
fn text(transcript: &Transcript, id: &str, out: &mut String) {
    let _ = write!(out, "<pre class=\"transcript\" id=\"{id}-text\">");
    for line in &transcript.lines {
        let (class, what) = match &line.content {
            Content::Call { .. } => ("call", None),
            Content::Arrow { direction, what } => match direction {
                Direction::Request => ("request", Some(what)),
                Direction::Response => ("response", Some(what)),
            },
            Content::Exchange { .. } | Content::Heading(_) => ("heading", None),
            Content::Dump { .. } | Content::Detail(_) => ("detail", None),
        };
        let kind = what.map_or_else(String::new, |what| {
            format!(" {}", arrow::kind(what).class())
        });
        let shown = if line.compared { "" } else { " shown-only" };
        // A detail hangs under its own first column, a call or an arrow two further in.
        let hang = 2 + 2 * line.depth + if class == "detail" { 2 } else { 3 };
        let mut text = escape(&line.to_string());
        if let (Content::Call { .. }, Some(slash)) = (&line.content, text.rfind('/')) {
            // A method's path is one long word, best broken before the method.
            text.insert_str(slash, "<wbr>");
        }
        let _ = writeln!(
            out,
            "<span class=\"line {class}{kind}{shown}\" style=\"--hang:{hang}ch\">{}",
            text
        );
        out.push_str("</span>");
    }
    out.push_str("</pre>\n");
}

fn caption(
    transcript: &Transcript,
    exercise: &str,
    shown: Shown,
    strip: bool,
    of: Option<(Parts, usize)>,
    out: &mut String,
) {
    let what = match shown {
        Shown::Diagram if strip => "The bytes of",
        Shown::Diagram => "The recorded sequence of",
        Shown::Text | Shown::Both => "What crossed the wire in",
    };
    let _ = write!(out, "<figcaption>{what} <code>{exercise}</code>");
    let _ = match of {
        Some((parts, all)) if parts.start() == parts.end() => {
            write!(out, ": part {} of {all}.", parts.start())
        }
        Some((parts, all)) => {
            write!(
                out,
                ": parts {} to {} of {all}.",
                parts.start(),
                parts.end()
            )
        }
        None => write!(out, "."),
    };
    let has_shown_only = transcript.lines.iter().any(|line| !line.compared);
    if shown != Shown::Diagram && has_shown_only {
        out.push_str(" A line marked <code>~</code> is shown, never compared.");
    }
}

/// How to read a strip.
fn legend(out: &mut String) {
    out.push_str(
        " Each box is a field, with the place of its first byte, counted from 0. The bytes of a number are in hexadecimal; \
         where it takes several, their bits stand below, and the first bit says whether another byte follows.",
    );
}
