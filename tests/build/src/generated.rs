//! Writing generated files, or checking that they are in step.
//!
//! One function for all of them. It does not touch a file whose content is the same already, so that cargo builds
//! nothing twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use catalogue::plain_lines;

/// Generated files: what they hold, by their paths relative to the course's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated(pub BTreeMap<PathBuf, Vec<u8>>);

impl Generated {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), content.into());
    }

    /// The files that are not as they were generated.
    pub fn stale(&self, root: &Path) -> Vec<PathBuf> {
        let stale = |(path, content): &(&PathBuf, &Vec<u8>)| !has(&root.join(path), content);
        let stale = self.0.iter().filter(stale);
        stale.map(|(path, _)| path.clone()).collect()
    }

    /// Writes the files that are not as they were generated, and returns them.
    ///
    /// # Errors
    ///
    /// When one cannot be written.
    pub fn write(&self, root: &Path) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for (path, content) in &self.0 {
            if write(&root.join(path), content)? {
                written.push(path.clone());
            }
        }
        Ok(written)
    }

    /// The whole of a program that generates: writes what is stale and says so on standard error, or with `check` fails where
    /// something is. In a folder of `whole` nothing else may lie: it is deleted, or it fails. `command` is what mends it.
    ///
    /// # Errors
    ///
    /// When a file is out of step, or cannot be written.
    pub fn write_or_check(
        &self,
        root: &Path,
        whole: &[&str],
        check: bool,
        command: &str,
    ) -> Result<()> {
        let mut extra = Vec::new();
        for folder in whole {
            let entries = fs::read_dir(root.join(folder));
            for entry in entries.with_context(|| format!("list {folder}"))? {
                let path = Path::new(folder).join(entry?.file_name());
                if !self.0.contains_key(&path) {
                    extra.push(path);
                }
            }
        }
        if !check {
            for path in self.write(root)? {
                eprintln!("wrote {}", path.display());
            }
            for path in extra {
                fs::remove_file(root.join(&path))
                    .with_context(|| format!("delete {}", path.display()))?;
                eprintln!("deleted {}", path.display());
            }
            return Ok(());
        }
        let mut wrong: Vec<_> = self.stale(root).into_iter().chain(extra).collect();
        wrong.sort();
        if !wrong.is_empty() {
            let wrong: Vec<_> = wrong
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            bail!(
                "not what is generated now: {}. Its source or the file was changed alone. Run `{command}`, and commit \
                 both",
                wrong.join(", ")
            );
        }
        Ok(())
    }
}

fn has(path: &Path, content: &[u8]) -> bool {
    fs::read(path).is_ok_and(|old| is_same(&old, content))
}

/// Whether two files say the same: the same bytes, or texts of the same lines. git, an archive or an editor may have put other
/// line ends into one.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    let lines = |bytes| std::str::from_utf8(bytes).map(plain_lines).ok();
    one == other || lines(one).is_some_and(|one| lines(other) == Some(one))
}

/// Writes a file with its folders. `false`: it was the same already.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<bool> {
    if has(path, content) {
        return Ok(false);
    }
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    fs::write(path, content).with_context(|| format!("write {}", path.display()))?;
    Ok(true)
}

/// Reads a text file whole, with plain line ends.
pub(crate) fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).map(|text| plain_lines(&text));
    text.with_context(|| format!("read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_written_once_and_checked() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        let mut generated = Generated::default();
        generated.add("out/a.txt", "a");
        generated.add("out/b.bin", [0, 255]);
        assert_eq!(generated.stale(root).len(), 2);
        assert_eq!(generated.write(root).unwrap().len(), 2);
        assert!(
            generated.write(root).unwrap().is_empty(),
            "nothing is written twice"
        );

        let check = || generated.write_or_check(root, &["out"], true, "mend");
        check().unwrap();
        fs::write(root.join("out/a.txt"), "\u{feff}a").unwrap();
        check().expect("a mark at the beginning is no change");
        fs::write(root.join("out/b.bin"), [0, 255, b'\r', b'\n']).unwrap();
        check().expect_err("bytes that are not a text are compared as they are");
        fs::write(root.join("out/b.bin"), [0, 255]).unwrap();
        fs::write(root.join("out/a.txt"), "changed").unwrap();
        fs::write(root.join("out/old.txt"), "left over").unwrap();
        let error = check().unwrap_err().to_string();
        assert!(
            error.contains("out/a.txt, out/old.txt") && error.contains("`mend`"),
            "{error}"
        );
        generated
            .write_or_check(root, &["out"], false, "mend")
            .unwrap();
        check().unwrap();
        assert!(!root.join("out/old.txt").exists());
    }
}
