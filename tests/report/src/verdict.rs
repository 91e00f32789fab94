//! What the check of one exercise came to: its verdict.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::field;

/// The compiler's errors as it prints them, by file relative to the course's folder.
pub type Errors = BTreeMap<String, Vec<String>>;

/// What the check of one exercise came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What crossed the wire is what was expected.
    Passed,
    /// What crossed the wire is something else.
    Differs,
    /// Nothing happened any more.
    Hangs,
    /// The program went on and on.
    Runaway,
    /// The program reached a gap.
    Unfinished {
        /// The task of the gap.
        task: String,
        /// Where, relative to the course's folder.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// The exercise's file does not compile.
    DoesNotBuild(Errors),
    /// The program ended without a message, by a panic or a signal: the status of its process.
    Crashed(String),
}

impl Verdict {
    /// Its name in reports and on screens.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Differs => "differs",
            Self::Hangs => "hangs",
            Self::Runaway => "never finishes",
            Self::Unfinished { .. } => "unfinished",
            Self::DoesNotBuild(_) => "does not build",
            Self::Crashed(_) => "crashed",
        }
    }

    /// What there is to know beyond the name: null for most.
    pub(crate) fn details(&self) -> Value {
        match self {
            Self::Unfinished { task, file, line } => {
                json!({ "task": task, "file": file, "line": line })
            }
            Self::DoesNotBuild(errors) => json!({ "errors": errors }),
            Self::Crashed(status) => json!({ "status": status }),
            _ => Value::Null,
        }
    }

    pub(crate) fn read(name: &str, details: &Value) -> Result<Self> {
        Ok(match name {
            "passed" => Self::Passed,
            "differs" => Self::Differs,
            "hangs" => Self::Hangs,
            "never finishes" => Self::Runaway,
            "unfinished" => Self::Unfinished {
                task: field::text(details, "task")?,
                file: field::text(details, "file")?,
                line: field::number(details, "line")? as u32,
            },
            "does not build" => {
                let mut errors = Errors::new();
                for (file, texts) in details["errors"].as_object().into_iter().flatten() {
                    let texts = texts.as_array().into_iter().flatten();
                    let texts = texts.map(field::element).collect::<Result<_>>()?;
                    errors.insert(file.clone(), texts);
                }
                Self::DoesNotBuild(errors)
            }
            "crashed" => Self::Crashed(field::text(details, "status")?),
            other => bail!("there is no verdict {other:?}"),
        })
    }
}
