//! The sample book, which holds one of everything. It stays in the target directory, for the browser tests and for
//! looking at.

use std::fs;
use std::path::Path;

use book::{Options, build};

use crate::harness::copy;

#[test]
fn sample_book_has_no_problems() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sample = real.join("builder/tests/fixtures/sample");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample");
    if root.exists() {
        fs::remove_dir_all(&root).expect("the last run's sample goes");
    }
    copy(&real.join("theme"), &root.join("book/theme"));
    copy(&sample.join("src"), &root.join("book/src"));
    copy(&sample.join("code"), &root.join("code"));
    copy(&sample.join("solutions"), &root.join("solutions"));
    fs::copy(real.join("book.toml"), root.join("book/book.toml")).expect("the real settings");
    let options = Options {
        out: root.join("out"),
        root,
        check: true,
    };
    let report = build(&options).unwrap_or_else(|problems| {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    });
    assert_eq!(report.chapters, 5);
    println!("{} in {:?}", report.index.display(), report.took);
}
