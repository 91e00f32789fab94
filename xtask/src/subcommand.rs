//! What a subcommand is, and its help.

use anyhow::Result;
use screen::wrapped;

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::reflow::{behind, reflow};
use crate::terminal::{print_lines, view};

/// The widest line of help.
const MAX_HELP_COLUMNS: usize = 100;

/// A subcommand.
pub(crate) struct Subcommand {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it does, in a line.
    pub(crate) about: &'static str,
    /// What more there is to know, in paragraphs, and what each argument means. May be empty.
    pub(crate) details: &'static str,
    /// How it is called: what follows `cargo xtask`, a line each.
    pub(crate) examples: &'static [&'static str],
    /// For whom it is.
    pub(crate) audience: Audience,
    /// What it takes.
    pub(crate) syntax: Syntax,
    /// Does it, and returns the exit code.
    pub(crate) run: fn(&Given) -> Result<u8>,
}

/// For whom a subcommand is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Whoever takes or teaches the course.
    Everyone,
    /// Whoever writes it.
    Authors,
}

/// A name, and what it means beside it.
pub(crate) fn print_row(name: &str, meaning: &str) {
    const NAME_COLUMNS: usize = 8;
    print_lines(&behind(
        &format!("  {name:NAME_COLUMNS$}"),
        meaning,
        help_columns(),
    ));
}

/// Prints a paragraph of help.
pub(crate) fn print_paragraph(text: &str) {
    print_lines(&wrapped(text, help_columns()));
}

fn help_columns() -> usize {
    view(false).columns.min(MAX_HELP_COLUMNS)
}

impl Subcommand {
    /// Prints how it is called, and returns the exit code.
    pub(crate) fn print_help(&self) -> u8 {
        print_paragraph(self.about);
        let Syntax {
            values,
            flags,
            options,
        } = self.syntax;
        let mut usage = format!("Usage: cargo xtask {}", self.name);
        for flag in flags {
            usage += &format!(" [--{flag}]");
        }
        for option in options {
            usage += &format!(" [--{option} {}]", option.to_uppercase());
        }
        for value in values {
            usage += &format!(" {value}");
        }
        println!();
        print_paragraph(&usage);
        if !self.details.is_empty() {
            println!();
            print_lines(&reflow(self.details, help_columns()));
        }
        println!("\nExamples:");
        for example in self.examples {
            println!("  cargo xtask {example}");
        }
        exit::PASSED
    }
}
