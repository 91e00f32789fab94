//! Reports on a graded class, one format to a file.
//!
//! A report is a function of a [`Class`](crate::Class) that returns a text. It reads no files, asks the course nothing
//! and grades nothing, so that a test needs nothing but a class made by hand. Whoever has the class decides which
//! reports there are and where they go: for `cargo xtask grade` that is `main.rs`. A new format is a new file beside
//! these and one line there.

pub mod csv;
pub mod table;
