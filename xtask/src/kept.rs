//! Copies of files that a learner has written, kept before anything takes their place.
//!
//! They lie in `.wirebook/kept`, under the path of the file and with a number: the highest is the last. No command deletes
//! one.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use build::is_same;

/// Where copies are kept, relative to the course's folder.
const FOLDER: &str = ".wirebook/kept";

/// The kept copies of one file.
pub(crate) struct Kept<'a> {
    root: &'a Path,
    /// The file, relative to the course's folder.
    file: &'a Path,
}

impl<'a> Kept<'a> {
    /// Of a file, whose path is relative to the course's folder.
    pub(crate) fn of(root: &'a Path, file: &'a Path) -> Self {
        Self { root, file }
    }

    /// Puts a text into the file's place, after what is there now has been kept. Returns the copy, relative to the course's
    /// folder; `None` where nothing was there.
    pub(crate) fn replace(&self, content: &[u8]) -> Result<Option<PathBuf>> {
        self.put(content, || self.keep(&self.root.join(self.file)))
    }

    /// Puts a text into the file's place, where nothing is that must be kept.
    pub(crate) fn overwrite(&self, content: &[u8]) -> Result<()> {
        self.put(content, || Ok(None)).map(drop)
    }

    fn put(
        &self,
        content: &[u8],
        keep: impl FnOnce() -> Result<Option<PathBuf>>,
    ) -> Result<Option<PathBuf>> {
        let path = self.root.join(self.file);
        // Written in full before anything is moved: a disk may be full.
        let new = with_suffix(&path, ".wirebook-new");
        let folder = path.parent().context("a file has a folder")?;
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&new, content));
        written.with_context(|| format!("write {}", new.display()))?;
        let kept = keep();
        if kept.is_err() {
            // Nobody can act on a second error.
            let _ = fs::remove_file(&new);
        }
        let kept = kept?;
        fs::rename(&new, &path).with_context(|| format!("write {}", path.display()))?;
        Ok(kept)
    }

    /// The last copy, relative to the course's folder, and its content.
    pub(crate) fn last(&self) -> Result<Option<(PathBuf, Vec<u8>)>> {
        let Some(number) = self.numbers()?.into_iter().max() else {
            return Ok(None);
        };
        let copy = self.copy(number);
        let content = fs::read(self.root.join(&copy));
        let content = content.with_context(|| format!("read {}", copy.display()))?;
        Ok(Some((copy, content)))
    }

    /// Whether the file says the same as this.
    pub(crate) fn is(&self, content: &[u8]) -> bool {
        fs::read(self.root.join(self.file)).is_ok_and(|now| is_same(&now, content))
    }

    /// Moves what is in the file's place to the next free number. It is moved and not copied, so that a file that cannot be
    /// read, or a folder, is kept as well.
    fn keep(&self, path: &Path) -> Result<Option<PathBuf>> {
        let kind = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("look at {}", path.display())),
        };
        let next = self.numbers()?.into_iter().max().unwrap_or(0) + 1;
        let copy = self.copy(next);
        let to = self.root.join(&copy);
        let folder = to.parent().context("a file has a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        // What a link leads to is somewhere else, and stays there.
        let moved = match kind.is_symlink() {
            true => fs::copy(path, &to).and_then(|_| fs::remove_file(path)),
            false => fs::rename(path, &to),
        };
        moved.with_context(|| format!("keep {} as {}", self.file.display(), copy.display()))?;
        Ok(Some(copy))
    }

    fn copy(&self, number: u32) -> PathBuf {
        Path::new(FOLDER).join(with_suffix(self.file, &format!(".{number}")))
    }

    /// The numbers of the copies that there are.
    fn numbers(&self) -> Result<Vec<u32>> {
        let first = self.root.join(self.copy(1));
        let folder = first.parent().context("a file has a folder")?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut numbers = Vec::new();
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(numbers),
            entries => entries.with_context(|| format!("list {}", folder.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("list {}", folder.display()))?;
            let entry = entry.file_name();
            let entry = entry.to_string_lossy();
            let number = entry
                .strip_prefix(&*name)
                .and_then(|rest| rest.strip_prefix('.'));
            numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
        }
        Ok(numbers)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
