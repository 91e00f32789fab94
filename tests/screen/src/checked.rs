//! What a screen is made from.

use catalogue::plain;
use report::{PUBLISHED_SEED, Report, Verdict};

use crate::compiler::Headline;

/// What is said of an exercise, as a terminal shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// `unary.4`.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// What to do.
    pub task: String,
    /// Another way to do it.
    pub note: String,
    /// How long it takes.
    pub minutes: u32,
    /// What it is worth.
    pub points: u32,
}

impl From<&catalogue::Exercise> for Texts {
    fn from(exercise: &catalogue::Exercise) -> Self {
        Self {
            id: exercise.id.clone(),
            title: exercise.title.clone(),
            task: plain(&exercise.task),
            note: plain(&exercise.note),
            minutes: exercise.minutes,
            points: exercise.points,
        }
    }
}

/// A checked exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The exercise.
    pub exercise: Texts,
    /// Its file, relative to the course's folder.
    pub file: String,
    /// Whether it is the course's solution, and not the learner's file.
    pub is_solution: bool,
    /// Where the book explains what it needs: a file with an anchor, and what to do where it is not built.
    pub read: String,
    /// What the check came to.
    pub report: Report,
    /// The compiler's warnings about the exercise's file, as it prints them.
    pub warnings: Vec<String>,
    /// The given files of its lesson that differ from the course's, relative to the course's folder.
    pub changed_given: Vec<String>,
    /// How to put a given file back without losing anything, in a sentence. May be empty.
    pub given_advice: String,
    /// Why it does not build and what to do, where the compiler's errors do not say it.
    pub build_advice: Option<String>,
    /// Whether the file was edited although its gap is left.
    pub begun: bool,
}

impl Checked {
    /// A check of which nothing is known but its report.
    pub fn new(exercise: Texts, file: String, read: String, report: Report) -> Self {
        Self {
            exercise,
            file,
            read,
            report,
            is_solution: false,
            warnings: Vec::new(),
            changed_given: Vec::new(),
            given_advice: String::new(),
            build_advice: None,
            begun: false,
        }
    }

    /// Whether it passed.
    pub fn passed(&self) -> bool {
        self.report.verdict == Verdict::Passed
    }

    /// Where to edit: the file, and the line (from 1) where one is known, of the gap, of the first error, or of the panic.
    pub fn place(&self) -> (&str, Option<u32>) {
        let of_error = |errors: &Vec<String>| {
            let mut headlines = errors.iter().map(|error| Headline::of(error));
            headlines.find_map(|headline| headline.line)
        };
        match &self.report.verdict {
            Verdict::Unfinished { file, line, .. } => (file, Some(*line)),
            Verdict::DoesNotBuild(errors) => {
                (&self.file, errors.get(&self.file).and_then(of_error))
            }
            _ => (&self.file, self.line_of_panic()),
        }
    }

    /// The line that the program's own message names in the exercise's file.
    fn line_of_panic(&self) -> Option<u32> {
        let message = self.report.failure_message.as_deref()?;
        let (_, after) = message.split_once(&format!("{}:", self.file))?;
        let digits = after.split(|character: char| !character.is_ascii_digit());
        digits.into_iter().next()?.parse().ok()
    }

    /// The option that checks on the same inputs again, with a space in front. Empty for the published ones.
    pub(crate) fn seed_option(&self) -> String {
        match self.report.seed {
            PUBLISHED_SEED => String::new(),
            seed => format!(" --seed {seed}"),
        }
    }

    /// The command that shows everything.
    pub(crate) fn full_command(&self) -> String {
        let solutions = if self.is_solution { " --solutions" } else { "" };
        let id = &self.exercise.id;
        format!(
            "cargo xtask check {id}{solutions}{} --full",
            self.seed_option()
        )
    }
}
