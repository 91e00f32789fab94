//! The screens of one file.

use std::path::Path;

use screen::{Around, Checked};

use super::{assert_layout, screen, view};

/// What stands above each screen, before its name.
const ABOVE: &str = "\n=== ";

/// The screens of one exercise, or of one kind, at one width.
pub struct Gallery {
    width: usize,
    screens: Vec<Screen>,
}

struct Screen {
    name: String,
    screen: String,
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
            name: name.to_owned(),
            screen: screen.to_owned(),
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
        settings.bind(|| insta::assert_snapshot!(file, text));
    }

    /// All screens, with the recorded numbers where chance decides them.
    fn text(&self, recorded: &str) -> String {
        let text = |screen: &Screen| {
            let text = screen.text();
            let before = recorded.split(ABOVE).skip(1).find(|before| {
                screen.numbers_by_chance && without_numbers(before) == without_numbers(&text)
            });
            format!("{ABOVE}{}\n", before.unwrap_or(&text).trim_end())
        };
        let texts: String = self.screens.iter().map(text).collect();
        texts.trim().to_owned()
    }
}

impl Screen {
    fn text(&self) -> String {
        format!("{}\n{}", self.name, self.screen)
    }
}

/// The screens that were recorded in this file, or nothing.
fn recorded(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/course/screens/recorded");
    std::fs::read_to_string(folder.join(format!("{file}.snap"))).unwrap_or_default()
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

    const RECORDED: &str = "---\n=== one\nnothing\n\n=== two\n  seen  The limit of batch 12 is\n  2.43s.\n\n=== three\nmore\n";

    /// What stands for the second screen in place of this one.
    fn kept(screen: &str, numbers_by_chance: bool) -> String {
        let screens = vec![Screen {
            name: "two".to_owned(),
            screen: screen.to_owned(),
            numbers_by_chance,
        }];
        Gallery { width: 80, screens }.text(RECORDED)
    }

    #[test]
    fn only_numbers_are_left_to_chance_and_only_where_they_are() {
        let same = "  seen  The limit of batch 7 is 2s.";
        let recorded = "=== two\n  seen  The limit of batch 12 is\n  2.43s.";
        assert_eq!(kept(same, true), recorded);
        assert_eq!(kept(same, false), format!("=== two\n{same}"));
        let other = "  seen  The limit of call 7 is 2s.";
        assert_eq!(kept(other, true), format!("=== two\n{other}"));
    }
}
