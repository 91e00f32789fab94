//! The blocking jobs of a run, against their limit.

use proto::control::v1::from_program;
use tap::{Section, SectionName};

use crate::jobs::{max_concurrent, started};

/// How many jobs ran, and how many of them at a time. Two facts in two lines, so that a difference shows which of them
/// it is in. Empty where the program has no jobs to run.
pub(super) fn section(messages: &[from_program::Kind], limit: Option<usize>) -> Section {
    let texts = limit.map(|limit| texts(messages, limit));
    let texts = texts.into_iter().flatten().map(|text| (text, true));
    Section::of_texts(SectionName::Work, texts)
}

fn texts(messages: &[from_program::Kind], limit: usize) -> [String; 2] {
    let jobs = started(messages).count();
    let unit = if jobs == 1 { "job" } else { "jobs" };
    let bound = if max_concurrent(messages) <= limit {
        "at most"
    } else {
        // How many more depends on which thread was faster.
        "more than"
    };
    [
        format!("{jobs} {unit}"),
        format!("{bound} {limit} at a time"),
    ]
}

#[cfg(test)]
mod tests {
    use proto::control::v1::Job;

    use super::*;

    fn job() -> Job {
        Job {
            name: "a".to_owned(),
        }
    }

    #[test]
    fn jobs_are_counted_and_held_to_their_limit() {
        let start = || from_program::Kind::JobStarted(job());
        let two = [start(), start()];
        assert_eq!(texts(&two, 2), ["2 jobs", "at most 2 at a time"]);
        assert_eq!(texts(&two, 1), ["2 jobs", "more than 1 at a time"]);
        assert_eq!(texts(&two[..1], 1), ["1 job", "at most 1 at a time"]);
        assert_eq!(texts(&[], 2)[0], "0 jobs");
    }

    #[test]
    fn a_program_without_jobs_has_no_section() {
        assert!(section(&[], None).lines.is_empty());
        assert_eq!(section(&[], Some(1)).lines.len(), 2);
    }
}
