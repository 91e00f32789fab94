//! The package of a program of many sources: a lesson's given files, the sources as modules beside them, and a `main`
//! that lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalogue::Lesson;

use crate::entry::Entry;
use crate::generated::Generated;
use crate::lists;
use crate::starter::lesson_files;

/// The folder of the sources within a package.
const SOURCES: &str = "src/entries";

/// The package of one lesson's sources.
pub(crate) struct BatchFiles<'a> {
    lesson: &'a Lesson,
    /// What is given, by its path below the package's folder.
    given: BTreeMap<PathBuf, String>,
    /// The package's folder, relative to its workspace.
    folder: PathBuf,
}

/// A package as it was written.
pub(crate) struct Written {
    /// The path of the list, relative to the workspace.
    pub(crate) list: String,
    /// Which of the sources a line of the list, from 1, is about.
    pub(crate) lines: BTreeMap<u64, usize>,
    /// Which of the sources a file, relative to the workspace, is.
    pub(crate) files: BTreeMap<String, usize>,
}

impl<'a> BatchFiles<'a> {
    /// Reads what is given.
    pub(crate) fn of(lesson: &'a Lesson) -> Result<Self> {
        let mut given = lesson_files(lesson)?;
        given.remove(Path::new("src/main.rs"));
        for exercise in &lesson.exercises {
            given.remove(&Path::new("src").join(exercise.file()));
        }
        Ok(Self {
            lesson,
            given,
            folder: Path::new("lessons").join(&lesson.folder),
        })
    }

    /// The texts of the given Rust files.
    pub(crate) fn given_sources(&self) -> impl Iterator<Item = &str> {
        let rust = |(path, _): &(&PathBuf, &String)| path.extension().is_some_and(|it| it == "rs");
        self.given
            .iter()
            .filter(rust)
            .map(|(_, text)| text.as_str())
    }

    /// Writes the package of this name into a workspace, with those of the entries whose indices are given, and nothing
    /// else.
    pub(crate) fn write(
        &self,
        workspace: &Path,
        package: &str,
        entries: &[Entry<'_>],
        indices: &BTreeSet<usize>,
    ) -> Result<Written> {
        let mut generated = Generated::default();
        for (path, text) in &self.given {
            let text = match path == Path::new("Cargo.toml") {
                true => text.replace(&self.lesson.lesson_package(), package),
                false => text.clone(),
            };
            generated.add(self.folder.join(path), text);
        }
        let mut files = BTreeMap::new();
        for &index in indices {
            let path = self.folder.join(file(index, &entries[index]));
            files.insert(path.display().to_string(), index);
            generated.add(path, source(index, &entries[index]));
        }
        let (list, lines) = self.list(entries, indices);
        let path = self.folder.join("src/main.rs");
        generated.add(path.clone(), list);
        generated.write(workspace)?;
        delete_others(
            &workspace.join(&self.folder).join(SOURCES),
            &generated,
            workspace,
        )?;
        Ok(Written {
            list: path.display().to_string(),
            lines,
            files,
        })
    }

    /// `src/main.rs`, and which of its lines are about which entry. Each entry's are of its own, so that an error about
    /// how the course calls it is its error.
    fn list(
        &self,
        entries: &[Entry<'_>],
        indices: &BTreeSet<usize>,
    ) -> (String, BTreeMap<u64, usize>) {
        let mut out =
            String::from("//! Sources in the place of exercises' files, a module each.\n");
        for given in &self.lesson.given {
            let _ = writeln!(out, "mod {given};");
        }
        out.push_str("mod run;\n");
        let mut lines = BTreeMap::new();
        let mut add = |out: &mut String, index: usize, line: &str| {
            lines.insert(out.matches('\n').count() as u64 + 1, index);
            out.push_str(line);
            out.push('\n');
        };
        for &index in indices {
            let (entry, module) = (&entries[index], module(index));
            let path = Path::new("entries").join(file_name(index, entry));
            let path = path.display();
            add(
                &mut out,
                index,
                &format!("#[path = \"{path}\"] mod {module};"),
            );
            let exercise = entry.exercise;
            let start = format!(
                "fn start_{module}(session: kit::Session) -> kit::Run {{ Box::pin(run::{}(session, {})) }}",
                lists::module(exercise),
                lists::entry(exercise, &module)
            );
            add(&mut out, index, &start);
        }
        out.push_str("fn main() -> std::process::ExitCode {\n    kit::main(&[\n");
        for &index in indices {
            let name = entries[index].program_name();
            let _ = writeln!(out, "        ({name:?}, start_{}),", module(index));
        }
        out.push_str("    ])\n}\n");
        (out, lines)
    }
}

fn module(index: usize) -> String {
    format!("entry_{index}")
}

/// A source as it is compiled: what it says of itself by its module's name is said by the one that it has here.
fn source(index: usize, entry: &Entry<'_>) -> String {
    let own = entry.exercise.module();
    let mut text = entry.text.to_owned();
    for parent in ["crate", "super"] {
        text = text.replace(
            &format!("{parent}::{own}::"),
            &format!("{parent}::{}::", module(index)),
        );
    }
    text
}

/// The path of a source within the package.
pub(crate) fn file(index: usize, entry: &Entry<'_>) -> PathBuf {
    Path::new(SOURCES).join(file_name(index, entry))
}

/// It has the entry's name, for whoever looks, and its index, since two names may differ in other characters only.
fn file_name(index: usize, entry: &Entry<'_>) -> String {
    let plain = |character: char| match character.is_ascii_alphanumeric() {
        true => character,
        false => '_',
    };
    let name: String = entry.name.chars().map(plain).take(60).collect();
    format!("{index}_{name}.rs")
}

/// Deletes the sources of earlier batches.
fn delete_others(folder: &Path, generated: &Generated, workspace: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let relative = path.strip_prefix(workspace).unwrap_or(&path);
        if !generated.0.contains_key(relative) {
            fs::remove_file(&path).with_context(|| format!("delete {}", path.display()))?;
        }
    }
    Ok(())
}
