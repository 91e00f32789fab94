//! Other programs for server-streaming.4: right ones, known mistakes, mutants.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{Stream, StreamExt, stream};
use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{
    ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest, ErrorEvent,
};
use tokio::sync::{Mutex, Notify, Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::{Host, classify, to_item};

kit::variants! {
    serve;
    right_then,
    right_unfold,
    right_reserved,
    right_unbounded,
    right_aborted,
    right_around_it_all,
    right_told_by_the_stream,
    asked_ahead_1,
    asked_ahead_2,
    out_of_order_1,
    out_of_order_2,
    asked_on_1,
    asked_on_2,
    not_given_up_1,
    not_given_up_2,
    waits_for_other_caller_1,
    waits_for_other_caller_2,
    collected_1,
    collected_2,
    asked_after_failure_1,
    asked_after_failure_2,
    failure_hidden_1,
    failure_hidden_2,
    failure_as_item_1,
    failure_as_item_2,
    host_status_changed_1,
    host_status_changed_2,
    stream_not_ended_1,
    stream_not_ended_2,
    stopped_for_all_1,
    stopped_for_all_2,
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
    requests: Vec<ClassifyRequest>,
    service: Arc<Service>,
}

/// What all calls share.
#[derive(Default)]
struct Service {
    turn: Arc<Mutex<()>>,
    left: AtomicBool,
    leaving: Notify,
}

impl Call {
    /// The batch's documents, each with its place and the number of all.
    fn documents(&mut self) -> impl DoubleEndedIterator<Item = (usize, ClassifyRequest)> + use<> {
        std::mem::take(&mut self.requests).into_iter().enumerate()
    }
}

async fn ask(host: &Host, place: usize, count: usize, request: ClassifyRequest) -> Item {
    let result = classify(host.clone(), request).await?;
    Ok(to_item(place, count, result))
}

/// Answers with what a task sends.
fn spawned<F: Future<Output = ()> + Send + 'static>(
    call: Call,
    produce: impl FnOnce(Call, mpsc::Sender<Item>) -> F,
) -> Answering {
    let (answers, receiver) = mpsc::channel(4);
    tokio::spawn(produce(call, answers));
    ready(ReceiverStream::new(receiver))
}

fn ready(answers: impl Stream<Item = Item> + Send + 'static) -> Answering {
    let answers: BoxStream<_> = Box::pin(answers);
    Box::pin(async { Ok(answers) })
}

fn right_then(mut call: Call) -> Answering {
    let count = call.requests.len();
    let documents = tokio_stream::iter(call.documents());
    ready(documents.then(move |(place, request)| {
        let host = call.host.clone();
        async move { ask(&host, place, count, request).await }
    }))
}

/// Ends by itself behind a failure.
fn right_unfold(call: Call) -> Answering {
    let count = call.requests.len();
    let documents = Some(call.requests.into_iter().enumerate());
    let state = (call.host, documents);
    ready(stream::unfold(state, move |(host, documents)| async move {
        let mut documents = documents?;
        let (place, request) = documents.next()?;
        let item = ask(&host, place, count, request).await;
        let documents = item.is_ok().then_some(documents);
        Some((item, (host, documents)))
    }))
}

/// Has room in the channel before it asks.
fn right_reserved(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let Ok(room) = answers.reserve().await else {
                return;
            };
            tokio::select! {
                biased;
                () = answers.closed() => break,
                item = ask(&call.host, place, count, request) => {
                    let failed = item.is_err();
                    room.send(item);
                    if failed {
                        break;
                    }
                }
            }
        }
    })
}

/// Nothing is said of how far the task may be ahead.
fn right_unbounded(mut call: Call) -> Answering {
    let (answers, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            let failed = item.is_err();
            if answers.send(item).is_err() || failed {
                return;
            }
        }
    });
    ready(UnboundedReceiverStream::new(receiver))
}

/// A stream that ends a task when it is dropped.
struct Guarded {
    answers: ReceiverStream<Item>,
    task: AbortHandle,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream for Guarded {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        Pin::new(&mut self.answers).poll_next(cx)
    }
}

/// The task knows nothing of callers: it is aborted.
fn right_aborted(mut call: Call) -> Answering {
    let (answers, receiver) = mpsc::channel(16);
    let task = tokio::spawn(async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = ask(&call.host, place, count, request).await;
            let failed = item.is_err();
            let _ = answers.send(item).await;
            if failed {
                return;
            }
        }
    });
    ready(Guarded {
        answers: ReceiverStream::new(receiver),
        task: task.abort_handle(),
    })
}

/// One `select!` around the whole work.
fn right_around_it_all(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let work = async {
            for (place, request) in call.documents() {
                let item = ask(&call.host, place, count, request).await;
                let failed = item.is_err();
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

/// The stream holds one half of a channel of its own, by which the task learns that it is gone.
fn right_told_by_the_stream(mut call: Call) -> Answering {
    let (answers, receiver) = mpsc::channel(1);
    let (here, mut gone) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                _ = &mut gone => break,
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                break;
            }
        }
    });
    ready(ReceiverStream::new(receiver).map(move |item| {
        let _ = &here;
        item
    }))
}

fn asked_ahead_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let documents: Vec<_> = call.documents().collect();
        let asked = documents
            .into_iter()
            .map(|(place, request)| ask(&call.host, place, count, request));
        let all = tokio::select! {
            all = join_all(asked) => all,
            () = answers.closed() => return,
        };
        for item in all {
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// Is one document ahead.
fn asked_ahead_2(mut call: Call) -> Answering {
    let count = call.requests.len();
    let documents = stream::iter(call.documents());
    let asked = documents.map(move |(place, request)| {
        let host = call.host.clone();
        async move { ask(&host, place, count, request).await }
    });
    ready(asked.buffered(2))
}

fn out_of_order_1(mut call: Call) -> Answering {
    let count = call.requests.len();
    let documents = tokio_stream::iter(call.documents().rev());
    ready(documents.then(move |(place, request)| {
        let host = call.host.clone();
        async move { ask(&host, place, count, request).await }
    }))
}

/// Takes the documents from the end of the list, and numbers them as it takes them.
fn out_of_order_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let mut place = 0;
        while let Some(request) = call.requests.pop() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
            place += 1;
        }
    })
}

/// Gives up the call that is under way, and goes on with the others.
fn asked_on_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let mut here = true;
        for (place, request) in call.documents() {
            let item = if here {
                tokio::select! {
                    item = ask(&call.host, place, count, request) => item,
                    () = answers.closed() => {
                        here = false;
                        continue;
                    }
                }
            } else {
                ask(&call.host, place, count, request).await
            };
            let failed = item.is_err();
            let _ = answers.send(item).await;
            if failed {
                return;
            }
        }
    })
}

/// Asks about the document again when the caller is gone, to have its answer in a cache.
fn asked_on_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let again = request.clone();
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => {
                    let _ = ask(&call.host, place, count, again).await;
                    return;
                }
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// Sees that the caller is gone when it sends.
fn not_given_up_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = ask(&call.host, place, count, request).await;
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// Looks now and then whether the caller is there.
fn not_given_up_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let gone = async {
                while !answers.is_closed() {
                    tokio::time::sleep(Duration::from_secs(4)).await;
                }
            };
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = gone => return,
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// The solution's task.
async fn produce(mut call: Call, answers: mpsc::Sender<Item>) {
    let count = call.requests.len();
    for (place, request) in call.documents() {
        let item = tokio::select! {
            item = ask(&call.host, place, count, request) => item,
            () = answers.closed() => return,
        };
        let failed = item.is_err();
        if answers.send(item).await.is_err() || failed {
            return;
        }
    }
}

fn waits_for_other_caller_1(call: Call) -> Answering {
    spawned(call, |call, answers| async move {
        let turn = call.service.turn.clone();
        let _turn = turn.lock().await;
        produce(call, answers).await;
    })
}

/// For all calls of the process.
static PERMITS: Semaphore = Semaphore::const_new(1);

fn waits_for_other_caller_2(call: Call) -> Answering {
    Box::pin(async move {
        let Ok(permit) = PERMITS.acquire().await else {
            return Err(Status::internal("closed"));
        };
        let (answers, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            produce(call, answers).await;
            drop(permit);
        });
        let answers: BoxStream<_> = Box::pin(ReceiverStream::new(receiver));
        Ok(answers)
    })
}

fn collected_1(mut call: Call) -> Answering {
    Box::pin(async move {
        let count = call.requests.len();
        let mut all = Vec::new();
        for (place, request) in call.documents() {
            all.push(Ok(ask(&call.host, place, count, request).await?));
        }
        let answers: BoxStream<_> = Box::pin(tokio_stream::iter(all));
        Ok(answers)
    })
}

fn collected_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let documents: Vec<_> = call.documents().collect();
        let asked = stream::iter(documents).then(|(place, request)| {
            let host = call.host.clone();
            async move { ask(&host, place, count, request).await }
        });
        let all = tokio::select! {
            all = asked.collect::<Vec<_>>() => all,
            () = answers.closed() => return,
        };
        for item in all {
            let _ = answers.send(item).await;
        }
    })
}

/// Goes on behind a failure, whoever listens.
fn asked_after_failure_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let mut failed = false;
        for (place, request) in call.documents() {
            let asked = ask(&call.host, place, count, request);
            let item = match failed {
                true => asked.await,
                false => tokio::select! {
                    item = asked => item,
                    () = answers.closed() => return,
                },
            };
            failed |= item.is_err();
            let _ = answers.send(item).await;
        }
    })
}

/// Asks about the rest first, and sends the failure last.
fn asked_after_failure_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let mut failure = None;
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            match item {
                Ok(item) if failure.is_none() => {
                    if answers.send(Ok(item)).await.is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(status) => failure = Some(status),
            }
        }
        if let Some(status) = failure {
            let _ = answers.send(Err(status)).await;
        }
    })
}

fn failure_hidden_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            let Ok(item) = item else { return };
            if answers.send(Ok(item)).await.is_err() {
                return;
            }
        }
    })
}

/// A panic in the task looks like an end.
fn failure_hidden_2(call: Call) -> Answering {
    let count = call.requests.len();
    let documents = call.requests.into_iter().enumerate();
    let state = (call.host, documents);
    ready(stream::unfold(
        state,
        move |(host, mut documents)| async move {
            let (place, request) = documents.next()?;
            let item = ask(&host, place, count, request).await.ok()?;
            Some((Ok(item), (host, documents)))
        },
    ))
}

/// An answer of its own for each failure, as in server-streaming.2.
fn as_item(place: usize, count: usize, item: Item) -> Item {
    Ok(item.unwrap_or_else(|status| ClassifyBatchResponse {
        sequence_number: place as i32,
        is_last: place + 1 == count,
        error: Some(ErrorEvent {
            code: format!("{:?}", status.code()),
            message: status.message().to_owned(),
            ..ErrorEvent::default()
        }),
        ..ClassifyBatchResponse::default()
    }))
}

/// The stream of the solution's answers, each changed by this.
fn changed(
    mut call: Call,
    change: impl Fn(usize, usize, Item) -> Item + Send + Sync + Clone + 'static,
) -> Answering {
    let count = call.requests.len();
    let documents = tokio_stream::iter(call.documents());
    ready(documents.then(move |(place, request)| {
        let (host, change) = (call.host.clone(), change.clone());
        async move { change(place, count, ask(&host, place, count, request).await) }
    }))
}

fn failure_as_item_1(call: Call) -> Answering {
    changed(call, as_item)
}

/// And nothing behind it.
fn failure_as_item_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            let failed = item.is_err();
            let item = as_item(place, count, item);
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

fn host_status_changed_1(call: Call) -> Answering {
    changed(call, |_, _, item| {
        item.map_err(|status| Status::new(status.code(), status.message()))
    })
}

fn host_status_changed_2(call: Call) -> Answering {
    changed(call, |_, _, item| {
        item.map_err(|status| Status::internal(format!("the host failed: {status}")))
    })
}

/// The branch that waits for the caller keeps `else` from ever running.
fn stream_not_ended_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        let documents = stream::iter(call.documents());
        let mut asked = Box::pin(documents.then(|(place, request)| {
            let host = call.host.clone();
            async move { ask(&host, place, count, request).await }
        }));
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
    spawned(call, |call, answers| async move {
        let work = tokio::spawn(produce(call, answers.clone()));
        answers.closed().await;
        work.abort();
    })
}

/// The service remembers that a caller has left, and takes it for all.
fn stopped_for_all_1(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            if call.service.left.load(Ordering::SeqCst) {
                return;
            }
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => {
                    call.service.left.store(true, Ordering::SeqCst);
                    return;
                }
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

/// Who leaves wakes all tasks of the service, and each takes it for its own caller.
fn stopped_for_all_2(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => {
                    call.service.leaving.notify_waiters();
                    return;
                }
                () = call.service.leaving.notified() => return,
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
        }
    })
}

fn mutant_default(call: Call) -> Answering {
    let answers = right_then(call);
    Box::pin(async {
        let answers = answers.await?.map(|item| item.map(|_| Default::default()));
        let answers: BoxStream<_> = Box::pin(answers);
        Ok(answers)
    })
}

fn mutant_error(_: Call) -> Answering {
    Box::pin(async { Err(Status::internal("no")) })
}

/// Says of every document what is right for the first of the published seed.
fn mutant_hard_coded(call: Call) -> Answering {
    let answers = right_then(call);
    Box::pin(async {
        let answers = answers.await?.map(|item| {
            item.map(|mut item| {
                if let Some(result) = &mut item.result {
                    result.document_id = "doc-478".to_owned();
                }
                item
            })
        });
        let answers: BoxStream<_> = Box::pin(answers);
        Ok(answers)
    })
}

fn mutant_one_more(call: Call) -> Answering {
    spawned(call, |mut call, answers| async move {
        let count = call.requests.len();
        for (place, request) in call.documents() {
            let again = request.clone();
            let item = tokio::select! {
                item = ask(&call.host, place, count, request) => item,
                () = answers.closed() => return,
            };
            let failed = item.is_err();
            if answers.send(item).await.is_err() || failed {
                return;
            }
            let _ = classify(call.host.clone(), again).await;
        }
    })
}

/// How a variant answers.
type Answer = fn(Call) -> Answering;

struct Variant {
    host: Host,
    answer: Answer,
    service: Arc<Service>,
}

async fn serve(session: Session, answer: Answer) -> Result<(), Error> {
    let edge = move |host| Variant {
        host,
        answer,
        service: Arc::default(),
    };
    crate::run::caller_leaves(session, edge).await
}

#[tonic::async_trait]
impl DocumentClassifier for Variant {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let answers = (self.answer)(Call {
            host: self.host.clone(),
            requests: request.into_inner().requests,
            service: self.service.clone(),
        });
        Ok(Response::new(answers.await?))
    }
}
