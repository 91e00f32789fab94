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
use build::{Errors, Overlay, Programs, Progress, Scratch, Source, build_reference, target_dir};
use checks::Transcript;
use stage::{Reference, run};

use crate::class::Event;
use crate::exercises::{Exercise, Lesson, course, lessons};
use crate::redact;
use crate::result::{self, Verdict};
use crate::submission::{Files, SubmittedFile};

pub(crate) use stage::{Program, Run, Seed};

/// How many graders may work in one course at the same time.
const MAX_GRADERS: u32 = 16;

/// How many of the compiler's errors go into a result. The first ones cause the others as a rule.
const MAX_ERRORS: usize = 10;

/// An overlay, and what is built and started for it.
pub(crate) struct Workbench {
    course: PathBuf,
    /// Where the overlays are.
    folder: PathBuf,
    name: String,
    overlay: Overlay,
    programs: Programs,
    /// The reference server's program, built when an exercise needs it, and not again.
    server: Option<PathBuf>,
    /// Started when an exercise needs it.
    reference: Option<Reference>,
    // Released when the file is closed, also by a crash.
    _lock: File,
}

/// What came of building an exercise.
pub(crate) enum Built {
    /// The program that has the exercise.
    Program(Program),
    /// The compiler's errors, fit for a result.
    Errors(Vec<String>),
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
    pub(crate) fn acquire(root: &Path) -> Result<Self> {
        let folder = target_dir(root)?.join("overlays");
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
            let at = folder.join(&name);
            let overlay = Overlay::new(course(), &at, &name, lessons().iter().map(|it| &it.text))?;
            return Ok(Self {
                programs: programs(&folder, &overlay, &name),
                server: None,
                reference: None,
                course: root.to_owned(),
                folder,
                name,
                overlay,
                _lock: lock,
            });
        }
        bail!(
            "{MAX_GRADERS} graders work in {} already; wait for one to end",
            root.display()
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
        for lesson in lessons() {
            let mut texts = BTreeMap::new();
            for exercise in &lesson.exercises {
                if let Some(SubmittedFile::Text(text)) = files.get(exercise.id) {
                    texts.insert(exercise.file.clone(), text.clone());
                }
            }
            self.overlay.write_lesson(&lesson.text, &texts)?;
            if !texts.is_empty() {
                started.push(&lesson.text);
            }
        }
        self.programs.forget();
        self.programs
            .build_ahead(&started, Source::Lessons, &mut forward(events))
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
        let built = self.programs.program(
            &lesson.text,
            &exercise.text,
            Source::Lessons,
            &mut forward(events),
        )?;
        Ok(match built {
            Ok(program) => Built::Program(Program {
                path: program.path,
                exercise: exercise.id.to_owned(),
            }),
            Err(broken) => Built::Errors(self.redacted(&broken.errors)),
        })
    }

    /// Where the solutions' programs may be written to.
    pub(crate) fn solutions_folder(&self) -> PathBuf {
        self.folder.join(format!("{}-solutions", self.name))
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
        self.start_reference(exercise, events).await?;
        let reference = self.reference.as_ref();
        run(program, exercise.check.scenario, seed, reference).await
    }

    /// Runs two programs at the same time as one exercise on one seed, and returns the run of the first.
    ///
    /// # Errors
    ///
    /// As for [`Workbench::run`].
    pub(crate) async fn run_beside(
        &mut self,
        program: &Program,
        other: &Program,
        exercise: &'static Exercise,
        seed: Seed,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<Run> {
        self.start_reference(exercise, events).await?;
        let reference = self.reference.as_ref();
        let scenario = exercise.check.scenario;
        let (run, _) = tokio::try_join!(
            run(program, scenario, seed, reference),
            run(other, scenario, seed, reference)
        )?;
        Ok(run)
    }

    async fn start_reference(
        &mut self,
        exercise: &Exercise,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<()> {
        if !exercise.check.needs_reference() || self.reference.is_some() {
            return Ok(());
        }
        let server = match &self.server {
            Some(server) => server.clone(),
            None => build_reference(&self.course, &mut forward(events))?,
        };
        self.reference = Some(Reference::start(&server).await?);
        self.server = Some(server);
        Ok(())
    }

    /// Judges a run by what is expected.
    pub(crate) fn judge(&self, exercise: &Exercise, run: &Run, expected: &Transcript) -> Judgement {
        let judgement = checks::judge(exercise.check, run, expected);
        let (verdict, difference) = (judgement.verdict, judgement.difference);
        let difference = difference.map(|difference| {
            let first = difference.first();
            result::Difference {
                actual: first.actual.as_ref().map(line),
                expected: first.expected.as_ref().map(line),
            }
        });
        let diagnosis = judgement.diagnosis.map(|diagnosis| result::Diagnosis {
            advice: diagnosis.usually.to_owned(),
            name: diagnosis.name.to_owned(),
        });
        let (task, exit_status) = match &verdict {
            checks::Verdict::Unfinished { task, .. } => (Some(redact::clip(task)), None),
            checks::Verdict::Crashed(status) => (None, Some(status.clone())),
            _ => (None, None),
        };
        Judgement {
            verdict: named(&verdict),
            diagnosis,
            difference,
            task,
            exit_status,
        }
    }

    /// Forgets all that was built, and starts the reference server anew: a program may have broken it.
    pub(crate) fn restart(&mut self) {
        self.programs = programs(&self.folder, &self.overlay, &self.name);
        self.reference = None;
    }

    fn redacted(&self, errors: &Errors) -> Vec<String> {
        let texts = errors.values().flatten().take(MAX_ERRORS);
        texts
            .map(|text| redact::compiler(text, &self.overlay.root, &self.course, &self.name))
            .collect()
    }
}

fn programs(folder: &Path, overlay: &Overlay, name: &str) -> Programs {
    let name = format!("{name}-alone");
    let scratch = Scratch {
        folder: folder.join(&name),
        name,
    };
    Programs::of_overlay(course(), overlay.clone(), scratch)
}

/// Passes a build's progress on, a line for each crate.
fn forward<'a>(events: &'a mut dyn FnMut(Event<'_>)) -> impl FnMut(Progress) + 'a {
    |progress| match progress {
        Progress::Line(line) => events(Event::Cargo(&line)),
        Progress::Compiling(name) => events(Event::Cargo(&format!("Compiling {name}"))),
        Progress::Crates { .. } => {}
    }
}

/// The verdict of a check, as it stands in a result.
fn named(verdict: &checks::Verdict) -> Verdict {
    match verdict {
        checks::Verdict::Passed => Verdict::Passed,
        checks::Verdict::Differs => Verdict::Differs,
        checks::Verdict::Hangs => Verdict::Hangs,
        checks::Verdict::Runaway => Verdict::Runaway,
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
    matches!(run.end, stage::End::Finished(_))
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
            checks::Verdict::Runaway,
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
