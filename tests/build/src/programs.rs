//! The programs of lessons: of an exercise's lesson as a whole where it compiles, else of its own file alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use catalogue::{Course, Exercise, Lesson};

use crate::cargo::{Built, Errors, build, build_all};
use crate::fault::{Broken, Fault, Program};
use crate::files::Files;
use crate::manifest::with_full_dependency_paths;
use crate::overlay::Overlay;
use crate::progress::Progress;
use crate::source::Source;
use crate::target::Target;
use crate::target_dir::target_dir;

/// Where an exercise is built whose lesson does not compile as a whole.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The folder of the overlays, one for each exercise. Nobody else uses it.
    pub folder: PathBuf,
    /// The name that they begin with, which nobody else uses either.
    pub name: String,
}

/// Builds the programs of lessons, and keeps what it built.
#[derive(Debug)]
pub struct Programs {
    course: Course,
    overlay: Option<Overlay>,
    scratch: Scratch,
    /// By the names of their programs.
    built: BTreeMap<String, Built>,
}

impl Programs {
    /// Of what is in the course's own `lessons/` and `solutions/`.
    ///
    /// # Errors
    ///
    /// When cargo cannot be run.
    pub fn new(course: &Course) -> Result<Self> {
        let scratch = Scratch {
            folder: target_dir(&course.root)?.join("overlays/check"),
            name: "check".to_owned(),
        };
        Ok(Self {
            course: course.clone(),
            overlay: None,
            scratch,
            built: BTreeMap::new(),
        })
    }

    /// Of the lessons that were written into an overlay.
    pub fn of_overlay(course: &Course, overlay: Overlay, scratch: Scratch) -> Self {
        Self {
            course: course.clone(),
            overlay: Some(overlay),
            scratch,
            built: BTreeMap::new(),
        }
    }

    /// Builds the programs of lessons, and their checkers, with one call of cargo. Returns the paths of the checkers,
    /// in the order of the lessons.
    ///
    /// # Errors
    ///
    /// When cargo cannot be run, or the course itself does not build.
    pub fn build_with_checkers(
        &mut self,
        lessons: &[&Lesson],
        source: Source,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<PathBuf>> {
        let mut targets: Vec<_> = lessons
            .iter()
            .map(|lesson| self.target(lesson, source))
            .collect();
        targets.extend(lessons.iter().map(|lesson| self.checker(lesson)));
        let mut built = build_all(&targets, progress)?;
        let checkers = built.split_off(lessons.len());
        for (target, built) in targets.into_iter().zip(built) {
            self.built.insert(target.bin, built);
        }
        checkers.into_iter().map(checker_path).collect()
    }

    /// Builds the programs of lessons with one call of cargo, so that [`Programs::program`] has nothing left to do for
    /// those that compile.
    ///
    /// # Errors
    ///
    /// When cargo cannot be run.
    pub fn build_ahead(
        &mut self,
        lessons: &[&Lesson],
        source: Source,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let targets: Vec<_> = lessons
            .iter()
            .map(|lesson| self.target(lesson, source))
            .collect();
        let built = build_all(&targets, progress)?;
        for (target, built) in targets.into_iter().zip(built) {
            self.built.insert(target.bin, built);
        }
        Ok(())
    }

    /// The program that has an exercise, or the errors that the exercise's own file causes. Errors in other files do not
    /// count against it: the program is built again with starters in the place of other exercises' files and with the
    /// given files as the course has them, under a name of its own.
    ///
    /// # Errors
    ///
    /// When the course itself is at fault, or cargo cannot be run.
    pub fn program(
        &mut self,
        lesson: &Lesson,
        exercise: &Exercise,
        source: Source,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<Program, Broken>> {
        let files = Files::of(lesson, exercise, source);
        let target = self.target(lesson, source);
        if source == Source::Lessons
            && let Some(broken) = Broken::unreadable(&target.root, lesson, exercise)
        {
            return Ok(Err(broken));
        }
        if !self.built.contains_key(&target.bin) {
            let built = build(&target, progress)?;
            self.built.insert(target.bin.clone(), built);
        }
        let errors = match &self.built[&target.bin] {
            Built::Program { path, warnings } => return Ok(Ok(files.program(path, warnings))),
            Built::Errors(errors) => errors.clone(),
        };
        if let Some(broken) = files.broken(&target.root, &errors) {
            return Ok(Err(broken));
        }
        if source == Source::Solutions {
            // Here nothing is in anyone's place: the course's own files are broken.
            let fault = Fault::Course;
            return Ok(Err(Broken { errors, fault }));
        }
        self.without_broken(lesson, exercise, &target, &files, errors, progress)
    }

    /// Forgets what was built, so that the next call sees what was saved since.
    pub fn forget(&mut self) {
        self.built.clear();
    }

    /// Builds an exercise with starters in the place of the files that do not compile. First those that the compiler
    /// named are replaced, repeatedly, since it may stop at the errors of one file before it sees another's; then all
    /// others.
    fn without_broken(
        &self,
        lesson: &Lesson,
        exercise: &Exercise,
        target: &Target,
        files: &Files,
        mut broken: Errors,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<Program, Broken>> {
        let at = self.scratch.folder.join(&exercise.id);
        let name = format!("{}-{}", self.scratch.name, exercise.number);
        let overlay = match &self.overlay {
            Some(overlay) => overlay.beside(&at, &name, lesson)?,
            None => Overlay::new(&self.course, &at, &name, [lesson])?,
        };
        // Dependencies that the learner has added are used in the file that is checked.
        let folder = target.root.join("lessons").join(&lesson.folder);
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"));
        let manifest = manifest.ok().filter(|_| self.overlay.is_none());
        let manifest = manifest.map(|text| with_full_dependency_paths(&text, &folder));
        let mut alone = !files.are_all_exercises(&broken);
        loop {
            let keep = |file: &String| match alone {
                true => *file == files.of_exercise,
                false => !broken.contains_key(file),
            };
            let kept = files.read(&target.root, &keep);
            overlay.write_lesson_with(lesson, &kept, manifest.as_deref())?;
            let errors = match build(&overlay.target(lesson), progress)? {
                Built::Program { path, warnings } => {
                    return Ok(Ok(files.program(&path, &warnings)));
                }
                Built::Errors(errors) => errors,
            };
            if let Some(broken) = files.broken(&target.root, &errors) {
                return Ok(Err(broken));
            }
            // The given files are the course's own here, so the exercise's file causes an error in them.
            if alone {
                return Ok(Err(Broken::elsewhere(
                    errors,
                    lesson,
                    exercise,
                    &files.text(&target.root),
                )));
            }
            let before = broken.len();
            alone = !files.are_all_exercises(&errors);
            broken.extend(errors);
            // The same files again, although they were replaced by starters.
            alone |= broken.len() == before;
        }
    }

    fn target(&self, lesson: &Lesson, source: Source) -> Target {
        if let Some(overlay) = &self.overlay {
            return overlay.target(lesson);
        }
        let package = match source {
            Source::Lessons => lesson.lesson_package(),
            Source::Solutions => lesson.solution_package(),
        };
        Target {
            root: self.course.root.clone(),
            bin: package.clone(),
            package,
            target_dir: None,
        }
    }

    fn checker(&self, lesson: &Lesson) -> Target {
        checker(&self.course, lesson)
    }
}

/// Builds the checker of a lesson, and not the lesson, and returns its path.
///
/// # Errors
///
/// When cargo cannot be run, or the checker does not build.
pub fn build_checker(
    course: &Course,
    lesson: &Lesson,
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf> {
    checker_path(build(&checker(course, lesson), progress)?)
}

fn checker(course: &Course, lesson: &Lesson) -> Target {
    let package = lesson.check_package();
    Target {
        root: course.root.clone(),
        bin: package.clone(),
        package,
        target_dir: None,
    }
}

/// The path of a checker. It is the course's own, so errors in it are the course's fault.
fn checker_path(built: Built) -> Result<PathBuf> {
    match built {
        Built::Program { path, .. } => Ok(path),
        Built::Errors(errors) => {
            let errors: Vec<_> = errors.into_values().flatten().collect();
            bail!(
                "a checker does not build, which is the course's fault:\n{}",
                errors.join("\n")
            )
        }
    }
}
