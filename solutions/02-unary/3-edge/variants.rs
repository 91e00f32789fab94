//! Other programs for unary.3: right ones, known mistakes, mutants.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::{Error, Session, grpc_timeout};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse, DocumentType};
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::{RankRequest, RankResponse};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use crate::run::{to_response, to_result};

kit::variants! {
    serve;
    right_steps = Edge::right(),
    right_channel = Edge {
        new_client: true,
        answer: by_hand,
        ..Edge::right()
    },
    panic_for_bad_input_1 = Edge {
        refuse: |_| panic!("bad input"),
        ..Edge::right()
    },
    panic_for_bad_input_2 = Edge {
        check: check_by_assert,
        ..Edge::right()
    },
    bytes_for_characters_1 = Edge {
        length: str::len,
        ..Edge::right()
    },
    bytes_for_characters_2 = Edge {
        length: |text| {
            text.char_indices()
                .map(|(_, character)| character.len_utf8())
                .sum()
        },
        ..Edge::right()
    },
    deadline_not_passed_on_1 = Edge {
        deadline: |_, _| None,
        ..Edge::right()
    },
    deadline_not_passed_on_2 = Edge {
        wait_here: true,
        deadline: |_, _| None,
        ..Edge::right()
    },
    deadline_not_shortened_1 = Edge {
        deadline: |deadline, _| Some(deadline),
        ..Edge::right()
    },
    deadline_not_shortened_2 = Edge {
        deadline: |deadline, spent| Some(deadline + spent),
        ..Edge::right()
    },
    asked_before_checked_1 = Edge {
        ask_first: true,
        ..Edge::right()
    },
    asked_before_checked_2 = Edge {
        ask_first: true,
        wait_here: true,
        ..Edge::right()
    },
    not_refused_1 = Edge {
        check: check_without_upper_bound,
        ..Edge::right()
    },
    not_refused_2 = Edge {
        check: check_all_but_version,
        ..Edge::right()
    },
    wrong_code_1 = Edge {
        refuse: |_| Status::internal("bad request"),
        ..Edge::right()
    },
    wrong_code_2 = Edge {
        refuse: |_| Status::unknown("oh"),
        ..Edge::right()
    },
    result_count_ignored_1 = Edge {
        count: |_| usize::MAX,
        ..Edge::right()
    },
    result_count_ignored_2 = Edge {
        count: |asked| asked.map_or(5, |count| count as usize),
        ..Edge::right()
    },
    correlation_id_not_echoed_1 = Edge {
        echo: None,
        ..Edge::right()
    },
    correlation_id_not_echoed_2 = Edge {
        echo: Some("x-request-id"),
        ..Edge::right()
    },
    unset_unwrapped_1 = Edge {
        id: |id| Some(id.expect("each call has an id")),
        ..Edge::right()
    },
    unset_unwrapped_2 = Edge {
        deadline_of: |deadline| Some(deadline.unwrap()),
        ..Edge::right()
    },
    empty_version_refused_1 = Edge {
        known: |asked, served| asked == served,
        ..Edge::right()
    },
    empty_version_refused_2 = Edge {
        known: |asked, served| !asked.is_empty() && asked == served,
        ..Edge::right()
    },
    unset_count_refused_1 = Edge {
        asked: |request| Some(request.max_results()),
        ..Edge::right()
    },
    unset_count_refused_2 = Edge {
        asked: |request| request.max_results.or(Some(-1)),
        ..Edge::right()
    },
    unknown_version_code_1 = Edge {
        check: check_version_as_argument,
        ..Edge::right()
    },
    unknown_version_code_2 = Edge {
        refuse: |code| match code {
            Code::NotFound => Status::failed_precondition("not this version"),
            code => Status::new(code, "refused"),
        },
        ..Edge::right()
    },
    document_id_missing_1 = Edge {
        answer: |_, ranking, count, arrived| answer(String::new(), ranking, count, arrived),
        ..Edge::right()
    },
    document_id_missing_2 = Edge {
        answer: |_, ranking, count, arrived| ClassifyResponse {
            results: by_hand(String::new(), ranking, count, arrived).results,
            ..Default::default()
        },
        ..Edge::right()
    },
    model_version_missing_1 = Edge {
        answer: |id, ranking, count, arrived| ClassifyResponse {
            model_version: String::new(),
            ..by_hand(id, ranking, count, arrived)
        },
        ..Edge::right()
    },
    model_version_missing_2 = Edge {
        answer: |id, ranking, count, arrived| {
            let mut answer = answer(id, ranking, count, arrived);
            // The version that the caller asked for, which is none.
            answer.model_version = ClassifyRequest::default().model_version;
            answer
        },
        ..Edge::right()
    },
    mutant_unchecked = Edge {
        check: |_, _, _, _| None,
        ..Edge::right()
    },
    mutant_default = Edge {
        answer: |id, _, _, _| ClassifyResponse {
            document_id: id,
            ..Default::default()
        },
        ..Edge::right()
    },
    mutant_error = Edge {
        check: |_, _, _, _| Some(Code::InvalidArgument),
        ..Edge::right()
    },
    mutant_hard_coded = Edge {
        answer: hard_coded,
        ..Edge::right()
    },
    mutant_one_more = Edge {
        ask_twice: true,
        ..Edge::right()
    },
}

/// The edge in steps, each of which a variant may do in another way.
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
    /// Whether each request goes through a new client on the shared channel.
    new_client: bool,
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
            new_client: false,
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
        let mut host = match self.new_client {
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

async fn serve(session: Session, edge: Edge) -> Result<(), Error> {
    let exercise = move |host, model_version| Variant {
        edge,
        server: Arc::new(Server {
            host,
            model_version,
        }),
    };
    crate::run::edge(session, exercise).await
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
