//! The files of a lesson's exercises, and what a build says of them.

use std::collections::BTreeMap;
use std::path::Path;

use catalogue::{Exercise, Lesson};

use crate::cargo::Errors;
use crate::fault::{Broken, Fault, Program};
use crate::imports::{imports, missing};
use crate::left_gap::{InGap, error_in_gap};
use crate::source::Source;

/// The learner's files of one lesson, by their paths relative to the workspace.
pub(crate) struct Files {
    pub(crate) of_exercise: String,
    of_all: BTreeMap<String, String>,
    /// The names that the solution of the exercise imports, and their paths.
    imports: BTreeMap<String, String>,
}

impl Files {
    pub(crate) fn of(lesson: &Lesson, exercise: &Exercise, source: Source) -> Self {
        let file = |exercise: &Exercise| (source.file(lesson, exercise), exercise.file());
        Self {
            of_exercise: source.file(lesson, exercise),
            of_all: lesson.exercises.iter().map(file).collect(),
            imports: imports(&format!(
                "{}{}",
                exercise.gap.before, exercise.gap.use_lines
            )),
        }
    }

    /// The errors in the exercise's own file, if there are any. `root`: of the workspace whose file it is.
    pub(crate) fn broken(&self, root: &Path, errors: &Errors) -> Option<Broken> {
        let texts = errors.get(&self.of_exercise)?;
        let fault = match error_in_gap(&self.text(root), texts) {
            Some(InGap { line, error }) => Fault::Gap { line, error },
            None => self.missing_imports(texts).unwrap_or(Fault::Code),
        };
        Some(Broken {
            errors: Errors::from([(self.of_exercise.clone(), texts.clone())]),
            fault,
        })
    }

    /// The imports that the errors ask for, where the solution has some of them.
    fn missing_imports(&self, errors: &[String]) -> Option<Fault> {
        let paths: Vec<_> = missing(&self.imports, errors)
            .into_iter()
            .cloned()
            .collect();
        (!paths.is_empty()).then_some(Fault::Imports { paths })
    }

    /// The text of the exercise's own file. Empty where it cannot be read.
    pub(crate) fn text(&self, root: &Path) -> String {
        std::fs::read_to_string(root.join(&self.of_exercise)).unwrap_or_default()
    }

    /// A program, with those of the warnings that are about the exercise's own file.
    pub(crate) fn program(&self, path: &Path, warnings: &Errors) -> Program {
        Program {
            path: path.to_owned(),
            warnings: warnings.get(&self.of_exercise).cloned().unwrap_or_default(),
        }
    }

    /// Whether all errors are in files of exercises.
    pub(crate) fn are_all_exercises(&self, errors: &Errors) -> bool {
        errors.keys().all(|file| self.of_all.contains_key(file))
    }

    /// The texts of those files that are to be kept, by their names. One that cannot be read is left out.
    pub(crate) fn read(
        &self,
        root: &Path,
        keep: &dyn Fn(&String) -> bool,
    ) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (path, name) in self.of_all.iter().filter(|(path, _)| keep(path)) {
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                texts.insert(name.clone(), text);
            }
        }
        texts
    }
}
