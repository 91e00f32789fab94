//! Builds the book, and rejects what mdBook lets through.
//!
//! mdBook does the typesetting. This crate puts the repository's own code and recorded transcripts into the chapters,
//! draws the transcripts, mends what hinders a screen reader in mdBook's pages, and, when asked to check,
//! follows every link and weighs every page. It judges nothing: the crate `checks` records transcripts, and the crate
//! `tap` reads them.

mod problem;

mod render;

mod logs;
mod out;
mod summary;

mod beside;
mod docs;
mod excerpt;
mod exercise;
mod expand;
mod facts;
mod include;
mod listing;
mod mistake;
mod pace;
mod screen;
mod wire;

mod arrow;
mod bytes;
mod chart;
mod diagram;
mod fold;
mod place;
mod sides;
mod strip;
mod svg;
mod together;
mod told;
mod words;
mod wrap;

mod cells;
mod highlight;
mod html;
mod patch;

mod search;
mod section;

mod console;
mod links;
mod page;
mod prediction;
mod readme;
mod site;
mod weight;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use out::Staging;
pub use problem::Problem;
use site::Site;
pub use weight::{MAX_PAGE_BYTES, Weight};

/// What to build.
#[derive(Clone, Debug)]
pub struct Options {
    /// The repository: the book lies in its folder `book`.
    pub root: PathBuf,
    /// The folder to build into. A book that is there is replaced; of anything else nothing is touched.
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
    let staging = Staging::beside(&options.out).map_err(|problem| vec![problem])?;
    let built = staging.path();
    let sources = render::render(&root, built, options.check)?;
    patch_all(built)?;
    let pages: Vec<_> = sources.iter().map(|source| source.page.clone()).collect();
    search::write(built, &pages).map_err(|problem| vec![problem])?;
    let checked = options
        .check
        .then(|| check(&root, built, &options.out, &sources));
    // A book with problems is put in its place too, to be looked at.
    staging.publish().map_err(|problem| vec![problem])?;
    let checked = checked.transpose()?;
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

/// Checks what was built in `folder`, which will be at `out`.
fn check(
    root: &Path,
    folder: &Path,
    out: &Path,
    sources: &[render::Source],
) -> Result<Checked, Vec<Problem>> {
    let site = Site::read(folder, out).map_err(|error| vec![unreadable(folder, &error)])?;
    let (mut problems, external) = links::check(root, &site, sources);
    let (heavy, heaviest) = weight::check(&site, sources);
    problems.extend(heavy);
    problems.extend(prediction::check(root, &site, sources));
    for source in sources {
        let file = problem::from_root(root, &source.file);
        let typed = console::typed_output(&source.text).into_iter();
        problems.extend(typed.map(|problem| problem.moved_to(file)));
    }
    problems.extend(readme::check(root));
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
