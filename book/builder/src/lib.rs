//! Builds the book, and rejects what mdBook lets through.
//!
//! mdBook does the typesetting. This crate puts the repository's own code and recorded transcripts into the chapters,
//! draws the transcripts, mends what a screen reader stumbles over in mdBook's pages, and, when asked to check,
//! follows every link and weighs every page. It knows nothing of the course: where transcripts come from is for the
//! crate `checks`, what one means for the crate `tap`.

mod problem;

mod render;

mod logs;
mod summary;

mod expand;
mod include;
mod wire;

mod diagram;
mod html;
mod svg;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use problem::Problem;
pub use wire::SNAPSHOTS;

/// What to build.
#[derive(Clone, Debug)]
pub struct Options {
    /// The repository: the book lies in its folder `book`.
    pub root: PathBuf,
    /// The folder to build into. It is emptied first.
    pub out: PathBuf,
    /// Whether to check the result.
    pub check: bool,
}

/// What was built.
#[derive(Clone, Debug)]
pub struct Report {
    /// The page to open.
    pub index: PathBuf,
    /// How many chapters there are.
    pub chapters: usize,
    /// From start to end.
    pub took: Duration,
}

/// Builds the book.
///
/// # Errors
///
/// Everything that is wrong with it, as far as it could be read.
pub fn build(options: &Options) -> Result<Report, Vec<Problem>> {
    let start = Instant::now();
    let root = options.root.canonicalize().map_err(|error| {
        let problem = Problem::new(
            format!("there is no such folder: {error}"),
            "--root is misspelt",
            "name the repository's folder",
        );
        vec![problem.at(&options.root, 0)]
    })?;
    let sources = render::render(&root, &options.out, options.check)?;
    Ok(Report {
        index: options.out.join("index.html"),
        chapters: sources.len(),
        took: start.elapsed(),
    })
}
