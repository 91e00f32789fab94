//! The lines of a transcript, and the rows of two of them side by side.

use anyhow::Result;
use serde_json::{Value, json};

use crate::field;

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Nesting, from 0.
    pub depth: usize,
    /// Whether it is compared, and not only shown.
    pub compared: bool,
    /// What it says, without its indentation.
    pub text: String,
}

/// One row of two transcripts side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line that was expected, if one was.
    pub expected: Option<Line>,
    /// The line that came, if one did.
    pub actual: Option<Line>,
    /// Whether the two are the same, or are not compared.
    pub same: bool,
}

impl Line {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "depth": self.depth, "compared": self.compared, "text": self.text })
    }

    pub(crate) fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            depth: field::number(value, "depth")? as usize,
            compared: field::boolean(value, "compared")?,
            text: field::text(value, "text")?,
        })
    }
}

impl Row {
    pub(crate) fn to_json(&self) -> Value {
        let line = |line: &Option<Line>| line.as_ref().map(Line::to_json);
        json!({ "expected": line(&self.expected), "actual": line(&self.actual), "same": self.same })
    }

    pub(crate) fn read(value: &Value) -> Result<Self> {
        let line = |key: &str| match &value[key] {
            Value::Null => Ok(None),
            line => Line::read(line).map(Some),
        };
        Ok(Self {
            expected: line("expected")?,
            actual: line("actual")?,
            same: field::boolean(value, "same")?,
        })
    }
}
