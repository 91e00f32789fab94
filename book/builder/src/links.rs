//! Follows every link of the built book: the file exists, the place within it too, and nothing is loaded from another
//! origin.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::page::urls_in_css;
use crate::problem::{Problem, from_root};
use crate::render::Source;
use crate::site::{Site, Target};
use crate::summary::line_of;

/// What is wrong with the links, and how many lead to other places.
pub(crate) fn check(root: &Path, site: &Site, sources: &[Source]) -> (Vec<Problem>, usize) {
    let mut problems = Vec::new();
    let mut external = HashSet::new();
    for (path, page) in &site.pages {
        let source = sources.iter().find(|source| source.page == *path);
        // These repeat chapters, which are checked on their own pages.
        if path == Path::new("print.html") || path == Path::new("index.html") && source.is_none() {
            continue;
        }
        let at = |problem: Problem, url: &str, line| {
            let written = source.map(|source| (source, line_in(&source.text, url)));
            match written {
                Some((source, line)) if line > 0 => problem.at(from_root(root, &source.file), line),
                _ => problem.at(&site.out.join(path), line),
            }
        };
        for (id, line) in &page.repeated {
            let problem = Problem::new(
                format!("the id {id:?} is there twice"),
                "two headings or boxes were given the same id",
                "change one of them",
            );
            problems.push(at(problem, id, *line));
        }
        for link in &page.links {
            if matches!(site.resolve(path, &link.url), Target::Elsewhere) && !link.loads {
                external.insert(link.url.clone());
            } else if let Some(problem) = follow(site, path, &link.url) {
                problems.push(at(problem, &link.url, link.line));
            }
        }
    }
    for path in site.files.keys().filter(|path| has_extension(path, "css")) {
        let css = fs::read_to_string(site.folder.join(path)).unwrap_or_default();
        for url in urls_in_css(&css) {
            if let Some(problem) = follow(site, path, &url) {
                problems.push(problem.at(&site.out.join(path), line_of(&css, &url)));
            }
        }
    }
    // A link may stand on a page more than once: mdBook itself doubles a picture, to show it large.
    let mut seen = HashSet::new();
    problems.retain(|problem| seen.insert(problem.to_string()));
    (problems, external.len())
}

fn follow(site: &Site, from: &Path, url: &str) -> Option<Problem> {
    let (file, fragment) = match site.resolve(from, url) {
        Target::Inline => return None,
        Target::Elsewhere => {
            return Some(Problem::new(
                format!("the page loads {url} from another origin"),
                "a script, style sheet, font or picture is not in the book's folder",
                "put it into the book, or do without",
            ));
        }
        Target::Outside => {
            return Some(Problem::new(
                format!("{url} leads out of the book"),
                "a \"../\" too many, or a link to a file of the repository",
                "link to a chapter, or name the file in words",
            ));
        }
        Target::File(file, fragment) => (file, fragment),
    };
    if !site.files.contains_key(&file) {
        let folder = site.files.contains_key(&file.join("index.html"));
        return Some(Problem::new(
            format!("{url} leads to no file"),
            if folder {
                "it names a folder, which opens in no browser without a server".to_owned()
            } else {
                close_to(site, &file).map_or_else(
                    || "it was renamed, or never written".to_owned(),
                    |path| format!("it is misspelt or moved; there is {}", path.display()),
                )
            },
            "correct the link",
        ));
    }
    let fragment = fragment.filter(|fragment| !fragment.is_empty() && fragment != "top")?;
    let page = site.pages.get(&file)?;
    if page.ids.contains(&fragment) {
        return None;
    }
    let mut near: Vec<_> = page
        .ids
        .iter()
        .filter(|id| !id.starts_with("mdbook-") && id.chars().next() == fragment.chars().next())
        .map(String::as_str)
        .collect();
    near.sort_unstable();
    Some(Problem::new(
        format!(
            "{url}: {} has no {:?}",
            file.display(),
            format!("#{fragment}")
        ),
        match near.as_slice() {
            [] => "a heading was reworded, and its id with it".to_owned(),
            near => format!("a heading was reworded; there are: {}", near.join(", ")),
        },
        "correct what stands after the \"#\"",
    ))
}

/// A file of the same name somewhere else.
fn close_to<'a>(site: &'a Site, file: &Path) -> Option<&'a PathBuf> {
    let mut pages = site.pages.keys();
    pages.find(|path| path.file_stem() == file.file_stem())
}

/// Where a chapter has the link that became `url`.
fn line_in(text: &str, url: &str) -> usize {
    match line_of(text, url) {
        0 => line_of(text, &url.replacen(".html", ".md", 1)),
        line => line,
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}
