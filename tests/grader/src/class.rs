//! A whole class, one submission after another.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use checks::Seed;

use crate::grade::grade;
use crate::key;
use crate::result::{self, SCHEMA};
use crate::round::{self, Expected};
use crate::submission::{self, Files, Submission};
use crate::table;
use crate::workbench::Workbench;

/// What is graded, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the course.
    pub course: PathBuf,
    /// The submissions' folders.
    pub paths: Vec<PathBuf>,
    /// Where the results go.
    pub out: PathBuf,
    /// The fresh seed. Without one: that of the round in `out`, or a new one.
    pub seed: Option<u64>,
}

/// What happens while a class is graded.
#[derive(Clone, Copy, Debug)]
pub enum Said<'a> {
    /// A line of cargo's.
    Cargo(&'a str),
    /// The solutions are run.
    Preparing,
    /// A submission's turn has come.
    Begun {
        /// Its name.
        id: &'a str,
        /// From 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// It is graded.
    Done {
        /// What it gained.
        points: u32,
        /// What it could have gained.
        of: u32,
    },
    /// Something about one of its exercises that takes time, or that one may wonder about.
    Exercise {
        /// The exercise.
        id: &'a str,
        /// What.
        what: &'a str,
    },
}

/// The graded class.
#[derive(Clone, Debug)]
pub struct Class {
    /// The round's fresh seed.
    pub seed: u64,
    /// The submissions, in the order of their names.
    pub rows: Vec<Row>,
}

/// One submission of a class.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// What came of it.
    pub state: State,
}

/// What came of a submission.
#[derive(Clone, Debug)]
pub enum State {
    /// It was graded in this call.
    Graded(result::Submission),
    /// It was graded before, and nothing that could change its result has changed.
    Kept(result::Submission),
    /// The tool failed it, with what was wrong. It has no result, and is tried again by the next call.
    Failed(String),
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

/// Where the result of a submission is.
pub fn result_file(out: &Path, id: &str) -> PathBuf {
    out.join("results").join(format!("{id}.json"))
}

/// Grades a class and writes its results.
///
/// # Errors
///
/// When the call is wrong, or the course is at fault. What is wrong with one submission is part of its result.
pub async fn grade_class(options: &Options, say: &mut dyn FnMut(Said<'_>)) -> Result<Class> {
    let submissions = submission::find(&options.paths)?;
    if options.seed == Some(Seed::PUBLISHED.0) {
        bail!(
            "seed {} is the published one, whose answers anyone can look up; choose another",
            Seed::PUBLISHED.0
        );
    }
    let results = options.out.join("results");
    fs::create_dir_all(&results).with_context(|| format!("make {}", results.display()))?;

    let mut grader = Grader {
        options,
        course_key: key::course(&options.course)?,
        seed: options.seed.map(Seed).or_else(|| round::kept(&options.out)),
        ready: None,
    };
    let mut rows = Vec::new();
    let of = submissions.len();
    for (index, submission) in submissions.iter().enumerate() {
        let files = submission.read();
        let state = match grader.kept(submission, &files) {
            Some(result) => State::Kept(result),
            None => {
                grader.prepare(say).await?;
                say(Said::Begun {
                    id: &submission.id,
                    number: index + 1,
                    of,
                });
                match grader.grade(submission, &files, say).await {
                    Ok(result) => {
                        say(Said::Done {
                            points: result.points,
                            of: result.max_points,
                        });
                        State::Graded(result)
                    }
                    Err(error) => State::Failed(format!("{error:#}")),
                }
            }
        };
        rows.push(Row {
            id: submission.id.clone(),
            state,
        });
    }
    let class = Class {
        seed: grader.seed.context("a round has a seed")?.0,
        rows,
    };
    result::write_text(&options.out.join("grades.csv"), &table::csv(&class))?;
    Ok(class)
}

struct Grader<'a> {
    options: &'a Options,
    course_key: String,
    seed: Option<Seed>,
    // Made when the first submission needs it: a round of which everything is kept builds nothing.
    ready: Option<(Workbench, Expected)>,
}

impl Grader<'_> {
    /// The result of an earlier call, if it still holds.
    fn kept(&self, submission: &Submission, files: &Files) -> Option<result::Submission> {
        let key = key::submission(&self.course_key, self.seed?, files);
        let path = result_file(&self.options.out, &submission.id);
        let result: result::Submission = result::read(&path)?;
        let same = result.schema == SCHEMA && result.key == key;
        (same && result.submission == submission.id).then_some(result)
    }

    async fn prepare(&mut self, say: &mut dyn FnMut(Said<'_>)) -> Result<()> {
        if self.ready.is_some() {
            return Ok(());
        }
        say(Said::Preparing);
        let course = &self.options.course;
        let mut bench = Workbench::take(course)?;
        let progress = &mut |line: &str| say(Said::Cargo(line));
        let expected = round::prepare(&mut bench, course, self.seed, progress).await?;
        round::keep(&self.options.out, expected.seed)?;
        self.seed = Some(expected.seed);
        self.ready = Some((bench, expected));
        Ok(())
    }

    async fn grade(
        &mut self,
        submission: &Submission,
        files: &Files,
        say: &mut dyn FnMut(Said<'_>),
    ) -> Result<result::Submission> {
        let (bench, expected) = self.ready.as_mut().context("nothing is prepared")?;
        let course = &self.options.course;
        let mut exercises = attempt(bench, course, expected, files, say).await;
        if exercises.is_err() {
            // What failed may have been broken by the program that ran before.
            bench.renew();
            exercises = attempt(bench, course, expected, files, say).await;
        }
        let exercises = exercises?;
        let result = result::Submission {
            key: key::submission(&self.course_key, expected.seed, files),
            max_points: exercises.iter().map(|own| own.max_points).sum(),
            points: exercises.iter().map(|own| own.points).sum(),
            schema: SCHEMA,
            seed: expected.seed.0,
            submission: submission.id.clone(),
            exercises,
        };
        result::write(&result_file(&self.options.out, &submission.id), &result)?;
        Ok(result)
    }
}

async fn attempt(
    bench: &mut Workbench,
    course: &Path,
    expected: &Expected,
    files: &Files,
    say: &mut dyn FnMut(Said<'_>),
) -> Result<Vec<result::Exercise>> {
    // Both ends hear of what happens at the same time.
    let say = std::cell::RefCell::new(say);
    let hear = &mut |id: &str, what: &str| (say.borrow_mut())(Said::Exercise { id, what });
    let progress = &mut |line: &str| (say.borrow_mut())(Said::Cargo(line));
    grade(bench, course, expected, files, hear, progress).await
}
