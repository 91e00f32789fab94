//! Runs of variants, which several tests look at, made once.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex};

use checks::{Checked, Exercise, Judgement, Lesson, judge, snapshot, testing};
use course::LESSONS;
use report::Report;
use stage::{Reference, Seed};
use tap::Transcript;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;

use crate::harness::{names, programs, reference, root, try_out};

/// How many variants are run side by side. More than there are cores, since one that hangs only waits; and each beside a
/// reference server of its own, which is part of what must stand still when a run hangs.
const AT_ONCE: usize = 6;

/// One variant of an exercise.
#[derive(Clone)]
pub struct Variant {
    pub lesson: &'static Lesson,
    pub exercise: &'static Exercise,
    /// `unary.4/right-thread`.
    pub name: String,
}

/// What came of a variant on a seed.
pub struct Tried {
    pub judgement: Judgement,
    /// The diagnosis that the run shows, asked also where it passed.
    pub shown: Option<&'static str>,
    pub report: Report,
    /// What is said of it where the exercise's own diagnoses are not asked.
    pub general: Option<report::Diagnosis>,
}

/// All variants of the course.
pub fn variants() -> Vec<Variant> {
    let of_lesson = |lesson: &'static Lesson| {
        let names = names(&programs(lesson).variants).into_iter();
        names.map(move |name| {
            let id = name.split('/').next().unwrap_or_default();
            let exercise = lesson.find(id);
            Variant {
                lesson,
                exercise: exercise.unwrap_or_else(|| panic!("{name} belongs to no exercise")),
                name,
            }
        })
    };
    LESSONS.iter().copied().flat_map(of_lesson).collect()
}

/// Does this to each of the variants, some of them side by side, each beside a reference server that nobody else uses.
/// Returns what came of it, in any order. Tests that do so at the same time wait for each other.
pub async fn for_each<F, T>(
    variants: Vec<Variant>,
    work: impl Fn(Variant, Arc<Reference>) -> F + Clone + Send + 'static,
) -> Vec<T>
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    static RUNNING: Semaphore = Semaphore::const_new(AT_ONCE);
    let queue = Arc::new(Mutex::new(variants.into_iter()));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (queue, work) = (queue.clone(), work.clone());
        workers.spawn(async move {
            let _running = RUNNING.acquire().await.expect("nobody closes it");
            let reference = Arc::new(reference().await);
            let mut done = Vec::new();
            loop {
                let next = queue.lock().expect("nobody panics").next();
                let Some(variant) = next else { return done };
                done.push(work(variant, reference.clone()).await);
            }
        });
    }
    workers.join_all().await.into_iter().flatten().collect()
}

/// What comes of these variants on the published seed, each with its name.
pub async fn all_on_published_seed(variants: Vec<Variant>) -> HashMap<String, Arc<Tried>> {
    let tried = |variant: Variant, reference: Arc<Reference>| async move {
        let tried = on_published_seed(&variant, &reference).await;
        (variant.name, tried)
    };
    for_each(variants, tried).await.into_iter().collect()
}

/// What comes of a variant on the published seed: run by the first test that asks, and kept for the others.
pub async fn on_published_seed(variant: &Variant, reference: &Reference) -> Arc<Tried> {
    type Cell = Arc<OnceCell<Arc<Tried>>>;
    static TRIED: LazyLock<Mutex<HashMap<String, Cell>>> = LazyLock::new(Mutex::default);
    let cell = TRIED
        .lock()
        .expect("nobody panics")
        .entry(variant.name.clone())
        .or_default()
        .clone();
    let run = || async {
        let expected = snapshot::read(&root(), variant.lesson, variant.exercise);
        let expected = expected.unwrap_or_else(|error| panic!("{error:#}"));
        Arc::new(on_seed(variant, Seed::PUBLISHED, expected, reference).await)
    };
    cell.get_or_init(run).await.clone()
}

/// What comes of a variant on a seed, where this is expected.
pub async fn on_seed(
    variant: &Variant,
    seed: Seed,
    expected: Transcript,
    reference: &Reference,
) -> Tried {
    let Variant {
        lesson,
        exercise,
        name,
    } = variant;
    let run = try_out(&programs(lesson).variants, name, exercise, seed, reference).await;
    let judgement = judge(exercise, &run, &expected);
    let without_own = Exercise {
        diagnoses: &[],
        ..**exercise
    };
    let general = judge(&without_own, &run, &expected).diagnosis;
    let shown = testing::named(exercise.diagnoses, &run);
    let checked = Checked {
        run,
        expected,
        judgement: judgement.clone(),
    };
    Tried {
        judgement,
        shown,
        report: checked.report(exercise, seed),
        general: general.map(|general| report::Diagnosis {
            name: general.name.to_owned(),
            seen: general.seen,
            usually: general.usually.to_owned(),
        }),
    }
}
