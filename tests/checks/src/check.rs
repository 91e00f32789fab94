//! From source to verdict.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use stage::{Peer, Printed, Program, Reference, Seed, run};
use tap::{Difference, Transcript};

use crate::build_reference::build_reference;
use crate::catalogue::{Exercise, Lesson};
use crate::diagnosis::Diagnosis;
use crate::overlay::Overlay;
use crate::snapshot;
use crate::verdict::{Verdict, failure_message, judge};
use compile::{Built, Target, compile, compile_all};

/// Whose files are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The learner's, in `lessons/`.
    Lessons,
    /// The course's own, in `solutions/`.
    Solutions,
}

impl Source {
    /// An exercise's file, relative to the workspace.
    pub fn file(self, lesson: &Lesson, exercise: &Exercise) -> String {
        let folder = match self {
            Self::Lessons => "lessons",
            Self::Solutions => "solutions",
        };
        format!("{folder}/{}/src/{}", lesson.folder, exercise.file)
    }
}

/// The compiler's errors as it prints them, by file.
pub type Errors = BTreeMap<String, Vec<String>>;

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
    /// What the program itself said of its failure.
    pub failure_message: Option<String>,
    /// What the program printed.
    pub output: Printed,
}

/// Checks exercises. Keeps what one check builds and starts for the next.
pub struct Checker {
    course: PathBuf,
    over: Option<Overlay>,
    scratch: (PathBuf, String),
    programs: BTreeMap<String, Built>,
    reference: Option<Reference>,
}

impl Checker {
    /// A checker for what is in the course's own `lessons/` and `solutions/`.
    pub fn new(course: impl Into<PathBuf>) -> Self {
        let course = course.into();
        Self {
            scratch: (course.join("target/overlays/check"), "check".to_owned()),
            course,
            over: None,
            programs: BTreeMap::new(),
            reference: None,
        }
    }

    /// A checker for the lessons that were laid into an overlay. Snapshots and the reference server are the course's.
    /// `scratch` is the folder and the name for one more overlay, which nobody else uses.
    pub fn over(course: impl Into<PathBuf>, overlay: Overlay, scratch: (PathBuf, String)) -> Self {
        Self {
            over: Some(overlay),
            scratch,
            ..Self::new(course)
        }
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
        let expected = snapshot::read(&self.course, exercise.id)?;
        let report = Report {
            exercise,
            file: source.file(lesson, exercise),
            verdict: Verdict::Passed,
            difference: None,
            diagnosis: None,
            expected,
            actual: Transcript::default(),
            failure_message: None,
            output: Printed::default(),
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
            failure_message: failure_message(&run),
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
            let program = build_reference(&self.course, progress)?;
            self.reference = Some(Reference::start(&program).await?);
        }
        Ok(self.reference.as_ref())
    }

    /// Builds lessons at once, so that [`Checker::build`] has nothing left to do for those that build.
    ///
    /// # Errors
    ///
    /// When cargo cannot be run.
    pub fn build_ahead<'a>(
        &mut self,
        lessons: impl IntoIterator<Item = &'a Lesson>,
        source: Source,
        progress: &mut dyn FnMut(&str),
    ) -> Result<()> {
        let mut targets = Vec::new();
        for lesson in lessons {
            targets.push(self.target(lesson, source));
        }
        let all = compile_all(&targets, progress)?;
        for (target, built) in targets.into_iter().zip(all) {
            if let Some(built) = built {
                self.programs.insert(target.bin, built);
            }
        }
        Ok(())
    }

    /// The lesson's program, or the errors in this exercise's own file. Errors in the files of other exercises do not
    /// count against this one: the program is built again with starters in their place.
    ///
    /// The path is good until the next exercise is built.
    ///
    /// # Errors
    ///
    /// When the course itself is at fault, or cargo cannot be run.
    pub fn build(
        &mut self,
        lesson: &'static Lesson,
        exercise: &Exercise,
        source: Source,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<PathBuf, Errors>> {
        let target = self.target(lesson, source);
        if !self.programs.contains_key(&target.bin) {
            self.programs
                .insert(target.bin.clone(), compile(&target, progress)?);
        }
        let errors = match &self.programs[&target.bin] {
            Built::Program { path, .. } => return Ok(Ok(path.clone())),
            Built::Errors(errors) => errors.clone(),
        };
        let file = source.file(lesson, exercise);
        let own = |errors: &Errors| -> Errors {
            errors
                .get(&file)
                .map(|text| (file.clone(), text.clone()))
                .into_iter()
                .collect()
        };
        if !own(&errors).is_empty() {
            return Ok(Err(own(&errors)));
        }
        let files: Vec<_> = lesson
            .exercises
            .iter()
            .map(|exercise| source.file(lesson, exercise))
            .collect();
        let elsewhere = !errors.keys().all(|file| files.contains(file));
        if source == Source::Solutions || elsewhere && self.over.is_none() {
            // A given file is broken, or the crate as a whole: that stands in the way of every exercise.
            return Ok(Err(errors));
        }
        let (folder, name) = &self.scratch;
        let overlay = Overlay::new(&self.course, folder, name, std::slice::from_ref(lesson))?;
        // What is given is as the course has it there, so that an error in it is of an exercise's making.
        if elsewhere {
            return self.build_alone(&overlay, lesson, exercise, source, &target, progress);
        }
        let mut broken = errors;
        // Again and again: the compiler may stop at one file's errors before it has seen another's.
        loop {
            overlay.lay(lesson, &self.without(&broken, &target, lesson, source))?;
            match compile(&overlay.target(lesson), progress)? {
                Built::Program { path, .. } => return Ok(Ok(path)),
                Built::Errors(errors) if !own(&errors).is_empty() => return Ok(Err(own(&errors))),
                Built::Errors(errors) if !errors.keys().all(|file| files.contains(file)) => {
                    return self.build_alone(&overlay, lesson, exercise, source, &target, progress);
                }
                Built::Errors(errors) => {
                    let before = broken.len();
                    broken.extend(errors);
                    if broken.len() == before {
                        bail!(
                            "{} does not build even with starters, which is the course's fault",
                            lesson.name
                        );
                    }
                }
            }
        }
    }

    /// The lesson's program with starters for all other exercises. An exercise that breaks a given file, for example by
    /// giving its function another name, breaks it here as well; the others do not.
    fn build_alone(
        &self,
        overlay: &Overlay,
        lesson: &'static Lesson,
        exercise: &Exercise,
        source: Source,
        target: &Target,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<PathBuf, Errors>> {
        let others = lesson.exercises.iter().filter(|own| own.id != exercise.id);
        let others = others.map(|own| (source.file(lesson, own), Vec::new()));
        overlay.lay(
            lesson,
            &self.without(&others.collect(), target, lesson, source),
        )?;
        Ok(match compile(&overlay.target(lesson), progress)? {
            Built::Program { path, .. } => Ok(path),
            Built::Errors(errors) => Err(errors),
        })
    }

    /// The learner's files of a lesson, but for those that are broken or missing.
    fn without(
        &self,
        broken: &Errors,
        target: &Target,
        lesson: &Lesson,
        source: Source,
    ) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for exercise in lesson.exercises {
            let file = source.file(lesson, exercise);
            if !broken.contains_key(&file)
                && let Ok(text) = std::fs::read_to_string(target.root.join(&file))
            {
                files.insert(exercise.file.to_owned(), text);
            }
        }
        files
    }

    fn target(&self, lesson: &Lesson, source: Source) -> Target {
        if let Some(overlay) = &self.over {
            return overlay.target(lesson);
        }
        let package = match source {
            Source::Lessons => format!("lesson-{}", lesson.name),
            Source::Solutions => format!("solution-{}", lesson.name),
        };
        Target {
            root: self.course.clone(),
            bin: package.clone(),
            package,
            target_dir: None,
            env: Vec::new(),
        }
    }

    /// Forgets what was built, so that the next check sees what was saved since.
    pub fn forget_programs(&mut self) {
        self.programs.clear();
    }
}
