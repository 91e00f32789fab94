//! The progress of builds, on standard error.
//!
//! On a terminal a long build is one line that changes. Into a pipe it is a line for each crate.

use std::io::Write;

use build::Progress;
use console::Term;

use crate::style::{PROGRESS, paint};

/// A build of no more units than this ends soon and is not shown: the lesson that was just saved, and its program.
const SHORT_BUILD_UNITS: usize = 3;

/// Shows the progress of builds.
pub(crate) struct Reporter {
    terminal: Option<Term>,
    /// How many units of the current build are left.
    left: usize,
    /// How many there were when it began.
    begun_with: usize,
    /// Whether a line is on the terminal that is to be wiped.
    drawn: bool,
}

impl Reporter {
    pub(crate) fn new() -> Self {
        let terminal = Some(Term::stderr()).filter(Term::is_term);
        Self {
            terminal,
            left: 0,
            begun_with: 0,
            drawn: false,
        }
    }

    /// Passes on one event.
    pub(crate) fn report(&mut self, progress: Progress) {
        match progress {
            Progress::Line(line) => {
                self.wipe();
                eprintln!("{}", paint(&PROGRESS, &line));
            }
            Progress::Crates { done, total, now } => self.count(done, total, &now),
            Progress::Compiling(name) => self.compiling(&name),
        }
    }

    /// Wipes what is left of the line that changes.
    pub(crate) fn wipe(&mut self) {
        if std::mem::take(&mut self.drawn)
            && let Some(terminal) = &mut self.terminal
        {
            let _ = terminal.clear_line();
            let _ = terminal.flush();
        }
        self.begun_with = 0;
    }

    fn count(&mut self, done: usize, total: usize, now: &str) {
        self.left = total.saturating_sub(done);
        self.begun_with = self.begun_with.max(self.left);
        if self.begun_with <= SHORT_BUILD_UNITS {
            return;
        }
        let Some(terminal) = &mut self.terminal else {
            return;
        };
        let columns = usize::from(terminal.size().1).max(20) - 1;
        let line: String = format!("building {now}, {} of {total} left", self.left);
        let line = match line.chars().count() <= columns {
            true => line,
            // The numbers matter more than the names.
            false => format!("building, {} of {total} left", self.left),
        };
        let line: String = line.chars().take(columns).collect();
        let _ = terminal.clear_line();
        let _ = write!(terminal, "{}", paint(&PROGRESS, &line));
        let _ = terminal.flush();
        self.drawn = true;
    }

    fn compiling(&mut self, name: &str) {
        let of_learner = ["lesson-", "solution-"]
            .iter()
            .any(|start| name.starts_with(start));
        if self.terminal.is_some() || of_learner {
            return;
        }
        let left = match self.left {
            0 => String::new(),
            left => format!(", {left} left"),
        };
        eprintln!("building {name}{left}");
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        self.wipe();
    }
}
