//! Tiny books, built and judged.

mod besides;
mod catalogue;
mod docs;
mod exercises;
mod harness;

mod includes;
mod links;
mod out;
mod paces;
mod predictions;
mod sample;
mod screens;
mod transcripts;
