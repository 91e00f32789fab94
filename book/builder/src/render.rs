//! Running mdBook: its configuration made strict, the chapters expanded, its warnings collected.

use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::config::Config;

use crate::docs::Versions;
use crate::expand::{Chapter, expand};
use crate::logs;
use crate::problem::{Problem, from_root};
use crate::summary;

/// A chapter of the finished book.
pub(crate) struct Source {
    /// Its file.
    pub(crate) file: PathBuf,
    /// Its page, from the folder of the built book.
    pub(crate) page: PathBuf,
    /// Its text as written.
    pub(crate) text: String,
}

/// Builds the book in `root/book` into `out` and gives its chapters in order.
pub(crate) fn render(root: &Path, out: &Path, strict: bool) -> Result<Vec<Source>, Vec<Problem>> {
    let book = root.join("book");
    let toml = book.join("book.toml");
    let broken = |error: mdbook_driver::errors::Error| {
        let problem = Problem::new(
            format!("mdBook failed: {error:#}"),
            "a setting that this version of mdBook does not know, or a file that cannot be read or written",
            "mend what the message names",
        );
        problem.at(from_root(root, &toml), 0)
    };
    let mut config = Config::from_disk(&toml).map_err(|error| vec![broken(error)])?;
    config.build.build_dir = out.to_owned();
    config.build.create_missing = false;
    config.build.use_default_preprocessors = false;
    let src = book.join(&config.book.src);
    let mut problems = summary::check(root, &src);
    if !strict {
        // A chapter that is being written may wait for its place; one that is missing stops mdBook as well.
        problems.retain(|problem| problem.file.ends_with("SUMMARY.md"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut chapters = Vec::new();
    let (built, records) = logs::collect(|| -> Result<_, Vec<Problem>> {
        let mut book =
            MDBook::load_with_config(&book, config).map_err(|error| vec![broken(error)])?;
        chapters = expand_all(root, &src, &mut book)?;
        book.build().map_err(|error| vec![broken(error)])
    });
    for record in records {
        if strict || record.error {
            let (file, line) =
                place(&record.message, &src, &chapters).unwrap_or((toml.as_path(), 0));
            let problem = Problem::new(
                format!("mdBook says: {}", record.message),
                format!("see {}; mdBook itself goes on after this", record.target),
                "mend what it names",
            );
            problems.push(problem.at(from_root(root, file), line));
        } else {
            eprintln!("warning: mdBook says: {}", record.message);
        }
    }
    match built {
        Err(mut errors) => {
            errors.extend(problems);
            Err(errors)
        }
        Ok(()) if !problems.is_empty() => Err(problems),
        Ok(()) => Ok(chapters),
    }
}

/// The chapter that a message of mdBook is about, and the line in it: "unclosed HTML tag `<div>` found in `one.md`".
fn place<'a>(message: &str, src: &Path, chapters: &'a [Source]) -> Option<(&'a Path, usize)> {
    let named = |chapter: &&Source| {
        let name = chapter.file.strip_prefix(src).unwrap_or(&chapter.file);
        message.contains(&format!("`{}`", name.display()))
    };
    let chapter = chapters.iter().find(named)?;
    // The first word between backticks is what is wrong. A tag may have attributes.
    let what = message
        .split('`')
        .nth(1)
        .unwrap_or_default()
        .trim_end_matches('>');
    Some((&chapter.file, summary::line_of(&chapter.text, what)))
}

fn expand_all(root: &Path, src: &Path, book: &mut MDBook) -> Result<Vec<Source>, Vec<Problem>> {
    let versions = Versions::read(root);
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    book.book.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else {
            return;
        };
        let (Some(path), Some(source)) = (&chapter.path, &chapter.source_path) else {
            return;
        };
        let file = src.join(source);
        let slug = slug(source);
        let place = Chapter {
            root,
            file: &file,
            slug: &slug,
        };
        let expanded = expand(&place, &chapter.content, &mut problems);
        let (expanded, wrong) = versions.link(&chapter.content, &expanded);
        let wrong = wrong.into_iter();
        problems.extend(wrong.map(|problem| problem.moved_to(from_root(root, &file))));
        sources.push(Source {
            page: path.with_extension("html"),
            text: std::mem::replace(&mut chapter.content, expanded),
            file,
        });
    });
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(problems)
    }
}

fn slug(path: &Path) -> String {
    let name = path.with_extension("").display().to_string();
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}
