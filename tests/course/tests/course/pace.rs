//! The recorded paces that the book draws are those of real runs.

use std::collections::HashMap;
use std::time::Duration;

use catalogue::{Pace, PaceRun, PaceStep};
use checks::{Exercise, Lesson};
use course::LESSONS;
use prost::Message;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use proto::model::v1::RankRequest;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use stage::{Run, Seed};
use tap::{Call, Event, EventKind, Side, calls};

use crate::harness::{catalogue, programs, reference, try_out};

/// The exercise whose pace is drawn, and a variant of it that has no bound.
const EXERCISE: &str = "server-streaming.5";
const UNBOUNDED: &str = "server-streaming.5/runs-ahead-1";

/// What the file has is compared by how far each program had come when the client stood still: the order of steps on the
/// way there is left to chance where no gate fixes it. With `INSTA_UPDATE=always` it is recorded anew.
#[tokio::test(flavor = "multi_thread")]
async fn recorded_pace_is_that_of_the_runs() {
    let (lesson, exercise) = exercise();
    let programs = programs(lesson);
    let reference = reference().await;
    let mut runs = Vec::new();
    for (name, program, path) in [
        ("bounded", EXERCISE, &programs.solution),
        ("unbounded", UNBOUNDED, &programs.variants),
    ] {
        let run = try_out(path, program, exercise, Seed::PUBLISHED, &reference).await;
        runs.push(PaceRun {
            name: name.to_owned(),
            steps: steps(&run),
        });
    }
    let pace = Pace::new(runs).unwrap_or_else(|error| panic!("{error}"));
    let folder = catalogue().find(EXERCISE).map(|(_, it)| it.path.clone());
    let file = folder.expect("the course has it").join(Pace::FILE);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&file, pace.to_string()).expect("the file can be written");
    }
    let recorded = Pace::read(&file).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(last_counts(&pace), last_counts(&recorded));
    // What the chart is there to show.
    let [bounded, unbounded] = last_counts(&pace)[..] else {
        panic!("two runs are drawn");
    };
    assert_eq!(bounded.1, unbounded.1, "both clients read as much");
    assert!(bounded.0 < unbounded.0, "{bounded:?} {unbounded:?}");
}

fn exercise() -> (&'static Lesson, &'static Exercise) {
    let mut lessons = LESSONS.iter();
    let found = lessons.find_map(|lesson| {
        let mut exercises = lesson.exercises.iter();
        Some((*lesson, exercises.find(|exercise| exercise.id == EXERCISE)?))
    });
    found.expect("the course has it")
}

/// How many documents were asked about, and how many answers read, at the end of each run.
fn last_counts(pace: &Pace) -> Vec<(usize, usize)> {
    let runs = pace.runs().iter();
    runs.filter_map(|run| run.counts().last().copied())
        .collect()
}

/// The steps of the batch with the longest answers, until the client, which had stood still, read on: until the read with the
/// longest time before it.
fn steps(run: &Run) -> Vec<PaceStep> {
    let all = calls(&run.events);
    let batches = all.iter().filter(|call| call.hop == CLIENT_EDGE);
    let batch = batches.max_by_key(|call| {
        call.messages(Side::Server)
            .map(|it| it.len())
            .sum::<usize>()
    });
    let batch = batch.expect("there is a batch");
    let requests = batch
        .messages(Side::Client)
        .next()
        .expect("it has a request");
    let requests = ClassifyBatchRequest::decode(requests.clone())
        .expect("it is one")
        .requests;
    let ids: HashMap<_, _> = requests
        .iter()
        .map(|it| (it.text.clone(), it.document_id.clone()))
        .collect();
    let ids_in_order: Vec<_> = requests.into_iter().map(|it| it.document_id).collect();
    let mut timed: Vec<(Duration, PaceStep)> = Vec::new();
    for event in run.events.iter().filter(|event| within(batch, event)) {
        let EventKind::Message { from, bytes, .. } = &event.kind else {
            continue;
        };
        let step = match (event.hop, *from) {
            (EDGE_HOST, Side::Client) => RankRequest::decode(bytes.clone())
                .ok()
                .and_then(|rank| ids.get(&rank.text).cloned())
                .map(PaceStep::Asked),
            (CLIENT_EDGE, Side::Server) => ClassifyBatchResponse::decode(bytes.clone())
                .ok()
                .and_then(|answer| ids_in_order.get(answer.sequence_number as usize).cloned())
                .map(PaceStep::Read),
            _ => None,
        };
        timed.extend(step.map(|step| (event.at, step)));
    }
    let reads: Vec<_> = (0..timed.len())
        .filter(|place| matches!(timed[*place].1, PaceStep::Read(_)))
        .collect();
    let pause = |pair: &&[usize]| timed[pair[1]].0 - timed[pair[0]].0;
    let stood_still = reads.windows(2).max_by_key(pause);
    let until = stood_still.map_or(timed.len(), |pair| pair[1]);
    let steps = timed.into_iter().take(until);
    steps.map(|(_, step)| step).collect()
}

/// Whether something happened while a call was open.
fn within(call: &Call<'_>, event: &Event) -> bool {
    let end = call.events.iter().map(|event| event.seq).max();
    event.seq > call.seq && end.is_some_and(|end| event.seq <= end)
}
