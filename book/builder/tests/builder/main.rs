//! Tiny books, built and judged.

mod harness;

mod includes;
mod sample;
mod transcripts;
