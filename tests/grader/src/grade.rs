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
use crate::workbench::{Against, Built, Judgement, Program, Seed, Workbench};

/// Where a submission is graded, against what, and who is to know of it.
pub(crate) struct Grading<'a> {
    /// Where its programs are built and run.
    pub(crate) bench: &'a mut Workbench,
    /// What the solutions do on the fresh seed.
    pub(crate) expected: &'a Expected,
    /// Receives what happens.
    pub(crate) events: &'a mut dyn FnMut(Event<'_>),
}

/// What an exercise came to on one seed.
#[derive(Debug)]
enum Outcome {
    Passed,
    /// It failed, and passed when it was run again.
    Unstable,
    /// It failed twice. What the first run was worth.
    Failed(Box<Judgement>),
}

impl Outcome {
    fn verdict(&self) -> Verdict {
        match self {
            Self::Passed => Verdict::Passed,
            Self::Unstable => Verdict::Unstable,
            Self::Failed(judgement) => judgement.verdict,
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

    /// Builds an exercise and runs it on both seeds. The fresh one is tried also where the published one was unstable:
    /// otherwise a program could avoid it by failing now and then. It is not tried where the published one has failed,
    /// since nothing is left to gain.
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
        let seed = Seed::PUBLISHED;
        let published = self
            .on_seed(&program, exercise, seed, Against::Snapshot)
            .await?;
        if let Outcome::Failed(judgement) = published {
            return Ok(failed_published(blank, *judgement));
        }
        let expected = self.expected;
        let against = Against::Run(expected.of(exercise)?);
        let fresh = self
            .on_seed(&program, exercise, expected.seed, against)
            .await?;
        Ok(conclusion(blank, &published, fresh))
    }

    /// Runs an exercise on a seed, and once more where it does not pass: a machine under load must not cost a mark.
    async fn on_seed(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
        against: Against<'_>,
    ) -> Result<Outcome> {
        let first = self.judged_run(program, exercise, seed, against).await?;
        if first.verdict == Verdict::Passed {
            return Ok(Outcome::Passed);
        }
        // A program that reaches a gap reaches it again: this second run is not worth a line.
        if first.verdict != Verdict::Unfinished {
            (self.events)(Event::Retried {
                exercise: exercise.id,
            });
        }
        let second = self.judged_run(program, exercise, seed, against).await?;
        Ok(match second.verdict {
            Verdict::Passed => Outcome::Unstable,
            _ => Outcome::Failed(Box::new(first)),
        })
    }

    async fn judged_run(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
        against: Against<'_>,
    ) -> Result<Judgement> {
        let run = self.bench.run(program, exercise, seed, self.events).await?;
        self.bench.judge(exercise, &run, against)
    }
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

/// The result of an exercise that did not fail on the published seed.
fn conclusion(blank: result::Exercise, published: &Outcome, fresh: Outcome) -> result::Exercise {
    let seeds = Seeds {
        fresh: Some(fresh.verdict()),
        published: Some(published.verdict()),
    };
    let full = blank.max_points;
    match (published, fresh) {
        // Of what was seen only the advice, which is the course's text: a difference, a task or an exit status could
        // tell what the documents of the round are.
        (_, Outcome::Failed(judgement)) => result::Exercise {
            diagnosis: judgement.diagnosis,
            note: Some(
                "It passes on the published documents and not on others. Does an answer stand in the code?"
                    .to_owned(),
            ),
            seeds,
            verdict: judgement.verdict,
            ..blank
        },
        (Outcome::Passed, Outcome::Passed) => result::Exercise {
            points: full,
            seeds,
            verdict: Verdict::Passed,
            ..blank
        },
        _ => result::Exercise {
            note: Some(
                "It failed once and passed once on the same documents. That counts as the course's fault: no mark is \
                 lost."
                    .to_owned(),
            ),
            points: full,
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

    #[test]
    fn no_run_that_passed_once_on_each_seed_loses_points() {
        let wanted = |published: &Outcome, fresh| points(&conclusion(any(), published, fresh));
        use Outcome::{Passed, Unstable};
        assert_eq!(wanted(&Passed, Passed), (Verdict::Passed, true));
        assert_eq!(wanted(&Passed, Unstable), (Verdict::Unstable, true));
        assert_eq!(wanted(&Unstable, Passed), (Verdict::Unstable, true));
        assert_eq!(wanted(&Unstable, Unstable), (Verdict::Unstable, true));
        for published in [Passed, Unstable] {
            let fresh = Outcome::Failed(Box::new(failed(Verdict::Hangs)));
            assert_eq!(wanted(&published, fresh), (Verdict::Hangs, false));
        }
    }

    #[test]
    fn a_failure_on_the_fresh_seed_shows_nothing_of_the_run() {
        let fresh = Outcome::Failed(Box::new(failed(Verdict::Crashed)));
        let result = conclusion(any(), &Outcome::Passed, fresh);
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
