//! The folder that is built into: of anything but a built book nothing is touched, and a reader always finds a whole one.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use book::{Options, build};
use tempfile::TempDir;

use crate::harness::Book;

#[test]
fn folder_with_other_things_is_left_as_it_is() {
    for present in ["letter.txt", "src/ex1.rs", ".git/config", "index.html"] {
        let book = Book::of("# One\n").file(&format!("out/{present}"), "dear");
        let file = book.path("out").join(present);
        let (dir, result) = book.build();
        let problems = result.expect_err("it is refused");
        assert!(
            problems[0].what.contains("is not a built book: it holds"),
            "{present}: {}",
            problems[0]
        );
        assert_eq!(fs::read_to_string(file).expect(present), "dear");
        assert_no_leftovers(dir.path());
    }
}

#[test]
fn file_that_was_added_to_a_built_book_is_not_lost() {
    let (book, options) = built();
    let added = book.path().join("out/css/mine.css");
    fs::write(&added, "dear").expect("it is written");
    let problems = build(&options).expect_err("it is refused");
    assert!(
        problems[0].what.contains("it holds css/mine.css"),
        "{}",
        problems[0]
    );
    assert_eq!(fs::read_to_string(added).expect("still there"), "dear");
    fs::remove_file(book.path().join("out/css/mine.css")).expect("it goes");
    fs::write(book.path().join("out/.DS_Store"), "").expect("it is written");
    build(&options).expect("what a file manager leaves does not count");
}

#[test]
fn file_is_not_taken_for_a_folder() {
    let book = Book::of("# One\n").file("out", "dear");
    let file = book.path("out");
    let (_dir, result) = book.build();
    let problems = result.expect_err("it is refused");
    assert!(
        problems[0].what.contains("there is a file of this name"),
        "{}",
        problems[0]
    );
    assert_eq!(fs::read_to_string(file).expect("still there"), "dear");
}

#[test]
fn folder_that_cannot_be_written_is_named_with_the_reason() {
    let (book, options) = built();
    for out in [
        Path::new("/proc/book"),
        &book.path().join("out/index.html/below"),
    ] {
        let options = Options {
            out: out.to_owned(),
            ..options.clone()
        };
        let problems = build(&options).expect_err("it cannot be written");
        assert!(
            problems[0].what.contains("cannot build here"),
            "{}",
            problems[0]
        );
        assert_eq!(problems[0].file, out);
    }
}

#[test]
fn builds_at_once_all_end_well_and_a_reader_always_finds_a_book() {
    let (book, options) = built();
    let page = book.path().join("out/one.html");
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !ended.load(Ordering::Relaxed) {
                match fs::read_to_string(&page) {
                    Ok(text) => assert!(text.trim_end().ends_with("</html>"), "half a page"),
                    Err(error) => assert_ne!(
                        error.kind(),
                        io::ErrorKind::NotFound,
                        "no page after {reads} reads"
                    ),
                }
                reads += 1;
            }
            reads
        });
        let builds = (0..4).map(|_| {
            scope.spawn(|| {
                for _ in 0..5 {
                    let problems = build(&options).err().unwrap_or_default();
                    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
                    assert!(lines.is_empty(), "{}", lines.join("\n"));
                }
            })
        });
        let builds: Vec<_> = builds.collect();
        let results: Vec<_> = builds.into_iter().map(|build| build.join()).collect();
        ended.store(true, Ordering::Relaxed);
        assert!(results.iter().all(Result::is_ok), "a build failed");
        assert!(reader.join().expect("the reader found a book each time") > 0);
    });
    assert_no_leftovers(book.path());
}

/// A book that was built once, and how to build it again.
fn built() -> (TempDir, Options) {
    let (dir, result) = Book::of("# One\n").build();
    result.expect("it builds");
    let options = Options {
        out: dir.path().join("out"),
        root: dir.path().to_owned(),
        check: true,
    };
    (dir, options)
}

/// Only what the test made stands beside the folder that is built into.
fn assert_no_leftovers(root: &Path) {
    let entries = fs::read_dir(root).expect("the repository");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let hidden: Vec<_> = names
        .filter(|name| name.display().to_string().starts_with('.'))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}
