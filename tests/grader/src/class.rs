//! A class as data: what is graded, what happens meanwhile, and what comes of it.
//!
//! Nothing here grades, and nothing here prints. [`crate::grading`](crate::grade_class) makes a [`Class`], and every
//! report is a function of one.

use std::path::PathBuf;

use crate::result::{self, Isolation, Verdict};

/// What is graded, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the course.
    pub course: PathBuf,
    /// The submissions' folders.
    pub paths: Vec<PathBuf>,
    /// The folder that the results are written to.
    pub out: PathBuf,
    /// The fresh seed. Without one: that of the round in `out`, or a new one.
    pub seed: Option<u64>,
}

/// What happens while a class is graded, in the order in which it happens.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The solutions are about to be run, for what is expected. At most once; not at all where every result is kept.
    Preparing,
    /// cargo printed a line.
    Cargo(&'a str),
    /// A submission is about to be graded.
    Started {
        /// The submission's name.
        id: &'a str,
        /// Its place among the submissions, from 1.
        number: usize,
        /// How many submissions there are.
        count: usize,
    },
    /// A run did not pass, and the exercise is run once more on the same seed.
    Retried {
        /// For example `unary.1`.
        exercise: &'a str,
    },
    /// It passed the second time, and the solution is run beside it on the same seed, to see whether it wavers as well.
    Wavered {
        /// For example `unary.1`.
        exercise: &'a str,
    },
    /// The tool failed at the submission, which is graded once more from its beginning.
    Restarted {
        /// What failed.
        error: &'a anyhow::Error,
    },
    /// An exercise of the submission has its verdict.
    Judged {
        /// For example `unary.1`.
        exercise: &'a str,
        /// What it came to.
        verdict: Verdict,
    },
    /// The submission's result is written.
    Graded {
        /// The points that it gained.
        points: u32,
        /// The points that it could have gained.
        max_points: u32,
    },
}

/// A graded class.
#[derive(Clone, Debug)]
pub struct Class {
    /// The round's fresh seed.
    pub seed: u64,
    /// What protects the results and the machine from the submissions.
    pub isolation: Isolation,
    /// What the course asked for, in its order.
    pub lessons: Vec<Lesson>,
    /// The submissions, in the order of their names.
    pub rows: Vec<Row>,
}

/// A lesson, as far as a report needs to know it.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// For example `unary`.
    pub name: String,
    /// The points that all of its exercises are worth together.
    pub max_points: u32,
}

/// One submission of a class.
#[derive(Clone, Debug)]
pub struct Row {
    /// The submission's name.
    pub id: String,
    /// What came of it.
    pub state: State,
}

/// What came of a submission.
#[derive(Clone, Debug)]
pub enum State {
    /// It was graded in this call.
    Graded(result::Submission),
    /// It was graded before, and nothing that could change its result has changed since.
    Kept(result::Submission),
    /// The tool failed, not the submission; the text says how. There is no result, and the next call tries again.
    Failed(String),
}

impl Class {
    /// The points that the whole course is worth.
    pub fn max_points(&self) -> u32 {
        self.lessons.iter().map(|lesson| lesson.max_points).sum()
    }

    /// Whether every submission has a result.
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(|row| row.result().is_some())
    }
}

impl Row {
    /// The result, if there is one.
    pub fn result(&self) -> Option<&result::Submission> {
        match &self.state {
            State::Graded(result) | State::Kept(result) => Some(result),
            State::Failed(_) => None,
        }
    }
}
