//! Other programs for server-streaming.1: right ones, known mistakes, mutants.

use std::collections::VecDeque;
use std::future::ready;

use futures_util::future::join_all;
use futures_util::{Stream, StreamExt, stream};
use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{
    ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest, ClassifyResponse, DocumentType,
    ErrorEvent,
};
use tokio::sync::mpsc;
use tonic::codegen::BoxStream;
use tonic::{Code, Request, Response, Status};

use crate::run::{Host, classify};

kit::variants! {
    serve;
    right_unbounded = Edge {
        produce: unbounded,
        ..Edge::right()
    },
    right_unfold = Edge::right(),
    right_first_awaited = Edge {
        produce: |work| with_first(work),
        ..Edge::right()
    },
    right_task_for_each = Edge {
        produce: task_for_each,
        ..Edge::right()
    },
    // Headers that go out late, and a channel that holds a whole batch.
    right_refused_in_stream = Edge {
        refuses_in_stream: true,
        produce: roomy,
        ..Edge::right()
    },
    host_failure_panicked_1 = Edge {
        produce: unbounded,
        failed: |status| panic!("{status}"),
        ..Edge::right()
    },
    host_failure_panicked_2 = Edge {
        failed: |status| {
            assert_ne!(status.code(), Code::Internal, "the host answers");
            Failed::End(status)
        },
        ..Edge::right()
    },
    panic_for_bad_batch_1 = Edge {
        accepts: |documents, max| documents.len() - 1 < max,
        ..Edge::right()
    },
    panic_for_bad_batch_2 = Edge {
        accepts: |documents, max| !documents[0].text.is_empty() && documents.len() <= max,
        ..Edge::right()
    },
    asked_before_checked_1 = Edge {
        asks_first: true,
        ..Edge::right()
    },
    // Counts while it asks.
    asked_before_checked_2 = Edge {
        accepts: |documents, _| !documents.is_empty(),
        counts_on_the_way: true,
        ..Edge::right()
    },
    batch_not_refused_1 = Edge {
        accepts: |documents, _| !documents.is_empty(),
        ..Edge::right()
    },
    batch_not_refused_2 = Edge {
        accepts: |documents, max| documents.len() <= max,
        ..Edge::right()
    },
    wrong_code_1 = Edge {
        refusal: |limit| Status::out_of_range(limit),
        ..Edge::right()
    },
    wrong_code_2 = Edge {
        refusal: |limit| Status::resource_exhausted(limit),
        refuses_in_stream: true,
        ..Edge::right()
    },
    allowed_refused_1 = Edge {
        accepts: |documents, max| (1..max).contains(&documents.len()),
        ..Edge::right()
    },
    // Looks into the documents.
    allowed_refused_2 = Edge {
        accepts: |documents, max| {
            let whole = documents.iter().all(|document| !document.text.is_empty());
            whole && (1..=max).contains(&documents.len())
        },
        ..Edge::right()
    },
    asked_ahead_1 = Edge {
        produce: joined,
        ..Edge::right()
    },
    asked_ahead_2 = Edge {
        produce: buffered,
        ..Edge::right()
    },
    asked_again_1 = Edge {
        asks_again: Result::is_err,
        ..Edge::right()
    },
    asked_again_2 = Edge {
        asks_again: |classified| matches!(classified, Ok(it) if it.results.len() > 2),
        produce: unbounded,
        ..Edge::right()
    },
    out_of_order_1 = Edge {
        order: |documents| documents.reverse(),
        ..Edge::right()
    },
    out_of_order_2 = Edge {
        order: |documents| drop(documents.remove(0)),
        produce: unbounded,
        ..Edge::right()
    },
    failure_skipped_1 = Edge {
        failed: |_| Failed::Skip,
        ..Edge::right()
    },
    failure_skipped_2 = Edge {
        failed: |_| Failed::Skip,
        produce: unbounded,
        ..Edge::right()
    },
    went_on_after_failure_1 = Edge {
        failed: Failed::GoOn,
        produce: unheeding,
        ..Edge::right()
    },
    went_on_after_failure_2 = Edge {
        failed: Failed::GoOn,
        produce: unbounded,
        ..Edge::right()
    },
    collected_1 = Edge {
        produce: collected,
        ..Edge::right()
    },
    // Knows that an answer is the last one when there is no other.
    collected_2 = Edge {
        produce: one_behind,
        ..Edge::right()
    },
    failure_swallowed_1 = Edge {
        failed: |_| Failed::Stop,
        produce: unbounded,
        ..Edge::right()
    },
    failure_swallowed_2 = Edge {
        failed: Failed::Answer,
        ..Edge::right()
    },
    host_status_changed_1 = Edge {
        failed: |status| Failed::End(Status::new(status.code(), status.message())),
        ..Edge::right()
    },
    host_status_changed_2 = Edge {
        failed: |status| Failed::End(match status.code() {
            Code::Unavailable | Code::DeadlineExceeded => status,
            _ => Status::internal(status.message()),
        }),
        ..Edge::right()
    },
    answers_extra_1 = Edge {
        is_last: |_, _, _| false,
        produce: with_end,
        ..Edge::right()
    },
    answers_extra_2 = Edge {
        produce: twice,
        ..Edge::right()
    },
    stream_not_ended_1 = Edge {
        produce: sender_kept,
        ..Edge::right()
    },
    stream_not_ended_2 = Edge {
        produce: |work| Box::pin(lazy(work).chain(stream::pending())),
        ..Edge::right()
    },
    misnumbered_1 = Edge {
        number: |index| index as i32 + 1,
        ..Edge::right()
    },
    misnumbered_2 = Edge {
        number: |_| 0,
        produce: unbounded,
        ..Edge::right()
    },
    last_misplaced_1 = Edge {
        is_last: |_, _, _| false,
        ..Edge::right()
    },
    last_misplaced_2 = Edge {
        is_last: |index, _, max| index + 1 == max,
        ..Edge::right()
    },
    ended_early_1 = Edge {
        order: |documents| documents.truncate(3),
        ..Edge::right()
    },
    ended_early_2 = Edge {
        order: |documents| {
            let named = documents.iter().take_while(|(_, it)| !it.document_id.is_empty());
            documents.truncate(named.count());
        },
        produce: unbounded,
        ..Edge::right()
    },
    mutant_default = Edge {
        result: |_| ClassifyResponse::default(),
        ..Edge::right()
    },
    mutant_error = Edge {
        accepts: |_, _| false,
        ..Edge::right()
    },
    // Right for the first document of the published seed.
    mutant_hard_coded = Edge {
        result: |mut result| {
            for guess in &mut result.results {
                guess.document_type = DocumentType::Contract.into();
            }
            result
        },
        ..Edge::right()
    },
    mutant_one_more = Edge {
        order: |documents| documents.extend(documents.last().cloned()),
        ..Edge::right()
    },
    mutant_message = Edge {
        failed: |status| {
            let (code, details) = (status.code(), status.details().to_vec());
            let metadata = status.metadata().clone();
            let words = "the host";
            Failed::End(Status::with_details_and_metadata(code, words, details.into(), metadata))
        },
        ..Edge::right()
    },
    mutant_metadata = Edge {
        failed: |status| {
            let details = status.details().to_vec();
            Failed::End(Status::with_details(status.code(), status.message(), details.into()))
        },
        ..Edge::right()
    },
}

/// An item of the stream.
type Item = Result<ClassifyBatchResponse, Status>;

/// A document with its place in the batch.
type Placed = (usize, ClassifyRequest);

/// The edge in steps, each of which a variant may do in another way.
#[derive(Clone, Copy)]
struct Edge {
    /// Whether a batch is answered, by its documents and how many are allowed.
    accepts: fn(&[ClassifyRequest], usize) -> bool,
    refusal: fn(&'static str) -> Status,
    /// Whether the refusal is the first item of a stream.
    refuses_in_stream: bool,
    /// Whether the host is asked about a document before the batch is refused.
    asks_first: bool,
    /// Whether the host is asked about a document a second time, by what came the first time.
    asks_again: fn(&Result<ClassifyResponse, Status>) -> bool,
    /// Whether the batch is refused when there is one document too many.
    counts_on_the_way: bool,
    /// Changes which documents are asked about, and in which order.
    order: fn(&mut Vec<Placed>),
    /// `sequence_number`, by the place.
    number: fn(usize) -> i32,
    /// `is_last`, by the place, the number of documents, and how many are allowed.
    is_last: fn(usize, usize, usize) -> bool,
    /// What is made of a result.
    result: fn(ClassifyResponse) -> ClassifyResponse,
    /// What is made of a failure.
    failed: fn(Status) -> Failed,
    /// Makes a stream of the work.
    produce: fn(Work) -> BoxStream<ClassifyBatchResponse>,
}

/// What is made of a failure of the host.
enum Failed {
    /// The status is sent, and nothing else.
    End(Status),
    /// The status is sent, and the host is asked about the rest.
    GoOn(Status),
    /// The host is asked about the rest.
    Skip,
    /// Nothing is sent.
    Stop,
    /// An answer is sent, and nothing else.
    Answer(Status),
}

impl Edge {
    fn right() -> Self {
        Self {
            accepts: |documents, max| !documents.is_empty() && documents.len() <= max,
            refusal: |limit| Status::invalid_argument(limit),
            refuses_in_stream: false,
            asks_first: false,
            asks_again: |_| false,
            counts_on_the_way: false,
            order: |_| {},
            number: |index| index as i32,
            is_last: |index, count, _| index + 1 == count,
            result: |result| result,
            failed: Failed::End,
            produce: unfold,
        }
    }
}

/// What is left to do of a batch.
struct Work {
    edge: Edge,
    host: Host,
    documents: VecDeque<Placed>,
    /// How many documents the batch has.
    count: usize,
    /// How many it may have.
    max_documents: usize,
}

impl Work {
    /// Asks about the next document. `None` at the end.
    async fn next(&mut self) -> Option<Item> {
        loop {
            let (index, document) = self.documents.pop_front()?;
            if self.edge.counts_on_the_way && index >= self.max_documents {
                self.documents.clear();
                return Some(Err((self.edge.refusal)("too many documents")));
            }
            let answer = ClassifyBatchResponse {
                sequence_number: (self.edge.number)(index),
                is_last: (self.edge.is_last)(index, self.count, self.max_documents),
                ..Default::default()
            };
            let mut classified = classify(self.host.clone(), document.clone()).await;
            if (self.edge.asks_again)(&classified) {
                classified = classify(self.host.clone(), document).await;
            }
            let status = match classified {
                Ok(result) => {
                    return Some(Ok(ClassifyBatchResponse {
                        result: Some((self.edge.result)(result)),
                        ..answer
                    }));
                }
                Err(status) => status,
            };
            let item = match (self.edge.failed)(status) {
                Failed::Skip => continue,
                Failed::GoOn(status) => return Some(Err(status)),
                Failed::End(status) => Some(Err(status)),
                Failed::Stop => None,
                Failed::Answer(status) => Some(Ok(ClassifyBatchResponse {
                    error: Some(ErrorEvent {
                        code: format!("{:?}", status.code()),
                        ..Default::default()
                    }),
                    ..answer
                })),
            };
            self.documents.clear();
            return item;
        }
    }

    /// The same for each document by itself.
    fn split(self) -> impl Iterator<Item = Self> {
        let Self {
            edge,
            host,
            documents,
            count,
            max_documents,
        } = self;
        documents.into_iter().map(move |document| Self {
            edge,
            host: host.clone(),
            documents: [document].into(),
            count,
            max_documents,
        })
    }
}

/// Asks when the next item is wanted.
fn unfold(work: Work) -> BoxStream<ClassifyBatchResponse> {
    Box::pin(lazy(work))
}

fn lazy(work: Work) -> impl Stream<Item = Item> + Send {
    stream::unfold(work, |mut work| async {
        let item = work.next().await;
        item.map(|item| (item, work))
    })
}

/// A task and a channel without a bound.
fn unbounded(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let (answers, mut receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(item) = work.next().await {
            let _ = answers.send(item);
        }
    });
    Box::pin(stream::poll_fn(move |context| receiver.poll_recv(context)))
}

/// A task and a channel for one item, whoever still reads it.
fn unheeding(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let (answers, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(item) = work.next().await {
            let _ = answers.send(item).await;
        }
    });
    Box::pin(stream::poll_fn(move |context| receiver.poll_recv(context)))
}

/// A task that gets its place in the channel before it asks.
fn roomy(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let (answers, receiver) = mpsc::channel(64);
    tokio::spawn(async move {
        while let Ok(place) = answers.reserve().await {
            match work.next().await {
                Some(item) => place.send(item),
                None => return,
            }
        }
    });
    let items = stream::unfold(receiver, |mut receiver| async {
        let item = receiver.recv().await;
        item.map(|item| (item, receiver))
    });
    Box::pin(items)
}

/// Has the first item before there is a stream.
fn with_first(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let first = async move {
        let first = work.next().await;
        stream::iter(first).chain(lazy(work))
    };
    Box::pin(stream::once(first).flatten())
}

/// A task for each document, which is awaited before the next.
fn task_for_each(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let items = stream::iter(work.split()).then(|mut work| async {
        let asked = tokio::spawn(async move { work.next().await }).await;
        asked.unwrap_or_else(|error| Some(Err(Status::internal(error.to_string()))))
    });
    let items = items.filter_map(ready).scan(false, |failed, item| {
        let over = std::mem::replace(failed, item.is_err());
        ready((!over).then_some(item))
    });
    Box::pin(items)
}

/// All items before the first is sent.
fn collected(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let all = async { stream::iter(lazy(work).collect::<Vec<_>>().await) };
    Box::pin(stream::once(all).flatten())
}

/// Each item when the next is there.
fn one_behind(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let items = Box::pin(lazy(work).peekable());
    let items = stream::unfold(items, |mut items| async {
        let item = items.next().await?;
        let _ = items.as_mut().peek().await;
        Some((item, items))
    });
    Box::pin(items)
}

/// All calls at once.
fn joined(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let all = async {
        let items = work
            .split()
            .map(|mut work| async move { work.next().await });
        stream::iter(join_all(items).await.into_iter().flatten())
    };
    Box::pin(stream::once(all).flatten())
}

/// Two calls at a time.
fn buffered(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let items = stream::iter(
        work.split()
            .map(|mut work| async move { work.next().await }),
    );
    Box::pin(items.buffered(2).filter_map(ready))
}

/// With a message that says that the batch is over.
fn with_end(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let count = work.count;
    let end = ClassifyBatchResponse {
        sequence_number: count as i32,
        is_last: true,
        ..Default::default()
    };
    Box::pin(lazy(work).chain(stream::iter([Ok(end)])))
}

/// The last answer two times.
fn twice(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let items = lazy(work).map(|item| {
        let last = item.clone().ok().filter(|answer| answer.is_last);
        stream::iter([item].into_iter().chain(last.map(Ok)))
    });
    Box::pin(items.flatten())
}

/// A channel with a sender that nobody drops.
fn sender_kept(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let (answers, mut receiver) = mpsc::channel(1);
    let kept = answers.clone();
    tokio::spawn(async move {
        while let Some(item) = work.next().await {
            let _ = answers.send(item).await;
        }
    });
    Box::pin(stream::poll_fn(move |context| {
        let _ = &kept;
        receiver.poll_recv(context)
    }))
}

struct Variant {
    edge: Edge,
    host: Host,
    max_documents: usize,
}

async fn serve(session: Session, edge: Edge) -> Result<(), Error> {
    let exercise = move |host, max_documents| Variant {
        edge,
        host,
        max_documents,
    };
    crate::run::first_results(session, exercise).await
}

#[tonic::async_trait]
impl DocumentClassifier for Variant {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = request.into_inner().requests;
        let edge = self.edge;
        if !(edge.accepts)(&documents, self.max_documents) {
            if edge.asks_first
                && let Some(document) = documents.first()
            {
                classify(self.host.clone(), document.clone()).await?;
            }
            let refusal = (edge.refusal)("this batch has too few documents or too many");
            if edge.refuses_in_stream {
                return Ok(Response::new(Box::pin(stream::iter([Err(refusal)]))));
            }
            return Err(refusal);
        }
        let count = documents.len();
        let mut documents: Vec<_> = documents.into_iter().enumerate().collect();
        (edge.order)(&mut documents);
        let work = Work {
            edge,
            host: self.host.clone(),
            documents: documents.into(),
            count,
            max_documents: self.max_documents,
        };
        Ok(Response::new((edge.produce)(work)))
    }
}
