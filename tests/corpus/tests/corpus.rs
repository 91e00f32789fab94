//! What the rest of the course relies on: the same bytes everywhere, balance, and clean documents fit to print.

use std::collections::BTreeSet;

use corpus::{Document, Kind, Style, document, document_in, documents, documents_in};

/// FNV-1a over kinds and texts: one number that changes when any byte of the corpus does.
fn fingerprint(documents: &[Document]) -> u64 {
    let bytes = documents
        .iter()
        .flat_map(|document| [document.kind.label(), "\t", &document.text, "\n"]);
    bytes
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

#[test]
fn one_seed_gives_the_same_documents() {
    for style in [Style::Clean, Style::Varied, Style::HeldOut] {
        assert_eq!(documents_in(style, 7, 100), documents_in(style, 7, 100));
        assert_ne!(documents_in(style, 7, 100), documents_in(style, 8, 100));
    }
    assert_eq!(
        document(Kind::Invoice, 3),
        document_in(Style::Clean, Kind::Invoice, 3)
    );
}

#[test]
fn documents_are_the_same_bytes_on_any_machine() {
    // A change here is a change of every published transcript and of the model: `cargo xtask train`.
    assert_eq!(fingerprint(&documents(1, 500)), 0xd992_88cd_5cc9_2827);
    assert_eq!(
        fingerprint(&documents_in(Style::Varied, 1, 500)),
        0xe392_4f21_a217_3de3
    );
}

#[test]
fn varied_documents_are_one_line_to_two_pages_long() {
    for style in [Style::Varied, Style::HeldOut] {
        let mut lengths: Vec<usize> = documents_in(style, 17, 3_000)
            .iter()
            .map(|document| document.text.trim().chars().count())
            .collect();
        lengths.sort_unstable();
        assert!(
            lengths[0] >= 10,
            "the shortest has {} characters",
            lengths[0]
        );
        assert!(
            lengths[150] < 120,
            "one in twenty has fewer than {}",
            lengths[150]
        );
        assert!(
            (800..8_000).contains(&lengths[2_990]),
            "the longest have {}",
            lengths[2_990]
        );
    }
}

#[test]
fn each_run_of_five_holds_every_kind() {
    for run in documents(11, 200).chunks(5) {
        let kinds: BTreeSet<Kind> = run.iter().map(|document| document.kind).collect();
        assert_eq!(kinds.len(), 5, "{run:?}");
    }
}

#[test]
fn clean_documents_are_fit_to_print() {
    for seed in 0..2_000 {
        for kind in Kind::ALL {
            let text = document(kind, seed).text;
            assert!(
                text.is_ascii() && !text.contains(['\n', '"', '\\']),
                "{text}"
            );
            assert!(
                (40..=280).contains(&text.len()),
                "{} bytes: {text}",
                text.len()
            );
            assert!(
                !text.contains(['{', '}', '[', ']', '|']),
                "a slot was not filled: {text}"
            );
        }
    }
}

#[test]
fn seeds_give_different_documents() {
    let texts: BTreeSet<String> = documents(5, 1_000)
        .into_iter()
        .map(|document| document.text)
        .collect();
    assert!(texts.len() > 995, "{} of 1000 are distinct", texts.len());
}

#[test]
fn labels_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_label(kind.label()), Some(kind));
        assert_eq!(kind.to_string(), kind.label());
    }
    assert_eq!(Kind::from_label("Invoice"), None);
}
