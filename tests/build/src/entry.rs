//! One source of a program of many, and what came of it.

use std::path::PathBuf;

use catalogue::Exercise;

/// A source in the place of an exercise's file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Its name, which no other entry of the exercise has.
    pub name: &'a str,
    /// The whole file.
    pub text: &'a str,
}

/// What came of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It compiles.
    Program {
        /// The program that has it.
        path: PathBuf,
        /// Its name there: `unary.1/NAME`.
        name: String,
        /// Its file, as a panic of the program names it.
        file: String,
    },
    /// The compiler's errors, in which the file goes by the entry's name.
    Errors(Vec<String>),
}

impl Entry<'_> {
    /// Its name among those of the program.
    pub(crate) fn program_name(&self) -> String {
        format!("{}/{}", self.exercise.id, self.name)
    }
}
