//! What each starter was when it was written: a line `HASH  PATH` for each.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use build::Generated;
use catalogue::plain_lines;

const SUMS_HEADER: &str = "\
# What each starter was when `cargo xtask sync` wrote it: FNV-1a, 64 bits. A file that is not what it was then has been
# edited, and is never overwritten.
";

/// The hashes of starters, by their paths relative to the course's folder.
#[derive(Debug, Default)]
pub(super) struct Sums(BTreeMap<PathBuf, String>);

impl Sums {
    pub(super) fn of(starters: &Generated) -> Self {
        let starters = starters.0.iter();
        Self(
            starters
                .map(|(path, text)| (path.clone(), hash(text)))
                .collect(),
        )
    }

    /// Reads the sums. Empty where there is no file yet.
    pub(super) fn read(file: &Path) -> Result<Self> {
        if !file.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let sums = lines.filter_map(|line| line.split_once("  "));
        Ok(Self(
            sums.map(|(hash, path)| (path.into(), hash.to_owned()))
                .collect(),
        ))
    }

    /// Whether the file was written, with this content.
    pub(super) fn has(&self, path: &Path, content: &[u8]) -> bool {
        self.0
            .get(path)
            .is_some_and(|known| *known == hash(content))
    }

    /// Whether the file was written, whatever its content was.
    pub(super) fn knows(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// Whether a file was written into this folder.
    pub(super) fn knows_folder(&self, folder: &Path) -> bool {
        self.0.keys().any(|path| path.starts_with(folder))
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SUMS_HEADER)?;
        let mut sums = self.0.iter();
        sums.try_for_each(|(path, hash)| writeln!(f, "{hash}  {}", path.display()))
    }
}

/// Of a text, with plain line ends: others are no change.
fn hash(content: &[u8]) -> String {
    let mut hasher = fnv::FnvHasher::default();
    match std::str::from_utf8(content) {
        Ok(text) => hasher.write(plain_lines(text).as_bytes()),
        Err(_) => hasher.write(content),
    }
    format!("{:016x}", hasher.finish())
}
