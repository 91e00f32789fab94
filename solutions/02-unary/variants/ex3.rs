//! unary.3

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::{Exercise, grpc_timeout};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse, DocumentType};
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::{RankRequest, RankResponse};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use crate::run::{edge as run, to_response, to_result};

pub const VARIANTS: &[Exercise] = &[
    ("unary.3/right-steps", |session| {
        serve(session, Edge::right())
    }),
    ("unary.3/right-channel", |session| {
        serve(
            session,
            Edge {
                own_client: true,
                answer: by_hand,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/panic-for-bad-input-1", |session| {
        serve(
            session,
            Edge {
                refuse: |_| panic!("bad input"),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/panic-for-bad-input-2", |session| {
        serve(
            session,
            Edge {
                check: check_by_assert,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/bytes-for-characters-1", |session| {
        serve(
            session,
            Edge {
                length: str::len,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/bytes-for-characters-2", |session| {
        serve(
            session,
            Edge {
                length: |text| {
                    text.char_indices()
                        .map(|(_, character)| character.len_utf8())
                        .sum()
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/deadline-not-passed-on-1", |session| {
        serve(
            session,
            Edge {
                deadline: |_, _| None,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/deadline-not-passed-on-2", |session| {
        serve(
            session,
            Edge {
                wait_here: true,
                deadline: |_, _| None,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/deadline-not-shortened-1", |session| {
        serve(
            session,
            Edge {
                deadline: |deadline, _| Some(deadline),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/deadline-not-shortened-2", |session| {
        serve(
            session,
            Edge {
                deadline: |deadline, spent| Some(deadline + spent),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/asked-before-checked-1", |session| {
        serve(
            session,
            Edge {
                ask_first: true,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/asked-before-checked-2", |session| {
        serve(
            session,
            Edge {
                ask_first: true,
                wait_here: true,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/not-refused-1", |session| {
        serve(
            session,
            Edge {
                check: check_without_upper_bound,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/not-refused-2", |session| {
        serve(
            session,
            Edge {
                check: check_all_but_version,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/wrong-code-1", |session| {
        serve(
            session,
            Edge {
                refuse: |_| Status::internal("bad request"),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/wrong-code-2", |session| {
        serve(
            session,
            Edge {
                refuse: |_| Status::unknown("oh"),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/result-count-ignored-1", |session| {
        serve(
            session,
            Edge {
                count: |_| usize::MAX,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/result-count-ignored-2", |session| {
        serve(
            session,
            Edge {
                count: |asked| asked.map_or(5, |count| count as usize),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/correlation-id-not-echoed-1", |session| {
        serve(
            session,
            Edge {
                echo: None,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/correlation-id-not-echoed-2", |session| {
        serve(
            session,
            Edge {
                echo: Some("x-request-id"),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unset-unwrapped-1", |session| {
        serve(
            session,
            Edge {
                id: |id| Some(id.expect("each call has an id")),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unset-unwrapped-2", |session| {
        serve(
            session,
            Edge {
                deadline_of: |deadline| Some(deadline.unwrap()),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/empty-version-refused-1", |session| {
        serve(
            session,
            Edge {
                known: |asked, served| asked == served,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/empty-version-refused-2", |session| {
        serve(
            session,
            Edge {
                known: |asked, served| !asked.is_empty() && asked == served,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unset-count-refused-1", |session| {
        serve(
            session,
            Edge {
                asked: |request| Some(request.max_results()),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unset-count-refused-2", |session| {
        serve(
            session,
            Edge {
                asked: |request| request.max_results.or(Some(-1)),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unknown-version-code-1", |session| {
        serve(
            session,
            Edge {
                check: check_version_as_argument,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/unknown-version-code-2", |session| {
        serve(
            session,
            Edge {
                refuse: |code| match code {
                    Code::NotFound => Status::failed_precondition("not this version"),
                    code => Status::new(code, "refused"),
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/document-id-missing-1", |session| {
        serve(
            session,
            Edge {
                answer: |_, ranking, count, arrived| answer(String::new(), ranking, count, arrived),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/document-id-missing-2", |session| {
        serve(
            session,
            Edge {
                answer: |_, ranking, count, arrived| ClassifyResponse {
                    results: by_hand(String::new(), ranking, count, arrived).results,
                    ..Default::default()
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/model-version-missing-1", |session| {
        serve(
            session,
            Edge {
                answer: |id, ranking, count, arrived| ClassifyResponse {
                    model_version: String::new(),
                    ..by_hand(id, ranking, count, arrived)
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/model-version-missing-2", |session| {
        serve(
            session,
            Edge {
                answer: |id, ranking, count, arrived| {
                    let mut answer = answer(id, ranking, count, arrived);
                    // The version that the caller asked for, which is none.
                    answer.model_version = ClassifyRequest::default().model_version;
                    answer
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/mutant-unchecked", |session| {
        serve(
            session,
            Edge {
                check: |_, _, _, _| None,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/mutant-default", |session| {
        serve(
            session,
            Edge {
                answer: |id, _, _, _| ClassifyResponse {
                    document_id: id,
                    ..Default::default()
                },
                ..Edge::right()
            },
        )
    }),
    ("unary.3/mutant-error", |session| {
        serve(
            session,
            Edge {
                check: |_, _, _, _| Some(Code::InvalidArgument),
                ..Edge::right()
            },
        )
    }),
    ("unary.3/mutant-hard-coded", |session| {
        serve(
            session,
            Edge {
                answer: hard_coded,
                ..Edge::right()
            },
        )
    }),
    ("unary.3/mutant-one-more", |session| {
        serve(
            session,
            Edge {
                ask_twice: true,
                ..Edge::right()
            },
        )
    }),
];

/// The edge in steps, each of which a variant may do its own way.
#[derive(Clone, Copy)]
struct Edge {
    /// How long a text is.
    length: fn(&str) -> usize,
    /// Whether the version asked for is known, by the one that is served.
    known: fn(&str, &str) -> bool,
    /// How many results are asked for.
    asked: fn(&ClassifyRequest) -> Option<i32>,
    /// The caller's deadline, by what the metadata says.
    deadline_of: fn(Option<Duration>) -> Option<Duration>,
    /// The correlation id, by what the metadata says.
    id: fn(Option<&MetadataValue<Ascii>>) -> Option<&MetadataValue<Ascii>>,
    /// The code with which a request is refused.
    check: Check,
    /// The refusal.
    refuse: fn(Code) -> Status,
    /// The host's deadline, by the caller's and the time spent.
    deadline: fn(Duration, Duration) -> Option<Duration>,
    /// How many results are kept.
    count: fn(Option<i32>) -> usize,
    /// The answer.
    answer: Answer,
    /// Under which key the correlation id is echoed.
    echo: Option<&'static str>,
    /// Whether the host is asked before the request is checked.
    ask_first: bool,
    /// Whether the host is asked once more at the end.
    ask_twice: bool,
    /// Whether the edge itself watches the caller's deadline.
    wait_here: bool,
    /// Whether each request is asked through a client of its own on the shared channel.
    own_client: bool,
}

impl Edge {
    fn right() -> Self {
        Self {
            length: |text| text.chars().count(),
            known: |asked, served| asked.is_empty() || asked == served,
            asked: |request| request.max_results,
            deadline_of: |deadline| deadline,
            id: |id| id,
            check,
            refuse: |code| Status::new(code, "refused"),
            deadline: |deadline, spent| Some(deadline.saturating_sub(spent)),
            count: |asked| asked.map_or(3, |count| count.max(0) as usize),
            answer,
            echo: Some("x-correlation-id"),
            ask_first: false,
            ask_twice: false,
            wait_here: false,
            own_client: false,
        }
    }

    async fn classify(
        self,
        server: Arc<Server>,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let arrived = Instant::now();
        let (metadata, _, request) = request.into_parts();
        let length = (self.length)(&request.text);
        let known = (self.known)(&request.model_version, &server.model_version);
        let asked = (self.asked)(&request);
        let refused = (self.check)(&request.text, length, asked, known).map(self.refuse);
        let id = (self.id)(metadata.get("x-correlation-id"));
        if let Some(status) = refused.clone().filter(|_| !self.ask_first) {
            return Err(status);
        }
        let mut host = match self.own_client {
            true => server.host.clone(),
            false => server.host.clone().max_decoding_message_size(1 << 20),
        };
        let deadline = (self.deadline_of)(grpc_timeout(&metadata));
        let rank = || {
            let mut rank = Request::new(RankRequest {
                text: request.text.clone(),
            });
            let left = deadline.and_then(|deadline| (self.deadline)(deadline, arrived.elapsed()));
            if let Some(left) = left {
                rank.set_timeout(left);
            }
            rank
        };
        let asking = host.rank(rank());
        let ranking = match deadline.filter(|_| self.wait_here) {
            Some(deadline) => tokio::time::timeout(deadline, asking)
                .await
                .map_err(|_| Status::deadline_exceeded("the host is slow"))??,
            None => asking.await?,
        }
        .into_inner();
        if self.ask_twice {
            host.rank(rank()).await?;
        }
        if let Some(status) = refused {
            return Err(status);
        }
        let count = (self.count)(request.max_results);
        let answer = (self.answer)(request.document_id, ranking, count, arrived);
        let mut response = Response::new(answer);
        if let (Some(key), Some(id)) = (self.echo, id) {
            response.metadata_mut().insert(key, id.clone());
        }
        Ok(response)
    }
}

/// By the text, its length, how many results are wanted, and whether the version is known.
type Check = fn(&str, usize, Option<i32>, bool) -> Option<Code>;

fn check(text: &str, length: usize, count: Option<i32>, known: bool) -> Option<Code> {
    let code = check_all_but_version(text, length, count, known);
    code.or((!known).then_some(Code::NotFound))
}

fn check_all_but_version(text: &str, length: usize, count: Option<i32>, _: bool) -> Option<Code> {
    let fine = !text.is_empty() && length <= 100_000 && (1..=5).contains(&count.unwrap_or(3));
    (!fine).then_some(Code::InvalidArgument)
}

/// Takes a `max_results` of any size.
fn check_without_upper_bound(
    text: &str,
    length: usize,
    count: Option<i32>,
    known: bool,
) -> Option<Code> {
    check(text, length, count.map(|count| count.min(5)), known)
}

fn check_version_as_argument(
    text: &str,
    length: usize,
    count: Option<i32>,
    known: bool,
) -> Option<Code> {
    check(text, length, count, known).map(|_| Code::InvalidArgument)
}

fn check_by_assert(text: &str, length: usize, count: Option<i32>, known: bool) -> Option<Code> {
    assert!(!text.is_empty(), "the text is empty");
    check(text, length, count, known)
}

/// By the document's id, the host's ranking, how many results are kept, and when the call came in.
type Answer = fn(String, RankResponse, usize, Instant) -> ClassifyResponse;

fn answer(id: String, ranking: RankResponse, count: usize, arrived: Instant) -> ClassifyResponse {
    let mut answer = to_response(id, ranking, arrived);
    answer.results.truncate(count);
    answer
}

/// Without the given `to_response`.
fn by_hand(id: String, ranking: RankResponse, count: usize, _: Instant) -> ClassifyResponse {
    let best = ranking.scores.into_iter().take(count);
    ClassifyResponse {
        document_id: id,
        results: best.map(to_result).collect(),
        model_version: ranking.model_version,
        processing_time_ms: 7,
    }
}

/// Right on the published seed for the first document, if its best guess is this one.
fn hard_coded(
    id: String,
    ranking: RankResponse,
    count: usize,
    arrived: Instant,
) -> ClassifyResponse {
    let mut answer = answer(id, ranking, count, arrived);
    for result in &mut answer.results {
        result.document_type = DocumentType::Contract.into();
    }
    answer
}

/// What a variant serves with.
struct Server {
    host: ModelHostClient<Channel>,
    model_version: String,
}

struct Variant {
    edge: Edge,
    server: Arc<Server>,
}

fn serve(session: kit::Session, edge: Edge) -> kit::Run {
    Box::pin(run(session, move |host, model_version| Variant {
        edge,
        server: Arc::new(Server {
            host,
            model_version,
        }),
    }))
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<ClassifyResponse>, Status>> + Send>>;

#[tonic::async_trait]
impl DocumentClassifier for Variant {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let answering: Answering = Box::pin(self.edge.classify(self.server.clone(), request));
        answering.await
    }
}
