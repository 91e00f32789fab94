//! Five lists of documents, a connection for each. The calls of a list may go out one after the other or at once.

use std::time::Duration;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::{ClassificationResult, ClassifyResponse, DocumentType};
use stage::{Inputs, Peer, Scenario, Source, Stage, State, hop::CLIENT_SERVER};
use tap::{CallInfo, CallPlan, Count, Fault, Order, Rules, Side};

use crate::common::calls::{
    Asked, Connections, asked, asked_again, ended, failure_hidden, index_of, lists, newer_answer,
    on_two_connections, requests, returned_values,
};
use crate::common::{CLASSIFY_METHOD, HEALTH_CHECKS};
use checks::{Diagnosis, Evidence, message};

/// A list whose documents all have a type, and four of one document that has none: the server refuses it, its answer has
/// no result, its answer has a type that this contract does not have, above its numbers and below. Each of them is alone
/// in its list, since a program may ask in any order and stop at the first mistake.
pub(crate) struct Classify;

const LISTS: usize = 5;

/// What was drawn.
struct Lists {
    /// How many documents each list has.
    lengths: [usize; LISTS],
    /// Decides the type above those that this contract has.
    newer: u64,
    /// The type below them.
    negative: i32,
    connections: Connections,
}

/// How long the first answer waits for other calls. A program that makes them at once has made them by then, and gets its
/// answers in the worst order, the last document's first.
const OTHERS_WAIT: Duration = Duration::from_millis(400);

#[stage::async_trait]
impl Scenario for Classify {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            calls: Order::Set,
            connections: Count::Exact,
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let drawn = |purpose| source.seed.draw(purpose, 3) as usize;
        let lengths = [5 + drawn(11), 1, 1, 1, 1];
        let newer = source.seed.draw(12, 50);
        // Without its sign, it is the number of a type.
        let negative = -1 - source.seed.draw(14, 5) as i32;
        let same = source.seed.draw(13, lengths[0] as u64 - 2) as usize;
        let mut inputs = Inputs {
            documents: source.documents(lengths.iter().sum()).await?,
            ..Inputs::default()
        };
        // Two documents with one text, and so two calls.
        inputs.documents[same + 1].1 = inputs.documents[same].1.clone();
        // White space is part of a text.
        let spaced = source
            .documents_made(1, |text| format!("\n {text} "))
            .await?;
        for (_, text) in spaced {
            inputs.documents[lengths[0] - 1].1 = text;
        }
        // A text that the server refuses.
        inputs.documents[lengths[0]].1.clear();
        let lists = lengths.map(|length| length.to_string()).join(" ");
        inputs.settings.insert("lists".to_owned(), lists);
        inputs.state = State::new(Lists {
            lengths,
            newer,
            negative,
            connections: Connections::default(),
        });
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let (Some(lists), CLASSIFY_METHOD) = (inputs.state.get::<Lists>(), call.path.as_str())
        else {
            return CallPlan::default();
        };
        let nth = call.nth as usize;
        let [first, ..] = lists.lengths;
        // A list has a connection. A program that makes too few calls has the right ones answered so.
        let list = lists.connections.index(call.connection);
        let whole = |list: usize| newer_answer(&inputs.documents[first + list - 1].0, lists.newer);
        let answer = match list {
            2 => ClassifyResponse {
                results: Vec::new(),
                ..whole(list)
            },
            3 => {
                let mut answer = whole(list);
                // More than was asked for, and not the best.
                answer.results.push(ClassificationResult {
                    document_type: DocumentType::Letter.into(),
                    confidence: 0.25,
                    keywords: vec!["dear".to_owned()],
                });
                answer
            }
            4 => {
                let mut answer = whole(list);
                for result in &mut answer.results {
                    result.document_type = lists.negative;
                }
                answer
            }
            _ => {
                let held = nth <= first;
                return CallPlan {
                    hold_answer: held.then(|| inputs.gates.named(&nth.to_string())),
                    ..CallPlan::default()
                };
            }
        };
        CallPlan {
            fault: Some(Fault::answer(answer.encode_to_vec())),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let [first, ..] = inputs.state::<Lists>()?.lengths;
        answer_last_first(stage, inputs, first).await;
        Ok(())
    }
}

/// Lets a call have its answer.
fn open(inputs: &Inputs, nth: usize) {
    inputs.gates.named(&nth.to_string()).open();
}

/// Answers the first `count` calls: those that are made at once in the worst order, the last document's first.
async fn answer_last_first(stage: &Stage, inputs: &Inputs, count: usize) {
    let mut answered = 0;
    while answered < count {
        stage.until(|events| asked(events).len() > answered).await;
        let all = stage.until(|events| asked(events).len() >= count);
        // When the time is up, those that are there are answered.
        let _ = tokio::time::timeout(OTHERS_WAIT, all).await;
        let calls = asked(&stage.events());
        let mut now: Vec<&Asked> = calls.iter().skip(answered).collect();
        now.sort_by_key(|asked| index_of(inputs, asked));
        if let [_] = now.as_slice() {
            // One after the other.
            (answered + 1..=count).for_each(|nth| open(inputs, nth));
            return;
        }
        for asked in now.into_iter().rev() {
            open(inputs, asked.nth);
            stage.until(|events| ended(events, asked.call)).await;
        }
        answered = calls.len();
    }
}

/// In the order of the transcript: the calls, the connections, what was reported.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "address-changed",
        // tonic's errors for an address that it cannot parse or resolve. No connection can have been opened.
        seen: |evidence| {
            let unusable = ["invalid URL", "invalid uri", "invalid URI", "dns error"];
            let error = evidence.error();
            let shows = evidence.connections(CLIENT_SERVER) == 0
                && unusable.iter().any(|text| error.contains(text));
            shows.then(|| {
                format!("No connection was opened, and your function returned an error: {error}")
            })
        },
        usually: "Usually the address was changed. `address` is complete as it is, with `http://` in front, for \
                  example `http://127.0.0.1:39831`: put nothing before it, take nothing away, and pass it to \
                  `connect`.",
    },
    Diagnosis {
        name: "no-call",
        seen: |evidence| {
            let none = evidence.calls(CLIENT_SERVER).is_empty();
            let shows = !evidence.cut_short() && none;
            shows.then(|| "No call reached the server.".to_owned())
        },
        usually: "Usually the call was made and not awaited. A client is not a call yet, nor is `client.classify(request)`: \
                  look for the `.await` behind it.",
    },
    Diagnosis {
        name: "id-sent-as-text",
        seen: |evidence| {
            let ids = || evidence.run.inputs.documents.iter();
            let requests = requests(evidence);
            let mut texts = requests.iter().map(|(_, request)| &request.text);
            let text = texts.find(|text| ids().any(|(id, _)| id == *text))?;
            Some(format!(
                "{text:?}, which is a document's id, was sent as a `text`."
            ))
        },
        usually: "Usually two fields of the request have changed places. `document.text` belongs into `text`, and \
                  `document.id` into `document_id`.",
    },
    Diagnosis {
        name: "id-missing",
        seen: |evidence| {
            let documents = &evidence.run.inputs.documents;
            let requests = requests(evidence);
            let mut requests = requests.iter().map(|(_, request)| request);
            let request = requests.find(|request| request.document_id.is_empty())?;
            let mut with_text = documents.iter().filter(|(_, text)| *text == request.text);
            // Two documents may have the same text.
            let which = match (with_text.next(), with_text.next()) {
                (Some((id, _)), None) => format!(": the one with the text of {id}"),
                _ => String::new(),
            };
            Some(format!("A request does not set `document_id`{which}."))
        },
        usually: "Usually the field is left to `..Default::default()`, and so is an empty string. Set `document_id` to the \
                  id of the document.",
    },
    Diagnosis {
        name: "id-of-another-document",
        seen: |evidence| {
            let documents = &evidence.run.inputs.documents;
            let (sent, own) = requests(evidence).into_iter().find_map(|(_, request)| {
                let mut with_text = documents.iter().filter(|(_, text)| *text == request.text);
                let (own, _) = with_text.next().filter(|_| with_text.next().is_none())?;
                let sent = request.document_id;
                let known = documents.iter().any(|(id, _)| *id == sent);
                (known && sent != *own).then_some((sent, own))
            })?;
            Some(format!(
                "The text of {own} was sent with the `document_id` {sent:?}."
            ))
        },
        usually: "Usually the id is taken once, before the loop or from the first document, and kept.",
    },
    Diagnosis {
        name: "call-repeated",
        seen: asked_again,
        usually: "Every call is work for the server: one call for each document. Usually one is made to try it out, or a \
                  loop takes the same document each time.",
    },
    Diagnosis {
        name: "result-count-missing",
        seen: |evidence| {
            let requests = requests(evidence);
            let mut requests = requests.iter().map(|(_, request)| request);
            let request = requests.find(|request| request.max_results.is_none())?;
            Some(format!(
                "A request does not set `max_results`: the one about {:?}.",
                request.document_id
            ))
        },
        usually: "`max_results` is `optional` in the contract, and unset means 3. Usually it was left to \
                  `..Default::default()`: set `max_results: Some(1)`.",
    },
    Diagnosis {
        name: "connection-per-call",
        seen: |evidence| on_two_connections(evidence, &lengths(evidence)),
        usually: "Connecting costs round trips and, with TLS, a handshake; HTTP/2 carries any number of calls over one \
                  connection. Usually the client is made inside the loop: make it once, before it, and clone it where a \
                  task needs its own.",
    },
    Diagnosis {
        name: "type-unspecified",
        seen: |evidence| {
            let (id, wire) = evidence.run.inputs.documents.iter().find_map(|(id, _)| {
                let wire = DocumentType::try_from(best(evidence, id)??).ok()?;
                let reported = type_of(evidence, id)?;
                let lost = reported == DocumentType::Unspecified.as_str_name();
                (lost && wire != DocumentType::Unspecified).then_some((id, wire))
            })?;
            Some(format!(
                "The answer about {id} has the type {}, and your function returned DOCUMENT_TYPE_UNSPECIFIED for it.",
                wire.as_str_name()
            ))
        },
        usually: "Usually the type is not taken from the answer, or from a result that is not there: take it from the \
                  answer's first result.",
    },
    Diagnosis {
        name: "failed-call-hidden",
        seen: failure_hidden,
        usually: "Usually the error is dropped, by `if let Ok`, `unwrap_or_default` or `flatten`. Then the types no longer \
                  belong to the documents, and the caller does not know: pass the error on, with `?`.",
    },
    Diagnosis {
        name: "missing-result-hidden",
        seen: |evidence| {
            let mut ids = evidence.run.inputs.documents.iter().map(|(id, _)| id);
            let id =
                ids.find(|id| best(evidence, id) == Some(None) && returned_values(evidence, id))?;
            Some(format!(
                "The answer about {id} has no result, and your function returned no error for its list."
            ))
        },
        usually: "Usually a default stands in for the missing result. A list that comes from another program may be empty: \
                  `first()` gives an `Option`, and `.ok_or(\"...\")?` makes an error of `None`.",
    },
    Diagnosis {
        name: "unknown-type-hidden",
        seen: |evidence| {
            let (id, number) = evidence.run.inputs.documents.iter().find_map(|(id, _)| {
                let number = best(evidence, id)??;
                let unknown = DocumentType::try_from(number).is_err();
                (unknown && returned_values(evidence, id)).then_some((id, number))
            })?;
            Some(format!(
                "The answer about {id} has the type {number}, which DocumentType does not have, and your function returned \
                 no error for its list."
            ))
        },
        usually: "Usually the type is read with the accessor `document_type()`, which makes DOCUMENT_TYPE_UNSPECIFIED of a \
                  number that it does not know, or an `unwrap_or_default` does. `DocumentType::try_from(number)?` tells the \
                  caller.",
    },
    Diagnosis {
        name: "answers-out-of-order",
        seen: |evidence| {
            let lists = lists(evidence, &lengths(evidence));
            let list = lists.iter().find(|list| {
                let answered = |id: &&str| {
                    let known = DocumentType::try_from(best(evidence, id)??).ok()?;
                    Some(known.as_str_name().to_owned())
                };
                let answered: Option<Vec<_>> = list.iter().map(answered).collect();
                let returned: Option<Vec<_>> =
                    list.iter().map(|id| type_of(evidence, id)).collect();
                let (Some(mut answered), Some(mut returned)) = (answered, returned) else {
                    return false;
                };
                let in_order = answered == returned;
                answered.sort();
                returned.sort();
                !in_order && answered == returned
            })?;
            Some(format!(
                "Your function returned the types of the answers about {}, and in another order than that of the documents.",
                list.join(", ")
            ))
        },
        usually: "The first type belongs to the first document, whichever answer came first. Usually types are taken as the \
                  answers come: keep each answer's index, or await the calls in order.",
    },
];

/// How many documents each list has.
fn lengths(evidence: &Evidence<'_>) -> [usize; LISTS] {
    let lists = evidence.run.inputs.state.get::<Lists>();
    lists.map(|lists| lists.lengths).unwrap_or_default()
}

/// The type of the first result on the wire: `None` where there is no answer about the document, or several, and
/// `Some(None)` where it has no result.
fn best(evidence: &Evidence<'_>, id: &str) -> Option<Option<i32>> {
    let calls = evidence.calls_to(CLIENT_SERVER, CLASSIFY_METHOD);
    let answers = calls
        .iter()
        .filter_map(|call| message::<ClassifyResponse>(call, Side::Server));
    let mut answers = answers.filter(|answer| answer.document_id == id);
    let answer = answers.next().filter(|_| answers.next().is_none())?;
    Some(answer.results.first().map(|result| result.document_type))
}

/// The type that was returned for a document, by its name.
fn type_of(evidence: &Evidence<'_>, id: &str) -> Option<String> {
    let line = |line: &str| {
        let (of, name) = line.split_once(": ")?;
        (of == id).then(|| name.to_owned())
    };
    let name = evidence.reported().find_map(line)?;
    DocumentType::from_str_name(&name).map(|_| name)
}
