//! Other programs for server-streaming.2: right ones, known mistakes, mutants.

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

use crate::run::{Host, classify, to_error};

kit::variants! {
    serve;
    right_unfold = Edge::right(),
    right_task = Edge {
        produce: task,
        ..Edge::right()
    },
    right_buffered = Edge {
        produce: |work| Box::pin(stream::iter(work.answers()).buffered(1).filter_map(ready)),
        ..Edge::right()
    },
    right_by_hand = Edge {
        error: |status| ErrorEvent {
            code: to_error(Status::new(status.code(), "")).code,
            message: "This document could not be classified.".to_owned(),
            ..Default::default()
        },
        ..Edge::right()
    },
    host_failure_panicked_1 = Edge {
        failed: |status| panic!("{status}"),
        ..Edge::right()
    },
    host_failure_panicked_2 = Edge {
        produce: task,
        failed: |status| match status.code() {
            Code::Unavailable | Code::InvalidArgument => Failed::Answer(status),
            code => panic!("{code}"),
        },
        ..Edge::right()
    },
    ended_on_failure_1 = Edge {
        failed: Failed::End,
        ..Edge::right()
    },
    // Takes a host that is away for a reason to give up.
    ended_on_failure_2 = Edge {
        failed: |status| match status.code() {
            Code::Unavailable => Failed::End(status),
            _ => Failed::Answer(status),
        },
        produce: task,
        ..Edge::right()
    },
    batch_refused_1 = Edge {
        refuses: |documents| documents.iter().any(|document| document.text.is_empty()),
        ..Edge::right()
    },
    batch_refused_2 = Edge {
        refuses: |documents| documents.len() < 2,
        ..Edge::right()
    },
    asked_ahead_1 = Edge {
        produce: joined,
        ..Edge::right()
    },
    asked_ahead_2 = Edge {
        produce: |work| Box::pin(stream::iter(work.answers()).buffered(2).filter_map(ready)),
        ..Edge::right()
    },
    asked_again_1 = Edge {
        asks_again: |status| status.code() == Code::Unavailable,
        ..Edge::right()
    },
    asked_again_2 = Edge {
        asks_again: |_| true,
        produce: task,
        ..Edge::right()
    },
    out_of_order_1 = Edge {
        order: |documents| documents.reverse(),
        ..Edge::right()
    },
    // Knows what the host will say.
    out_of_order_2 = Edge {
        own_judgement: true,
        ..Edge::right()
    },
    failed_left_out_1 = Edge {
        failed: |_| Failed::Skip,
        ..Edge::right()
    },
    failed_left_out_2 = Edge {
        failed: |_| Failed::Stop,
        produce: task,
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
    error_and_result_1 = Edge {
        result: |_| Some(ClassifyResponse::default()),
        ..Edge::right()
    },
    error_and_result_2 = Edge {
        result: |document| Some(ClassifyResponse {
            document_id: document.document_id.clone(),
            ..Default::default()
        }),
        ..Edge::right()
    },
    error_not_set_1 = Edge {
        failed: |_| Failed::Empty,
        ..Edge::right()
    },
    error_not_set_2 = Edge {
        failed: |_| Failed::Empty,
        result: |_| Some(ClassifyResponse::default()),
        ..Edge::right()
    },
    error_code_changed_1 = Edge {
        error: |status| ErrorEvent {
            code: format!("{:?}", status.code()),
            ..to_error(status)
        },
        ..Edge::right()
    },
    error_code_changed_2 = Edge {
        error: |status| to_error(match status.code() {
            Code::InvalidArgument | Code::NotFound => status,
            _ => Status::internal("the host"),
        }),
        ..Edge::right()
    },
    answers_extra_1 = Edge {
        is_last: |_, _| false,
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
    // Says once more at the end that something failed.
    mutant_status_behind = Edge {
        produce: with_status,
        ..Edge::right()
    },
    misnumbered_1 = Edge {
        number: |place, failed_before| place - failed_before,
        ..Edge::right()
    },
    misnumbered_2 = Edge {
        number: |place, _| place + 1,
        produce: task,
        ..Edge::right()
    },
    last_misplaced_1 = Edge {
        is_last: |last, failed| last && !failed,
        ..Edge::right()
    },
    last_misplaced_2 = Edge {
        is_last: |last, failed| last || failed,
        ..Edge::right()
    },
    ended_early_1 = Edge {
        order: |documents| documents.truncate(2),
        ..Edge::right()
    },
    // The last thing that it sends is a failure.
    ended_early_2 = Edge {
        failed: Failed::Last,
        produce: task,
        ..Edge::right()
    },
    mutant_default = Edge {
        error: |_| ErrorEvent::default(),
        ..Edge::right()
    },
    mutant_error = Edge {
        refuses: |_| true,
        ..Edge::right()
    },
    // Right for the first document of the published seed.
    mutant_hard_coded = Edge {
        answer: |mut result| {
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
    mutant_host_words = Edge {
        error: |status| ErrorEvent {
            message: status.message().to_owned(),
            ..to_error(status)
        },
        ..Edge::right()
    },
    mutant_metadata = Edge {
        error: |status| ErrorEvent {
            metadata: [("reason".to_owned(), "HOST".to_owned())].into(),
            ..to_error(status)
        },
        ..Edge::right()
    },
}

/// A document with its place in the batch.
type Placed = (i32, ClassifyRequest);

/// An item of the stream.
type Item = Result<ClassifyBatchResponse, Status>;

/// The edge in steps, each of which a variant may do in another way.
#[derive(Clone, Copy)]
struct Edge {
    /// Whether a batch is refused as a whole.
    refuses: fn(&[ClassifyRequest]) -> bool,
    /// Changes which documents are asked about, and in which order.
    order: fn(&mut Vec<Placed>),
    /// Whether a document without a text fails without the host.
    own_judgement: bool,
    /// Whether the host is asked a second time, by how it failed.
    asks_again: fn(&Status) -> bool,
    /// What is made of a result.
    answer: fn(ClassifyResponse) -> ClassifyResponse,
    /// What is made of a failure.
    failed: fn(Status) -> Failed,
    /// `error`.
    error: fn(Status) -> ErrorEvent,
    /// `result` of a document that failed.
    result: fn(&ClassifyRequest) -> Option<ClassifyResponse>,
    /// `sequence_number`, by the place, and how many documents before it failed.
    number: fn(i32, i32) -> i32,
    /// `is_last`, by whether the document is the last one, and whether it failed.
    is_last: fn(bool, bool) -> bool,
    /// Makes a stream of the work.
    produce: fn(Work) -> BoxStream<ClassifyBatchResponse>,
}

/// What is made of a failure of the host.
enum Failed {
    /// An answer with `error`.
    Answer(Status),
    /// The same, and nothing else.
    Last(Status),
    /// An answer without.
    Empty,
    /// The status, and nothing else.
    End(Status),
    /// Nothing, and the host is asked about the rest.
    Skip,
    /// Nothing at all.
    Stop,
}

impl Edge {
    fn right() -> Self {
        Self {
            refuses: |_| false,
            order: |_| {},
            own_judgement: false,
            asks_again: |_| false,
            answer: |result| result,
            failed: Failed::Answer,
            error: to_error,
            result: |_| None,
            number: |place, _| place,
            is_last: |last, _| last,
            produce: unfold,
        }
    }
}

/// What is left to do of a batch.
struct Work {
    edge: Edge,
    host: Host,
    documents: Vec<Placed>,
    /// How many documents the batch has.
    count: i32,
    /// How many have failed.
    failed: i32,
}

impl Work {
    /// Asks about the next document. `None` at the end.
    async fn next(&mut self) -> Option<Item> {
        while !self.documents.is_empty() {
            let document = self.documents.remove(0);
            let item = self.ask(document).await;
            if item.is_some() {
                return item;
            }
        }
        None
    }

    /// Asks about a document. `None` if there is no answer.
    async fn ask(&mut self, (place, document): Placed) -> Option<Item> {
        let edge = self.edge;
        let asked = match document.text.is_empty() && edge.own_judgement {
            true => Err(Status::invalid_argument("no text")),
            false => classify(self.host.clone(), document.clone()).await,
        };
        let asked = match asked {
            Err(status) if (edge.asks_again)(&status) => {
                classify(self.host.clone(), document.clone()).await
            }
            asked => asked,
        };
        let fails = asked.is_err();
        let answer = ClassifyBatchResponse {
            sequence_number: (edge.number)(place, self.failed),
            is_last: (edge.is_last)(place + 1 == self.count, fails),
            ..Default::default()
        };
        self.failed += i32::from(fails);
        let status = match asked {
            Err(status) => status,
            Ok(result) => {
                return Some(Ok(ClassifyBatchResponse {
                    result: Some((edge.answer)(result)),
                    ..answer
                }));
            }
        };
        let failed = (edge.failed)(status);
        if matches!(failed, Failed::Last(_) | Failed::End(_) | Failed::Stop) {
            self.documents.clear();
        }
        let error = match failed {
            Failed::Answer(status) | Failed::Last(status) => Some((edge.error)(status)),
            Failed::Empty => None,
            Failed::End(status) => return Some(Err(status)),
            Failed::Skip | Failed::Stop => return None,
        };
        Some(Ok(ClassifyBatchResponse {
            error,
            result: (edge.result)(&document),
            ..answer
        }))
    }

    /// The answer to each document, as a future.
    fn answers(self) -> impl Iterator<Item = impl Future<Output = Option<Item>>> {
        let Self {
            edge,
            host,
            documents,
            count,
            failed,
        } = self;
        documents.into_iter().map(move |document| {
            let mut work = Self {
                edge,
                host: host.clone(),
                documents: Vec::new(),
                count,
                failed,
            };
            async move { work.ask(document).await }
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

/// A task and a channel.
fn task(mut work: Work) -> BoxStream<ClassifyBatchResponse> {
    let (answers, mut receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        while let Some(item) = work.next().await {
            if answers.send(item).await.is_err() {
                return;
            }
        }
    });
    Box::pin(stream::poll_fn(move |context| receiver.poll_recv(context)))
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
    let all = async { stream::iter(join_all(work.answers()).await.into_iter().flatten()) };
    Box::pin(stream::once(all).flatten())
}

/// With a status of its own where an answer has an error.
fn with_status(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let mut failed = false;
    let items = lazy(work).map(move |item| {
        let last = item.as_ref().is_ok_and(|answer| answer.is_last);
        failed |= item.as_ref().is_ok_and(|answer| answer.error.is_some());
        let status = (last && failed).then(|| Err(Status::aborted("some failed")));
        stream::iter([item].into_iter().chain(status))
    });
    Box::pin(items.flatten())
}

/// With a message that says that the batch is over.
fn with_end(work: Work) -> BoxStream<ClassifyBatchResponse> {
    let count = work.count;
    let end = ClassifyBatchResponse {
        sequence_number: count,
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
}

async fn serve(session: Session, edge: Edge) -> Result<(), Error> {
    crate::run::bad_document(session, move |host| Variant { edge, host }).await
}

#[tonic::async_trait]
impl DocumentClassifier for Variant {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = request.into_inner().requests;
        let edge = self.edge;
        if (edge.refuses)(&documents) {
            return Err(Status::invalid_argument("this batch cannot be answered"));
        }
        let count = documents.len() as i32;
        let mut documents: Vec<_> = (0..).zip(documents).collect();
        (edge.order)(&mut documents);
        let work = Work {
            edge,
            host: self.host.clone(),
            documents,
            count,
            failed: 0,
        };
        Ok(Response::new((edge.produce)(work)))
    }
}
