//! A book from strings, in a repository of its own.

use std::fs;
use std::path::{Path, PathBuf};

use book::{Options, Problem, Report, build};
use tempfile::TempDir;

/// A repository with the real theme and settings, and the chapters of a test.
pub struct Book {
    dir: TempDir,
    summary: String,
}

/// A book that was built.
pub struct Built {
    dir: TempDir,
    /// What the builder reports.
    pub report: Report,
}

impl Book {
    /// A book without a chapter.
    pub fn new() -> Self {
        let dir = TempDir::new().expect("a folder for the book");
        let book = Self {
            dir,
            summary: "# Summary\n\n".to_owned(),
        };
        let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        copy(&real.join("theme"), &book.path("book/theme"));
        fs::create_dir_all(book.path("book/src")).expect("a folder for chapters");
        fs::copy(real.join("book.toml"), book.path("book/book.toml")).expect("the real settings");
        book
    }

    /// One chapter.
    pub fn of(chapter: &str) -> Self {
        Self::new().chapter("one.md", chapter)
    }

    /// Adds a chapter and lists it.
    pub fn chapter(mut self, path: &str, text: &str) -> Self {
        self.summary += &format!("- [{path}]({path})\n");
        self.file(&format!("book/src/{path}"), text)
    }

    /// Lists a chapter that is not there.
    pub fn listed(mut self, path: &str) -> Self {
        self.summary += &format!("- [{path}]({path})\n");
        self
    }

    /// Adds a file anywhere in the repository.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// Adds a recorded transcript.
    pub fn snapshot(self, exercise: &str, transcript: &str) -> Self {
        let text = format!("---\nsource: a.rs\nexpression: transcript\n---\n{transcript}");
        let (lesson, number) = exercise.split_once('.').expect("lesson.number");
        let folder = format!("solutions/01-{lesson}/{number}-recorded");
        self.file(&format!("{folder}/expected.snap"), &text)
    }

    /// Builds and checks it, and expects no problem.
    pub fn builds(self) -> Built {
        match self.build() {
            (dir, Ok(report)) => Built { dir, report },
            (_, Err(problems)) => panic!("the book has problems:\n{}", listing(&problems)),
        }
    }

    /// Expects exactly one problem, in `file` and `line`, that says `what`.
    #[track_caller]
    pub fn fails(self, file: &str, line: usize, what: &str) {
        let problem = self.fails_anywhere(what);
        let place = (problem.file.as_path(), problem.line);
        assert_eq!(place, (Path::new(file), line), "{problem}");
    }

    /// Expects exactly one problem, that says `what`.
    #[track_caller]
    pub fn fails_anywhere(self, what: &str) -> Problem {
        let (_, result) = self.build();
        let problems = result.expect_err("the book has a problem");
        let [problem] = problems.as_slice() else {
            panic!("more than one problem:\n{}", listing(&problems));
        };
        assert!(problem.what.contains(what), "{problem}");
        assert!(!problem.cause.is_empty() && !problem.next.is_empty());
        problem.clone()
    }

    /// Builds and checks it into its folder `out`. The first is the repository.
    pub fn build(self) -> (TempDir, Result<Report, Vec<Problem>>) {
        let book = self.with_summary();
        let options = Options {
            root: book.dir.path().to_owned(),
            out: book.path("out"),
            check: true,
        };
        let result = build(&options);
        (book.dir, result)
    }

    fn with_summary(self) -> Self {
        let summary = self.summary.clone();
        let path = "book/src/SUMMARY.md";
        if self.path(path).exists() {
            self
        } else {
            self.file(path, &summary)
        }
    }

    /// A path in the repository.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }
}

impl Built {
    /// The HTML of a page.
    pub fn page(&self, path: &str) -> String {
        fs::read_to_string(self.dir.path().join("out").join(path)).expect("a page")
    }

    /// The script with the search index. Its name has a hash in it.
    pub fn search_index(&self) -> String {
        let entries = fs::read_dir(self.dir.path().join("out")).expect("the built book");
        let mut names = entries.map(|entry| entry.expect("an entry").path());
        let is_index = |path: &PathBuf| path.to_string_lossy().contains("searchindex");
        fs::read_to_string(names.find(is_index).expect("an index")).expect("the index")
    }

    /// What stands between `start` and the next `end` on a page, all of them.
    pub fn between(&self, path: &str, start: &str, end: &str) -> Vec<String> {
        let page = self.page(path);
        let parts = page.split(start).skip(1);
        parts
            .map(|part| part.split(end).next().unwrap_or_default().to_owned())
            .collect()
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file to copy");
        }
    }
}

fn listing(problems: &[Problem]) -> String {
    let lines: Vec<_> = problems.iter().map(Problem::to_string).collect();
    lines.join("\n")
}

/// The text of a piece of HTML: no tags, the usual escapes undone.
pub fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
