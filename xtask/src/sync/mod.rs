//! What is generated from the exercises' folders, and whether the files on the disk are in step with it.
//!
//! The starters in `lessons/` are what a learner edits. So beside them lies `starters.sum`, which says what each was
//! when it was written: a file that is not what it was then has been edited, and is never overwritten.

mod region;
mod sums;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use build::{Generated, is_same};
use catalogue::Course;

use sums::Sums;

/// Where the sums of the starters are.
const SUMS_FILE: &str = "lessons/starters.sum";

/// Which files on the disk are not in step.
pub(crate) struct State {
    /// Everything that is generated.
    pub(crate) generated: Generated,
    /// Generated files that are not on the disk, or are different there.
    pub(crate) stale: BTreeSet<PathBuf>,
    /// Starters that were edited, and would be overwritten or deleted.
    pub(crate) edited: Vec<String>,
    /// Starters that were generated once and are not any more.
    pub(crate) obsolete: Vec<String>,
    /// Files in a generated folder that nothing has ever generated.
    pub(crate) unknown: Vec<String>,
}

impl State {
    /// Generates everything in memory, and looks at the disk.
    pub(crate) fn of(course: &Course) -> Result<Self> {
        let root = &course.root;
        let mut generated = Generated::default();
        let mut lessons = Generated::default();
        for lesson in &course.lessons {
            let folder = Path::new("lessons").join(&lesson.folder);
            for (path, text) in build::lesson_files(lesson)? {
                lessons.add(folder.join(path), text);
            }
            let folder = Path::new("solutions").join(&lesson.folder);
            generated.add(folder.join("src/main.rs"), build::solution_main(lesson));
            generated.add(folder.join("src/run.rs"), build::solution_run(lesson));
            generated.add(
                folder.join("src/variants.rs"),
                build::solution_variants(lesson),
            );
            generated.add(folder.join("check/src/lib.rs"), build::check_lib(lesson));
            generated.add(folder.join("check/src/main.rs"), build::check_main(lesson));
        }
        for (path, text) in region::manifests(course)? {
            generated.add(path, text);
        }
        generated.add(
            "tests/course/src/lessons.rs",
            region::course_lessons(course),
        );
        let before = Sums::read(&root.join(SUMS_FILE))?;
        let (mut edited, mut obsolete, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for (path, text) in &lessons.0 {
            let overwritten = match fs::read(root.join(path)) {
                Ok(now) => !is_same(&now, text) && !before.has(path, &now),
                // What is there and cannot be read may be somebody's work.
                Err(error) => error.kind() != ErrorKind::NotFound,
            };
            if overwritten {
                edited.push(path.display().to_string());
            }
        }
        for path in files(root, course, &before)? {
            if lessons.0.contains_key(&path) || generated.0.contains_key(&path) {
                continue;
            }
            let shown = path.display().to_string();
            let now = fs::read(root.join(&path)).unwrap_or_default();
            match (before.knows(&path), before.has(&path, &now)) {
                (true, true) => obsolete.push(shown),
                (true, false) => edited.push(shown),
                (false, _) => unknown.push(shown),
            }
        }
        generated.add(SUMS_FILE, Sums::of(&lessons).to_string());
        generated.0.extend(lessons.0);
        let stale = generated.stale(root).into_iter().collect();
        Ok(Self {
            generated,
            stale,
            edited,
            obsolete,
            unknown,
        })
    }
}

/// Writes what is stale, and deletes what is obsolete. Returns a line for each.
pub(crate) fn write(root: &Path, state: &State) -> Result<Vec<String>> {
    let written = state.generated.write(root)?;
    let mut lines: Vec<_> = written
        .iter()
        .map(|path| format!("wrote {}", path.display()))
        .collect();
    for file in &state.obsolete {
        fs::remove_file(root.join(file)).with_context(|| format!("delete {file}"))?;
        lines.push(format!("deleted {file}"));
    }
    Ok(lines)
}

/// The files in fully generated folders, relative to the course's folder: present and former lessons, and the lists of
/// solutions and checkers. Only what cargo or the compiler would look at.
fn files(root: &Path, course: &Course, before: &Sums) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    let lessons = root.join("lessons");
    for entry in fs::read_dir(&lessons).into_iter().flatten() {
        let name = entry.context("list lessons/")?.file_name();
        let known = course.lessons.iter().any(|it| name == it.folder.as_str());
        let was = before.knows_folder(&Path::new("lessons").join(&name));
        if known || was {
            folders.push(Path::new("lessons").join(name));
        }
    }
    for lesson in &course.lessons {
        let folder = Path::new("solutions").join(&lesson.folder);
        folders.extend([folder.join("src"), folder.join("check/src")]);
    }
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).into_iter().flatten() {
            let entry = entry.with_context(|| format!("list {}", folder.display()))?;
            let path = folder.join(entry.file_name());
            let source = path
                .extension()
                .is_some_and(|it| it == "rs" || it == "toml");
            // Not what a link leads to.
            let kind = entry
                .file_type()
                .with_context(|| format!("look at {}", path.display()))?;
            if kind.is_dir() && entry.file_name() != "target" {
                folders.push(path);
            } else if source {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
