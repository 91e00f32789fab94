//! The blocking jobs that a program ran, as the kit reported them.

use proto::control::v1::from_program;

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
    }

    #[test]
    fn one_job_after_another_is_one_at_a_time() {
        let messages = [start("a"), end("a"), start("a")];
        assert_eq!(max_concurrent(&messages), 1);
    }

    /// A program may send anything.
    #[test]
    fn an_end_without_a_start_does_not_count() {
        let messages = [end("a"), start("b")];
        assert_eq!(max_concurrent(&messages), 1);
    }
}
