//! No answer until all calls of a list are open at once, and then the last document's first; where one is refused, the
//! refusal last.

use std::cmp::Reverse;
use std::ops::Range;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyResponse;
use stage::{Inputs, Peer, Scenario, Source, Stage, State, hop::CLIENT_SERVER};
use tap::{CallInfo, CallPlan, Code, Count, Draft, Fault, Order, Rules, Side};

use crate::common::calls::{
    Asked, Connections, asked, asked_again, ended, failure_hidden, index_of, lists, newer_answer,
    on_two_connections, requests,
};
use crate::common::{CLASSIFY_METHOD, HEALTH_CHECKS};
use checks::{Diagnosis, Evidence, message};

/// Three lists: one whose calls are all answered, one with a document that the server refuses, and one of
/// two documents, whose answers set every field, and each names the other document.
pub(crate) struct AtOnce;

/// What was drawn.
struct Lists {
    /// How many documents each list has.
    lengths: [usize; 3],
    /// Decides the types and the times in the answers that set every field.
    number: u64,
    /// These answers, by the calls that they would come on.
    drafts: Vec<Draft>,
    connections: Connections,
}

#[stage::async_trait]
impl Scenario for AtOnce {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            calls: Order::Set,
            connections: Count::Exact,
            open: Count::Exact,
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let seed = source.seed;
        let drawn = |purpose, below| seed.draw(purpose, below) as usize;
        // More than a bound on the calls under way would let through: such bounds are often 10 or 16.
        let lengths = [17 + drawn(50, 4), 3 + drawn(51, 3), 2];
        let mut inputs = Inputs {
            documents: source.documents(lengths.iter().sum()).await?,
            ..Inputs::default()
        };
        // A text that the server refuses, neither the list's first nor its last.
        let refused = 1 + drawn(52, lengths[1] as u64 - 2);
        inputs.documents[lengths[0] + refused].1.clear();
        let lists = lengths.map(|length| length.to_string()).join(" ");
        inputs.settings.insert("lists".to_owned(), lists);
        let timed = inputs.documents[lengths[0] + lengths[1]].0.clone();
        inputs.settings.insert("timed".to_owned(), timed);
        // Clones would share one text.
        let drafts = inputs.documents.iter().map(|_| Draft::default()).collect();
        inputs.state = State::new(Lists {
            lengths,
            number: seed.draw(53, 49),
            drafts,
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
        // Calls beyond the number of documents are a mistake already, and are not held.
        let draft = nth.checked_sub(1).and_then(|index| lists.drafts.get(index));
        // A list has a connection. A program that makes too few calls has the right ones answered so.
        let last = lists.connections.index(call.connection) == 2;
        CallPlan {
            hold_answer: draft.map(|_| inputs.gates.named(&nth.to_string())),
            fault: draft.filter(|_| last).map(Fault::draft),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let lists = inputs.state::<Lists>()?;
        let mut begin = 0;
        for length in lists.lengths {
            answer(stage, inputs, lists, begin..begin + length).await;
            begin += length;
        }
        Ok(())
    }
}

impl Lists {
    /// Writes what a call of the last list is answered with: it names the other document of the list.
    fn write(&self, inputs: &Inputs, asked: &Asked) {
        let [.., length] = self.lengths;
        let begin = inputs.documents.len() - length;
        let index = index_of(inputs, asked).and_then(|index| index.checked_sub(begin));
        let draft = asked.nth.checked_sub(1).and_then(|at| self.drafts.get(at));
        if let (Some(index), Some(draft)) = (index, draft) {
            let (other, _) = &inputs.documents[begin + (index + 1) % length];
            draft.write(newer_answer(other, self.number + index as u64).encode_to_vec());
        }
    }
}

/// Lets calls have their answers once there is one about each of these documents: the last document's first, and a
/// refusal last, since a program may give up its other calls when it has an error.
async fn answer(stage: &Stage, inputs: &Inputs, lists: &Lists, list: Range<usize>) {
    let open = |asked: &Asked| {
        lists.write(inputs, asked);
        inputs.gates.named(&asked.nth.to_string()).open();
    };
    let mut calls;
    loop {
        calls = asked(&stage.events());
        // One about another list's document is a mistake already.
        let of_others = calls.iter().filter(|asked| !of(inputs, &list, asked));
        of_others.for_each(open);
        let about = |index| move |asked: &Asked| index_of(inputs, asked) == Some(index);
        if list.clone().all(|index| calls.iter().any(about(index))) {
            break;
        }
        stage
            .until(|events| asked(events).len() > calls.len())
            .await;
    }
    calls.retain(|asked| of(inputs, &list, asked));
    let place = |asked: &Asked| {
        let empty = asked.request.as_ref().is_some_and(|it| it.text.is_empty());
        (empty, Reverse(index_of(inputs, asked)))
    };
    calls.sort_by_key(place);
    for asked in calls {
        open(&asked);
        stage.until(|events| ended(events, asked.call)).await;
    }
}

/// Whether a call is about a document of this list.
fn of(inputs: &Inputs, list: &Range<usize>, asked: &Asked) -> bool {
    index_of(inputs, asked).is_some_and(|index| list.contains(&index))
}

fn lengths(evidence: &Evidence<'_>) -> [usize; 3] {
    let lists = evidence.run.inputs.state.get::<Lists>();
    lists.map(|lists| lists.lengths).unwrap_or_default()
}

/// What was returned in a document's place.
fn returned<'a>(evidence: &Evidence<'a>, id: &str) -> Option<&'a str> {
    let value = |line: &'a str| line.strip_prefix(id)?.strip_prefix(": ");
    evidence.reported().find_map(value)
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "connection-per-call",
        seen: |evidence| on_two_connections(evidence, &lengths(evidence)),
        usually: "Many calls at a time need no more than one connection. Usually the client is made inside the loop: connect \
                  before it, and give each task a `client.clone()`, which shares the connection.",
    },
    Diagnosis {
        name: "call-repeated",
        seen: asked_again,
        usually: "Every call is work for the server: one call for each document.",
    },
    Diagnosis {
        name: "sequential-calls",
        seen: |evidence| {
            let requests = requests(evidence);
            let open = |id: &str| {
                let mut about = requests.iter().filter(|(_, it)| it.document_id == id);
                about.next().map(|(call, _)| !call.ended())
            };
            let lists = lists(evidence, &lengths(evidence));
            let (open, list) = lists.iter().find_map(|list| {
                let calls: Vec<_> = list.iter().filter_map(|id| open(id)).collect();
                let waiting = calls.iter().all(|open| *open) && !calls.is_empty();
                (waiting && calls.len() < list.len()).then_some((calls.len(), list.len()))
            })?;
            evidence.did_not_finish().then(|| {
                format!(
                    "The server answers when a call about every document of the list is open. Of {list} documents, {open} \
                     had one, and your program made no other."
                )
            })
        },
        usually: "Usually each call is awaited before the next one begins: in the loop, or by a lock on the client that is \
                  held over the `.await`. Begin every call first, each in a task of its own with a clone of the client \
                  (`tokio::spawn`, or a `JoinSet`), and await them afterwards. Where some have begun and \
                  others not, look for a bound on the calls under way, or for a condition that leaves a document out.",
    },
    Diagnosis {
        name: "never-returned",
        seen: |evidence| {
            let calls = evidence.calls_to(CLIENT_SERVER, CLASSIFY_METHOD);
            let over = !calls.is_empty() && calls.iter().all(|call| call.ended());
            let shows = over && evidence.did_not_finish() && !evidence.panicked();
            shows.then(|| checks::all_calls_over(calls.len()))
        },
        usually: "Usually it waits for a channel whose last sender is never dropped: `recv` returns `None` only when all \
                  senders are gone, also the one that the others were cloned from.",
    },
    Diagnosis {
        name: "answers-missing",
        seen: |evidence| {
            // Of the list with a refusal, nothing is to be returned at all.
            let lists = lists(evidence, &lengths(evidence));
            let mut ids = lists.iter().step_by(2).flatten();
            let id = ids.find(|id| returned(evidence, id) == Some("nothing"))?;
            Some(format!(
                "Your function returned too few answers: there is none in the place of {id}."
            ))
        },
        usually: "A task that nobody awaits is lost: a `JoinSet` that is dropped aborts its tasks, and a program that ends \
                  does not wait for those that were spawned.",
    },
    Diagnosis {
        name: "failed-call-hidden",
        seen: failure_hidden,
        usually: "Usually the error is dropped, by `if let Ok`, `unwrap_or_default` or `flatten`. The caller gets a list that \
                  looks right, and cannot know what is missing in it: pass the error on.",
    },
    Diagnosis {
        name: "status-lost",
        seen: |evidence| {
            let (id, code) = requests(evidence).into_iter().find_map(|(call, request)| {
                let code = call.status().filter(|code| *code != Code::OK)?;
                Some((request.document_id, code))
            })?;
            let without =
                |line: &str| line.contains(&id) && line.ends_with("an error without a status");
            evidence.reported().any(without).then(|| {
                format!(
                    "The call about {id} ended with {code}, and the error that your function returned holds no status."
                )
            })
        },
        usually: "Usually the status was turned into a text, or another error was made in its place. `?` passes it on as it \
                  is, and `.into()` makes a `kit::Error` of it.",
    },
    Diagnosis {
        name: "status-remade",
        seen: |evidence| {
            let (id, code, line) = requests(evidence).into_iter().find_map(|(call, request)| {
                let code = call.status().filter(|code| *code != Code::OK)?;
                let id = request.document_id;
                let error = |line: &&str| line.contains(&id) && line.contains(": an error with");
                let line = evidence.reported().find(error)?;
                Some((id, code, line))
            })?;
            let same = line.contains(&format!(", {:?}, ", tonic::Code::from_i32(code.number())));
            let lost = if !same {
                "has another code"
            } else if line.contains(", without details, ") {
                "has no details, and on the wire it had some"
            } else if line.ends_with(", without metadata") {
                "has no metadata, and on the wire it had some"
            } else {
                return None;
            };
            Some(format!(
                "The call about {id} ended with {code}, and the status in the error that your function returned {lost}."
            ))
        },
        usually: "Usually a new status is made from the code or the message of the one that came. Pass it on as it is.",
    },
    Diagnosis {
        name: "completion-order",
        seen: |evidence| {
            // The answers of the last list name other documents by themselves.
            let lists = lists(evidence, &lengths(evidence));
            let ids = || lists.iter().take(2).flatten();
            let (id, other) = ids().find_map(|id| {
                let answer = returned(evidence, id)?.strip_prefix("the answer for ")?;
                let (about, _) = answer.split_once(',')?;
                let other = ids().find(|other| **other == about && *other != id)?;
                Some((id, other))
            })?;
            Some(format!(
                "In the place of {id}, your function returned the answer about {other}."
            ))
        },
        usually: "Usually the answers are taken in the order in which they came. The server and the network decide which call \
                  ends first. Keep the tasks' handles in order and await them in order, or keep each answer's index.",
    },
    Diagnosis {
        name: "paired-by-document-id",
        seen: |evidence| {
            // Of the last list an answer belongs to a call whatever it says: find one that was taken at its word.
            let calls = requests(evidence);
            let (id, other) = calls.into_iter().find_map(|(call, request)| {
                let answer: ClassifyResponse = message(&call, Side::Server)?;
                let (about, named) = (request.document_id, answer.document_id);
                let whole = format!(", {} ms", answer.processing_time_ms);
                let taken = returned(evidence, &named).is_some_and(|it| it.ends_with(&whole));
                (taken && named != about).then_some((named, about))
            })?;
            Some(format!(
                "In the place of {id}, your function returned an answer that names {id}, and that came on the call about \
                 {other}."
            ))
        },
        usually: "Usually the answers are put in order, or looked up, by the `document_id` in them. It is what the server says, \
                  and the call is what you know: let each task return its document's index with the answer, and go by that.",
    },
];
