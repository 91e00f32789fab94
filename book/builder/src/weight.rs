//! What a page weighs: itself and everything that the browser loads for it, except fonts and the search index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::problem::Problem;
use crate::render::Source;
use crate::site::{Site, Target};

/// The most that a page may weigh, in bytes. `print.html` is the whole book and may weigh more.
pub const MAX_PAGE_BYTES: u64 = 300_000;

/// A page and its weight in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// The page, from the folder of the built book.
    pub page: PathBuf,
    /// Itself and what it loads.
    pub bytes: u64,
    /// The page alone.
    pub html: u64,
}

/// Pages that are too heavy, and the heaviest of all.
pub(crate) fn check(site: &Site, sources: &[Source]) -> (Vec<Problem>, Weight) {
    let mut problems = Vec::new();
    let mut heaviest = Weight::default();
    for source in sources {
        let weight = weigh(site, &source.page);
        if weight.bytes > MAX_PAGE_BYTES {
            let problem = Problem::new(
                format!(
                    "the page weighs {} KB, {} KB of them its own HTML; {} KB are allowed",
                    weight.bytes / 1000,
                    weight.html / 1000,
                    MAX_PAGE_BYTES / 1000
                ),
                "it has too many pictures, or a script or style sheet grew",
                "divide the chapter, or shrink what every page loads",
            );
            problems.push(problem.at(&site.out.join(&source.page), 0));
        }
        if weight.bytes > heaviest.bytes {
            heaviest = weight;
        }
    }
    (problems, heaviest)
}

fn weigh(site: &Site, page: &Path) -> Weight {
    let size = |path: &Path| site.files.get(path).copied().unwrap_or(0);
    let links = site.pages.get(page).map_or(&[][..], |page| &page.links);
    let loaded: BTreeSet<_> = links
        .iter()
        .filter(|link| link.loads)
        .filter_map(|link| match site.resolve(page, &link.url) {
            Target::File(file, _) => Some(file),
            _ => None,
        })
        .filter(|file| !is_exempt(file))
        .collect();
    let html = size(page);
    Weight {
        page: page.to_owned(),
        bytes: html + loaded.iter().map(|file| size(file)).sum::<u64>(),
        html,
    }
}

fn is_exempt(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".woff2") || name.starts_with("searchindex")
}
