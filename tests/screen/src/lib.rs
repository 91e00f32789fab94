//! What is on the screen after a check.
//!
//! Everything that a learner sees of a check is written here, to a writer, from plain data, for a terminal of a given
//! width and height, with colours or without. Nothing is printed and nothing is looked up, so that every screen can be
//! tested, and shown in the gallery. What was checked, and which screen is shown, is the command line's business.
//!
//! The screen of a check that did not pass has two parts. The transcripts come first, as much of them as fits. The tail
//! comes last and fits the terminal: the verdict, what was seen, the file, the task, where to read, the next command.

mod checked;
mod failure;
mod shorten;
mod style;
mod success;
mod tail;
mod view;

// Text.
mod compiler;
mod errors;
mod paragraph;
mod width;

// Transcripts.
mod anchor;
mod blocks;
mod collapse;
mod columns;
mod transcript;
mod window;

#[cfg(test)]
mod testing;

pub use checked::{Checked, Texts};
pub use failure::write_failure;
pub use paragraph::{paragraph, paragraphs, wrapped};
pub use style::{Style, Styles};
pub use success::{
    After, LessonEnd, Points, Score, write_all_passed, write_lesson_end, write_note, write_warnings,
};
pub use tail::{Around, verdict_line};
pub use transcript::write_transcript;
pub use view::View;
