//! Three documents, one connection. The calls may go out one after the other or at once.

use anyhow::Result;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse, DocumentType};
use stage::{Inputs, Peer, Scenario, Source, hop::CLIENT_SERVER};
use tap::{Count, Order, Rules, Side};

use checks::{Diagnosis, Evidence, message};

/// Three documents, one connection. The calls may go out one after the other or at once.
pub(crate) struct Classify;

#[stage::async_trait]
impl Scenario for Classify {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            calls: Order::Set,
            connections: Count::Exact,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        Ok(Inputs {
            documents: source.documents(3).await?,
            ..Inputs::default()
        })
    }
}

/// In the order of the transcript: the calls, the connections, what was reported.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "address-changed",
        // tonic's errors for an address that it cannot parse or resolve. No connection can have been opened.
        seen: |evidence| {
            let shows = {
                let unusable = ["invalid URL", "invalid uri", "invalid URI", "dns error"];
                let error = evidence.error();
                evidence.connections(CLIENT_SERVER) == 0
                    && unusable.iter().any(|text| error.contains(text))
            };
            shows.then(String::new)
        },
        usually: "No connection was opened, since the address is not one that tonic can use. `address` is complete as \
                 it is, with `http://` in front, for example `http://127.0.0.1:39831`: put nothing before it and take \
                 nothing away, `DocumentClassifierClient::connect(address).await?`.",
    },
    Diagnosis {
        name: "no-call",
        seen: |evidence| {
            let shows = !evidence.cut_short() && evidence.calls(CLIENT_SERVER).is_empty();
            shows.then(String::new)
        },
        usually: "No call reached the server. A client is not a call yet: `client.classify(request).await` is.",
    },
    Diagnosis {
        name: "call-repeated",
        seen: |evidence| {
            let shows = {
                let mut ids: Vec<_> = requests(&evidence.calls(CLIENT_SERVER), |request| {
                    request.document_id
                });
                let all = ids.len();
                ids.sort();
                ids.dedup();
                ids.len() < all
            };
            shows.then(String::new)
        },
        usually: "You asked about one document twice. Every call is work for the server: one call for each document.",
    },
    Diagnosis {
        name: "result-count-missing",
        seen: |evidence| {
            let shows = {
                requests(&evidence.calls(CLIENT_SERVER), |request| {
                    request.max_results != Some(1)
                })
                .contains(&true)
            };
            shows.then(String::new)
        },
        usually: "A request does not ask for one result. `max_results` is `optional` in the contract: unset means 3, so \
                 set `max_results: Some(1)`.",
    },
    Diagnosis {
        name: "connection-per-call",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER).len();
                calls > 1 && evidence.connections(CLIENT_SERVER) >= calls
            };
            shows.then(String::new)
        },
        usually: "You opened a connection for every call. Connecting costs round trips and, with TLS, a handshake; \
                 HTTP/2 carries any number of calls over one connection. Make the client once, before the loop.",
    },
    Diagnosis {
        name: "type-unspecified",
        seen: |evidence| {
            let shows = {
                let name = DocumentType::Unspecified.as_str_name();
                !evidence.calls(CLIENT_SERVER).is_empty()
                    && evidence.reported().any(|line| line.ends_with(name))
            };
            shows.then(String::new)
        },
        usually: "You returned UNSPECIFIED for a document whose answer on the wire has a type. Take the type from the \
                 answer's first result.",
    },
    Diagnosis {
        name: "answers-out-of-order",
        seen: |evidence| {
            let shows = {
                let answered = answered(evidence);
                let mut reported: Vec<_> = evidence
                    .reported()
                    .filter_map(|line| Some(line.split_once(": ")?.1.to_owned()))
                    .collect();
                let in_order = reported == answered;
                let mut answered = answered;
                answered.sort();
                reported.sort();
                !in_order && !reported.is_empty() && reported == answered
            };
            shows.then(String::new)
        },
        usually: "You returned the right types in another order than that of the documents. The first type belongs to \
                 the first document, whichever answer came first: keep each answer's index, or await the calls in \
                 order.",
    },
];

/// The types on the wire, in the order of the documents. Empty where a document has no answer, or several.
fn answered(evidence: &Evidence<'_>) -> Vec<String> {
    let calls = evidence.calls(CLIENT_SERVER);
    let answers: Vec<_> = calls
        .iter()
        .filter_map(|call| message::<ClassifyResponse>(call, Side::Server))
        .collect();
    let type_of = |(id, _): &(String, String)| {
        let mut matching = answers.iter().filter(|answer| answer.document_id == *id);
        let answer = matching.next().filter(|_| matching.next().is_none())?;
        let best = answer.results.first()?.document_type();
        Some(best.as_str_name().to_owned())
    };
    let documents = evidence.run.inputs.documents.iter();
    documents
        .map(type_of)
        .collect::<Option<_>>()
        .unwrap_or_default()
}

/// What `take` makes of the request of each call.
fn requests<T>(calls: &[tap::Call<'_>], take: impl Fn(ClassifyRequest) -> T) -> Vec<T> {
    calls
        .iter()
        .filter_map(|call| message(call, Side::Client))
        .map(take)
        .collect()
}
