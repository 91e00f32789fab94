//! The way from the call to a graded class: one submission after another.

use anyhow::{Context, Result, bail};

use crate::class::{Class, Event, Lesson, Options, Row, State};
use crate::exercises::{lessons, max_points};
use crate::grade::Grading;
use crate::result::Isolation;
use crate::round::{self, Expected};
use crate::submission::{self, Files, Submission};
use crate::workbench::{Seed, Workbench};
use crate::{key, output, result};

/// Grades a class and writes a result for each submission. The reports on the whole class are the caller's to write.
///
/// # Errors
///
/// When the call is wrong, or the course or the machine is at fault. What is wrong with a submission is part of its
/// result; where the tool fails at one submission, the others are graded all the same.
pub async fn grade_class(options: &Options, events: &mut dyn FnMut(Event<'_>)) -> Result<Class> {
    let submissions = submission::find(&options.paths)?;
    if options.seed == Some(Seed::PUBLISHED.0) {
        bail!(
            "seed {} is the published one, whose answers anyone can look up; choose another",
            Seed::PUBLISHED.0
        );
    }
    output::create(&options.out)?;
    // All of them before the first one runs, which could change the others.
    let files: Vec<_> = submissions.iter().map(Submission::read).collect();

    let kept = || round::kept_seed(&options.out);
    let mut grader = Grader {
        options,
        course_key: key::course(&options.course)?,
        seed: options.seed.map(Seed).or_else(kept),
        ready: None,
        events,
    };
    let count = submissions.len();
    let mut rows = Vec::new();
    for (number, (submission, files)) in (1..).zip(submissions.iter().zip(&files)) {
        rows.push(Row {
            id: submission.id.clone(),
            state: grader.state(submission, files, number, count).await?,
        });
    }
    let lessons = lessons().iter().map(|lesson| Lesson {
        name: lesson.name.to_owned(),
        max_points: max_points(lesson),
    });
    Ok(Class {
        seed: grader.seed.context("a round has a seed")?.0,
        isolation: Isolation::None,
        lessons: lessons.collect(),
        rows,
    })
}

struct Grader<'a> {
    options: &'a Options,
    course_key: String,
    seed: Option<Seed>,
    // Made when the first submission needs it: a round of which everything is kept builds nothing.
    ready: Option<(Workbench, Expected)>,
    events: &'a mut dyn FnMut(Event<'_>),
}

impl Grader<'_> {
    async fn state(
        &mut self,
        submission: &Submission,
        files: &Files,
        number: usize,
        count: usize,
    ) -> Result<State> {
        if let Some(result) = self.kept(submission, files) {
            return Ok(State::Kept(result));
        }
        self.prepare().await?;
        (self.events)(Event::Started {
            id: &submission.id,
            number,
            count,
        });
        Ok(match self.grade(submission, files).await {
            Ok(result) => {
                (self.events)(Event::Graded {
                    points: result.points,
                    max_points: result.max_points,
                });
                State::Graded(result)
            }
            Err(error) => State::Failed(format!("{error:#}")),
        })
    }

    /// The result of an earlier call, if it still holds.
    fn kept(&self, submission: &Submission, files: &Files) -> Option<result::Submission> {
        let key = key::submission(&self.course_key, self.seed?, files);
        let path = output::result_path(&self.options.out, &submission.id);
        let result: result::Submission = output::read_json(&path)?;
        let same = result.schema == result::SCHEMA && result.key == key;
        (same && result.submission == submission.id).then_some(result)
    }

    /// Acquires a workbench and runs the solutions on it, unless that is done.
    async fn prepare(&mut self) -> Result<()> {
        if self.ready.is_some() {
            return Ok(());
        }
        (self.events)(Event::Preparing);
        let course = &self.options.course;
        let mut bench = Workbench::acquire(course)?;
        let expected = round::prepare(&mut bench, course, self.seed, self.events).await?;
        round::keep_seed(&self.options.out, expected.seed)?;
        self.seed = Some(expected.seed);
        self.ready = Some((bench, expected));
        Ok(())
    }

    /// Grades a submission and writes its result.
    async fn grade(
        &mut self,
        submission: &Submission,
        files: &Files,
    ) -> Result<result::Submission> {
        let (bench, expected) = self.ready.as_mut().context("nothing is prepared")?;
        let mut grading = Grading {
            bench,
            expected,
            events: self.events,
        };
        let exercises = match grading.submission(files).await {
            Ok(exercises) => exercises,
            Err(error) => {
                // What failed may have been broken by the program that ran before.
                (grading.events)(Event::Restarted { error: &error });
                grading.bench.restart();
                grading.submission(files).await?
            }
        };
        let result = result::Submission {
            isolation: Isolation::None,
            key: key::submission(&self.course_key, expected.seed, files),
            max_points: exercises.iter().map(|exercise| exercise.max_points).sum(),
            points: exercises.iter().map(|exercise| exercise.points).sum(),
            schema: result::SCHEMA,
            seed: expected.seed.0,
            submission: submission.id.clone(),
            exercises,
        };
        output::write_json(
            &output::result_path(&self.options.out, &result.submission),
            &result,
        )?;
        Ok(result)
    }
}
