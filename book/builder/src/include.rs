//! Code from the repository's own files, by anchor, checked.
//!
//! The syntax is mdBook's: `{{#include path}}` and `{{#include path:anchor}}`, the path from the chapter's folder,
//! the anchor between `ANCHOR: name` and `ANCHOR_END: name` in whatever comment the language has. Unlike mdBook,
//! which leaves the directive or nothing at all on the page, each of these is an error here: no such file, no such
//! anchor, an anchor around nothing, one opened twice or never closed, a file outside the repository, line numbers.

use std::fs;
use std::path::Path;

use crate::problem::Problem;

/// The text that `argument` of an include names, without anchor lines and moved left as far as it goes.
pub(crate) fn include(root: &Path, folder: &Path, argument: &str) -> Result<String, Problem> {
    let (path, anchor) = match argument.split_once(':') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (argument, None),
    };
    if path.is_empty() || path.contains(char::is_whitespace) {
        return Err(Problem::new(
            format!("cannot read {argument:?} as a file to include"),
            "the syntax is {{#include PATH}} or {{#include PATH:ANCHOR}}, one path without spaces",
            "write it so",
        ));
    }
    let file = folder.join(path);
    let file = file.canonicalize().map_err(|error| {
        Problem::new(
            format!("cannot include {path}: {error}"),
            format!(
                "it was moved or is misspelt; it was looked for from {}",
                folder.display()
            ),
            "give the path from the chapter's own folder",
        )
    })?;
    if !file.starts_with(root) {
        return Err(Problem::new(
            format!("{path} lies outside the repository"),
            "a \"../\" too many, or a link that leads out",
            "include only files that everybody who builds the book has",
        ));
    }
    let text = fs::read_to_string(&file).map_err(|error| {
        Problem::new(
            format!("cannot read {path}: {error}"),
            "it is a folder, or not UTF-8 text",
            "include a text file",
        )
    })?;
    let lines = match anchor {
        None => {
            anchors(&text, path)?;
            text.lines()
                .filter(|line| marker(line).is_none())
                .collect::<Vec<_>>()
        }
        Some(anchor) => anchored(&text, path, anchor)?,
    };
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Err(Problem::new(
            format!("{argument} is empty"),
            "what it held was moved, and the anchor or the file stayed",
            "put the code back between the anchors, or include another place",
        ));
    }
    Ok(dedent(&lines))
}

fn anchored<'a>(text: &'a str, path: &str, anchor: &str) -> Result<Vec<&'a str>, Problem> {
    if anchor.is_empty() || !anchor.chars().all(is_name) || anchor.parse::<usize>().is_ok() {
        return Err(Problem::new(
            format!("{anchor:?} is not an anchor"),
            "line numbers drift with every edit, so only names are accepted: letters, digits, \"_\" and \"-\"",
            format!("put \"ANCHOR: name\" and \"ANCHOR_END: name\" into {path} and include that"),
        ));
    }
    let anchors = anchors(text, path)?;
    let Some(found) = anchors.iter().find(|found| found.name == anchor) else {
        let names: Vec<_> = anchors.iter().map(|anchor| anchor.name).collect();
        return Err(Problem::new(
            format!("{path} has no anchor {anchor:?}"),
            match names.as_slice() {
                [] => "the file has no anchors at all".to_owned(),
                names => format!("it was renamed; the file has: {}", names.join(", ")),
            },
            format!(
                "use one of those, or put \"ANCHOR: {anchor}\" and \"ANCHOR_END: {anchor}\" into the file"
            ),
        ));
    };
    let lines = text
        .lines()
        .skip(found.start)
        .take(found.end - found.start - 1);
    Ok(lines.filter(|line| marker(line).is_none()).collect())
}

/// The lines between `start` and `end`, both counted from 1 and neither included.
struct Anchor<'a> {
    name: &'a str,
    start: usize,
    end: usize,
}

/// Every anchor of a file, or a problem with the first that is invalid.
fn anchors<'a>(text: &'a str, path: &str) -> Result<Vec<Anchor<'a>>, Problem> {
    let invalid = |line: usize, what: &str, name: &str, next: &str| {
        Problem::new(
            format!("{path}:{line}: anchor {name:?} {what}"),
            "one line of the pair was copied or moved without the other",
            next.to_owned(),
        )
    };
    let mut anchors: Vec<Anchor> = Vec::new();
    for (line, marker) in (1..).zip(text.lines().map(marker)) {
        match marker {
            None => {}
            Some(Marker::Start(name)) => {
                if let Some(first) = anchors.iter().find(|anchor| anchor.name == name) {
                    let what = format!("is opened a second time, first in line {}", first.start);
                    return Err(invalid(
                        line,
                        &what,
                        name,
                        "give each anchor a name of its own",
                    ));
                }
                anchors.push(Anchor {
                    name,
                    start: line,
                    end: 0,
                });
            }
            Some(Marker::End(name)) => {
                let open = |anchor: &&mut Anchor| anchor.name == name && anchor.end == 0;
                match anchors.iter_mut().find(open) {
                    Some(anchor) => anchor.end = line,
                    None => {
                        let what = "is closed but not open";
                        return Err(invalid(line, what, name, "add its \"ANCHOR:\" line"));
                    }
                }
            }
        }
    }
    match anchors.iter().find(|anchor| anchor.end == 0) {
        None => Ok(anchors),
        Some(open) => Err(invalid(
            open.start,
            "is never closed",
            open.name,
            "add its \"ANCHOR_END:\" line",
        )),
    }
}

enum Marker<'a> {
    Start(&'a str),
    End(&'a str),
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let name_after = |key: &str| {
        let (_, rest) = line.split_once(key)?;
        let rest = rest.trim_start();
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    };
    let start = || name_after("ANCHOR:").map(Marker::Start);
    name_after("ANCHOR_END:").map(Marker::End).or_else(start)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// Moves the lines left by the indentation that they share: a function's body is read on a narrow screen too.
fn dedent(lines: &[&str]) -> String {
    let first = lines.iter().position(|line| !line.trim().is_empty());
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    let lines = &lines[first..=last];
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = filled.map(indent).min().unwrap_or(0);
    let moved: Vec<_> = lines
        .iter()
        .map(|line| line.get(shared..).unwrap_or("").trim_end())
        .collect();
    moved.join("\n")
}
