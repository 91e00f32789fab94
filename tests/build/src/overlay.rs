//! A workspace of its own with one set of lesson files in it.
//!
//! Used wherever a lesson is built from other files than those in `lessons/`: with starters in place of files that do
//! not compile, with a submission's files, or in the project's own tests. It builds into the course's target directory,
//! where the third-party crates are built already.
//!
//! cargo takes two packages for the same if their names and their places within the workspace are the same, and a
//! package for fresh if its files are older than the last build. So two workspaces that share a target directory would
//! get each other's programs. Therefore an overlay has a name, which becomes part of its lessons' packages, and no two
//! overlays of one name may exist at once. The contracts and the kit are used where they are, by their full paths:
//! copies of them would be built in the place of the course's own, and whatever is linked against those would have to
//! be built again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use catalogue::{Course, Lesson};

use crate::generated::{read, write};
use crate::manifest::{with_full_paths, with_members, with_renamed};
use crate::starter::lesson_files;
use crate::target::Target;
use crate::target_dir::target_dir;

/// A scratch workspace: the lessons that were written into it, on the course's contracts and kit.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// Its folder.
    pub root: PathBuf,
    name: String,
    pristine: Arc<Pristine>,
}

/// What an overlay takes from the course, as it was when it was read. What is written there later has no part in it.
#[derive(Debug)]
struct Pristine {
    manifest: String,
    lock: String,
    target_dir: PathBuf,
    /// The files of the lessons, by the lessons' names.
    lessons: BTreeMap<String, BTreeMap<PathBuf, String>>,
}

impl Overlay {
    /// Makes the workspace at `at`, or brings it up to date, for these lessons, whose files are read here and not again.
    /// Files that are the same already are not touched, so that cargo builds nothing twice.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written.
    pub fn new<'a>(
        course: &Course,
        at: &Path,
        name: &str,
        lessons: impl IntoIterator<Item = &'a Lesson>,
    ) -> Result<Self> {
        let lessons: Vec<_> = lessons.into_iter().collect();
        let mut files = BTreeMap::new();
        for lesson in &lessons {
            files.insert(lesson.name.clone(), lesson_files(lesson)?);
        }
        let manifest = read(&course.root.join("Cargo.toml"))?;
        let pristine = Pristine {
            manifest: with_full_paths(&manifest, &course.root)?,
            lock: read(&course.root.join("Cargo.lock"))?,
            target_dir: target_dir(&course.root)?,
            lessons: files,
        };
        Self::made_of(Arc::new(pristine), at, name, &lessons)
    }

    /// Another workspace with one of the lessons of this one, made of the same texts.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn beside(&self, at: &Path, name: &str, lesson: &Lesson) -> Result<Self> {
        Self::made_of(self.pristine.clone(), at, name, &[lesson])
    }

    fn made_of(
        pristine: Arc<Pristine>,
        at: &Path,
        name: &str,
        lessons: &[&Lesson],
    ) -> Result<Self> {
        let members = lessons
            .iter()
            .map(|lesson| format!("lessons/{}", lesson.folder));
        let manifest = with_members(&pristine.manifest, &members.collect::<Vec<_>>());
        write(&at.join("Cargo.toml"), manifest.as_bytes())?;
        // cargo changes the lock file here, since the members are others. It is made anew where the course's has changed.
        let lock = with_renamed(&pristine.lock, name, lessons);
        let lock = lock.as_bytes();
        if write(&at.join("Cargo.lock.course"), lock)? || !at.join("Cargo.lock").exists() {
            write(&at.join("Cargo.lock"), lock)?;
        }
        Ok(Self {
            root: at.to_owned(),
            name: name.to_owned(),
            pristine,
        })
    }

    /// The program of a lesson, as it is built here.
    pub fn target(&self, lesson: &Lesson) -> Target {
        let package = self.package(lesson);
        Target {
            root: self.root.clone(),
            bin: package.clone(),
            package,
            target_dir: Some(self.pristine.target_dir.clone()),
        }
    }

    fn package(&self, lesson: &Lesson) -> String {
        format!("{}-{}", lesson.lesson_package(), self.name)
    }

    /// Writes a lesson of this overlay: its starters, with `files` in the place of those of the same name. Names are those of
    /// exercises' files; others are ignored, since everything else is given.
    ///
    /// # Errors
    ///
    /// When it is not one of this overlay's lessons, or a file cannot be written.
    pub fn write_lesson(&self, lesson: &Lesson, files: &BTreeMap<String, String>) -> Result<()> {
        self.write_lesson_with(lesson, files, None)
    }

    /// As [`Overlay::write_lesson`], with another manifest than the course's, if there is one.
    pub(crate) fn write_lesson_with(
        &self,
        lesson: &Lesson,
        files: &BTreeMap<String, String>,
        manifest: Option<&str>,
    ) -> Result<()> {
        let folder = self.root.join("lessons").join(&lesson.folder);
        let pristine = self.pristine.lessons.get(&lesson.name);
        let pristine = pristine
            .with_context(|| format!("{} has no lesson {}", self.root.display(), lesson.name))?;
        for (path, text) in pristine {
            let mut text = text.clone();
            if *path == Path::new("Cargo.toml") {
                let text_of = manifest.unwrap_or(&text);
                text = text_of.replace(&lesson.lesson_package(), &self.package(lesson));
            }
            let exercise = lesson
                .exercises
                .iter()
                .map(|exercise| exercise.file())
                .find(|file| *path == Path::new("src").join(file));
            if let Some(replacement) = exercise.and_then(|file| files.get(&file)) {
                text.clone_from(replacement);
            }
            write(&folder.join(path), text.as_bytes())?;
        }
        Ok(())
    }
}
