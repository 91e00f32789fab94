//! SUMMARY.md and the chapters: each listed file is there, each file is listed.
//!
//! mdBook itself creates a chapter whose name is misspelt, and does not notice a chapter that is not listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mdbook_summary::{SummaryItem, parse_summary};

use crate::problem::{Problem, from_root};
use crate::site::walk;

/// What differs between SUMMARY.md and the folder `src`.
pub(crate) fn check(root: &Path, src: &Path) -> Vec<Problem> {
    let file = src.join("SUMMARY.md");
    let place = from_root(root, &file);
    let summary = fs::read_to_string(&file)
        .map_err(|error| error.to_string())
        .and_then(|text| match parse_summary(&text) {
            Ok(summary) => Ok((text, summary)),
            Err(error) => Err(format!("{error:#}")),
        });
    let (text, summary) = match summary {
        Ok(summary) => summary,
        Err(error) => {
            let problem = Problem::new(
                format!("cannot read the table of contents: {error}"),
                "it is not there, or not a list of links",
                "see https://rust-lang.github.io/mdBook/format/summary.html for its form",
            );
            return vec![problem.at(place, 0)];
        }
    };
    let mut listed = Vec::new();
    for items in [
        &summary.prefix_chapters,
        &summary.numbered_chapters,
        &summary.suffix_chapters,
    ] {
        locations(items, &mut listed);
    }
    let mut problems = Vec::new();
    for chapter in &listed {
        if !src.join(chapter).is_file() {
            let problem = Problem::new(
                format!("there is no chapter {}", chapter.display()),
                "it was renamed, or is misspelt here",
                "correct the link, or write the chapter",
            );
            problems.push(problem.at(place, line_of(&text, &chapter.display().to_string())));
        }
    }
    let listed: BTreeSet<_> = listed.into_iter().collect();
    for chapter in chapters(src) {
        let path = chapter.strip_prefix(src).unwrap_or(&chapter);
        if !listed.contains(path) {
            let problem = Problem::new(
                "no line of SUMMARY.md leads to this chapter, so it is not in the book",
                "it is new, or its line was lost",
                format!(
                    "add \"- [Title]({})\" to SUMMARY.md, or delete it",
                    path.display()
                ),
            );
            problems.push(problem.at(from_root(root, &chapter), 0));
        }
    }
    problems
}

/// The titles of the chapters in the table of contents, by their files below `book/src`. Empty where it cannot be read,
/// which [`check`] reports.
pub(crate) fn titles(root: &Path) -> BTreeMap<String, String> {
    fn collect(items: &[SummaryItem], titles: &mut BTreeMap<String, String>) {
        for item in items {
            if let SummaryItem::Link(link) = item {
                if let Some(location) = &link.location {
                    titles.insert(location.display().to_string(), link.name.clone());
                }
                collect(&link.nested_items, titles);
            }
        }
    }
    let mut titles = BTreeMap::new();
    let text = fs::read_to_string(root.join("book/src/SUMMARY.md")).unwrap_or_default();
    if let Ok(summary) = parse_summary(&text) {
        for items in [
            &summary.prefix_chapters,
            &summary.numbered_chapters,
            &summary.suffix_chapters,
        ] {
            collect(items, &mut titles);
        }
    }
    titles
}

fn locations(items: &[SummaryItem], found: &mut Vec<PathBuf>) {
    for item in items {
        if let SummaryItem::Link(link) = item {
            found.extend(link.location.clone());
            locations(&link.nested_items, found);
        }
    }
}

/// The Markdown files under `src` but for SUMMARY.md itself.
fn chapters(src: &Path) -> Vec<PathBuf> {
    let mut files = walk(src).unwrap_or_default();
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "md")
            && *path != src.join("SUMMARY.md")
    });
    files
}

/// The first line with `needle`, from 1, or 0.
pub(crate) fn line_of(text: &str, needle: &str) -> usize {
    let line = text.lines().position(|line| line.contains(needle));
    line.map_or(0, |index| index + 1)
}
