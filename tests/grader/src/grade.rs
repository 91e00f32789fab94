//! One submission: what it handed in, built, run and judged.
//!
//! An exercise is run on two seeds: the published one, whose documents the learner has, and the fresh one, which nobody
//! has seen. It gains all of its points or none.

use anyhow::Result;

use crate::class::Event;
use crate::exercises::{self, Exercise, Lesson};
use crate::result::{self, Seeds, Verdict};
use crate::round::Expected;
use crate::submission::{Files, SubmittedFile};
use crate::workbench::{Built, Judgement, Program, Seed, Workbench};

/// How often the solution is run beside a program that wavers, before it counts as steady.
const RUNS_BESIDE: usize = 4;

/// Where a submission is graded, against what, and who is to know of it.
pub(crate) struct Grading<'a> {
    /// Where its programs are built and run.
    pub(crate) bench: &'a mut Workbench,
    /// What is expected.
    pub(crate) expected: &'a Expected,
    /// Receives what happens.
    pub(crate) events: &'a mut dyn FnMut(Event<'_>),
}

/// What an exercise came to on one seed.
#[derive(Debug)]
enum Outcome {
    Passed,
    /// It failed, and passed when it was run again.
    Unstable {
        /// Whether the solution failed as well, run beside it.
        solution_wavers: bool,
    },
    /// It failed twice. What the first run was worth.
    Failed(Box<Judgement>),
}

impl Outcome {
    fn verdict(&self) -> Verdict {
        match self {
            Self::Passed => Verdict::Passed,
            Self::Unstable { .. } => Verdict::Unstable,
            Self::Failed(judgement) => judgement.verdict,
        }
    }

    /// Whether it keeps the points: what is up to chance in the program itself is not right.
    fn keeps_points(&self) -> bool {
        match self {
            Self::Passed => true,
            Self::Unstable { solution_wavers } => *solution_wavers,
            Self::Failed(_) => false,
        }
    }
}

impl Grading<'_> {
    /// Grades what one submission handed in.
    ///
    /// # Errors
    ///
    /// When the tool, the machine or the course is at fault. What is wrong with the submission is part of the answer.
    pub(crate) async fn submission(&mut self, files: &Files) -> Result<Vec<result::Exercise>> {
        self.bench.install(files, self.events)?;
        let mut results = Vec::new();
        for (lesson, exercise) in exercises::all() {
            let blank = blank(lesson, exercise);
            let result = match files.get(exercise.id) {
                Some(SubmittedFile::Text(_)) => self.exercise(lesson, exercise, blank).await?,
                Some(SubmittedFile::Refused(reason)) => result::Exercise {
                    note: Some(reason.clone()),
                    verdict: Verdict::Refused,
                    ..blank
                },
                Some(SubmittedFile::Missing) | None => blank,
            };
            (self.events)(Event::Judged {
                exercise: exercise.id,
                verdict: result.verdict,
            });
            results.push(result);
        }
        Ok(results)
    }

    /// Builds an exercise and runs it on both seeds. The fresh one is not tried where the points are lost on the published
    /// one.
    async fn exercise(
        &mut self,
        lesson: &'static Lesson,
        exercise: &'static Exercise,
        blank: result::Exercise,
    ) -> Result<result::Exercise> {
        let program = match self.bench.build(lesson, exercise, self.events)? {
            Built::Program(program) => program,
            Built::Errors(errors) => {
                return Ok(result::Exercise {
                    errors,
                    verdict: Verdict::DoesNotBuild,
                    ..blank
                });
            }
        };
        let published = self.on_seed(&program, exercise, Seed::PUBLISHED).await?;
        if let Outcome::Failed(judgement) = published {
            return Ok(failed_published(blank, *judgement));
        }
        let fresh = match published.keeps_points() {
            true => Some(self.on_seed(&program, exercise, self.expected.seed).await?),
            false => None,
        };
        Ok(conclusion(blank, &published, fresh))
    }

    /// Runs an exercise on a seed, and once more where it does not pass: a machine under load must not cost a mark. If it
    /// passes then, the solution has to show that it was the machine.
    async fn on_seed(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
    ) -> Result<Outcome> {
        let first = self.judged_run(program, exercise, seed).await?;
        if first.verdict == Verdict::Passed {
            return Ok(Outcome::Passed);
        }
        // A program that reaches a gap reaches it again: this second run is not worth a line.
        if first.verdict != Verdict::Unfinished {
            (self.events)(Event::Retried {
                exercise: exercise.id,
            });
        }
        let second = self.judged_run(program, exercise, seed).await?;
        if second.verdict != Verdict::Passed {
            return Ok(Outcome::Failed(Box::new(first)));
        }
        let solution = self.expected.solutions.program(exercise)?;
        (self.events)(Event::Wavered {
            exercise: exercise.id,
        });
        let solution_wavers = wavers(async || {
            let bench = &mut *self.bench;
            let run = bench.run_beside(&solution, program, exercise, seed, self.events);
            let run = run.await?;
            let expected = self.expected.of(exercise, seed)?;
            Ok(self.bench.judge(exercise, &run, expected).verdict)
        })
        .await?;
        Ok(Outcome::Unstable { solution_wavers })
    }

    async fn judged_run(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
    ) -> Result<Judgement> {
        let run = self.bench.run(program, exercise, seed, self.events).await?;
        let expected = self.expected.of(exercise, seed)?;
        Ok(self.bench.judge(exercise, &run, expected))
    }
}

/// Whether one of some runs does not pass.
async fn wavers(mut run: impl AsyncFnMut() -> Result<Verdict>) -> Result<bool> {
    for _ in 0..RUNS_BESIDE {
        if run().await? != Verdict::Passed {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The result of an exercise that was not handed in.
fn blank(lesson: &Lesson, exercise: &Exercise) -> result::Exercise {
    result::Exercise {
        diagnosis: None,
        difference: None,
        errors: Vec::new(),
        exercise: exercise.id.to_owned(),
        file: exercises::file(lesson, exercise),
        lesson: lesson.name.to_owned(),
        max_points: exercise.points,
        note: None,
        points: 0,
        seeds: Seeds::default(),
        task: None,
        title: exercise.title.to_owned(),
        verdict: Verdict::NotHandedIn,
    }
}

/// The result of an exercise that failed on the published seed. All may be shown: the learner's check shows it as well.
fn failed_published(blank: result::Exercise, judgement: Judgement) -> result::Exercise {
    let unfinished = judgement.verdict == Verdict::Unfinished;
    result::Exercise {
        diagnosis: judgement.diagnosis,
        // What a program did before it reached a gap is not a mistake.
        difference: judgement.difference.filter(|_| !unfinished),
        note: judgement
            .exit_status
            .map(|status| format!("The program ended too early: {status}.")),
        seeds: Seeds {
            fresh: None,
            published: Some(judgement.verdict),
        },
        task: judgement.task,
        verdict: judgement.verdict,
        ..blank
    }
}

/// The result of an exercise that did not fail on the published seed. Without `fresh`, it lost its points there all the
/// same.
fn conclusion(
    blank: result::Exercise,
    published: &Outcome,
    fresh: Option<Outcome>,
) -> result::Exercise {
    let seeds = Seeds {
        fresh: fresh.as_ref().map(Outcome::verdict),
        published: Some(published.verdict()),
    };
    let full = blank.max_points;
    let keeps_points = |fresh: &Outcome| published.keeps_points() && fresh.keeps_points();
    match (published, fresh) {
        // Of what was seen only the advice, which is the course's text: a difference, a task or an exit status could
        // tell what the documents of the round are.
        (_, Some(Outcome::Failed(judgement))) => result::Exercise {
            diagnosis: judgement.diagnosis,
            note: Some(
                "It passes on the published documents and not on others. Does an answer stand in the code?"
                    .to_owned(),
            ),
            seeds,
            verdict: judgement.verdict,
            ..blank
        },
        (Outcome::Passed, Some(Outcome::Passed)) => result::Exercise {
            points: full,
            seeds,
            verdict: Verdict::Passed,
            ..blank
        },
        (_, Some(fresh)) if keeps_points(&fresh) => result::Exercise {
            note: Some(
                "It failed once and passed once on the same documents, and so did the solution, run beside it: the \
                 machine was too busy. No mark is lost."
                    .to_owned(),
            ),
            points: full,
            seeds,
            verdict: Verdict::Unstable,
            ..blank
        },
        _ => result::Exercise {
            note: Some(
                "It failed once and passed once on the same documents, and the solution, run beside it, passed each \
                 time. Whether it is right is up to chance: no points."
                    .to_owned(),
            ),
            seeds,
            verdict: Verdict::Unstable,
            ..blank
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(verdict: Verdict) -> Judgement {
        Judgement {
            verdict,
            diagnosis: Some(result::Diagnosis {
                advice: "look here".to_owned(),
                name: "known".to_owned(),
            }),
            difference: Some(result::Difference {
                actual: Some("a document".to_owned()),
                expected: None,
            }),
            task: Some("a document".to_owned()),
            exit_status: Some("exit status: 7".to_owned()),
        }
    }

    fn any() -> result::Exercise {
        let (lesson, exercise) = exercises::all().next().expect("there is an exercise");
        blank(lesson, exercise)
    }

    fn points(result: &result::Exercise) -> (Verdict, bool) {
        assert!(result.points == 0 || result.points == result.max_points);
        (result.verdict, result.points > 0)
    }

    const BUSY_MACHINE: Outcome = Outcome::Unstable {
        solution_wavers: true,
    };
    const CHANCE: Outcome = Outcome::Unstable {
        solution_wavers: false,
    };

    #[test]
    fn unstable_keeps_its_points_only_where_the_solution_wavers_as_well() {
        let wanted = |published: &Outcome, fresh| points(&conclusion(any(), published, fresh));
        let unstable = |points| (Verdict::Unstable, points);
        use Outcome::Passed;
        assert_eq!(wanted(&Passed, Some(Passed)), (Verdict::Passed, true));
        assert_eq!(wanted(&Passed, Some(BUSY_MACHINE)), unstable(true));
        assert_eq!(wanted(&BUSY_MACHINE, Some(Passed)), unstable(true));
        assert_eq!(wanted(&BUSY_MACHINE, Some(BUSY_MACHINE)), unstable(true));
        assert_eq!(wanted(&Passed, Some(CHANCE)), unstable(false));
        assert_eq!(wanted(&BUSY_MACHINE, Some(CHANCE)), unstable(false));
        assert_eq!(wanted(&CHANCE, None), unstable(false));
        for published in [Passed, BUSY_MACHINE] {
            let fresh = Outcome::Failed(Box::new(failed(Verdict::Hangs)));
            assert_eq!(wanted(&published, Some(fresh)), (Verdict::Hangs, false));
        }
    }

    /// What a solution comes to whose runs have these verdicts, and how often it is run.
    async fn wavers_with(verdicts: &[Verdict]) -> (bool, usize) {
        let mut runs = 0;
        let wavers = wavers(async || {
            runs += 1;
            Ok(verdicts[runs - 1])
        });
        let wavers = wavers.await.expect("every run has a verdict");
        (wavers, runs)
    }

    #[tokio::test]
    async fn solution_wavers_where_one_of_its_runs_does_not_pass() {
        use Verdict::{Hangs, Passed};
        assert_eq!(wavers_with(&[Passed; 4]).await, (false, 4));
        assert_eq!(wavers_with(&[Hangs]).await, (true, 1));
        assert_eq!(wavers_with(&[Passed, Passed, Hangs]).await, (true, 3));
    }

    #[test]
    fn a_failure_on_the_fresh_seed_shows_nothing_of_the_run() {
        let fresh = Outcome::Failed(Box::new(failed(Verdict::Crashed)));
        let result = conclusion(any(), &Outcome::Passed, Some(fresh));
        assert_eq!(result.seeds.published, Some(Verdict::Passed));
        assert_eq!(result.seeds.fresh, Some(Verdict::Crashed));
        assert_eq!((&result.difference, &result.task), (&None, &None));
        let note = result.note.expect("it says why");
        assert!(!note.contains("exit status"), "{note}");
        assert_eq!(result.diagnosis.expect("advice is kept").name, "known");
    }

    #[test]
    fn a_failure_on_the_published_seed_shows_all_but_what_came_before_a_gap() {
        let result = failed_published(any(), failed(Verdict::Crashed));
        assert_eq!(points(&result), (Verdict::Crashed, false));
        assert_eq!(
            result.note.as_deref(),
            Some("The program ended too early: exit status: 7.")
        );
        assert!(result.difference.is_some());
        assert_eq!(result.seeds.published, Some(Verdict::Crashed));
        assert_eq!(result.seeds.fresh, None);

        let result = failed_published(any(), failed(Verdict::Unfinished));
        assert_eq!(result.difference, None);
        assert_eq!(result.task.as_deref(), Some("a document"));
    }
}
