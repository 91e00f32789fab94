//! Seeded business documents: what the model is trained on and what the exercises are made of.
//!
//! Every document is made here from a seed, byte for byte the same on any machine, so the course ships no data set
//! and quotes nobody: all companies, people, places and sentences are invented. Three styles share one grammar:
//! [`Style::Clean`] is short and readable and ends up in printed transcripts, [`Style::Varied`] is what a trainer
//! wants (layouts, registers, lengths, noise), [`Style::HeldOut`] is `Varied` from wordings that `Varied` never uses.
//!
//! What a document means is known only by the [`Kind`] it was made for. Scoring a text is the classifier's part.

mod clean;
mod draw;
mod kind;
mod scene;
mod template;
mod varied;

pub use kind::Kind;

use draw::{Draw, Part};
use scene::Scene;

/// A document and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The type the text was written as.
    pub kind: Kind,
    /// The text, without a newline at its end.
    pub text: String,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// One to three sentences on one line, at most 280 bytes of ASCII, without noise: fit to be printed.
    Clean,
    /// Any layout, register and length from one line to two pages, some with the marks of a bad scan.
    Varied,
    /// As `Varied`, from the one wording in five that `Varied` never draws: for measuring what was learned.
    HeldOut,
}

/// A [`Style::Clean`] document. The same `kind` and `seed` give the same text, now and later.
pub fn document(kind: Kind, seed: u64) -> Document {
    document_in(Style::Clean, kind, seed)
}

/// `count` [`Style::Clean`] documents; each run of five holds every [`Kind`] once, in an order drawn from `seed`.
pub fn documents(seed: u64, count: usize) -> Vec<Document> {
    documents_in(Style::Clean, seed, count)
}

/// A document in the given style. The same `style`, `kind` and `seed` give the same text.
pub fn document_in(style: Style, kind: Kind, seed: u64) -> Document {
    let part = match style {
        Style::Clean => Part::Whole,
        Style::Varied => Part::Training,
        Style::HeldOut => Part::HeldOut,
    };
    let stream = draw::mix(seed ^ draw::mix(kind as u64 + 1) ^ draw::mix(style as u64 + 101));
    let mut scene = Scene::new(Draw::new(stream, part));
    let text = match style {
        Style::Clean => clean::write(kind, &mut scene),
        Style::Varied | Style::HeldOut => varied::write(kind, &mut scene),
    };
    Document { kind, text }
}

/// `count` documents in the given style, balanced as in [`documents`].
pub fn documents_in(style: Style, seed: u64, count: usize) -> Vec<Document> {
    let mut order = Draw::new(draw::mix(seed), Part::Whole);
    let mut kinds = Vec::new();
    (0..count as u64)
        .map(|index| {
            if kinds.is_empty() {
                kinds = Kind::ALL.to_vec();
                order.shuffle(&mut kinds);
            }
            let kind = kinds.pop().unwrap_or(Kind::Letter);
            document_in(style, kind, draw::mix(seed.wrapping_add(draw::mix(index))))
        })
        .collect()
}
