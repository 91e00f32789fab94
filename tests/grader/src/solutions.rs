//! The solutions' programs, kept in memory for the whole round.
//!
//! They are run once more beside a submission that wavers. The files that they were built to are long another
//! submission's by then, and whatever is on the disk may have been changed by one.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::exercises::Exercise;
use crate::workbench::Program;

/// The programs of the solutions.
pub(crate) struct Solutions {
    /// Where a program is written when it is run. Nobody else uses the folder.
    folder: PathBuf,
    /// By the paths to which they were built: one program has all exercises of its lesson.
    contents: BTreeMap<PathBuf, Vec<u8>>,
    /// By exercise.
    programs: BTreeMap<&'static str, Program>,
}

impl Solutions {
    /// None yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            contents: BTreeMap::new(),
            programs: BTreeMap::new(),
        }
    }

    /// Keeps the program of an exercise's solution, as it is on the disk now.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn keep(&mut self, exercise: &Exercise, program: &Program) -> Result<()> {
        if !self.contents.contains_key(&program.path) {
            let content = fs::read(&program.path);
            let content = content.with_context(|| format!("read {}", program.path.display()))?;
            self.contents.insert(program.path.clone(), content);
        }
        self.programs.insert(exercise.id, program.clone());
        Ok(())
    }

    /// The program of an exercise's solution, ready to be run: what was kept, whatever is on the disk.
    ///
    /// # Errors
    ///
    /// When it was not kept, or cannot be written.
    pub(crate) fn program(&self, exercise: &Exercise) -> Result<Program> {
        let kept = self.programs.get(exercise.id);
        let kept = kept.with_context(|| format!("the solution of {} was not kept", exercise.id))?;
        let name = kept.path.file_name().context("a program has a name")?;
        let path = self.folder.join(name);
        let content = &self.contents[&kept.path];
        let write = || {
            if fs::read(&path).is_ok_and(|there| there == *content) {
                return Ok(());
            }
            fs::create_dir_all(&self.folder)?;
            fs::write(&path, content)?;
            fs::set_permissions(&path, Permissions::from_mode(0o755))
        };
        write().with_context(|| format!("write {}", path.display()))?;
        Ok(Program {
            path,
            exercise: kept.exercise.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercises;

    #[test]
    fn program_is_what_was_kept_whatever_is_on_the_disk() {
        let folder =
            std::env::temp_dir().join(format!("wirebook-solutions-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let built = folder.join("lesson");
        fs::write(&built, "the solution").expect("it is written");
        let (_, exercise) = exercises::all().next().expect("there is an exercise");
        let mut solutions = Solutions::new(folder.join("kept"));
        assert!(solutions.program(exercise).is_err());
        let program = Program {
            path: built.clone(),
            exercise: exercise.id.to_owned(),
        };
        solutions.keep(exercise, &program).expect("it is read");
        fs::write(&built, "a submission").expect("it is written");
        for _ in 0..2 {
            let program = solutions.program(exercise).expect("it is kept");
            let text = fs::read_to_string(&program.path).expect("it is there");
            assert_eq!(text, "the solution");
            fs::write(&program.path, "another submission").expect("it is written");
        }
        fs::remove_dir_all(folder).expect("it is removed");
    }
}
