//! The screens of one file.

use std::path::Path;

use screen::{Around, Checked};

use super::{assert_layout, screen, view};

/// The screens of one exercise, or of one kind, at one width.
pub struct Gallery {
    width: usize,
    screens: Vec<Screen>,
}

struct Screen {
    /// With the line above it, which has its name.
    text: String,
    /// Whether chance decides the numbers on it.
    numbers_by_chance: bool,
}

impl Gallery {
    pub fn new(width: usize) -> Self {
        Self {
            width,
            screens: Vec::new(),
        }
    }

    /// Adds the screen of a check that did not pass.
    pub fn add(&mut self, name: &str, checked: &Checked) {
        self.add_with(name, checked, &Around::default());
    }

    /// As [`Gallery::add`], of a program of which chance decides which call shows the mistake first, and by how much. Its
    /// numbers stay as they were recorded.
    pub fn add_by_chance(&mut self, name: &str, checked: &Checked) {
        self.add(name, checked);
        if let Some(screen) = self.screens.last_mut() {
            screen.numbers_by_chance = true;
        }
    }

    /// As [`Gallery::add`], with what the command line knows beside the check.
    pub fn add_with(&mut self, name: &str, checked: &Checked, around: &Around) {
        let screen = screen(checked, &view(self.width), around);
        self.add_text(name, &screen);
    }

    /// Adds a screen. A line with its name stands above it.
    pub fn add_text(&mut self, name: &str, screen: &str) {
        assert_layout(name, screen, &view(self.width));
        self.screens.push(Screen {
            text: format!("=== {name}\n{}\n\n", screen.trim_end()),
            numbers_by_chance: false,
        });
    }

    /// Compares them with the recorded ones.
    pub fn assert(&self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("recorded");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let description = format!("{name}, {} columns and 24 lines", self.width);
        settings.set_description(description);
        let file = format!("{name}-{}", self.width);
        let text = self.text(&recorded(&file));
        settings.bind(|| insta::assert_snapshot!(file, text.trim_end()));
    }

    /// All screens, with the recorded numbers where chance decides them.
    fn text(&self, recorded: &str) -> String {
        let text = |screen: &Screen| {
            let title = screen.text.lines().next().unwrap_or_default();
            let before = recorded
                .split_inclusive("\n\n=== ")
                .map(|part| format!("=== {}", part.trim_end_matches("=== ")))
                .find(|part| part.lines().next() == Some(title));
            match before {
                Some(before)
                    if screen.numbers_by_chance
                        && without_numbers(&before) == without_numbers(&screen.text) =>
                {
                    format!("{}\n\n", before.trim_end())
                }
                _ => screen.text.clone(),
            }
        };
        self.screens.iter().map(text).collect()
    }
}

/// The screens that were recorded in this file, or nothing.
fn recorded(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/course/screens/recorded");
    let text = std::fs::read_to_string(folder.join(format!("{file}.snap"))).unwrap_or_default();
    // What insta keeps stands above the first.
    let begin = text.find("=== ").map_or(text.len(), |at| at + "=== ".len());
    text[begin..].to_owned()
}

/// The words of a text, without their digits: where a line is broken depends on how long its numbers are.
fn without_numbers(text: &str) -> Vec<String> {
    let words = text.split_whitespace();
    words
        .map(|word| word.replace(|it: char| it.is_ascii_digit() || it == '.', ""))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gallery(text: &str, numbers_by_chance: bool) -> Gallery {
        let text = text.to_owned();
        Gallery {
            width: 80,
            screens: vec![Screen {
                text,
                numbers_by_chance,
            }],
        }
    }

    #[test]
    fn only_numbers_are_left_to_chance_and_only_where_they_are() {
        let recorded = "one\nnothing\n\n=== two\n  seen  The limit of batch 12 is\n  2.43s.\n\n=== three\nmore\n";
        let same = "=== two\n  seen  The limit of batch 7 is 2s.\n\n";
        let kept = "=== two\n  seen  The limit of batch 12 is\n  2.43s.\n\n";
        assert_eq!(gallery(same, true).text(recorded), kept);
        assert_eq!(gallery(same, false).text(recorded), same);
        let other = "=== two\n  seen  The limit of call 7 is 2s.\n\n";
        assert_eq!(gallery(other, true).text(recorded), other);
    }
}
