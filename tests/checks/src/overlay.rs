//! A workspace of its own with one set of lesson files in it.
//!
//! Used wherever a lesson is built from other files than those in `lessons/`: with starters in place of files that do
//! not compile, with a submission's files, or in the project's own tests. It builds into the course's target directory,
//! where the third-party crates are built already.
//!
//! cargo takes a package for the same if its name and its place within the workspace are, and for fresh if its files are
//! older than what was built last. Two workspaces with one target directory would so get each other's programs. So an
//! overlay has a name, which becomes part of its lessons' packages, and no two overlays of one name may exist at once. The
//! contracts and the kit are used where they are, by their full paths: copies of them would be built in the place of the
//! course's own, and whatever is linked against those would have to be built again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::catalogue::Lesson;
use crate::starter;
use compile::Target;

/// A scratch workspace: the lessons that were laid into it, on the course's contracts and kit.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// Its folder.
    pub root: PathBuf,
    course: PathBuf,
    name: String,
}

impl Overlay {
    /// Makes the workspace at `at` from the course at `course`, or brings it up to date. Files that are the same already
    /// are left alone, so that cargo builds nothing twice.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written.
    pub fn new(course: &Path, at: &Path, name: &str, lessons: &[Lesson]) -> Result<Self> {
        let manifest = read(&course.join("Cargo.toml"))?;
        let members: Vec<_> = lessons
            .iter()
            .map(|lesson| format!("lessons/{}", lesson.folder))
            .collect();
        let mut manifest = with_members(&manifest, &members);
        for (name, folder) in [("proto", "proto"), ("kit", "tests/kit")] {
            let full = std::path::absolute(course.join(folder))
                .with_context(|| format!("find {folder}"))?;
            // A Rust string in quotes is also one in TOML.
            let full = format!("{name} = {{ path = {:?} }}", full.display().to_string());
            let here = format!("{name} = {{ path = {folder:?} }}");
            if !manifest.contains(&here) {
                bail!("the course's Cargo.toml has no line `{here}`");
            }
            manifest = manifest.replace(&here, &full);
        }
        write(&at.join("Cargo.toml"), &manifest)?;
        if !at.join("Cargo.lock").exists() {
            write(&at.join("Cargo.lock"), &read(&course.join("Cargo.lock"))?)?;
        }
        Ok(Self {
            root: at.to_owned(),
            course: course.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The program of a lesson, as it is built here.
    pub fn target(&self, lesson: &Lesson) -> Target {
        let package = self.package(lesson);
        Target {
            root: self.root.clone(),
            bin: package.clone(),
            package,
            target_dir: Some(self.course.join("target")),
            env: Vec::new(),
        }
    }

    fn package(&self, lesson: &Lesson) -> String {
        format!("lesson-{}-{}", lesson.name, self.name)
    }

    /// Lays a lesson: its starters, with `files` in the place of those of the same name. Names are those of exercises'
    /// files; others are ignored, since everything else is given.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written.
    pub fn lay(&self, lesson: &Lesson, files: &BTreeMap<String, String>) -> Result<()> {
        let folder = self.root.join("lessons").join(lesson.folder);
        for (path, starter) in starter::files(&self.course, lesson)? {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name == "Cargo.toml" {
                let own =
                    starter.replace(&format!("lesson-{}", lesson.name), &self.package(lesson));
                write(&folder.join(path), &own)?;
                continue;
            }
            let exercise = lesson
                .exercises
                .iter()
                .any(|exercise| exercise.file == name);
            let text = files.get(&name).filter(|_| exercise).unwrap_or(&starter);
            write(&folder.join(path), text)?;
        }
        Ok(())
    }
}

/// The course's manifest with other members, so that versions, features, lints and profiles are the same.
fn with_members(manifest: &str, members: &[String]) -> String {
    let list = |key: &str| {
        let members: Vec<_> = members
            .iter()
            .map(|member| format!("    \"{member}\",\n"))
            .collect();
        format!("{key} = [\n{}]\n", members.concat())
    };
    let mut out = String::new();
    let mut inside = false;
    for line in manifest.lines() {
        let key = ["members", "default-members"]
            .into_iter()
            .find(|key| line.starts_with(&format!("{key} = [")));
        if let Some(key) = key {
            out.push_str(&list(key));
            inside = !line.ends_with(']');
        } else if inside {
            inside = !line.starts_with(']');
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
