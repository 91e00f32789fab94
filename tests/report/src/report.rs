//! The report of one check.

use anyhow::Result;
use serde_json::{Value, json};

use crate::line::{Line, Row};
use crate::verdict::Verdict;
use crate::{FORMAT, field};

/// What the check of one exercise came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `unary.4`.
    pub exercise: String,
    /// What the inputs were made from.
    pub seed: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// The known mistake that the run shows, if it shows one.
    pub diagnosis: Option<Diagnosis>,
    /// The program's own message about its failure: a panic, or the error that the exercise's function returned.
    pub failure_message: Option<String>,
    /// Of a run that hangs: who waits for what, or what has not returned, in a sentence or two.
    pub waiting: Option<String>,
    /// Whether calls whose order does not count are sorted by their text in both transcripts, so that the first need not
    /// be the first that was made.
    pub calls_sorted: bool,
    /// The transcript that was expected.
    pub expected: Vec<Line>,
    /// The transcript of the run. Empty where nothing was run.
    pub actual: Vec<Line>,
    /// Both side by side. Empty where they do not differ.
    pub difference: Vec<Row>,
    /// What the program printed.
    pub output: Output,
}

/// A known mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Its name within its exercise.
    pub name: String,
    /// What was seen, with the ids and numbers of the run.
    pub seen: String,
    /// The usual cause, and what to look at.
    pub usually: String,
}

/// What a program printed: the beginning and the end, where it is long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The first lines.
    pub head: Vec<String>,
    /// How many lines are left out between the two.
    pub left_out: usize,
    /// The last lines.
    pub tail: Vec<String>,
}

impl Report {
    /// A report of a check that ended before anything was run.
    pub fn without_run(exercise: &str, seed: u64, verdict: Verdict) -> Self {
        Self {
            exercise: exercise.to_owned(),
            seed,
            verdict,
            diagnosis: None,
            failure_message: None,
            waiting: None,
            calls_sorted: false,
            expected: Vec::new(),
            actual: Vec::new(),
            difference: Vec::new(),
            output: Output::default(),
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        let lines = |lines: &[Line]| lines.iter().map(Line::to_json).collect::<Vec<_>>();
        let diagnosis = self.diagnosis.as_ref();
        json!({
            "format": FORMAT,
            "exercise": self.exercise,
            "seed": self.seed.to_string(),
            "verdict": self.verdict.name(),
            "details": self.verdict.details(),
            "diagnosis": diagnosis.map(|it| json!({ "name": it.name, "seen": it.seen, "usually": it.usually })),
            "failure_message": self.failure_message,
            "waiting": self.waiting,
            "calls_sorted": self.calls_sorted,
            "expected": lines(&self.expected),
            "actual": lines(&self.actual),
            "difference": self.difference.iter().map(Row::to_json).collect::<Vec<_>>(),
            "output": {
                "head": self.output.head,
                "left_out": self.output.left_out,
                "tail": self.output.tail,
            },
        })
    }

    pub(crate) fn read(value: &Value) -> Result<Self> {
        let diagnosis = &value["diagnosis"];
        let diagnosis = match diagnosis {
            Value::Null => None,
            diagnosis => Some(Diagnosis {
                name: field::text(diagnosis, "name")?,
                seen: field::text(diagnosis, "seen")?,
                usually: field::text(diagnosis, "usually")?,
            }),
        };
        let output = &value["output"];
        Ok(Self {
            exercise: field::text(value, "exercise")?,
            seed: field::seed(value)?,
            verdict: Verdict::read(&field::text(value, "verdict")?, &value["details"])?,
            diagnosis,
            failure_message: field::optional_text(value, "failure_message"),
            waiting: field::optional_text(value, "waiting"),
            calls_sorted: value["calls_sorted"].as_bool().unwrap_or_default(),
            expected: field::list(value, "expected", Line::read)?,
            actual: field::list(value, "actual", Line::read)?,
            difference: field::list(value, "difference", Row::read)?,
            output: Output {
                head: field::list(output, "head", field::element)?,
                left_out: field::number(output, "left_out")? as usize,
                tail: field::list(output, "tail", field::element)?,
            },
        })
    }
}
