//! The blocking jobs that a program ran, as the kit reported them.

use proto::control::v1::from_program;
use tap::{Content, Line};

/// How many jobs ran, and how many of them at a time. Two facts in two lines, so that a difference shows which of them
/// it is in.
pub(crate) fn lines(messages: &[from_program::Kind], limit: usize) -> [Line; 3] {
    let jobs = started(messages).count();
    let unit = if jobs == 1 { "job" } else { "jobs" };
    let bound = if max_concurrent(messages) <= limit {
        "at most"
    } else {
        // How many more depends on which thread was faster.
        "more than"
    };
    [
        (0, Content::Heading("work".to_owned())),
        (1, Content::Detail(format!("{jobs} {unit}"))),
        (1, Content::Detail(format!("{bound} {limit} at a time"))),
    ]
    .map(|(depth, content)| Line {
        depth,
        compared: true,
        content,
    })
}

/// The names of the blocking jobs, in the order in which they started.
pub fn started(messages: &[from_program::Kind]) -> impl Iterator<Item = &str> {
    messages.iter().filter_map(|message| match message {
        from_program::Kind::JobStarted(job) => Some(job.name.as_str()),
        _ => None,
    })
}

/// The largest number of blocking jobs that ran at the same time.
pub fn max_concurrent(messages: &[from_program::Kind]) -> usize {
    let (mut running, mut most) = (0_usize, 0);
    for message in messages {
        match message {
            from_program::Kind::JobStarted(_) => running += 1,
            from_program::Kind::JobEnded(_) => running = running.saturating_sub(1),
            _ => {}
        }
        most = most.max(running);
    }
    most
}

#[cfg(test)]
mod tests {
    use proto::control::v1::{Hello, Job};

    use super::*;

    fn job(name: &str) -> Job {
        Job {
            name: name.to_owned(),
        }
    }

    fn start(name: &str) -> from_program::Kind {
        from_program::Kind::JobStarted(job(name))
    }

    fn end(name: &str) -> from_program::Kind {
        from_program::Kind::JobEnded(job(name))
    }

    fn texts(messages: &[from_program::Kind], limit: usize) -> [String; 3] {
        lines(messages, limit).map(|line| line.content.to_string())
    }

    #[test]
    fn concurrent_jobs_are_counted() {
        let hello = from_program::Kind::Hello(Hello::default());
        let messages = [
            hello,
            start("a"),
            start("b"),
            end("a"),
            start("c"),
            end("b"),
            end("c"),
        ];
        assert_eq!(started(&messages).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(max_concurrent(&messages), 2);
        assert_eq!(
            texts(&messages, 2),
            ["work", "3 jobs", "at most 2 at a time"]
        );
        assert_eq!(
            texts(&messages, 1),
            ["work", "3 jobs", "more than 1 at a time"]
        );
    }

    #[test]
    fn one_job_after_another_is_one_at_a_time() {
        let messages = [start("a"), end("a"), start("a")];
        assert_eq!(max_concurrent(&messages), 1);
        assert_eq!(texts(&messages[..1], 2)[1], "1 job");
        assert_eq!(texts(&[], 2)[1], "0 jobs");
    }

    /// A program may send anything.
    #[test]
    fn an_end_without_a_start_does_not_count() {
        let messages = [end("a"), start("b")];
        assert_eq!(max_concurrent(&messages), 1);
    }
}
