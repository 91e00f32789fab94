//! Places for workspaces that several processes want at once.
//!
//! An overlay's name may be in use once at a time, and one that is never used again leaves its programs in the target
//! directory for ever. So there are numbered places, and whoever builds locks one: the numbers stay small, and what one
//! left is the next one's beginning.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// How many there may be at once. More is a mistake, and not a machine with many cores.
const MAX_SLOTS: u32 = 256;

/// A place that is nobody else's as long as this value lives, or until the process ends.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Locked. The system opens the lock with the file.
    _lock: File,
}

impl Slot {
    /// Takes the first free place in a folder.
    ///
    /// # Errors
    ///
    /// When a lock cannot be made, or all places are taken.
    pub(crate) fn acquire(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        for number in 1..=MAX_SLOTS {
            let path = folder.join(format!("{number}.lock"));
            let file = File::create(&path).with_context(|| format!("make {}", path.display()))?;
            match file.try_lock() {
                Ok(()) => {
                    return Ok(Self {
                        number,
                        folder: folder.join(number.to_string()),
                        _lock: file,
                    });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("lock {}", path.display()));
                }
            }
        }
        bail!("all {MAX_SLOTS} places in {} are in use", folder.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_holder_has_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let acquire = || Slot::acquire(folder.path()).expect("one is free");
        let (first, second) = (acquire(), acquire());
        assert_eq!((first.number, second.number), (1, 2));
        assert_ne!(first.folder, second.folder);
        drop(first);
        assert_eq!(acquire().number, 1);
    }
}
