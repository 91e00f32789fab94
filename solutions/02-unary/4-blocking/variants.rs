//! Other programs for unary.4: right ones, known mistakes, mutants.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use kit::Document;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::task::{block_in_place, spawn_blocking};
use tonic::Status;

use crate::run::clean;

type Permits = Arc<Semaphore>;
type Cleaned = Result<String, Status>;

kit::variants! {
    crate::run::blocking;
    right_thread,
    right_in_place,
    right_task,
    right_runtime,
    work_skipped_1,
    work_skipped_2,
    runtime_blocked_1,
    runtime_blocked_2,
    unbounded_work_1,
    unbounded_work_2,
    permit_left_with_caller_1,
    permit_left_with_caller_2,
    permit_not_taken_1 = {
        let own = Arc::new(Semaphore::new(2));
        move |_, document| permit_not_taken_1(own.clone(), document)
    },
    permit_not_taken_2,
    panic_not_reported_1,
    panic_not_reported_2,
    closed_not_reported_1,
    closed_not_reported_2,
    turned_away_1,
    turned_away_2,
    gave_up_on_job_1,
    gave_up_on_job_2,
    permit_not_returned_1,
    permit_not_returned_2,
    text_not_cleaned_1,
    text_not_cleaned_2,
    one_at_a_time_1 = {
        let lock = Arc::new(Mutex::new(()));
        move |permits, document| one_at_a_time_1(lock.clone(), permits, document)
    },
    one_at_a_time_2,
    mutant_default = |_, _| async { Ok(String::new()) },
    mutant_error = |_, _| async { Err(internal("no")) },
    mutant_hard_coded,
    mutant_one_more,
    mutant_impatient,
    mutant_patient,
    mutant_underscore,
    mutant_in_place,
}

fn internal(error: impl ToString) -> Status {
    Status::internal(error.to_string())
}

/// Cleans on a blocking thread, and keeps a value until the work is done.
async fn aside(kept: impl Send + 'static, document: Document) -> Cleaned {
    let work = move || {
        let _kept = kept;
        clean(&document)
    };
    spawn_blocking(work).await.map_err(internal)
}

/// A thread for each job, and a channel back.
async fn right_thread(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let (sender, cleaned) = oneshot::channel();
    std::thread::spawn(move || {
        let text = clean(&document);
        drop(permit);
        sender.send(text)
    });
    cleaned.await.map_err(internal)
}

/// Lets the runtime move its other tasks to another thread, and computes on this one.
async fn right_in_place(permits: Permits, document: Document) -> Cleaned {
    let _permit = permits.acquire().await.map_err(internal)?;
    let cleaned = block_in_place(|| catch_unwind(AssertUnwindSafe(|| clean(&document))));
    cleaned.map_err(|_| internal("the text could not be cleaned"))
}

/// Waits for the permit on the blocking thread too.
async fn right_runtime(permits: Permits, document: Document) -> Cleaned {
    let runtime = Handle::current();
    let work = move || {
        let _permit = runtime.block_on(permits.acquire()).map_err(internal)?;
        Ok(clean(&document))
    };
    spawn_blocking(work).await.map_err(internal)?
}

/// A task has the permit, and goes on when nobody waits for it any more.
async fn right_task(permits: Permits, document: Document) -> Cleaned {
    let task = tokio::spawn(async move {
        let _permit = permits.acquire().await.map_err(internal)?;
        aside((), document).await
    });
    task.await.map_err(internal)?
}

async fn permit_left_with_caller_1(permits: Permits, document: Document) -> Cleaned {
    let _permit = permits.acquire().await.map_err(internal)?;
    aside((), document).await
}

/// On a thread of its own, and still without the permit.
async fn permit_left_with_caller_2(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let (sender, cleaned) = oneshot::channel();
    std::thread::spawn(move || sender.send(clean(&document)));
    let text = cleaned.await.map_err(internal);
    drop(permit);
    text
}

async fn work_skipped_1(_: Permits, document: Document) -> Cleaned {
    Ok(document.text)
}

/// Does the same itself.
async fn work_skipped_2(permits: Permits, document: Document) -> Cleaned {
    let _permit = permits.acquire().await.map_err(internal)?;
    let words = document.text.split_ascii_whitespace().map(str::to_owned);
    Ok(words
        .reduce(|text, word| text + " " + &word)
        .unwrap_or_default())
}

async fn runtime_blocked_1(permits: Permits, document: Document) -> Cleaned {
    let _permit = permits.acquire().await.map_err(internal)?;
    Ok(clean(&document))
}

async fn runtime_blocked_2(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let task = tokio::spawn(async move {
        let _permit = permit;
        clean(&document)
    });
    task.await.map_err(internal)
}

async fn unbounded_work_1(_: Permits, document: Document) -> Cleaned {
    aside((), document).await
}

/// `_` is not a variable: the permit is given back at once.
async fn unbounded_work_2(permits: Permits, document: Document) -> Cleaned {
    let _ = permits.acquire_owned().await.map_err(internal)?;
    block_in_place(|| Handle::current().block_on(aside((), document)))
}

async fn turned_away_1(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.try_acquire_owned().map_err(internal)?;
    aside(permit, document).await
}

async fn turned_away_2(permits: Permits, document: Document) -> Cleaned {
    if permits.available_permits() == 0 {
        return Err(Status::unavailable("busy"));
    }
    let permit = permits.acquire_owned().await.map_err(internal)?;
    aside(permit, document).await
}

async fn one_at_a_time_1(lock: Arc<Mutex<()>>, permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let _lock = lock.lock().await;
    aside(permit, document).await
}

/// Takes all permits for one job.
async fn one_at_a_time_2(permits: Permits, document: Document) -> Cleaned {
    let all = permits.available_permits().max(2) as u32;
    let permits = permits.acquire_many_owned(all).await.map_err(internal)?;
    aside(permits, document).await
}

/// Bounds the work by a semaphore of its own.
async fn permit_not_taken_1(own: Permits, document: Document) -> Cleaned {
    let permit = own.acquire_owned().await.map_err(internal)?;
    aside(permit, document).await
}

/// Bounds it by as many permits as there are, of another semaphore.
async fn permit_not_taken_2(permits: Permits, document: Document) -> Cleaned {
    static OWN: OnceLock<Permits> = OnceLock::new();
    let own = OWN.get_or_init(|| Arc::new(Semaphore::new(permits.available_permits())));
    permit_not_taken_1(own.clone(), document).await
}

async fn panic_not_reported_1(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    Ok(aside(permit, document).await.unwrap_or_default())
}

async fn panic_not_reported_2(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    Ok(aside(permit, document).await.expect("it can be cleaned"))
}

async fn closed_not_reported_1(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.expect("it is never closed");
    aside(permit, document).await
}

async fn closed_not_reported_2(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.ok();
    aside(permit, document).await
}

async fn gave_up_on_job_1(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let text = tokio::time::timeout(Duration::from_millis(200), aside(permit, document));
    text.await.map_err(internal)?
}

/// Looks once.
async fn gave_up_on_job_2(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let job = tokio::spawn(aside(permit, document));
    tokio::time::sleep(Duration::from_millis(50)).await;
    match job.is_finished() {
        true => job.await.map_err(internal)?,
        false => Err(internal("it is not clean yet")),
    }
}

async fn permit_not_returned_1(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let text = aside((), document).await;
    permit.forget();
    text
}

/// Counts by hand, and not where the job panics.
async fn permit_not_returned_2(permits: Permits, document: Document) -> Cleaned {
    permits.acquire().await.map_err(internal)?.forget();
    let work = move || {
        let text = clean(&document);
        permits.add_permits(1);
        text
    };
    spawn_blocking(work).await.map_err(internal)
}

async fn text_not_cleaned_1(permits: Permits, document: Document) -> Cleaned {
    let text = document.text.clone();
    right_thread(permits, document).await?;
    Ok(text)
}

async fn text_not_cleaned_2(permits: Permits, document: Document) -> Cleaned {
    let text = right_thread(permits, document).await?;
    Ok(text.to_lowercase())
}

async fn mutant_impatient(permits: Permits, document: Document) -> Cleaned {
    let permit = tokio::time::timeout(Duration::from_millis(250), permits.acquire_owned());
    let permit = permit.await.map_err(internal)?.map_err(internal)?;
    aside(permit, document).await
}

/// Waits for a second, and then sends the caller away.
async fn mutant_patient(permits: Permits, document: Document) -> Cleaned {
    let permit = tokio::time::timeout(Duration::from_secs(1), permits.acquire_owned());
    let permit = permit
        .await
        .map_err(|_| Status::resource_exhausted("all permits are taken"))?;
    aside(permit.map_err(internal)?, document).await
}

/// `_` takes nothing along.
async fn mutant_underscore(permits: Permits, document: Document) -> Cleaned {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let work = move || {
        let _ = permit;
        clean(&document)
    };
    spawn_blocking(work).await.map_err(internal)
}

async fn mutant_in_place(permits: Permits, document: Document) -> Cleaned {
    let _permit = permits.acquire().await.map_err(internal)?;
    Ok(block_in_place(|| clean(&document)))
}

/// Answers for every document what is right for the first one on the published seed.
async fn mutant_hard_coded(permits: Permits, document: Document) -> Cleaned {
    right_thread(permits, document).await?;
    Ok("Licence agreement of 22 April 2026.".to_owned())
}

async fn mutant_one_more(permits: Permits, document: Document) -> Cleaned {
    let permit = Arc::new(permits.acquire_owned().await.map_err(internal)?);
    aside(permit.clone(), document.clone()).await?;
    aside(permit, document).await
}
