//! A prediction and what follows it.
//!
//! A reader is asked what will happen, in `<details class="prediction">`, whose summary is the question. The answer is
//! folded, so that the reader can commit to one. A picture or a transcript in the open, below the question, would answer
//! it without a click. So the figures belong inside the fold, or below the next heading. A figure that does not hold
//! the answer may follow, where the page says so: `<details class="prediction" data-figure="no-answer">`.

use std::path::Path;

use html5ever::tokenizer::{Tag, TagKind};

use crate::problem::{Problem, from_root};
use crate::render::Source;
use crate::site::Site;

/// How a prediction begins in a chapter.
const MARK: &str = "class=\"prediction\"";
/// Says of a prediction that the figure below it does not answer it.
const ATTRIBUTE: &str = "data-figure";
const NO_ANSWER: &str = "no-answer";

/// The predictions of one page, and whether a figure stands in the open below each.
#[derive(Default)]
pub(crate) struct Predictions {
    spoiled: Vec<bool>,
    /// The `<details>` that are open; those that are predictions with their place in `spoiled`.
    open: Vec<Option<usize>>,
    /// Closed predictions of this section that no figure may follow.
    guarded: Vec<usize>,
}

impl Predictions {
    /// Takes the page's next tag.
    pub(crate) fn tag(&mut self, tag: &Tag) {
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "details") => {
                let prediction = has_class(tag, "prediction").then(|| {
                    self.spoiled.push(false);
                    self.spoiled.len() - 1
                });
                self.open.push(prediction);
                if let (Some(prediction), true) = (prediction, is_guarded(tag)) {
                    self.guarded.push(prediction);
                }
            }
            (TagKind::EndTag, "details") => {
                self.open.pop();
            }
            (TagKind::StartTag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") => self.guarded.clear(),
            (TagKind::StartTag, "figure") if self.open.is_empty() => {
                for prediction in self.guarded.drain(..) {
                    self.spoiled[prediction] = true;
                }
            }
            _ => {}
        }
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    let found = tag.attrs.iter().find(|it| &*it.name.local == name)?;
    Some(&found.value)
}

fn has_class(tag: &Tag, class: &str) -> bool {
    attribute(tag, "class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
}

fn is_guarded(tag: &Tag) -> bool {
    attribute(tag, ATTRIBUTE) != Some(NO_ANSWER)
}

/// The predictions whose answer stands in the open.
pub(crate) fn check(root: &Path, site: &Site, sources: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in sources {
        let Some(page) = site.pages.get(&source.page) else {
            continue;
        };
        for (number, _) in page
            .predictions
            .spoiled
            .iter()
            .enumerate()
            .filter(|(_, it)| **it)
        {
            let mut lines = (1..).zip(source.text.lines());
            let line = lines
                .by_ref()
                .filter(|(_, line)| line.contains(MARK))
                .nth(number);
            let problem = Problem::new(
                "a figure stands in the open below this prediction",
                "it shows what happens, so a reader sees the answer before thinking of one",
                format!(
                    "move the figure into the prediction, with an empty line before and after it, or below the next heading; \
                     if it does not hold the answer, write <details {MARK} {ATTRIBUTE}=\"{NO_ANSWER}\">"
                ),
            );
            let line = line.map_or(0, |(line, _)| line);
            problems.push(problem.at(from_root(root, &source.file), line));
        }
    }
    problems
}
