//! From source to verdict.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tap::{Difference, Transcript};

use crate::catalogue::{Exercise, LESSONS, Lesson};
use crate::compile::{Built, Target, compile};
use crate::diagnosis::Diagnosis;
use crate::inputs::Seed;
use crate::overlay::Overlay;
use crate::reference::Reference;
use crate::scenario::Peer;
use crate::snapshot;
use crate::stage::{Program, run};
use crate::verdict::{Verdict, judge};

/// Whose files are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The learner's, in `lessons/`.
    Lessons,
    /// The course's own, in `solutions/`.
    Solutions,
}

impl Source {
    fn package(self, lesson: &Lesson) -> String {
        match self {
            Self::Lessons => format!("lesson-{}", lesson.name),
            Self::Solutions => format!("solution-{}", lesson.name),
        }
    }

    /// An exercise's file, relative to the workspace.
    pub fn file(self, lesson: &Lesson, exercise: &Exercise) -> String {
        let folder = match self {
            Self::Lessons => "lessons",
            Self::Solutions => "solutions",
        };
        format!("{folder}/{}/src/{}", lesson.folder, exercise.file)
    }
}

/// What a check of one exercise came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// The exercise.
    pub exercise: &'static Exercise,
    /// Its file, relative to the workspace.
    pub file: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How the run differs from what was expected.
    pub difference: Option<Difference>,
    /// The usual mistake that it shows.
    pub diagnosis: Option<&'static Diagnosis>,
    /// What was expected.
    pub expected: Transcript,
    /// What came. Empty where nothing was run.
    pub actual: Transcript,
    /// What the program printed.
    pub output: String,
}

/// Checks exercises. Keeps what one check builds and starts for the next.
pub struct Checker {
    root: PathBuf,
    overlays: PathBuf,
    programs: BTreeMap<String, Built>,
    reference: Option<Reference>,
}

impl Checker {
    /// A checker for the course in `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let overlays = root.join("target/overlays/check");
        Self {
            root,
            overlays,
            programs: BTreeMap::new(),
            reference: None,
        }
    }

    /// The folder of the course.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Builds what an exercise needs and checks it on the published seed.
    ///
    /// # Errors
    ///
    /// When the course itself is at fault. What is wrong with the learner's code is a verdict.
    pub async fn check(
        &mut self,
        lesson: &'static Lesson,
        exercise: &'static Exercise,
        source: Source,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Report> {
        let expected = snapshot::read(&self.root, exercise.id)?;
        let report = Report {
            exercise,
            file: source.file(lesson, exercise),
            verdict: Verdict::Passed,
            difference: None,
            diagnosis: None,
            expected,
            actual: Transcript::default(),
            output: String::new(),
        };
        let path = match self.build(lesson, exercise, source, progress)? {
            Ok(path) => path,
            Err(errors) => {
                return Ok(Report {
                    verdict: Verdict::DoesNotBuild(errors),
                    ..report
                });
            }
        };
        let program = Program {
            path,
            exercise: exercise.id.to_owned(),
        };
        let reference = self.reference_for(exercise, progress).await?;
        let run = run(&program, exercise.scenario, Seed::PUBLISHED, reference).await?;
        let (verdict, difference, diagnosis) = judge(exercise, &run, &report.expected);
        Ok(Report {
            verdict,
            difference,
            diagnosis,
            actual: run.transcript,
            output: run.output,
            ..report
        })
    }

    /// The reference server, started if the exercise needs it and it does not run yet.
    ///
    /// # Errors
    ///
    /// When it does not build or start.
    pub async fn reference_for(
        &mut self,
        exercise: &Exercise,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Option<&Reference>> {
        if exercise.scenario.peer() == Peer::Bytes {
            return Ok(None);
        }
        if self.reference.is_none() {
            let program = Reference::build(&self.root, progress)?;
            self.reference = Some(Reference::start(&program).await?);
        }
        Ok(self.reference.as_ref())
    }

    /// The lesson's program, or the errors in this exercise's own file. Errors in the files of other exercises do not
    /// count against this one: the program is built again with starters in their place.
    fn build(
        &mut self,
        lesson: &'static Lesson,
        exercise: &Exercise,
        source: Source,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<PathBuf, BTreeMap<String, Vec<String>>>> {
        let package = source.package(lesson);
        let target = Target {
            root: self.root.clone(),
            package: package.clone(),
            bin: package.clone(),
            target_dir: None,
            env: Vec::new(),
        };
        if !self.programs.contains_key(&package) {
            let built = compile(&target, progress)?;
            self.programs.insert(package.clone(), built);
        }
        let errors = match &self.programs[&package] {
            Built::Program { path, .. } => return Ok(Ok(path.clone())),
            Built::Errors(errors) => errors.clone(),
        };
        let own = source.file(lesson, exercise);
        let mine = errors.iter().filter(|(file, _)| **file == own);
        let mine: BTreeMap<_, _> = mine
            .map(|(file, text)| (file.clone(), text.clone()))
            .collect();
        if !mine.is_empty() {
            return Ok(Err(mine));
        }
        let others = |file: &String| {
            lesson
                .exercises
                .iter()
                .any(|exercise| *file == source.file(lesson, exercise))
        };
        if source == Source::Solutions || !errors.keys().all(others) {
            // A given file is broken, or the crate as a whole: that stands in the way of every exercise.
            return Ok(Err(errors));
        }
        self.build_without(lesson, source, errors, progress)
    }

    /// Builds the lesson with starters in place of the files that have errors, again and again, since the compiler may
    /// stop before it has seen all of them.
    fn build_without(
        &self,
        lesson: &'static Lesson,
        source: Source,
        errors: BTreeMap<String, Vec<String>>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<PathBuf, BTreeMap<String, Vec<String>>>> {
        let overlay = Overlay::new(&self.root, &self.overlays, LESSONS)?;
        let mut files = BTreeMap::new();
        for exercise in lesson.exercises {
            let file = source.file(lesson, exercise);
            if !errors.contains_key(&file)
                && let Ok(text) = std::fs::read_to_string(self.root.join(&file))
            {
                files.insert(exercise.file.to_owned(), text);
            }
        }
        let package = Source::Lessons.package(lesson);
        let target = Target {
            root: overlay.root.clone(),
            package: package.clone(),
            bin: package,
            target_dir: Some(self.root.join("target")),
            env: Vec::new(),
        };
        loop {
            overlay.lay(&self.root, lesson, &files)?;
            let broken = match compile(&target, progress)? {
                Built::Program { path, .. } => return Ok(Ok(path)),
                Built::Errors(broken) => broken,
            };
            let before = files.len();
            files.retain(|file, _| {
                !broken
                    .keys()
                    .any(|path| path.ends_with(&format!("/{file}")))
            });
            if files.len() == before {
                bail!(
                    "{} does not build even with starters, which is the course's fault",
                    lesson.name
                );
            }
        }
    }

    /// Forgets what was built, so that the next check sees what was saved since.
    pub fn forget_programs(&mut self) {
        self.programs.clear();
    }
}
