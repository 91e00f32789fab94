//! Permits and tasks that are dropped, and a runtime whose threads are blocked. The pages "Load and health" and "Many
//! calls, and calls that fail" show parts of it, and the tests hold what they say.
//!
//!     cargo run -p solution-unary --example tasks

use std::sync::Arc;

use tokio::sync::Semaphore;

fn main() {
    println!(
        "{} and {} permits while the closures wait",
        kept_by_name(),
        kept_by_nothing()
    );
}

/// How many of two permits are free while the closure is there and has not run.
fn kept_by_name() -> usize {
    let permits = Arc::new(Semaphore::new(2));
    let mut free = 0;
    if let Ok(permit) = permits.clone().try_acquire_owned() {
        // ANCHOR: by_name
        let job = move || {
            let _permit = permit;
            println!("the job");
        };
        // ANCHOR_END: by_name
        free = after_the_handler(job, &permits);
    }
    free
}

fn kept_by_nothing() -> usize {
    let permits = Arc::new(Semaphore::new(2));
    let handler = |permits: &Arc<Semaphore>| {
        let permit = permits.clone().try_acquire_owned();
        // ANCHOR: by_nothing
        let job = move || {
            let _ = permit;
            println!("the job");
        };
        // ANCHOR_END: by_nothing
        job
    };
    // The handler is over, and its variables are gone.
    let job = handler(&permits);
    after_the_handler(job, &permits)
}

fn after_the_handler(job: impl FnOnce(), permits: &Semaphore) -> usize {
    let free = permits.available_permits();
    job();
    free
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::task::JoinSet;

    use super::*;

    #[test]
    fn underscore_with_a_name_takes_the_permit_along_and_without_one_does_not() {
        assert_eq!(kept_by_name(), 1);
        assert_eq!(kept_by_nothing(), 2);
    }

    /// `let _ =` in front of a call drops what the call returns at once, and in front of a variable does nothing.
    #[test]
    fn underscore_drops_a_value_and_leaves_a_variable() {
        let permits = Semaphore::new(2);
        let _ = permits.try_acquire();
        assert_eq!(permits.available_permits(), 2);
        let permit = permits.try_acquire();
        let _ = permit;
        assert_eq!(permits.available_permits(), 1);
        drop(permit);
        assert_eq!(permits.available_permits(), 2);
    }

    /// A task that is over only if somebody lets it go on, and what tells that it went on.
    fn task() -> (
        impl Future<Output = ()>,
        oneshot::Sender<()>,
        oneshot::Receiver<()>,
    ) {
        let (go_on, wait) = oneshot::channel();
        let (done, over) = oneshot::channel();
        let task = async move {
            if wait.await.is_ok() {
                // Nobody may be there to hear it.
                let _ = done.send(());
            }
        };
        (task, go_on, over)
    }

    #[tokio::test]
    async fn dropped_handle_lets_its_task_go_on() {
        let (task, go_on, over) = task();
        drop(tokio::spawn(task));
        assert!(go_on.send(()).is_ok());
        assert!(over.await.is_ok());
    }

    #[tokio::test]
    async fn dropped_set_ends_its_tasks() {
        let (task, go_on, over) = task();
        let mut set = JoinSet::new();
        set.spawn(task);
        drop(set);
        assert!(over.await.is_err(), "the task ended without its last step");
        drop(go_on);
    }

    /// All worker threads are blocked. What `block_on` was given runs on the thread that called it, and goes on.
    #[test]
    fn blocked_workers_stop_spawned_tasks_and_nothing_else() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .expect("a runtime");
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let (started, begun) = std::sync::mpsc::channel();
        runtime.spawn(async move {
            started.send(()).expect("the test waits for it");
            blocked.recv().expect("the test releases it");
        });
        begun.recv().expect("the worker is blocked");
        let spawned = runtime.spawn(async {});
        runtime.block_on(async {
            tokio::task::yield_now().await;
            assert!(!spawned.is_finished());
        });
        release.send(()).expect("the worker waits");
        let late = Duration::from_secs(60);
        let ended = runtime.block_on(async { tokio::time::timeout(late, spawned).await });
        assert!(ended.is_ok_and(|it| it.is_ok()));
    }
}
