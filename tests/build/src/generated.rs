//! Writing generated files, or checking that they are in step.
//!
//! One function for all of them. It does not touch a file whose content is the same already, so that cargo builds
//! nothing twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Generated files: their texts, by their paths relative to the course's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated(pub BTreeMap<PathBuf, String>);

/// What was written, or would have been.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there, or were different.
    pub changed: Vec<PathBuf>,
}

impl Generated {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.0.insert(path.into(), text.into());
    }

    /// The files that are not as they were generated.
    pub fn stale(&self, root: &Path) -> Vec<PathBuf> {
        let stale = |(path, text): &(&PathBuf, &String)| !has_content(&root.join(path), text);
        let stale = self.0.iter().filter(stale);
        stale.map(|(path, _)| path.clone()).collect()
    }

    /// Writes the files that are not as they were generated.
    ///
    /// # Errors
    ///
    /// When one cannot be written.
    pub fn write(&self, root: &Path) -> Result<Written> {
        let mut written = Written::default();
        for (path, text) in &self.0 {
            if write(&root.join(path), text)? {
                written.changed.push(path.clone());
            }
        }
        Ok(written)
    }
}

fn has_content(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|old| old == text.as_bytes())
}

/// Writes a file with its folders. `false`: it was the same already.
pub(crate) fn write(path: &Path, text: &str) -> Result<bool> {
    if has_content(path, text) {
        return Ok(false);
    }
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    fs::write(path, text).with_context(|| format!("write {}", path.display()))?;
    Ok(true)
}

/// Reads a text file whole.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}
