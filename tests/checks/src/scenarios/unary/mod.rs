//! Lesson 2: one request, one response.

mod at_once;
mod blocking;
mod classify;
mod deadline;
mod edge;
mod failures;
mod health;

use std::time::Duration;

pub(crate) use at_once::{AT_ONCE, AtOnce};
pub(crate) use blocking::{BLOCKING, Blocking};
pub(crate) use classify::{CLASSIFY, Classify};
pub(crate) use deadline::{DEADLINE, Deadline};
pub(crate) use edge::{EDGE_CLASSIFY, EdgeClassify};
pub(crate) use failures::{FAILURES, Failures};
pub(crate) use health::{HEALTH, Health};

/// The method that clients call.
const CLASSIFY_METHOD: &str = "/classification.v1.DocumentClassifier/Classify";

const CORRELATION_ID: &str = "x-correlation-id";

/// Long enough that no machine, however busy, lets it pass.
const FAR: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use proto::control::v1::{Panicked, from_program};
    use stage::{End, Inputs, Seed, Source};

    use crate::catalogue::LESSONS;
    use crate::diagnosis::tests::{named, run};

    /// What a program would have done is not known where it ended at once: by a `todo!()`, another panic, an exit, or an
    /// error that it returned.
    #[tokio::test]
    async fn a_program_that_ended_before_any_call_is_told_of_no_mistake() {
        let exited = |status: &str| End::Exited(status.to_owned());
        let returned = |error: &str| End::Finished(error.to_owned());
        for exercise in LESSONS[1].exercises {
            let mut source = Source::new(Seed::PUBLISHED, None);
            // One exercise has to ask the reference server, and is as well without inputs.
            let inputs = exercise.scenario.inputs(&mut source).await;
            let inputs = inputs.unwrap_or_else(|_| Inputs::default());
            for (panic, end) in [
                (Some("not yet implemented"), exited("exit status: 101")),
                (Some("explicit panic"), exited("exit status: 101")),
                (Some("explicit panic"), returned("")),
                (None, exited("exit status: 0")),
                (None, returned("no number in the settings")),
            ] {
                let mut run = run(Vec::new(), &[]);
                run.inputs = inputs.clone();
                run.messages.extend(panic.map(|message| {
                    from_program::Kind::Panicked(Panicked {
                        message: message.to_owned(),
                        ..Default::default()
                    })
                }));
                run.end = end.clone();
                let diagnosis = named(exercise.diagnoses, &run);
                assert_eq!(diagnosis, None, "{} {panic:?} {end:?}", exercise.id);
            }
        }
    }
}
