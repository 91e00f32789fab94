//! What an edge made of batches whose callers may leave, and the mistakes that show in any of them. Texts say which batch a
//! call to the host belongs to, also where it comes late.

use checks::{Evidence, message};
use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use proto::model::v1::RankRequest;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, EventKind, Side};

use super::batches::Batch;
use super::statuses;
use super::{BATCH_METHOD, RANK_METHOD};

/// A batch's call, and the calls to the host about its documents.
pub(crate) struct Heard<'a> {
    pub(crate) batch: &'a Batch,
    pub(crate) call: Call<'a>,
    pub(crate) asked: Vec<AskedCall<'a>>,
}

/// A call to the host about one of a batch's documents.
pub(crate) struct AskedCall<'a> {
    pub(crate) call: Call<'a>,
    /// The document's place in the batch, from 0.
    pub(crate) place: usize,
    /// The document's id.
    pub(crate) id: &'a str,
}

/// What the edge made of these batches, which were sent in this order.
pub(crate) fn heard<'a>(
    evidence: &Evidence<'a>,
    batches: impl IntoIterator<Item = &'a Batch>,
) -> Vec<Heard<'a>> {
    let calls = evidence.calls_to(CLIENT_EDGE, BATCH_METHOD);
    let mut heard: Vec<_> = calls
        .into_iter()
        .zip(batches)
        .map(|(call, batch)| Heard {
            batch,
            call,
            asked: Vec::new(),
        })
        .collect();
    for call in evidence.calls_to(EDGE_HOST, RANK_METHOD) {
        let Some(request) = message::<RankRequest>(&call, Side::Client) else {
            continue;
        };
        let found = heard.iter_mut().find_map(|heard| {
            let batch = heard.batch;
            let mut documents = batch.request.requests.iter();
            let place = documents.position(|document| document.text == request.text)?;
            Some((heard, place))
        });
        if let Some((heard, place)) = found {
            let id = &heard.batch.request.requests[place].document_id;
            heard.asked.push(AskedCall { call, place, id });
        }
    }
    heard
}

impl Heard<'_> {
    /// How many documents it has.
    pub(crate) fn documents(&self) -> usize {
        self.batch.replies.len()
    }

    /// The id of the document in this place.
    pub(crate) fn id(&self, place: usize) -> &str {
        &self.batch.request.requests[place].document_id
    }

    /// How many answers have gone back.
    pub(crate) fn answers(&self) -> usize {
        self.call.messages(Side::Server).count()
    }

    /// Where the caller left, in the record.
    pub(crate) fn left(&self) -> Option<u64> {
        let mut events = self.call.events.iter();
        let left = events.find(|event| is_given_up(&event.kind))?;
        Some(left.seq)
    }

    /// The call about a document of which the host failed, and with which code.
    pub(crate) fn failed(&self) -> Option<(&AskedCall<'_>, Code)> {
        self.asked.iter().find_map(|asked| {
            let code = asked.call.status().filter(|code| *code != Code::OK)?;
            Some((asked, code))
        })
    }
}

fn is_given_up(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Cancelled {
            by: Side::Client,
            ..
        }
    )
}

/// Where a call ended in the record.
pub(crate) fn end(call: &Call<'_>) -> Option<u64> {
    let mut events = call.events.iter();
    let end = events.find(|event| event.kind.ends_call())?;
    Some(end.seq)
}

/// `2 answers`.
fn answers(count: usize) -> String {
    match count {
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    }
}

/// The host was asked about a document while it was at work on another one of the batch.
pub(crate) fn asked_ahead(heard: &Heard<'_>) -> Option<String> {
    let over = end(&heard.call).unwrap_or(u64::MAX);
    let in_time = heard.asked.iter().filter(|asked| asked.call.seq < over);
    in_time.enumerate().find_map(|(index, later)| {
        let mut before = heard.asked[..index].iter();
        let open = |asked: &&AskedCall<'_>| {
            end(&asked.call).is_none_or(|end| end > later.call.seq)
        };
        let earlier = before.find(open).filter(|it| it.place != later.place)?;
        Some(format!(
            "The host was asked about {} while its answer about {}, which is in the same batch, was still to come.",
            later.id, earlier.id
        ))
    })
}

/// The host was asked about a document, and not about one that stands before it.
pub(crate) fn out_of_order(heard: &Heard<'_>) -> Option<String> {
    heard.asked.iter().enumerate().find_map(|(index, asked)| {
        let mut before = 0..asked.place;
        let asked_before = |place| heard.asked[..index].iter().any(|it| it.place == place);
        let missing = before.find(|place| !asked_before(*place))?;
        Some(format!(
            "The host was asked about {}, and not before that about {}, which stands before it in the batch.",
            asked.id,
            heard.id(missing)
        ))
    })
}

/// The host was asked about a document when its caller had left.
pub(crate) fn asked_on(heard: &Heard<'_>) -> Option<String> {
    let left = heard.left()?;
    let asked = heard.asked.iter().find(|asked| asked.call.seq > left)?;
    Some(format!(
        "A caller left when it had {} of {}. The host was asked about {} of its batch after that.",
        heard.answers(),
        answers(heard.documents()),
        asked.id
    ))
}

/// A call to the host that was under way when the caller left, or when the host failed, was not given up.
pub(crate) fn not_given_up(evidence: &Evidence<'_>, heard: &Heard<'_>) -> Option<String> {
    let over = end(&heard.call)?;
    let failed = heard.failed().and_then(|(failed, _)| end(&failed.call));
    let known = heard.left().or(failed)?;
    let left_open = heard.asked.iter().filter(|asked| {
        let given_up = asked.call.events.iter();
        let given_up = given_up.map(|event| &event.kind).any(is_given_up);
        let under_way = asked.call.seq < known && end(&asked.call).is_none_or(|end| end > over);
        under_way && !given_up
    });
    // By the place of the document: which of several calls comes first may be left to chance.
    let asked = left_open.min_by_key(|asked| asked.place)?;
    let shows = asked.call.ended() || evidence.did_not_finish();
    let why = match heard.left() {
        Some(_) => format!("A caller left when it had {}.", answers(heard.answers())),
        None => "A batch was over, since the host had failed.".to_owned(),
    };
    shows.then(|| {
        format!(
            "{why} The call to the host about {}, which was under way then, was not given up.",
            asked.id
        )
    })
}

/// The host has answered, nothing has gone back, and it was asked on.
pub(crate) fn collected(evidence: &Evidence<'_>, heard: &Heard<'_>) -> Option<String> {
    let stuck = evidence.did_not_finish() && !heard.call.ended() && heard.answers() == 0;
    let first = heard.asked.iter().filter(|_| stuck);
    let first = first.clone().find(|asked| asked.place == 0)?;
    let answered_at = end(&first.call).filter(|_| first.call.status() == Some(Code::OK))?;
    let mut later = heard.asked.iter();
    let next = later.find(|asked| asked.call.seq > answered_at)?;
    Some(format!(
        "The host has answered about {}, the first of its batch, and nothing went back. Then the host was asked about {}.",
        first.id, next.id
    ))
}

/// The host failed, and the call ended with OK.
pub(crate) fn failure_hidden(heard: &Heard<'_>) -> Option<String> {
    let (failed, code) = heard.failed()?;
    (heard.call.status() == Some(Code::OK)).then(|| {
        format!(
            "The host failed with {code} about {}, and the call with its batch ended with OK.",
            failed.id
        )
    })
}

/// The host was asked about a document that comes behind one of which it had failed.
pub(crate) fn asked_after_failure(heard: &Heard<'_>) -> Option<String> {
    let (failed, _) = heard.failed()?;
    let at = end(&failed.call)?;
    let next = heard.asked.iter().find(|asked| asked.call.seq > at)?;
    Some(format!(
        "The host failed about {}, and was asked about {} of the same batch after that.",
        failed.id, next.id
    ))
}

/// The call with a batch ended with another status than that of the host.
pub(crate) fn status_changed(heard: &Heard<'_>) -> Option<String> {
    let (failed, _) = heard.failed()?;
    statuses::changed(&heard.call, &failed.call, failed.id)
}

/// What to look at where a failure is an item.
pub(crate) const FAILURE_AS_ITEM: &str = "In server-streaming.2 a failure is an answer of its own, and the batch goes on. In \
                                          this exercise it ends the call: put the host's status into the stream, as an `Err`.";

/// The host failed, and an answer says so.
pub(crate) fn failure_as_item(heard: &Heard<'_>) -> Option<String> {
    let (failed, code) = heard.failed()?;
    let answers = heard.call.messages(Side::Server);
    let mut answers = answers.filter_map(|it| ClassifyBatchResponse::decode(it.clone()).ok());
    let place = answers.position(|answer| answer.error.is_some())?;
    Some(format!(
        "The host failed with {code} about {}, and answer {} of its batch has an `error`.",
        failed.id,
        place + 1
    ))
}

/// What to look at where a stream does not end.
pub(crate) const NOT_ENDED: &str = "A stream that is made of a channel ends when all its senders are dropped: look for a clone \
                                    of the sender that is kept, or for a task that does not end. In a `select!`, `else` runs \
                                    only when no other branch can: one that waits for `closed()` always can.";

/// Nothing is to come of a batch, and its call has not ended.
pub(crate) fn not_ended(evidence: &Evidence<'_>, heard: &Heard<'_>) -> Option<String> {
    let open = evidence.did_not_finish() && !heard.call.ended();
    let answers = heard.answers();
    if !open || answers == 0 && heard.failed().is_none() {
        return None;
    }
    if answers == heard.documents() {
        return Some(format!(
            "All {answers} answers about the batch that begins with {} have gone back, and the call has not ended.",
            heard.id(0)
        ));
    }
    let (failed, _) = heard
        .failed()
        .filter(|(failed, _)| failed.place == answers)?;
    Some(format!(
        "The host failed about {}, and the answers about the documents before it have gone back. The call has not ended.",
        failed.id
    ))
}

/// What to look at where a caller waits for another.
pub(crate) const WAITS_FOR_OTHER: &str = "Usually a lock or a permit is held over an `.await`, or one task or one channel serves \
                                          all calls. Each call has a stream of its own; of the host, each takes a clone.";

/// A batch of which no document was asked about while another caller's was under way.
pub(crate) fn waits_for_other(evidence: &Evidence<'_>, heard: &[Heard<'_>]) -> Option<String> {
    let waits = |batch: &&Heard<'_>| !batch.call.ended() && batch.asked.is_empty();
    let waiting = heard.iter().find(waits)?;
    let other = heard.iter().find(|other| {
        !other.call.ended() && other.call.seq < waiting.call.seq && !other.asked.is_empty()
    })?;
    evidence.did_not_finish().then(|| {
        format!(
            "Two callers are there. The host was asked about {} of the first, and about nothing of the second, whose batch \
             begins with {}.",
            other.asked[0].id,
            waiting.id(0)
        )
    })
}

/// What to look at where a call is not given up.
pub(crate) const NOT_GIVEN_UP: &str = "Usually the task waits for the host alone, and sees that the caller is gone when it sends \
                                       the next answer, or never where the result of `send` is dropped: wait for \
                                       `answers.closed()` at the same time. Or the call is in a task of its own, and one whose \
                                       `JoinHandle` is dropped goes on: a `JoinSet` aborts its tasks when it is dropped, and a \
                                       future that is dropped gives its call up.";
