//! unary.1: three documents, one connection. The calls may go out one after the other or at once.

use anyhow::Result;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use stage::{Inputs, Peer, Scenario, Source, hop::CLIENT_SERVER};
use tap::{Count, Order, Rules, Side};

use crate::diagnosis::{Diagnosis, message};

/// unary.1: three documents, one connection. The calls may go out one after the other or at once.
pub(crate) struct Classify;

#[tonic::async_trait]
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

pub(crate) const CLASSIFY: &[Diagnosis] = &[
    Diagnosis {
        name: "connection-per-call",
        shows: |evidence| {
            let calls = evidence.calls(CLIENT_SERVER).len();
            calls > 1 && evidence.connections(CLIENT_SERVER) >= calls
        },
        advice: "You opened a connection for every call. Connecting costs round trips and, with TLS, a handshake; HTTP/2 \
                 carries any number of calls over one connection. Make the client once, before the loop.",
    },
    Diagnosis {
        name: "no-call",
        shows: |evidence| evidence.calls(CLIENT_SERVER).is_empty(),
        advice: "No call reached the server. A client is not a call yet: `client.classify(request).await` is.",
    },
    Diagnosis {
        name: "call-repeated",
        shows: |evidence| {
            let mut ids: Vec<_> = requests(&evidence.calls(CLIENT_SERVER), |request| {
                request.document_id
            });
            let all = ids.len();
            ids.sort();
            ids.dedup();
            ids.len() < all
        },
        advice: "You asked about one document twice. Every call is work for the server: one call for each document.",
    },
    Diagnosis {
        name: "result-count-missing",
        shows: |evidence| {
            requests(&evidence.calls(CLIENT_SERVER), |request| {
                request.max_results != Some(1)
            })
            .contains(&true)
        },
        advice: "A request does not ask for one result. `max_results` is `optional` in the contract: unset means 3, so \
                 set `max_results: Some(1)`.",
    },
    Diagnosis {
        name: "type-unspecified",
        shows: |evidence| {
            let name = DocumentType::Unspecified.as_str_name();
            !evidence.calls(CLIENT_SERVER).is_empty()
                && evidence.reported().any(|line| line.ends_with(name))
        },
        advice: "You returned UNSPECIFIED for a document whose answer on the wire has a type. Take the type from the \
                 answer's first result.",
    },
];

/// What `take` makes of the request of each call.
fn requests<T>(calls: &[tap::Call<'_>], take: impl Fn(ClassifyRequest) -> T) -> Vec<T> {
    calls
        .iter()
        .filter_map(|call| message(call, Side::Client))
        .map(take)
        .collect()
}
