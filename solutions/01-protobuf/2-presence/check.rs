//! Requests with every kind of `max_results`, on a ranking from a newer host whose first three results have a known
//! type, a newer one and none, in any order; then a ranking that is shorter than what is asked for, and one that is empty.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use stage::{Inputs, Peer, Scenario, Source, State, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Presence;

/// How many results an answer has where `max_results` is not set.
const DEFAULT_RESULTS: i32 = 3;

/// What is asked for on the first ranking, besides one number from 2 to 4 that is not the default: both sides of both
/// bounds, the type's ends, and 257, which is 1 in a byte.
const COUNTS: [Option<i32>; 9] = [
    None,
    Some(0),
    Some(6),
    Some(1),
    Some(5),
    Some(-1),
    Some(i32::MIN),
    Some(i32::MAX),
    Some(257),
];

/// How many of them come first, with the drawn one: the book shows these.
const SHOWN_COUNTS: usize = 3;

/// What is asked for on the second ranking, which has two results.
const COUNTS_OF_SHORT: [Option<i32>; 3] = [None, Some(5), Some(1)];

/// What is asked for on the third ranking, which is empty.
const COUNTS_OF_EMPTY: [Option<i32>; 2] = [None, Some(4)];

/// A ranking, and the requests that are answered from it.
struct Round {
    ranking: ClassifyResponse,
    requests: Vec<ClassifyRequest>,
}

/// All rounds, in order.
struct Rounds(Vec<Round>);

#[stage::async_trait]
impl Scenario for Presence {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, index: usize) -> View {
        // Each ranking stands before its requests; one more than COUNTS is drawn.
        let second_ranking = 1 + COUNTS.len() + 1;
        let third_ranking = second_ranking + COUNTS_OF_SHORT.len() + 1;
        let rankings = [0, second_ranking, third_ranking];
        View::EachOnce(match from {
            Side::Server if !rankings.contains(&index) => "classification.v1.ClassifyRequest",
            _ => "classification.v1.ClassifyResponse",
        })
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(20);
        let mut known = [1, 2, 3, 4, 5];
        generator.shuffle(&mut known);
        let mut types = [known[0], generator.i32(6..30), 0];
        generator.shuffle(&mut types);
        let types = [types[0], types[1], types[2], known[1], known[2]];
        let mut short_types = [-generator.i32(1..30), known[3]];
        generator.shuffle(&mut short_types);
        let [first, short] = [
            ranking(&types, &[0.62, 0.21, 0.09, 0.05, 0.03], &mut generator),
            ranking(&short_types, &[0.71, 0.17], &mut generator),
        ];
        let mut counts = COUNTS.to_vec();
        let shown = SHOWN_COUNTS + 1;
        counts.insert(SHOWN_COUNTS, Some([2, 4][generator.usize(0..2)]));
        generator.shuffle(&mut counts[..shown]);
        generator.shuffle(&mut counts[shown..]);
        let mut short_counts = COUNTS_OF_SHORT.to_vec();
        generator.shuffle(&mut short_counts);
        let mut empty_counts = COUNTS_OF_EMPTY.to_vec();
        generator.shuffle(&mut empty_counts);
        // A model that ranked nothing.
        let empty = ClassifyResponse {
            model_version: format!("2026.{}", generator.u32(1..100)),
            ..Default::default()
        };
        let all = counts.len() + short_counts.len() + empty_counts.len();
        let mut documents = source.documents(all).await?.into_iter();
        let mut requests = |counts: Vec<Option<i32>>| -> Vec<_> {
            let pairs = counts.into_iter().zip(documents.by_ref());
            let request = |(max_results, (document_id, text))| ClassifyRequest {
                text,
                document_id,
                max_results,
                ..Default::default()
            };
            pairs.map(request).collect()
        };
        let requests = [counts, short_counts, empty_counts].map(&mut requests);
        let lengths = requests
            .each_ref()
            .map(|requests| requests.len().to_string());
        let rounds = [first, short, empty].into_iter().zip(requests);
        let rounds: Vec<_> = rounds
            .map(|(ranking, requests)| Round { ranking, requests })
            .collect();
        Ok(Inputs {
            peer_sent: messages(&rounds),
            settings: [("requests".to_owned(), lengths.join(" "))].into(),
            state: State::new(Rounds(rounds)),
            ..Inputs::default()
        })
    }
}

/// What the peer sends, each before which of the program's answers.
fn messages(rounds: &[Round]) -> Vec<(usize, Vec<u8>)> {
    let mut messages = Vec::new();
    let mut answers = 0;
    for round in rounds {
        messages.push((answers, round.ranking.encode_to_vec()));
        for request in &round.requests {
            messages.push((answers, request.encode_to_vec()));
            answers += usize::from(count(request).is_some());
        }
    }
    messages
}

fn ranking(types: &[i32], confidences: &[f32], generator: &mut fastrand::Rng) -> ClassifyResponse {
    let mut words = [
        "amount", "due", "iban", "paid", "total", "vat", "clause", "notice",
    ];
    generator.shuffle(&mut words);
    let mut words = words.iter().cycle();
    let results = types.iter().zip(confidences);
    ClassifyResponse {
        results: results
            .map(|(&document_type, &confidence)| ClassificationResult {
                document_type,
                // In the order of the ranking, and another one on each seed.
                confidence: confidence + generator.u32(0..100) as f32 / 10_000.0,
                keywords: words
                    .by_ref()
                    .take(2)
                    .map(|&word| word.to_owned())
                    .collect(),
            })
            .collect(),
        ..Default::default()
    }
}

/// How many results a request asks for at most. `None` where it is to be refused.
fn count(request: &ClassifyRequest) -> Option<usize> {
    let count = request.max_results.unwrap_or(DEFAULT_RESULTS);
    usize::try_from(count)
        .ok()
        .filter(|count| (1..=5).contains(count))
}

/// The first request that was not dealt with as it should be.
struct Wrong<'a> {
    request: &'a ClassifyRequest,
    /// All of the ranking that it was to be answered from.
    ranking: &'a [ClassificationResult],
    /// What was sent with its id.
    sent: Option<ClassifyResponse>,
    /// What was reported of it, after its id.
    line: Option<&'a str>,
}

impl Wrong<'_> {
    fn id(&self) -> &str {
        &self.request.document_id
    }

    /// `max_results` as a sentence says it.
    fn asked(&self) -> String {
        match self.request.max_results {
            Some(count) => format!("`max_results` {count}"),
            None => "no `max_results`".to_owned(),
        }
    }

    /// The results that are due.
    fn due(&self) -> &[ClassificationResult] {
        let count = count(self.request).unwrap_or(0);
        &self.ranking[..self.ranking.len().min(count)]
    }

    fn refused(&self) -> bool {
        self.line.is_some_and(|line| line.starts_with("refused"))
    }

    /// Whether it was answered: something was sent for it, or labels were returned.
    fn answered(&self) -> bool {
        self.sent.is_some() || self.line.is_some_and(|line| !line.starts_with("refused"))
    }
}

fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Wrong<'a>> {
    let Rounds(rounds) = evidence.run.inputs.state.get()?;
    let sent: Vec<_> = evidence
        .sent()
        .filter_map(|bytes| ClassifyResponse::decode(bytes).ok())
        .collect();
    let all = rounds.iter().flat_map(|round| {
        let ranking = round.ranking.results.as_slice();
        round.requests.iter().map(move |request| (ranking, request))
    });
    let mut all = all.map(|(ranking, request)| Wrong {
        request,
        ranking,
        sent: sent
            .iter()
            .find(|it| it.document_id == request.document_id)
            .cloned(),
        line: reported(evidence, &request.document_id),
    });
    all.find(|it| match count(it.request) {
        None => it.sent.is_some() || !it.refused(),
        Some(_) => {
            it.sent.as_ref().is_none_or(|sent| sent.results != it.due())
                || it.line != Some(&labels(it.due()))
        }
    })
}

fn reported<'a>(evidence: &Evidence<'a>, id: &str) -> Option<&'a str> {
    let mut lines = evidence.reported();
    lines.find_map(|line| line.strip_prefix(id)?.strip_prefix(": "))
}

/// What the given part reports where the labels of these results are returned.
fn labels(results: &[ClassificationResult]) -> String {
    match results {
        [] => NO_LABELS.to_owned(),
        results => results.iter().map(label).collect::<Vec<_>>().join(", "),
    }
}

/// What the given part reports where no labels are returned.
const NO_LABELS: &str = "no labels";

/// What the given part reports of the label that is due for a result.
fn label(result: &ClassificationResult) -> String {
    match DocumentType::try_from(result.document_type) {
        Ok(DocumentType::Unspecified) => "not set".to_owned(),
        Ok(known) => known.as_str_name().to_owned(),
        Err(_) => format!("newer type {}", result.document_type),
    }
}

/// Whether a type is one that the contract has no name for.
fn newer(result: &ClassificationResult) -> bool {
    DocumentType::try_from(result.document_type).is_err()
}

/// The first label that is not the one that is due, as its result, and the label that was returned.
fn wrong_label<'a>(wrong: &'a Wrong<'_>) -> Option<(&'a ClassificationResult, &'a str)> {
    let labels = wrong.line.filter(|line| *line != NO_LABELS)?.split(", ");
    let mut pairs = wrong.due().iter().zip(labels);
    pairs.find(|(result, returned)| label(result) != *returned)
}

/// In the order in which one request shows them: refused or not, what was sent, what was returned.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "newer-type-unwrapped",
        seen: |evidence| {
            let panic = evidence.panic()?;
            let on_type = panic.contains("UnknownEnumValue") || panic.contains("unreachable code");
            let wrong = first_wrong(evidence).filter(|wrong| on_type && wrong.line.is_none())?;
            let result = wrong.due().iter().find(|result| newer(result))?;
            Some(format!(
                "Your program panicked on the request for {}, whose results have the type {}, for which the contract \
                 has no name.",
                wrong.id(),
                result.document_type
            ))
        },
        usually: "Usually the result of `DocumentType::try_from` was unwrapped, or a `match` on the number was taken \
                  for complete. A newer peer may send such a number at any time; its Err holds it, for \
                  `Label::Newer`.",
    },
    Diagnosis {
        name: "short-ranking-panic",
        seen: |evidence| {
            evidence.panic()?;
            let wrong = first_wrong(evidence).filter(|wrong| wrong.line.is_none())?;
            let count = count(wrong.request)?;
            (wrong.ranking.len() < count).then(|| {
                format!(
                    "Your program panicked on the request for {}: up to {count} results are asked for, and the ranking \
                     has {}.",
                    wrong.id(),
                    wrong.ranking.len()
                )
            })
        },
        usually: "A slice up to a number, `&ranking[..count]`, wants that many. `iter().take(count)` takes what is \
                 there.",
    },
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(|| "Your program sent the peer no answer to any request.".to_owned())
        },
        usually: "The labels that you return are for the report only. Build a ClassifyResponse, and pass its bytes \
                  to `peer.send(...)`.",
    },
    Diagnosis {
        name: "zero-taken-for-unset",
        seen: |evidence| answered_although(evidence, |count| count == 0),
        usually: "Usually 0 was taken for \"not set\". Its bytes hold `20 00`: somebody set it, and the contract \
                  allows 1 to 5. Only None is \"not set\"; refuse `Some(0)` with `OutOfRange`.",
    },
    Diagnosis {
        name: "negative-answered",
        seen: |evidence| answered_although(evidence, |count| count < 0),
        usually: "Usually only 0 was refused, or the number was turned into a `usize` before it was checked: -1 \
                  becomes a huge one. Check the `i32`, from both sides.",
    },
    Diagnosis {
        name: "too-many-answered",
        seen: |evidence| answered_although(evidence, |count| count > 5),
        usually: "Usually the upper bound is not checked, or a larger number was cut down to fit. The contract \
                  allows 1 to 5: refuse a number above 5 with `OutOfRange`.",
    },
    Diagnosis {
        name: "unset-taken-for-zero",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let unset = wrong.request.max_results.is_none();
            let shows = unset && wrong.line == Some("refused, max_results is 0");
            shows.then(|| {
                format!(
                    "The request for {} has no `max_results`, and was refused as if it were 0.",
                    wrong.id()
                )
            })
        },
        usually: "The accessor `request.max_results()` and `unwrap_or_default()` both give 0 for None. Match on the \
                 field itself, which is an `Option<i32>`.",
    },
    Diagnosis {
        name: "allowed-count-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let shows = count(wrong.request).is_some() && wrong.refused();
            shows.then(|| {
                format!(
                    "The request for {} has {}, and was refused.",
                    wrong.id(),
                    wrong.asked()
                )
            })
        },
        usually: "Both ends belong to the range: `1..=5`, with the `=`. Not set means 3.",
    },
    Diagnosis {
        name: "empty-ranking-not-answered",
        seen: |evidence| {
            let wrong = first_wrong(evidence).filter(|wrong| wrong.line.is_some())?;
            let shows =
                wrong.ranking.is_empty() && count(wrong.request).is_some() && wrong.sent.is_none();
            shows.then(|| {
                format!(
                    "The request for {} has {}, the ranking has no results, and no message with the `document_id` {} \
                     was sent.",
                    wrong.id(),
                    wrong.asked(),
                    wrong.id()
                )
            })
        },
        usually: "Usually a program sends nothing where it has no results. Whoever asked waits for an answer: send a \
                 ClassifyResponse with the `document_id` and an empty list, and return no labels.",
    },
    Diagnosis {
        name: "wrong-number-of-results",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let sent = wrong.sent.as_ref()?.results.len();
            let due = wrong.due().len();
            (count(wrong.request).is_some() && sent != due).then(|| {
                format!(
                    "The request for {} has {}, the ranking has {}, and {sent} results were sent in place of {due}.",
                    wrong.id(),
                    wrong.asked(),
                    wrong.ranking.len()
                )
            })
        },
        usually: "Due are as many as `max_results` says, 3 where it is not set, and all where the ranking has fewer. \
                  `unwrap_or_default()` gives 0 for None.",
    },
    Diagnosis {
        name: "newer-type-hidden",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let sent = wrong.sent.as_ref()?;
            let changed = wrong.due().iter().zip(&sent.results);
            let mut changed = changed.filter(|(due, sent)| due.document_type != sent.document_type);
            if let Some((due, sent)) = changed.next() {
                return newer(due).then(|| {
                    format!(
                        "The ranking's type {} was sent for {} as {}.",
                        due.document_type,
                        wrong.id(),
                        sent.document_type
                    )
                });
            }
            let (result, returned) = wrong_label(&wrong)?;
            newer(result).then(|| {
                format!(
                    "The type {} of a result for {} was returned as {returned:?}.",
                    result.document_type,
                    wrong.id()
                )
            })
        },
        usually: "The accessor `document_type()` and `unwrap_or_default()` both hide a number without a name as \
                 Unspecified. Use `DocumentType::try_from` on the field, `document_type` without parentheses, and pass \
                 the result on unchanged.",
    },
    Diagnosis {
        name: "unspecified-taken-for-known",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let (_, returned) = wrong_label(&wrong)?;
            let shows = returned == DocumentType::Unspecified.as_str_name();
            shows.then(|| {
                format!(
                    "A result for {} was returned as the known type {returned}.",
                    wrong.id()
                )
            })
        },
        usually: "The value 0 of an enum is what a reader gets when the field is not on the wire at all, so it means \
                 \"not set\" and nothing else: `Label::NotSet`.",
    },
];

/// What is said of a request whose `max_results` the contract does not allow and that was answered.
fn answered_although(evidence: &Evidence<'_>, forbidden: fn(i32) -> bool) -> Option<String> {
    let wrong = first_wrong(evidence)?;
    let shows = wrong.request.max_results.is_some_and(forbidden) && wrong.answered();
    shows.then(|| {
        format!(
            "The request for {} has {}, and was answered.",
            wrong.id(),
            wrong.asked()
        )
    })
}
