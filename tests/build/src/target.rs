//! A program that cargo is to build.

use std::path::PathBuf;

/// What to build.
#[derive(Clone, Debug)]
pub struct Target {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The package.
    pub package: String,
    /// The program in it.
    pub bin: String,
    /// Where to build, where that is not cargo's own choice.
    pub target_dir: Option<PathBuf>,
}
