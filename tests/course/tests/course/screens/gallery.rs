//! The screens of one file.

use screen::{Around, Checked};

use super::{assert_layout, screen, view};

/// The screens of one exercise, or of one kind, at one width.
pub struct Gallery {
    width: usize,
    text: String,
}

impl Gallery {
    pub fn new(width: usize) -> Self {
        Self {
            width,
            text: String::new(),
        }
    }

    /// Adds the screen of a check that did not pass.
    pub fn add(&mut self, name: &str, checked: &Checked) {
        self.add_with(name, checked, &Around::default());
    }

    /// As [`Gallery::add`], with what the command line knows beside the check.
    pub fn add_with(&mut self, name: &str, checked: &Checked, around: &Around) {
        let screen = screen(checked, &view(self.width), around);
        self.add_text(name, &screen);
    }

    /// Adds a screen. A line with its name stands above it.
    pub fn add_text(&mut self, name: &str, screen: &str) {
        assert_layout(name, screen, &view(self.width));
        self.text += &format!("=== {name}\n{}\n\n", screen.trim_end());
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
        settings.bind(|| insta::assert_snapshot!(file, self.text.trim_end()));
    }
}
