//! The shape of a submission's result, as it is written to `results/NAME.json`.
//!
//! A result holds no times and no paths of the machine that graded, so that the same round gives the same bytes
//! wherever and however often it is graded. The fields are declared in alphabetical order, their order in the file.
//!
//! # Versions of the schema
//!
//! 1. The first.
//! 2. `seed` is a string of digits. It has 64 bits now, and many readers of JSON keep only 53 bits of a number.
//! 3. `isolation` is new. `unstable` has its points only where the solution, run beside it, failed as well.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The version of the schema, which is part of every result. Whoever changes the shape or the meaning of a result
/// counts it up and says above what has changed. A result of another version is not kept but made again.
pub const SCHEMA: u32 = 3;

/// What one submission came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// All exercises, in the order of the course.
    pub exercises: Vec<Exercise>,
    /// What the submission could do while it ran.
    pub isolation: Isolation,
    /// A hash of all that could change this result.
    pub key: String,
    /// The sum of the exercises' `max_points`.
    pub max_points: u32,
    /// The sum of the exercises' `points`.
    pub points: u32,
    /// [`SCHEMA`].
    pub schema: u32,
    /// The round's fresh seed. For the instructor only: whoever knows it can make the round's documents.
    #[serde(with = "seed_text")]
    pub seed: u64,
    /// The submission's name.
    pub submission: String,
}

/// What protects the results, the other submissions and the machine from a submission that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Nothing: it runs with the rights of whoever grades.
    None,
}

impl Isolation {
    /// What an instructor has to know.
    pub fn warning(self) -> &'static str {
        match self {
            Self::None => {
                "isolation: none. Submissions run with your rights: one can read and change whatever you can, the \
                 results and other submissions too. Grade only what you would run yourself, or in a container without \
                 anything of value."
            }
        }
    }
}

/// What one exercise came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// The known mistake that its run shows.
    pub diagnosis: Option<Diagnosis>,
    /// The first line that differs on the published seed.
    pub difference: Option<Difference>,
    /// The compiler's errors, where it does not build.
    pub errors: Vec<String>,
    /// For example `unary.1`.
    pub exercise: String,
    /// Its file, relative to the course.
    pub file: String,
    /// For example `unary`.
    pub lesson: String,
    /// The points that it is worth.
    pub max_points: u32,
    /// What else there is to know, in a sentence.
    pub note: Option<String>,
    /// The points that it gained: all or none.
    pub points: u32,
    /// The verdict on each seed that it was run on.
    pub seeds: Seeds,
    /// The task of the gap, where one is left.
    pub task: Option<String>,
    /// What it is about, in a few words.
    pub title: String,
    /// The verdict on the exercise.
    pub verdict: Verdict,
}

/// The verdict on each seed. Where there is none, nothing was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds {
    /// On the seed of this round. It is not run where the exercise has failed on the published one.
    pub fresh: Option<Verdict>,
    /// On the seed of the course's snapshots.
    pub published: Option<Verdict>,
}

/// What an exercise came to, by the name that it has in a result.
///
/// A verdict on one seed is never `not handed in`, `refused` or `does not build`, since nothing was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// What crossed the wire is what was expected, on both seeds. Full points.
    Passed,
    /// It failed and passed on the same seed. Full points where the solution, run beside it on that seed, failed as well:
    /// it was the machine. Otherwise none.
    Unstable,
    /// What crossed the wire is not what was expected.
    Differs,
    /// Nothing happened any more.
    Hangs,
    /// The program never finished.
    #[serde(rename = "never finishes")]
    Runaway,
    /// The program reached a gap.
    Unfinished,
    /// The exercise's file does not compile.
    #[serde(rename = "does not build")]
    DoesNotBuild,
    /// The program ended too early, by a panic or a signal.
    Crashed,
    /// There is no file.
    #[serde(rename = "not handed in")]
    NotHandedIn,
    /// There is a file, and it was not taken: for example a link, or too large.
    Refused,
}

/// A known mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// What was seen, why, and what to look at: as the learner's check prints it.
    pub advice: String,
    /// Its name within the exercise, for example `connection-per-call`.
    pub name: String,
}

/// A line of a transcript that is not as expected. A side that has no such line is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The line of the submission's run.
    pub actual: Option<String>,
    /// The line that was expected.
    pub expected: Option<String>,
}

impl Submission {
    /// The points that a lesson's exercises gained together.
    pub fn points_of(&self, lesson: &str) -> u32 {
        self.exercises
            .iter()
            .filter(|exercise| exercise.lesson == lesson)
            .map(|exercise| exercise.points)
            .sum()
    }
}

impl fmt::Display for Isolation {
    /// Writes the name that it has in a result.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for Verdict {
    /// Writes the name that it has in a result.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A formatter is a serializer of names, so that each is typed once.
        self.serialize(f)
    }
}

/// A seed as a string of digits.
pub(crate) mod seed_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(seed)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
