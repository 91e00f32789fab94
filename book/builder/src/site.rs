//! The built book as a whole: its files, and the pages among them, read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::page::{self, Page};

/// Every file of the built book.
pub(crate) struct Site {
    /// The folder in which it was built.
    pub(crate) folder: PathBuf,
    /// The folder in which it will be read: problems name this one.
    pub(crate) out: PathBuf,
    /// Paths from the folder, with their sizes.
    pub(crate) files: BTreeMap<PathBuf, u64>,
    /// The pages among them.
    pub(crate) pages: BTreeMap<PathBuf, Page>,
}

/// Where a reference leads.
pub(crate) enum Target {
    /// To another origin.
    Elsewhere,
    /// Nowhere: `data:` and the like.
    Inline,
    /// To a file of the book, and a place within it.
    File(PathBuf, Option<String>),
    /// Above the book's folder.
    Outside,
}

impl Site {
    /// Reads `folder`, of which the book will be at `out`.
    pub(crate) fn read(folder: &Path, out: &Path) -> io::Result<Self> {
        let mut site = Self {
            folder: folder.to_owned(),
            out: out.to_owned(),
            files: BTreeMap::new(),
            pages: BTreeMap::new(),
        };
        for path in walk(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            if is_page(&path) {
                let html = fs::read_to_string(&path)?;
                site.pages.insert(name.clone(), page::read(&html));
            }
            site.files.insert(name, fs::metadata(&path)?.len());
        }
        Ok(site)
    }

    /// Where `url`, written in the file `from`, leads.
    pub(crate) fn resolve(&self, from: &Path, url: &str) -> Target {
        let scheme = url
            .split_once(':')
            .map(|(scheme, _)| scheme)
            .filter(|scheme| {
                !scheme.is_empty()
                    && scheme
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            });
        match scheme {
            Some("data" | "javascript" | "about" | "blob") => return Target::Inline,
            Some(_) => return Target::Elsewhere,
            None if url.starts_with("//") => return Target::Elsewhere,
            None => {}
        }
        let (path, fragment) = match url.split_once('#') {
            Some((path, fragment)) => (path, Some(decode(fragment))),
            None => (url, None),
        };
        let path = decode(path.split('?').next().unwrap_or_default());
        let based = self.pages.get(from).is_some_and(|page| page.base.is_some());
        let mut target = match (path.is_empty(), based || path.starts_with('/')) {
            (true, _) => from.to_owned(),
            (false, true) => PathBuf::new(),
            (false, false) => from.parent().unwrap_or(Path::new("")).to_owned(),
        };
        for part in Path::new(&path).components() {
            match part {
                Component::Normal(name) => target.push(name),
                Component::ParentDir if !target.pop() => return Target::Outside,
                _ => {}
            }
        }
        Target::File(target, fragment)
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pages under `out`.
pub(crate) fn pages(out: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = walk(out)?;
    files.retain(|path| is_page(path));
    Ok(files)
}

/// Every file under `folder`, sorted. A link to a folder counts as a file.
pub(crate) fn walk(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_page(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "html")
}
