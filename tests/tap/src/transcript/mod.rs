//! The text form of a run: what its lines say, printing them, and reading them back.
//!
//! ```text
//! wirebook-transcript 2
//!   call 1  client > edge  /classification.v1.DocumentClassifier/Classify
//!     -> x-correlation-id: demo-1
//! ~   -> grpc-timeout: 2s
//!     -> ClassifyRequest { text: "Invoice 2041 ...", document_id: "doc-001" }
//!     -> half-close
//!     call 2  edge > host  /model.v1.ModelHost/Rank
//!       -> RankRequest { text: "Invoice 2041 ..." }
//!       -> half-close
//!       <- RankResponse
//!         scores: { label: "invoice", probability: 0.97, keywords: ["amount", "due"] }
//!       <- OK
//!     <- OK
//!   connections
//!     client > edge: 1
//! ```
//!
//! `TRANSCRIPT.md` beside this crate's `Cargo.toml` has the grammar. This folder is the one place that knows it: whoever
//! has something to say in a transcript builds the values of [`model`], and whoever reads one matches on them.

mod deadline;
mod model;
mod one_line;
mod parse;
mod print;
mod section;
mod text;
mod version;

pub(crate) use deadline::print as print_duration;
pub use model::{
    Content, Direction, Exchanged, Line, Payload, RawBytes, Timeout, Transcript, What,
};
pub use one_line::{split_field, split_fields};
pub use parse::ParseError;
pub(crate) use print::{article, unit};
pub use section::{Section, SectionName};
