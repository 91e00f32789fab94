//! Builds the book, and rejects what mdBook lets through.
//!
//! mdBook does the typesetting. This crate puts the repository's own code and recorded transcripts into the chapters,
//! draws the transcripts, mends what hinders a screen reader in mdBook's pages, and, when asked to check,
//! follows every link and weighs every page. It judges nothing: the crate `checks` records transcripts, and the crate
//! `tap` reads them.

mod problem;

mod render;

mod logs;
mod summary;

mod excerpt;
mod exercise;
mod expand;
mod facts;
mod include;
mod listing;
mod wire;

mod diagram;
mod svg;

mod highlight;
mod html;
mod patch;

mod links;
mod page;
mod prediction;
mod site;
mod weight;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use problem::Problem;
use site::Site;
pub use weight::{MAX_PAGE_BYTES, Weight};

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
    /// What the check found out, where it was asked for.
    pub checked: Option<Checked>,
    /// From start to end.
    pub took: Duration,
}

/// What the check found out about a book without problems.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The heaviest page.
    pub heaviest: Weight,
    /// How many different addresses outside of the book it links to. They are not looked up.
    pub external: usize,
}

/// Builds the book.
///
/// # Errors
///
/// All problems that were found.
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
    patch_all(&options.out)?;
    let checked = match options.check {
        true => Some(check(&root, &options.out, &sources)?),
        false => None,
    };
    Ok(Report {
        index: options.out.join("index.html"),
        chapters: sources.len(),
        checked,
        took: start.elapsed(),
    })
}

/// Mends every page but the table of contents, which is a bare list.
fn patch_all(out: &Path) -> Result<(), Vec<Problem>> {
    let pages = site::pages(out).map_err(|error| vec![unreadable(out, &error)])?;
    let pages = pages.iter().filter(|page| !page.ends_with("toc.html"));
    let problems: Vec<_> = pages.filter_map(|page| patch::patch(page).err()).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check(root: &Path, out: &Path, sources: &[render::Source]) -> Result<Checked, Vec<Problem>> {
    let site = Site::read(out).map_err(|error| vec![unreadable(out, &error)])?;
    let (mut problems, external) = links::check(root, &site, sources);
    let (heavy, heaviest) = weight::check(&site, sources);
    problems.extend(heavy);
    problems.extend(prediction::check(root, &site, sources));
    if problems.is_empty() {
        Ok(Checked { heaviest, external })
    } else {
        Err(problems)
    }
}

fn unreadable(out: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        format!("cannot read the built book: {error}"),
        "something else deletes or writes the folder that is built into",
        "build again, into another folder if need be",
    )
    .at(out, 0)
}
