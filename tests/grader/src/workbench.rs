//! Where one submission after another is built and run.
//!
//! A workbench is one overlay that all submissions of a run use in turn, so that beyond the first only the lessons'
//! own crates are built. The overlays are few and numbered; a lock keeps two runs from taking the same one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use checks::overlay::Overlay;
use checks::{Checker, Errors, Exercise, LESSONS, Lesson, Program, Run, Seed, Source, run};

use crate::submission::{Files, Handed};

/// How many graders may work in one course at the same time.
const SLOTS: u32 = 16;

/// An overlay, and what is built and started for it.
pub(crate) struct Workbench {
    course: PathBuf,
    name: String,
    overlay: Overlay,
    checker: Checker,
    // Released when the file is closed, also by a crash.
    _lock: File,
}

impl Workbench {
    /// Takes the first slot that is free.
    pub(crate) fn take(course: &Path) -> Result<Self> {
        let folder = course.join("target/overlays");
        fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        for number in 1..=SLOTS {
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
            // The overlay keeps the lock file that it has; grading goes by the course's.
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
            "{SLOTS} graders work in {} already; wait for one to end",
            course.display()
        )
    }

    /// Lays files over the pristine course and builds the lessons that they belong to. What was not handed in, or not
    /// taken, is a starter.
    pub(crate) fn lay(&mut self, files: &Files, progress: &mut dyn FnMut(&str)) -> Result<()> {
        let mut begun = Vec::new();
        for lesson in LESSONS {
            let mut own = BTreeMap::new();
            for exercise in lesson.exercises {
                if let Some(Handed::File(text)) = files.get(exercise.id) {
                    own.insert(exercise.file.to_owned(), text.clone());
                }
            }
            self.overlay.lay(lesson, &own)?;
            if !own.is_empty() {
                begun.push(lesson);
            }
        }
        self.checker.forget_programs();
        self.checker.build_ahead(begun, Source::Lessons, progress)
    }

    /// The program that has an exercise, or the compiler's errors. It is good until the next is built.
    pub(crate) fn build(
        &mut self,
        lesson: &'static Lesson,
        exercise: &'static Exercise,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Program, Errors>> {
        let built = self
            .checker
            .build(lesson, exercise, Source::Lessons, progress)?;
        Ok(built.map(|path| Program {
            path,
            exercise: exercise.id.to_owned(),
        }))
    }

    /// Runs an exercise once.
    pub(crate) async fn run(
        &mut self,
        program: &Program,
        exercise: &'static Exercise,
        seed: Seed,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Run> {
        let reference = self.checker.reference_for(exercise, progress).await?;
        run(program, exercise.scenario, seed, reference).await
    }

    /// Starts afresh: a program may have broken the reference server.
    pub(crate) fn renew(&mut self) {
        self.checker = checker(&self.course, &self.overlay, &self.name);
    }

    /// The compiler's errors, fit for a result.
    pub(crate) fn errors(&self, errors: &Errors) -> Vec<String> {
        let texts = errors.values().flatten().take(10);
        texts
            .map(|text| crate::redact::compiler(text, &self.overlay.root, &self.course, &self.name))
            .collect()
    }
}

fn checker(course: &Path, overlay: &Overlay, name: &str) -> Checker {
    let alone = format!("{name}-alone");
    let scratch = course.join("target/overlays").join(&alone);
    Checker::over(course, overlay.clone(), (scratch, alone))
}
