//! Small pictures beside each other.

use crate::harness::Book;

const UNARY: &str = "wirebook-transcript 2
  call 1  client > server  /a.v1.Service/Ask
    -> x-id: 1
    -> AskRequest { text: \"a\" }
    -> half-close
    <- AskResponse {}
    <- OK
";

const STREAM: &str = "wirebook-transcript 2
  call 1  client > edge  /a.v1.Service/Ask
    -> AskRequest { text: \"a\" }
    <- OK
  call 2  client > edge  /a.v1.Service/Watch
    -> WatchRequest {}
    call 3  edge > host  /m.v1.Host/Rank
      <- OK
    <- Item { id: 1 }
    <- Item { id: 2 }
    <- OK
";

fn book(argument: &str) -> Book {
    Book::of(&format!("# One\n\n{{{{#beside {argument}}}}}\n"))
        .snapshot("unary.1", UNARY)
        .snapshot("streams.1", STREAM)
}

#[test]
fn pictures_stand_beside_each_other_with_their_titles() {
    let built = book("Unary: unary.1; One & many: streams.1 2").builds();
    let figure = &built.between("one.html", "<figure", "</figure>")[0];
    assert!(figure.contains("class=\"columns of-2\""), "{figure}");
    assert_eq!(figure.matches("class=\"sequence small\"").count(), 2);
    for part in [
        "<b>Unary</b>",
        "<code>unary.1</code></p>",
        "<b>One &amp; many</b>",
        "<code>streams.1</code>, part 2</p>",
        ">2  Watch<",
        "Metadata is left out, and so are the calls that one of these calls caused.",
    ] {
        assert!(figure.contains(part), "{part} in {figure}");
    }
    for left_out in ["x-id", "Rank", "host"] {
        assert!(!figure.contains(left_out), "{left_out} in {figure}");
    }
    let ids = built.between("one.html", "<title id=\"", "\"");
    assert_eq!(
        ids,
        ["wire-one-1-picture1-title", "wire-one-1-picture2-title"]
    );
}

#[test]
fn where_nothing_is_left_out_nothing_is_said_of_it() {
    let page = book("A: streams.1 1; B: streams.1 1")
        .builds()
        .page("one.html");
    assert!(page.contains("Recorded.") && !page.contains("left out"));
}

#[test]
fn what_cannot_stand_beside_each_other_is_rejected() {
    let fails = |argument: &str, what: &str| book(argument).fails("book/src/one.md", 3, what);
    fails("A: unary.1", "1 pictures do not stand beside each other");
    fails(&["A: unary.1"; 5].join("; "), "5 pictures do not");
    fails(
        "A: unary.1; unary.1",
        "\"unary.1\" is not a picture with its title",
    );
    fails("A: unary.1; B: unary.7", "unary.7 has no expected.snap");
    fails(
        "A: unary.1; B: unary.1 4",
        "has 1 parts, and 4 is asked for",
    );
}

#[test]
fn more_than_two_parties_have_no_small_picture() {
    let text = format!("{STREAM}  call 4  edge > host  /m.v1.Host/Rank\n    <- OK\n");
    Book::of("# One\n\n{{#beside A: streams.1 1; B: streams.1}}\n")
        .snapshot("streams.1", &text)
        .fails("book/src/one.md", 3, "is not of calls between two parties");
}
