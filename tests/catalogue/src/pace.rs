//! How far two programs were ahead of each other, recorded from runs: `pace.txt` in an exercise's folder.
//!
//! ```text
//! run bounded
//! asked doc-417
//! asked doc-035
//! read doc-417
//!
//! run unbounded
//! asked doc-417
//! asked doc-035
//! ```
//!
//! `asked` is a question about a document that the program under test put to the host, `read` an answer about one that
//! the client took from the program. They stand in the order in which they crossed the wire. The book draws them, and the
//! course's own tests record them.

use std::fmt;
use std::path::Path;

use crate::error::{Error, read};

/// The runs of a file, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    runs: Vec<PaceRun>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaceRun {
    /// What kind of program it was, in a word or a few: `bounded`.
    pub name: String,
    /// In the order in which they happened. At least one.
    pub steps: Vec<PaceStep>,
}

/// One thing that crossed the wire, about the document of this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaceStep {
    /// The program asked the host about it.
    Asked(String),
    /// The client read the answer about it.
    Read(String),
}

const RUN: &str = "run ";
const ASKED: &str = "asked ";
const READ: &str = "read ";

impl Pace {
    /// The file in an exercise's folder.
    pub const FILE: &str = "pace.txt";

    /// These runs, as they can be written down.
    ///
    /// # Errors
    ///
    /// When there is no run, a run has no step, two have one name, or a name or an id is not a text of one line without
    /// white space around it.
    pub fn new(runs: Vec<PaceRun>) -> Result<Self, String> {
        if runs.is_empty() {
            return Err("there is no run in it, and a line \"run NAME\" is wanted".to_owned());
        }
        for (place, run) in runs.iter().enumerate() {
            check_text(&run.name)?;
            if run.steps.is_empty() {
                return Err(format!("the run {:?} has no step", run.name));
            }
            if runs[..place].iter().any(|other| other.name == run.name) {
                return Err(format!("two runs are named {:?}", run.name));
            }
            for step in &run.steps {
                check_text(step.id())?;
            }
        }
        Ok(Self { runs })
    }

    /// The runs, in their order. At least one.
    pub fn runs(&self) -> &[PaceRun] {
        &self.runs
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not what its format says: with the line.
    pub fn read(file: &Path) -> Result<Self, Error> {
        Self::parse(file, &read(file)?)
    }

    /// Reads the text of a file.
    fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        let mut runs: Vec<PaceRun> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let error = |what| Error::new(file, number, what);
            if line.is_empty() {
                continue;
            }
            if let Some(name) = line.strip_prefix(RUN) {
                check_text(name).map_err(error)?;
                runs.push(PaceRun {
                    name: name.to_owned(),
                    steps: Vec::new(),
                });
                continue;
            }
            let Some(step) = step(line) else {
                return Err(error(format!(
                    "{line:?} is none of \"run NAME\", \"asked ID\" and \"read ID\""
                )));
            };
            check_text(step.id()).map_err(error)?;
            let Some(run) = runs.last_mut() else {
                let what = "a step stands before the first run, and a line \"run NAME\" is wanted";
                return Err(error(what.to_owned()));
            };
            run.steps.push(step);
        }
        Self::new(runs).map_err(|what| Error::new(file, 0, what))
    }
}

fn step(line: &str) -> Option<PaceStep> {
    if let Some(id) = line.strip_prefix(ASKED) {
        return Some(PaceStep::Asked(id.to_owned()));
    }
    let id = line.strip_prefix(READ)?;
    Some(PaceStep::Read(id.to_owned()))
}

/// A line holds it, and an editor keeps it as it is.
fn check_text(text: &str) -> Result<(), String> {
    match !text.is_empty() && text.trim() == text && !text.contains(char::is_control) {
        true => Ok(()),
        false => Err(format!(
            "{text:?} is no name: it is empty, has white space around it, or a control character in it"
        )),
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, run) in self.runs.iter().enumerate() {
            let before = if place == 0 { "" } else { "\n" };
            writeln!(f, "{before}{RUN}{}", run.name)?;
            for step in &run.steps {
                match step {
                    PaceStep::Asked(id) => writeln!(f, "{ASKED}{id}")?,
                    PaceStep::Read(id) => writeln!(f, "{READ}{id}")?,
                }
            }
        }
        Ok(())
    }
}

impl PaceStep {
    /// The document's.
    fn id(&self) -> &str {
        let (Self::Asked(id) | Self::Read(id)) = self;
        id
    }
}

impl PaceRun {
    /// The counts after each step, the first of them before any: how many documents were asked about, and how many answers
    /// were read.
    pub fn counts(&self) -> Vec<(usize, usize)> {
        let mut counts = vec![(0, 0)];
        let (mut asked, mut read) = (0, 0);
        for step in &self.steps {
            match step {
                PaceStep::Asked(_) => asked += 1,
                PaceStep::Read(_) => read += 1,
            }
            counts.push((asked, read));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "run bounded
asked doc-417
asked read doc-035
read doc-417

run without a bound
asked Année 190 \"№ 7\"
read doc-417
";

    fn parsed(text: &str) -> Result<Pace, (usize, String)> {
        Pace::parse(Path::new("pace.txt"), text).map_err(|error| (error.line, error.what))
    }

    #[test]
    fn printing_and_reading_are_inverse() {
        let runs = vec![
            PaceRun {
                name: "bounded".to_owned(),
                steps: vec![
                    PaceStep::Asked("doc-417".to_owned()),
                    PaceStep::Asked("read doc-035".to_owned()),
                    PaceStep::Read("doc-417".to_owned()),
                ],
            },
            PaceRun {
                name: "without a bound".to_owned(),
                steps: vec![
                    PaceStep::Asked("Année 190 \"№ 7\"".to_owned()),
                    PaceStep::Read("doc-417".to_owned()),
                ],
            },
        ];
        let pace = Pace::new(runs).expect("it can be written");
        assert_eq!(pace.to_string(), TEXT);
        assert_eq!(parsed(TEXT), Ok(pace));
    }

    #[test]
    fn what_would_be_read_as_something_else_cannot_be_written() {
        let run = |name: &str, id: &str| PaceRun {
            name: name.to_owned(),
            steps: vec![PaceStep::Asked(id.to_owned())],
        };
        for (runs, what) in [
            (vec![], "no run"),
            (vec![run("a", "1"), run("a", "2")], "two runs"),
            (vec![run("", "1")], "no name"),
            (vec![run("a", "1\nread 2")], "no name"),
            (vec![run("a", " 1")], "no name"),
            (
                vec![PaceRun {
                    name: "a".to_owned(),
                    steps: vec![],
                }],
                "no step",
            ),
        ] {
            let error = Pace::new(runs).expect_err(what);
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line, what) in [
            ("", 0, "there is no run"),
            ("asked doc-1\n", 1, "before the first run"),
            ("run a\nasked doc-1\nask doc-2\n", 3, "is none of"),
            ("run a\nasked \n", 2, "is no name"),
            ("run a\nasked doc-1 \n", 2, "is no name"),
            (
                "run a\n\nrun b\nread doc-1\n",
                0,
                "the run \"a\" has no step",
            ),
        ] {
            let (number, error) = parsed(text).expect_err(what);
            assert!(error.contains(what) && number == line, "{number}: {error}");
        }
    }

    #[test]
    fn counts_begin_with_none_and_follow_the_steps() {
        let pace = parsed("run a\nasked 1\nasked 2\nread 1\n").expect("a pace");
        assert_eq!(pace.runs()[0].counts(), [(0, 0), (1, 0), (2, 0), (2, 1)]);
    }
}
