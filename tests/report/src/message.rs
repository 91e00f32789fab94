//! The lines that a checker and whoever started it write to each other.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use crate::report::Report;
use crate::{FORMAT, field};

/// The checker's first line: what it can check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Its lesson.
    pub lesson: String,
    /// Its exercises, in order.
    pub exercises: Vec<HelloExercise>,
}

/// One exercise of a checker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelloExercise {
    /// `unary.4`.
    pub exercise: String,
    /// Whether a check of it needs the reference server.
    pub reference: bool,
}

/// A request to the checker on its standard input, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The exercise to check.
    pub exercise: String,
    /// The program that has it.
    pub program: PathBuf,
    /// What the program calls it, where it has it in several ways: `unary.1/NAME`.
    pub variant: Option<String>,
    /// The folder of the course, where the expected transcripts are.
    pub course: PathBuf,
    /// The program of the reference server. The checker starts it once, and again where it has ended.
    pub reference: Option<PathBuf>,
    /// Whether to write the run's transcript as the expected one, in place of checking it. For whoever writes the
    /// exercise.
    pub record: bool,
    /// What the inputs are made from.
    pub seed: u64,
    /// The program that has the solution. What is expected is what it does on this seed. `None` for the published seed,
    /// whose expected transcript is in the folder of the course.
    pub solution: Option<PathBuf>,
}

/// An answer of the checker on its standard output, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The report of the check.
    Report(Box<Report>),
    /// The check could not be made, by a fault of the course or the machine.
    Fault {
        /// The exercise that was to be checked.
        exercise: String,
        /// What is wrong.
        fault: String,
    },
}

impl Hello {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        let exercise = |exercise: &HelloExercise| json!({ "exercise": exercise.exercise, "reference": exercise.reference });
        json!({
            "format": FORMAT,
            "lesson": self.lesson,
            "exercises": self.exercises.iter().map(exercise).collect::<Vec<_>>(),
        })
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// When it is of another format or version, or a field is missing.
    pub fn parse(line: &str) -> Result<Self> {
        let value = field::object(line)?;
        let exercise = |value: &Value| {
            Ok(HelloExercise {
                exercise: field::text(value, "exercise")?,
                reference: field::boolean(value, "reference")?,
            })
        };
        Ok(Self {
            lesson: field::text(&value, "lesson")?,
            exercises: field::list(&value, "exercises", exercise)?,
        })
    }
}

impl Request {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "format": FORMAT,
            "exercise": self.exercise,
            "program": self.program,
            "variant": self.variant,
            "course": self.course,
            "reference": self.reference,
            "record": self.record,
            "seed": self.seed.to_string(),
            "solution": self.solution,
        })
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// As for [`Hello::parse`].
    pub fn parse(line: &str) -> Result<Self> {
        let value = field::object(line)?;
        Ok(Self {
            exercise: field::text(&value, "exercise")?,
            program: field::text(&value, "program")?.into(),
            variant: field::optional_text(&value, "variant"),
            course: field::text(&value, "course")?.into(),
            reference: field::optional_text(&value, "reference").map(PathBuf::from),
            record: field::boolean(&value, "record")?,
            seed: field::seed(&value)?,
            solution: field::optional_text(&value, "solution").map(PathBuf::from),
        })
    }
}

impl Answer {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Report(report) => report.to_json(),
            Self::Fault { exercise, fault } => {
                json!({ "format": FORMAT, "exercise": exercise, "fault": fault })
            }
        }
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// As for [`Hello::parse`].
    pub fn parse(line: &str) -> Result<Self> {
        let value = field::object(line)?;
        if value["fault"].is_string() {
            return Ok(Self::Fault {
                exercise: field::text(&value, "exercise")?,
                fault: field::text(&value, "fault")?,
            });
        }
        Ok(Self::Report(Box::new(Report::read(&value)?)))
    }
}
