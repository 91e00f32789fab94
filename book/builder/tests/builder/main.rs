//! Tiny books, built and judged.

mod harness;

mod includes;
mod links;
mod sample;
mod transcripts;
