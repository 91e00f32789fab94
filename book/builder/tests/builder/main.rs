//! Tiny books, built and judged.

mod catalogue;
mod exercises;
mod harness;

mod includes;
mod links;
mod predictions;
mod sample;
mod transcripts;
