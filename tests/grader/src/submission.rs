//! What a submission handed in: the exercises' files, and nothing else of it.
//!
//! A submission is hostile until shown otherwise. A file is taken only if it is a regular one of bounded size and holds
//! UTF-8, and if no link leads to it: a link could lead to the solutions, or to somebody else's work.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::exercises::{self, Exercise, Lesson};

/// The largest file that is taken, in bytes. The largest solution has a fiftieth of it.
pub const MAX_FILE_BYTES: u64 = 256 << 10;

/// The longest name of a submission, in bytes, so that its result's file may be named after it on any system.
const MAX_NAME_BYTES: usize = 200;

/// A submission's folder and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Submission {
    /// The name of the folder, by which everybody knows the submission.
    pub id: String,
    folder: PathBuf,
}

/// What was handed in for one exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmittedFile {
    /// The text of its file.
    Text(String),
    /// Nothing.
    Missing,
    /// Something that is not taken, and why.
    Refused(String),
}

/// What was handed in, by the exercise's name.
pub type Files = BTreeMap<String, SubmittedFile>;

/// The submissions in these folders, in the order of their names.
///
/// # Errors
///
/// When a path leads nowhere, a folder's name is of no use, or two submissions have the same.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Submission>> {
    let mut all = BTreeMap::<String, Submission>::new();
    for path in paths {
        let submission = Submission {
            id: id(path)?,
            folder: path.clone(),
        };
        // There are file systems on which two names that differ only in case are one file.
        if let Some(other) = all.insert(submission.id.to_lowercase(), submission) {
            bail!(
                "two submissions are named {}: {} and {}; a result is named after its folder, so rename one",
                other.id,
                other.folder.display(),
                path.display()
            );
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort();
    Ok(all)
}

fn id(path: &Path) -> Result<String> {
    fs::symlink_metadata(path)
        .with_context(|| format!("find the submission {}", path.display()))?;
    let name = match path.file_name() {
        Some(name) => name.to_owned(),
        // `.` and `..` have a name, too.
        None => path
            .canonicalize()
            .with_context(|| format!("find the submission {}", path.display()))?
            .file_name()
            .with_context(|| format!("{} is not a submission", path.display()))?
            .to_owned(),
    };
    let Some(name) = name.to_str() else {
        bail!("the name of {} is not UTF-8; rename it", path.display());
    };
    if name.len() > MAX_NAME_BYTES || name.chars().any(hidden) {
        bail!(
            "the name of {path:?} is longer than {MAX_NAME_BYTES} bytes or has characters that cannot be seen; rename it"
        );
    }
    Ok(name.to_owned())
}

/// Characters that a terminal would obey, or that make a name look like another.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl Submission {
    /// Reads what was handed in. What is wrong with the submission is part of the answer.
    pub fn read(&self) -> Files {
        exercises::all()
            .map(|(lesson, exercise)| (exercise.id.to_owned(), self.read_one(lesson, exercise)))
            .collect()
    }

    fn read_one(&self, lesson: &Lesson, exercise: &Exercise) -> SubmittedFile {
        match kind(&self.folder) {
            Ok(Some(Kind::Folder)) => {}
            Ok(Some(Kind::Link)) => {
                return SubmittedFile::Refused("the submission is a link".to_owned());
            }
            Ok(_) => return SubmittedFile::Refused("the submission is not a folder".to_owned()),
            Err(reason) => return SubmittedFile::Refused(format!("the submission {reason}")),
        }
        // A checkout of the course, or what would be its `lessons`.
        let checkout = !matches!(kind(&self.folder.join("lessons")), Ok(None));
        let parts = checkout.then_some("lessons").into_iter();
        let parts = parts.chain([lesson.folder.as_str(), "src", &exercise.file]);
        let mut path = self.folder.clone();
        let mut shown = Vec::new();
        for part in parts {
            path.push(part);
            shown.push(part);
            let last = part == exercise.file;
            let wrong = match kind(&path) {
                Ok(None) => return SubmittedFile::Missing,
                Ok(Some(Kind::Folder)) if !last => continue,
                Ok(Some(Kind::File)) if last => continue,
                Ok(Some(Kind::Link)) => "is a link".to_owned(),
                Ok(Some(_)) if last => "is not a regular file".to_owned(),
                Ok(Some(_)) => "is not a folder".to_owned(),
                Err(reason) => reason,
            };
            return SubmittedFile::Refused(format!("{} {wrong}", shown.join("/")));
        }
        text(&path)
            .unwrap_or_else(|wrong| SubmittedFile::Refused(format!("{} {wrong}", shown.join("/"))))
    }
}

enum Kind {
    File,
    Folder,
    Link,
    Other,
}

/// What is at a path itself, and not at the end of a link there.
fn kind(path: &Path) -> Result<Option<Kind>, String> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Ok(Some(Kind::Link)),
        Ok(found) if found.is_dir() => Ok(Some(Kind::Folder)),
        Ok(found) if found.is_file() => Ok(Some(Kind::File)),
        Ok(_) => Ok(Some(Kind::Other)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(format!("cannot be read: {}", error.kind())),
    }
}

fn text(path: &Path) -> Result<SubmittedFile, String> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells too large from just large enough, whatever the folder says of its size.
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot be read: {}", error.kind()))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("is larger than {} KiB", MAX_FILE_BYTES >> 10));
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    Ok(SubmittedFile::Text(text))
}
