//! The progress of a long build.
//!
//! cargo draws a bar where it writes to a terminal. Here it writes into a pipe, and is configured to draw the bar
//! anyway: only the bar says how many crates there are.

/// An event of a build, for whoever waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A sentence, or a line of cargo's that is not about one crate.
    Line(String),
    /// How far a build is.
    Crates {
        /// How many units of work are done: cargo's count, in which a build script is one of its own.
        done: usize,
        /// How many there are in all.
        total: usize,
        /// The crates that are being compiled now, as cargo lists them.
        now: String,
    },
    /// The compiler began with a crate.
    Compiling(String),
}

impl Progress {
    /// Reads one line of cargo's standard error, or one state of its bar. `None` for a line that says nothing about the
    /// progress.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if let Some(bar) = line.strip_prefix("Building [") {
            return Self::read_bar(bar);
        }
        let (verb, rest) = line.split_once(' ')?;
        match verb {
            "Compiling" => Some(Self::Compiling(rest.trim().to_owned())),
            "Downloading" | "Downloaded" | "Updating" | "Locking" | "Blocking" => {
                Some(Self::Line(line.to_owned()))
            }
            _ => None,
        }
    }

    /// What follows the bar's opening bracket: `=====>    ] 15/18: serde, tokio`.
    fn read_bar(bar: &str) -> Option<Self> {
        let (_, counts) = bar.split_once("] ")?;
        let (counts, now) = counts.split_once(": ").unwrap_or((counts, ""));
        let (done, total) = counts.trim_end_matches(':').split_once('/')?;
        Some(Self::Crates {
            done: done.trim().parse().ok()?,
            total: total.trim().parse().ok()?,
            now: now.trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_from_cargos_lines() {
        let crates = |done, total, now: &str| {
            Some(Progress::Crates {
                done,
                total,
                now: now.to_owned(),
            })
        };
        for (line, progress) in [
            (
                "    Building [=====>     ] 15/18: serde, tokio     ",
                crates(15, 18, "serde, tokio"),
            ),
            ("    Building [>    ] 0/142:", crates(0, 142, "")),
            ("    Building [ ] x/y: z", None),
            (
                "   Compiling h2 v0.4.20",
                Some(Progress::Compiling("h2 v0.4.20".to_owned())),
            ),
            (
                "    Blocking waiting for file lock on build directory",
                Some(Progress::Line(
                    "Blocking waiting for file lock on build directory".to_owned(),
                )),
            ),
            ("    Finished `dev` profile in 0.99s", None),
            ("warning: unused", None),
            ("", None),
        ] {
            assert_eq!(Progress::read(line), progress, "{line:?}");
        }
    }
}
