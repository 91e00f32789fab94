//! Lesson 1: bytes, and no network.

mod ex1_round_trip;
mod ex2_presence;
mod ex3_events;
mod ex4_varint;
mod ex5_evolution;
mod ex6_onnx;

pub(crate) use ex1_round_trip::{ROUND_TRIP, RoundTrip};
pub(crate) use ex2_presence::{PRESENCE, Presence};
pub(crate) use ex3_events::{EVENTS, Events};
pub(crate) use ex4_varint::{VARINT, Varint};
pub(crate) use ex5_evolution::{EVOLUTION, Evolution};
pub(crate) use ex6_onnx::{ONNX, Onnx};

#[cfg(test)]
mod tests {
    use proto::control::v1::{Panicked, from_program};
    use stage::{End, Seed, Source};
    use tap::Side;

    use crate::catalogue::LESSONS;
    use crate::diagnosis::tests::{named, run};

    /// What a program would have sent is not known where it stopped before: by a `todo!()`, another panic, or an exit.
    #[tokio::test]
    async fn a_program_that_stopped_before_it_sent_anything_is_told_of_no_mistake() {
        let exited = |status: &str| End::Exited(status.to_owned());
        for exercise in LESSONS[0].exercises {
            let inputs = exercise
                .scenario
                .inputs(&mut Source::new(Seed::PUBLISHED, None))
                .await;
            let peer_sent = inputs.expect("they need no server").peer_sent;
            let peer_sent: Vec<_> = peer_sent
                .into_iter()
                .map(|(_, bytes)| (Side::Server, bytes))
                .collect();
            for (panic, end) in [
                (Some("not yet implemented"), exited("exit status: 101")),
                (Some("explicit panic"), exited("exit status: 101")),
                (None, exited("exit status: 0")),
            ] {
                let mut run = run(peer_sent.clone(), &[]);
                run.messages.extend(panic.map(|message| {
                    from_program::Kind::Panicked(Panicked {
                        message: message.to_owned(),
                        ..Default::default()
                    })
                }));
                run.end = end;
                assert_eq!(
                    named(exercise.diagnoses, &run),
                    None,
                    "{} {panic:?}",
                    exercise.id
                );
            }
        }
    }
}
