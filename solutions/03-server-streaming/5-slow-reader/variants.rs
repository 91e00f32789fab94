//! Other programs for server-streaming.5: right ones, known mistakes, mutants.

use std::collections::{BTreeMap, VecDeque};
use std::iter::Enumerate;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::vec::IntoIter;

use futures_util::future::join_all;
use futures_util::stream::{self, FuturesOrdered};
use futures_util::{Stream, StreamExt, TryStreamExt};
use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{
    ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest, ErrorEvent,
};
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::{Host, classify, to_item};

kit::variants! {
    serve;
    right_ordered,
    right_tasks_in_a_queue,
    right_set_behind_a_channel,
    right_spawned,
    right_in_the_method,
    right_stops_at_known_failure,
    too_many_at_once_1,
    too_many_at_once_2,
    too_few_at_once_1,
    too_few_at_once_2,
    others_first_1,
    others_first_2,
    collected_1,
    collected_2,
    in_chunks_1,
    in_chunks_2,
    runs_ahead_1,
    runs_ahead_2,
    asked_past_slow_1,
    asked_past_slow_2,
    waits_for_other_caller_1,
    waits_for_other_caller_2,
    completion_order_1,
    completion_order_2,
    asked_on_1,
    asked_on_2,
    failure_as_item_1,
    failure_as_item_2,
    failure_too_early_1,
    failure_too_early_2,
    asked_after_failure_1,
    asked_after_failure_2,
    not_given_up_1,
    not_given_up_2,
    failure_hidden_1,
    failure_hidden_2,
    host_status_changed_1,
    host_status_changed_2,
    stream_not_ended_1,
    stream_not_ended_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
}

type Item = Result<ClassifyBatchResponse, Status>;

/// The stream that a method returns.
type Answers = Result<BoxStream<ClassifyBatchResponse>, Status>;
type Answering = Pin<Box<dyn Future<Output = Answers> + Send>>;

/// What a call has.
struct Call {
    host: Host,
    at_once: usize,
    count: usize,
    documents: Enumerate<IntoIter<ClassifyRequest>>,
}

impl Call {
    /// The next call to the host, not yet begun.
    fn next(&mut self) -> Option<impl Future<Output = Item> + Send + use<>> {
        let (place, request) = self.documents.next()?;
        let (asked, count) = (classify(self.host.clone(), request), self.count);
        Some(async move { Ok(to_item(place, count, asked.await?)) })
    }

    /// All calls to the host, of which none has begun.
    fn calls(mut self) -> impl Stream<Item = impl Future<Output = Item> + Send> + Send {
        stream::iter(std::iter::from_fn(move || self.next()))
    }

    /// The next call, in a task of its own that ends with its handle.
    fn next_task(&mut self) -> Option<Task> {
        self.next().map(|next| Task(tokio::spawn(next)))
    }

    /// The solution's stream.
    fn buffered(self) -> impl Stream<Item = Item> + Send {
        let at_once = self.at_once;
        self.calls().buffered(at_once)
    }
}

fn ready(answers: impl Stream<Item = Item> + Send + 'static) -> Answering {
    let answers: BoxStream<_> = Box::pin(answers);
    Box::pin(async { Ok(answers) })
}

/// Answers with what a task sends.
fn spawned<F: Future<Output = ()> + Send + 'static>(
    call: Call,
    capacity: usize,
    produce: impl FnOnce(Call, mpsc::Sender<Item>) -> F,
) -> Answering {
    let (answers, receiver) = mpsc::channel(capacity);
    tokio::spawn(produce(call, answers));
    ready(ReceiverStream::new(receiver))
}

fn right_ordered(call: Call) -> Answering {
    let state = (call, FuturesOrdered::new());
    ready(stream::unfold(state, |(mut call, mut asked)| async move {
        while asked.len() < call.at_once {
            let Some(next) = call.next() else { break };
            asked.push_back(next);
        }
        let item = asked.next().await?;
        Some((item, (call, asked)))
    }))
}

/// A task that is aborted with its handle.
struct Task(JoinHandle<Item>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn right_tasks_in_a_queue(call: Call) -> Answering {
    let state = (call, VecDeque::new());
    ready(stream::unfold(state, |(mut call, mut tasks)| async move {
        while tasks.len() < call.at_once {
            let Some(next) = call.next() else { break };
            tasks.push_back(Task(tokio::spawn(next)));
        }
        let mut task = tasks.pop_front()?;
        let item = (&mut task.0).await;
        let item = item.unwrap_or_else(|error| Err(Status::internal(error.to_string())));
        Some((item, (call, tasks)))
    }))
}

/// Sorts what comes, and begins one more for each answer that it has sent.
fn right_set_behind_a_channel(call: Call) -> Answering {
    spawned(call, 1, |mut call, answers| async move {
        let (mut set, mut early, mut due) = (JoinSet::new(), BTreeMap::new(), 0);
        let work = async {
            for place in 0..call.count + call.at_once {
                // By then, so many have to have been sent.
                while place >= due + call.at_once {
                    let Some(item) = early.remove(&due) else {
                        let Some(Ok((place, item))) = set.join_next().await else {
                            return;
                        };
                        early.insert(place, item);
                        continue;
                    };
                    let failed = Item::is_err(&item);
                    if answers.send(item).await.is_err() || failed {
                        return;
                    }
                    due += 1;
                }
                if let Some(next) = call.next() {
                    set.spawn(async move { (place, next.await) });
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = answers.closed() => {}
        }
    })
}

fn right_spawned(call: Call) -> Answering {
    let at_once = call.at_once;
    spawned(call, at_once, |call, answers| async move {
        let mut asked = Box::pin(call.buffered());
        loop {
            let item = tokio::select! {
                () = answers.closed() => return,
                item = asked.next() => item,
            };
            let Some(item) = item else { return };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// Begins the first calls before it returns the stream.
fn right_in_the_method(mut call: Call) -> Answering {
    Box::pin(async move {
        let mut set = VecDeque::new();
        for _ in 0..call.at_once {
            set.extend(call.next().map(|next| Task(tokio::spawn(next))));
        }
        let answers = stream::unfold((call, set), |(mut call, mut set)| async move {
            let mut first = set.pop_front()?;
            let item = (&mut first.0).await.ok()?;
            if item.is_ok() {
                set.extend(call.next().map(|next| Task(tokio::spawn(next))));
            }
            Some((item, (call, set)))
        });
        let answers: BoxStream<_> = Box::pin(answers);
        Ok(answers)
    })
}

/// Asks about nothing more once it knows of a failure, and gives up what comes behind that one.
fn right_stops_at_known_failure(call: Call) -> Answering {
    let state = (call, JoinSet::new(), BTreeMap::new(), 0, false);
    ready(stream::unfold(
        state,
        |(mut call, mut set, mut early, due, mut known)| async move {
            while !known && set.len() + early.len() < call.at_once {
                let place = call.count - call.documents.len();
                let Some(next) = call.next() else { break };
                set.spawn(async move { (place, next.await) });
            }
            loop {
                if let Some(item) = early.remove(&due) {
                    return Some((item, (call, set, early, due + 1, known)));
                }
                let (place, item) = set.join_next().await?.ok()?;
                known |= Item::is_err(&item);
                early.insert(place, item);
            }
        },
    ))
}

fn too_many_at_once_1(call: Call) -> Answering {
    let count = call.count;
    ready(call.calls().buffered(count))
}

/// Two at least.
fn too_many_at_once_2(call: Call) -> Answering {
    let at_once = call.at_once.max(2);
    ready(call.calls().buffered(at_once))
}

fn too_few_at_once_1(call: Call) -> Answering {
    ready(call.calls().then(|asked| asked))
}

fn too_few_at_once_2(call: Call) -> Answering {
    let fewer = call.at_once - 1;
    ready(call.calls().buffered(fewer))
}

/// From the last to the first.
fn others_first_1(mut call: Call) -> Answering {
    let calls: Vec<_> = std::iter::from_fn(|| call.next()).collect();
    let calls = calls.into_iter().rev();
    ready(stream::iter(calls).buffered(call.at_once))
}

/// A task for each document, and permits for them, of which the last documents get the first.
fn others_first_2(mut call: Call) -> Answering {
    let permits = Arc::new(Semaphore::new(call.at_once));
    let calls: Vec<_> = std::iter::from_fn(|| call.next()).collect();
    let count = calls.len();
    let tasks = calls.into_iter().enumerate().map(|(place, next)| {
        let permits = permits.clone();
        Task(tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(10 * (count - place) as u64)).await;
            let _permit = permits.acquire().await;
            next.await
        }))
    });
    let tasks: Vec<_> = tasks.collect();
    ready(stream::iter(tasks).filter_map(|mut task| async move { (&mut task.0).await.ok() }))
}

fn collected_1(call: Call) -> Answering {
    Box::pin(async move {
        let all: Vec<_> = call.buffered().try_collect().await?;
        let answers: BoxStream<_> = Box::pin(stream::iter(all).map(Ok));
        Ok(answers)
    })
}

fn collected_2(call: Call) -> Answering {
    spawned(call, 1, |call, answers| async move {
        let all: Vec<_> = tokio::select! {
            all = call.buffered().collect() => all,
            () = answers.closed() => return,
        };
        for item in all {
            if answers.send(item).await.is_err() {
                return;
            }
        }
    })
}

fn in_chunks_1(call: Call) -> Answering {
    let at_once = call.at_once;
    let chunks = call.calls().chunks(at_once);
    ready(chunks.then(join_all).flat_map(stream::iter))
}

/// Sends each answer of a part as it is due, and begins the next part at the end of one.
fn in_chunks_2(call: Call) -> Answering {
    let at_once = call.at_once;
    let chunks = call.calls().chunks(at_once);
    ready(chunks.flat_map(|chunk| chunk.into_iter().collect::<FuturesOrdered<_>>()))
}

fn runs_ahead_1(call: Call) -> Answering {
    let (answers, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let work = async {
            let mut asked = Box::pin(call.buffered());
            while let Some(item) = asked.next().await {
                let failed = item.is_err();
                if answers.send(item).is_err() || failed {
                    return;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = answers.closed() => {}
        }
    });
    ready(UnboundedReceiverStream::new(receiver))
}

/// A channel that may be there, and one more is begun before the answer is in it.
fn runs_ahead_2(call: Call) -> Answering {
    let at_once = call.at_once;
    spawned(call, at_once, |mut call, answers| async move {
        let mut tasks = VecDeque::new();
        let work = async {
            for _ in 0..call.at_once {
                tasks.extend(call.next_task());
            }
            while let Some(mut task) = tasks.pop_front() {
                let Ok(item) = (&mut task.0).await else {
                    return;
                };
                let failed = item.is_err();
                if !failed {
                    tasks.extend(call.next_task());
                }
                if answers.send(item).await.is_err() || failed {
                    return;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = answers.closed() => {}
        }
    })
}

/// A task for each document, which gives its permit back when the host has answered.
fn asked_past_slow_1(mut call: Call) -> Answering {
    let permits = Arc::new(Semaphore::new(call.at_once));
    let calls: Vec<_> = std::iter::from_fn(|| call.next()).collect();
    let (answers, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let work = async {
            let (ordered, mut tasks) = mpsc::unbounded_channel();
            let begin = async move {
                for next in calls {
                    let permit = permits.clone().acquire_owned().await;
                    let task = tokio::spawn(async move {
                        let item = next.await;
                        drop(permit);
                        item
                    });
                    let _ = ordered.send(Task(task));
                }
            };
            let send = async {
                while let Some(mut task) = tasks.recv().await {
                    let Ok(item) = (&mut task.0).await else {
                        return;
                    };
                    let failed = item.is_err();
                    if answers.send(item).await.is_err() || failed {
                        return;
                    }
                }
            };
            tokio::pin!(begin, send);
            tokio::select! {
                () = &mut begin => send.await,
                () = &mut send => {}
            }
        };
        tokio::select! {
            () = work => {}
            () = answers.closed() => {}
        }
    });
    ready(ReceiverStream::new(receiver))
}

/// Sorts what comes, and asks on for whatever comes.
fn asked_past_slow_2(call: Call) -> Answering {
    let state = (call, JoinSet::new(), BTreeMap::new(), 0);
    ready(stream::unfold(
        state,
        |(mut call, mut set, mut early, due)| async move {
            loop {
                while set.len() < call.at_once {
                    let place = call.count - call.documents.len();
                    let Some(next) = call.next() else { break };
                    set.spawn(async move { (place, next.await) });
                }
                if let Some(item) = early.remove(&due) {
                    return Some((item, (call, set, early, due + 1)));
                }
                let (place, item) = set.join_next().await?.ok()?;
                early.insert(place, item);
            }
        },
    ))
}

/// For all calls of the process.
static PERMITS: OnceLock<Semaphore> = OnceLock::new();

fn waits_for_other_caller_1(call: Call) -> Answering {
    let permits = PERMITS.get_or_init(|| Semaphore::new(call.at_once));
    let at_once = call.at_once;
    let calls = call.calls().map(move |next| async move {
        let _permit = permits.acquire().await;
        next.await
    });
    ready(calls.buffered(at_once))
}

static TURN: Mutex<()> = Mutex::const_new(());

fn waits_for_other_caller_2(call: Call) -> Answering {
    Box::pin(async move {
        let turn = TURN.lock().await;
        let answers = call.buffered().map(move |item| {
            let _ = &turn;
            item
        });
        let answers: BoxStream<_> = Box::pin(answers);
        Ok(answers)
    })
}

fn completion_order_1(call: Call) -> Answering {
    let at_once = call.at_once;
    ready(call.calls().buffer_unordered(at_once))
}

fn completion_order_2(call: Call) -> Answering {
    let state = (call, JoinSet::new());
    ready(stream::unfold(state, |(mut call, mut set)| async move {
        while set.len() < call.at_once {
            let Some(next) = call.next() else { break };
            set.spawn(next);
        }
        let item = set.join_next().await?.ok()?;
        Some((item, (call, set)))
    }))
}

/// Gives up what is under way, and asks about what is left of the batch, or of its last document.
fn after_the_caller(call: Call, last_only: bool) -> Answering {
    spawned(call, 1, move |mut call, answers| async move {
        let mut asked = FuturesOrdered::new();
        loop {
            while asked.len() < call.at_once {
                let Some(next) = call.next() else { break };
                asked.push_back(next);
            }
            let item = tokio::select! {
                () = answers.closed() => break,
                item = asked.next() => item,
            };
            let Some(item) = item else { return };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
        drop(asked);
        // What is given up is over before anything else begins.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut rest: Vec<_> = std::iter::from_fn(|| call.next()).collect();
        if last_only {
            rest.drain(..rest.len() - 1);
        }
        for next in rest {
            let _ = next.await;
        }
    })
}

fn asked_on_1(call: Call) -> Answering {
    after_the_caller(call, false)
}

fn asked_on_2(call: Call) -> Answering {
    after_the_caller(call, true)
}

/// An answer of its own for each failure, as in server-streaming.2.
fn failure_as_item(place: usize, status: &Status, count: usize) -> ClassifyBatchResponse {
    ClassifyBatchResponse {
        sequence_number: place as i32,
        is_last: place + 1 == count,
        error: Some(ErrorEvent {
            code: format!("{:?}", status.code()),
            message: status.message().to_owned(),
            ..ErrorEvent::default()
        }),
        ..ClassifyBatchResponse::default()
    }
}

fn failure_as_item_1(call: Call) -> Answering {
    let count = call.count;
    let items = call.buffered().enumerate();
    ready(items.map(move |(place, item)| {
        Ok(item.unwrap_or_else(|status| failure_as_item(place, &status, count)))
    }))
}

/// And nothing behind it.
fn failure_as_item_2(call: Call) -> Answering {
    let count = call.count;
    let items = call.buffered().enumerate();
    ready(items.scan(false, move |over, (place, item)| {
        let item = (!*over).then(|| {
            *over = item.is_err();
            Ok(item.unwrap_or_else(|status| failure_as_item(place, &status, count)))
        });
        std::future::ready(item)
    }))
}

/// Sends a failure when it is there.
fn failure_too_early_1(call: Call) -> Answering {
    let state = (call, JoinSet::new(), BTreeMap::new(), 0);
    ready(stream::unfold(
        state,
        |(mut call, mut set, mut early, due)| async move {
            while set.len() + early.len() < call.at_once {
                let place = call.count - call.documents.len();
                let Some(next) = call.next() else { break };
                set.spawn(async move { (place, next.await) });
            }
            loop {
                if let Some(item) = early.remove(&due) {
                    return Some((Ok(item), (call, set, early, due + 1)));
                }
                match set.join_next().await?.ok()? {
                    (place, Ok(item)) => {
                        early.insert(place, item);
                    }
                    (_, Err(status)) => {
                        set.abort_all();
                        return Some((Err(status), (call, set, early, due)));
                    }
                }
            }
        },
    ))
}

/// A channel for failures, which the stream looks at beside its answers.
fn failure_too_early_2(call: Call) -> Answering {
    let (at_once, count) = (call.at_once, call.count);
    let (failures, failed) = mpsc::unbounded_channel();
    let calls = call.calls().map(move |next| {
        let failures = failures.clone();
        async move {
            match next.await {
                Ok(item) => Ok(item),
                Err(status) => {
                    let _ = failures.send(Err(status));
                    std::future::pending().await
                }
            }
        }
    });
    let answers = calls.buffered(at_once);
    let failed = UnboundedReceiverStream::new(failed);
    ready(stream::select(answers, failed).take(count))
}

/// Sends the failure, and goes through the rest.
fn asked_after_failure_1(call: Call) -> Answering {
    spawned(call, 1, |mut call, answers| async move {
        let mut asked = FuturesOrdered::new();
        loop {
            while asked.len() < call.at_once {
                let Some(next) = call.next() else { break };
                asked.push_back(next);
            }
            let item = tokio::select! {
                () = answers.closed() => return,
                item = asked.next() => item,
            };
            let Some(item) = item else { return };
            if item.is_ok() {
                if answers.send(item).await.is_err() {
                    return;
                }
                continue;
            }
            let _ = answers.send(item).await;
            drop(asked);
            while let Some(next) = call.next() {
                let _ = next.await;
            }
            return;
        }
    })
}

fn asked_after_failure_2(call: Call) -> Answering {
    ready(
        call.buffered()
            .filter(|item| std::future::ready(item.is_ok())),
    )
}

fn not_given_up_1(call: Call) -> Answering {
    let state = (call, VecDeque::new());
    ready(stream::unfold(state, |(mut call, mut tasks)| async move {
        while tasks.len() < call.at_once {
            let Some(next) = call.next() else { break };
            tasks.push_back(tokio::spawn(next));
        }
        let item = tasks.pop_front()?.await.ok()?;
        Some((item, (call, tasks)))
    }))
}

fn not_given_up_2(call: Call) -> Answering {
    spawned(call, 1, |call, answers| async move {
        let mut asked = Box::pin(call.buffered());
        while let Some(item) = asked.next().await {
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

fn failure_hidden_1(call: Call) -> Answering {
    ready(
        call.buffered()
            .take_while(|item| std::future::ready(item.is_ok())),
    )
}

fn failure_hidden_2(call: Call) -> Answering {
    let asked = call.buffered().map(|item| item.ok().map(Ok));
    ready(asked.scan((), |(), item| std::future::ready(item)))
}

fn host_status_changed_1(call: Call) -> Answering {
    let asked = call.buffered();
    ready(asked.map_err(|status| Status::new(status.code(), status.message())))
}

fn host_status_changed_2(call: Call) -> Answering {
    let asked = call.buffered();
    ready(asked.map_err(|status| Status::aborted(format!("the host failed: {status}"))))
}

/// The branch that waits for the caller keeps `else` from ever running.
fn stream_not_ended_1(call: Call) -> Answering {
    spawned(call, 1, |call, answers| async move {
        let mut asked = Box::pin(call.buffered());
        loop {
            tokio::select! {
                () = answers.closed() => return,
                Some(item) = asked.next() => {
                    let failed = item.is_err();
                    if answers.send(item).await.is_err() || failed {
                        return;
                    }
                }
                else => return,
            }
        }
    })
}

/// A sender is kept by who waits for the caller.
fn stream_not_ended_2(call: Call) -> Answering {
    spawned(call, 1, |call, answers| async move {
        let watched = answers.clone();
        let work = tokio::spawn(async move {
            let mut asked = Box::pin(call.buffered());
            while let Some(item) = asked.next().await {
                let failed = item.is_err();
                if answers.send(item).await.is_err() || failed {
                    return;
                }
            }
        });
        watched.closed().await;
        work.abort();
    })
}

fn mutant_default(call: Call) -> Answering {
    ready(call.buffered().map_ok(|_| ClassifyBatchResponse::default()))
}

fn mutant_error(_: Call) -> Answering {
    Box::pin(async { Err(Status::internal("no")) })
}

/// Says of every document what is right for the first of the published seed.
fn mutant_hard_coded(call: Call) -> Answering {
    ready(call.buffered().map_ok(|mut item| {
        if let Some(result) = &mut item.result {
            result.document_id = "doc-478".to_owned();
        }
        item
    }))
}

/// Asks about each document a second time.
fn mutant_one_more(call: Call) -> Answering {
    let at_once = call.at_once;
    let (host, count) = (call.host.clone(), call.count);
    let calls = stream::iter(call.documents).map(move |(place, request)| {
        let (host, again) = (host.clone(), request.clone());
        async move {
            let result = classify(host.clone(), request).await?;
            classify(host, again).await?;
            Ok(to_item(place, count, result))
        }
    });
    ready(calls.buffered(at_once))
}

/// How a variant answers.
type Answer = fn(Call) -> Answering;

struct Variant {
    host: Host,
    at_once: usize,
    answer: Answer,
}

async fn serve(session: Session, answer: Answer) -> Result<(), Error> {
    let edge = move |host, at_once| Variant {
        host,
        at_once,
        answer,
    };
    crate::run::slow_reader(session, edge).await
}

#[tonic::async_trait]
impl DocumentClassifier for Variant {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let requests = request.into_inner().requests;
        let answers = (self.answer)(Call {
            host: self.host.clone(),
            at_once: self.at_once,
            count: requests.len(),
            documents: requests.into_iter().enumerate(),
        });
        Ok(Response::new(answers.await?))
    }
}
