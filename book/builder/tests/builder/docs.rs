//! Links to docs.rs, led to the versions in Cargo.lock.

use crate::harness::Book;

const LOCK: &str = "version = 4\n
[[package]]\nname = \"tonic\"\nversion = \"0.14.9\"\n
[[package]]\nname = \"tonic-health\"\nversion = \"0.14.8\"\n
[[package]]\nname = \"tower\"\nversion = \"0.4.1\"\n
[[package]]\nname = \"tower\"\nversion = \"0.5.2\"\n";

fn book(chapter: &str) -> Book {
    Book::of(chapter).file("Cargo.lock", LOCK)
}

#[test]
fn links_lead_to_the_version_that_is_used() {
    let page = book(
        "# One\n\n[a](https://docs.rs/tonic/latest/tonic/struct.Status.html#method.new), <https://docs.rs/tonic>, \
         [b](https://docs.rs/tonic-health/0.14.8/tonic_health/), [c](https://docs.rs/tower/latest/tower/), \
         [d](https://docs.rs/rayon).\n",
    )
    .builds()
    .page("one.html");
    for link in [
        "\"https://docs.rs/tonic/0.14.9/tonic/struct.Status.html#method.new\"",
        "\"https://docs.rs/tonic/0.14.9/\"",
        "\"https://docs.rs/tonic-health/0.14.8/tonic_health/\"",
        "\"https://docs.rs/tower/0.5.2/tower/\"",
        "\"https://docs.rs/rayon\"",
    ] {
        assert!(page.contains(link), "{link}\n{page}");
    }
}

#[test]
fn versions_that_are_not_used_are_rejected() {
    for (link, what) in [
        (
            "tonic/0.13.0/tonic/",
            "is not the version that is used, 0.14.9",
        ),
        (
            "tonic_health/latest/tonic_health/",
            "Cargo.lock has no tonic_health",
        ),
        ("rayon/1.10.0/rayon/", "Cargo.lock has no rayon"),
    ] {
        let chapter = format!("# One\n\n\n[a](https://docs.rs/{link})\n");
        book(&chapter).fails("book/src/one.md", 4, what);
    }
}
