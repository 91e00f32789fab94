//! Where one submission after another is built, run and judged.
//!
//! A workbench is one overlay that all submissions of a call use in turn, so that beyond the first only the lessons'
//! crates are built. The overlays are few and numbered; a lock keeps two graders from taking the same one.
//!
//! The crates that build, run and judge are called from here alone, and what they answer leaves this file in the terms
//! of a [`result`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use checks::overlay::Overlay;
use checks::{Checker, Errors, Source, run, snapshot};

use crate::class::Event;
use crate::exercises::{Exercise, LESSONS, Lesson};
use crate::redact;
use crate::result::{self, Verdict};
use crate::submission::{Files, SubmittedFile};

pub(crate) use checks::{Program, Run, Seed};

/// How many graders may work in one course at the same time.
const MAX_GRADERS: u32 = 16;

/// How many of the compiler's errors go into a result. The first ones cause the others as a rule.
const MAX_ERRORS: usize = 10;

/// An overlay, and what is built and started for it.
pub(crate) struct Workbench {
    course: PathBuf,
    name: String,
    overlay: Overlay,
    checker: Checker,
    // Released when the file is closed, also by a crash.
    _lock: File,
}

/// What came of building an exercise.
pub(crate) enum Built {
    /// The program that has the exercise. It is good until the next exercise is built.
    Program(Program),
    /// The compiler's errors, fit for a result.
    Errors(Vec<String>),
}

/// What a run is compared with.
#[derive(Clone, Copy)]
pub(crate) enum Against<'a> {
    /// The course's snapshot: for the published seed.
    Snapshot,
    /// Another run on the same seed, of the solution as a rule.
    Run(&'a Run),
}

/// What a run is worth.
#[derive(Debug)]
pub(crate) struct Judgement {
    /// The verdict on this run.
    pub(crate) verdict: Verdict,
    /// The known mistake that it shows.
    pub(crate) diagnosis: Option<result::Diagnosis>,
    /// The first line that differs.
    pub(crate) difference: Option<result::Difference>,
    /// The task of the gap that the program reached.
    pub(crate) task: Option<String>,
    /// How a program ended that ended too early.
    pub(crate) exit_status: Option<String>,
}

impl Workbench {
    /// Acquires the first slot that is free.
    ///
    /// # Errors
    ///
    /// When there is none, or the folder of the course cannot be written.
    pub(crate) fn acquire(course: &Path) -> Result<Self> {
        let folder = course.join("target/overlays");
        fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        for number in 1..=MAX_GRADERS {
            let name = format!("grade-{number}");
            let path = folder.join(format!("{name}.lock"));
            let lock = File::create(&path).with_context(|| format!("make {}", path.display()))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => continue,
                Err(fs::TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("lock {}", path.display()));
                }
            }
            let root = folder.join(&name);
            // An overlay keeps the Cargo.lock that it has; a grade goes by the course's.
            let _ = fs::remove_file(root.join("Cargo.lock"));
            let overlay = Overlay::new(course, &root, &name, LESSONS)?;
            return Ok(Self {
                checker: checker(course, &overlay, &name),
                course: course.to_owned(),
                name,
                overlay,
                _lock: lock,
            });
        }
        bail!(
            "{MAX_GRADERS} graders work in {} already; wait for one to end",
            course.display()
        )
    }

    /// Installs a submission's files over the pristine course and builds the lessons that they belong to. An exercise
    /// that was not handed in, or was refused, has its starter.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or cargo cannot be run.
    pub(crate) fn install(
        &mut self,
        files: &Files,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<()> {
        let mut started = Vec::new();
        for lesson in LESSONS {
            let mut texts = BTreeMap::new();
            for exercise in lesson.exercises {
                if let Some(SubmittedFile::Text(text)) = files.get(exercise.id) {
                    texts.insert(exercise.file.to_owned(), text.clone());
                }
            }
            self.overlay.lay(lesson, &texts)?;
            if !texts.is_empty() {
                started.push(lesson);
            }
        }
        self.checker.forget_programs();
        let progress = &mut |line: &str| events(Event::Cargo(line));
        self.checker.build_ahead(started, Source::Lessons, progress)
    }

    /// Builds the program that has an exercise.
    ///
    /// # Errors
    ///
    /// When the course is at fault, or cargo cannot be run.
    pub(crate) fn build(
        &mut self,
        lesson: &'static Lesson,
        exercise: &'static Exercise,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<Built> {
        let progress = &mut |line: &str| events(Event::Cargo(line));
        let built = self
            .checker
            .build(lesson, exercise, Source::Lessons, progress)?;
        Ok(match built {
            Ok(path) => Built::Program(Program {
                path,
                exercise: exercise.id.to_owned(),
            }),
            Err(errors) => Built::Errors(self.redacted(&errors)),
        })
    }

    /// Runs an exercise once.
    ///
    /// # Errors
    ///
    /// When the tool or the machine is at fault.
    pub(crate) async fn run(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<Run> {
        let progress = &mut |line: &str| events(Event::Cargo(line));
        let reference = self.checker.reference_for(exercise, progress).await?;
        run(program, exercise.scenario, seed, reference).await
    }

    /// Judges a run.
    ///
    /// # Errors
    ///
    /// When the snapshot cannot be read.
    pub(crate) fn judge(
        &self,
        exercise: &Exercise,
        run: &Run,
        against: Against<'_>,
    ) -> Result<Judgement> {
        let snapshot;
        let expected = match against {
            Against::Snapshot => {
                snapshot = snapshot::read(&self.course, exercise.id)?;
                &snapshot
            }
            Against::Run(run) => &run.transcript,
        };
        let (verdict, difference, diagnosis) = checks::judge(exercise, run, expected);
        let difference = difference.map(|difference| {
            let first = difference.first();
            result::Difference {
                actual: first.actual.as_ref().map(line),
                expected: first.expected.as_ref().map(line),
            }
        });
        let diagnosis = diagnosis.map(|diagnosis| result::Diagnosis {
            advice: diagnosis.advice.to_owned(),
            name: diagnosis.name.to_owned(),
        });
        let (task, exit_status) = match &verdict {
            checks::Verdict::Unfinished { task, .. } => (Some(redact::clip(task)), None),
            checks::Verdict::Crashed(status) => (None, Some(status.clone())),
            _ => (None, None),
        };
        Ok(Judgement {
            verdict: named(&verdict),
            diagnosis,
            difference,
            task,
            exit_status,
        })
    }

    /// Forgets all that was built, and starts the reference server anew: a program may have broken it.
    pub(crate) fn restart(&mut self) {
        self.checker = checker(&self.course, &self.overlay, &self.name);
    }

    fn redacted(&self, errors: &Errors) -> Vec<String> {
        let texts = errors.values().flatten().take(MAX_ERRORS);
        texts
            .map(|text| redact::compiler(text, &self.overlay.root, &self.course, &self.name))
            .collect()
    }
}

fn checker(course: &Path, overlay: &Overlay, name: &str) -> Checker {
    let alone = format!("{name}-alone");
    let scratch = course.join("target/overlays").join(&alone);
    Checker::over(course, overlay.clone(), (scratch, alone))
}

/// The verdict of a check, as it stands in a result.
fn named(verdict: &checks::Verdict) -> Verdict {
    match verdict {
        checks::Verdict::Passed => Verdict::Passed,
        checks::Verdict::Differs => Verdict::Differs,
        checks::Verdict::Hangs => Verdict::Hangs,
        checks::Verdict::DoesNotEnd => Verdict::DoesNotEnd,
        checks::Verdict::Unfinished { .. } => Verdict::Unfinished,
        checks::Verdict::DoesNotBuild(_) => Verdict::DoesNotBuild,
        checks::Verdict::Crashed(_) => Verdict::Crashed,
    }
}

/// A line of a transcript, fit for a result.
fn line(line: &impl ToString) -> String {
    redact::clip(line.to_string().trim())
}

/// Whether the exercise's function returned, without an error or with one.
pub(crate) fn has_finished(run: &Run) -> bool {
    matches!(run.end, checks::End::Finished(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_and_a_result_name_a_verdict_alike() {
        for verdict in [
            checks::Verdict::Passed,
            checks::Verdict::Differs,
            checks::Verdict::Hangs,
            checks::Verdict::DoesNotEnd,
            checks::Verdict::Unfinished {
                task: "a task".to_owned(),
                file: "ex1.rs".to_owned(),
                line: 1,
            },
            checks::Verdict::DoesNotBuild(BTreeMap::new()),
            checks::Verdict::Crashed("exit status: 1".to_owned()),
        ] {
            assert_eq!(named(&verdict).to_string(), verdict.name());
        }
    }
}
