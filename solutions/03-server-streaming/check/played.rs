//! What an edge made of its batches, and the mistakes that show in any of them.

use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use proto::model::v1::{RankRequest, RankResponse};
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, EventKind, Side};

use super::batches::Batch;
use super::{BATCH_METHOD, RANK_METHOD};
use checks::{Evidence, message};

/// One batch, and what the edge made of it.
pub(crate) struct Played<'a> {
    /// Which batch it is, from 0.
    pub(crate) index: usize,
    pub(crate) batch: &'a Batch,
    pub(crate) call: Call<'a>,
    /// What the host was asked after the batch came and before the next one did.
    pub(crate) asked: Vec<Asked<'a>>,
    /// What went back. A default where it does not decode.
    pub(crate) answers: Vec<ClassifyBatchResponse>,
}

/// A call to the host.
pub(crate) struct Asked<'a> {
    /// The place of its document in the batch, from 0. `None` where no document of the batch has this text.
    pub(crate) place: Option<usize>,
    pub(crate) call: Call<'a>,
}

/// What the edge made of these batches, which were sent in this order.
pub(crate) fn played<'a>(
    evidence: &Evidence<'a>,
    batches: impl IntoIterator<Item = &'a Batch>,
) -> Vec<Played<'a>> {
    let calls = evidence.calls_to(CLIENT_EDGE, BATCH_METHOD);
    let ranks = evidence.calls_to(EDGE_HOST, RANK_METHOD);
    let ends = calls.iter().skip(1).map(|call| call.seq).chain([u64::MAX]);
    let mut all = Vec::new();
    for ((index, batch), (call, end)) in batches.into_iter().enumerate().zip(calls.iter().zip(ends))
    {
        let meanwhile = ranks
            .iter()
            .filter(|rank| (call.seq..end).contains(&rank.seq));
        let mut seen = vec![false; batch.replies.len()];
        let asked = meanwhile.map(|rank| {
            let request: Option<RankRequest> = message(rank, Side::Client);
            let place = batch.place(request.as_ref().map(|request| request.text.as_str()), &seen);
            if let Some(place) = place {
                seen[place] = true;
            }
            Asked {
                place,
                call: rank.clone(),
            }
        });
        let asked = asked.collect();
        let answers = call.messages(Side::Server);
        let answers = answers.map(|bytes| ClassifyBatchResponse::decode(bytes.clone()));
        all.push(Played {
            index,
            batch,
            call: call.clone(),
            asked,
            answers: answers.map(Result::unwrap_or_default).collect(),
        });
    }
    all
}

impl Asked<'_> {
    /// When the host's part was over, as a position in the record.
    fn ended_at(&self) -> Option<u64> {
        let end = self.call.events.iter().find(|event| event.kind.ends_call());
        end.map(|event| event.seq)
    }
}

impl<'a> Played<'a> {
    /// How a sentence refers to the document in this place: by its id, if no other has that.
    pub(crate) fn name(&self, place: usize) -> String {
        let documents = &self.batch.request.requests;
        let id = documents
            .get(place)
            .map_or("", |document| &document.document_id);
        let same = documents
            .iter()
            .filter(|document| document.document_id == id);
        match same.count() {
            1 if !id.is_empty() => id.to_owned(),
            _ => format!("document {} of the batch", place + 1),
        }
    }

    /// Where the calls to the host are about the documents of the batch one after the other, up to the last one that is
    /// due: nothing. Otherwise the first document that was asked about too early, and the one that was left out before it.
    fn disorder(&self) -> Option<(usize, usize)> {
        let mut due = 0;
        for place in self.asked.iter().filter_map(|asked| asked.place) {
            if place > due {
                return Some((place, due));
            }
            due = due.max(place + 1);
        }
        None
    }

    /// The first two documents whose calls to the host were open at a time: the earlier one, and the later one.
    fn overlap(&self) -> Option<(usize, usize)> {
        self.asked.iter().enumerate().find_map(|(index, later)| {
            let mut before = self.asked[..index].iter();
            let open =
                |earlier: &&Asked<'_>| earlier.ended_at().is_none_or(|end| end > later.call.seq);
            Some((before.find(open)?.place?, later.place?))
        })
    }

    /// The places of the documents about which the host's part is over, in the order in which that came.
    pub(crate) fn replied(&self) -> Vec<usize> {
        let mut replied: Vec<_> = self
            .asked
            .iter()
            .filter_map(|asked| Some((asked.ended_at()?, asked.place?)))
            .collect();
        replied.sort_unstable();
        replied.into_iter().map(|(_, place)| place).collect()
    }

    /// The first call to the host about the document in this place.
    pub(crate) fn host(&self, place: usize) -> Option<&Call<'a>> {
        let mut asked = self.asked.iter();
        let asked = asked.find(|asked| asked.place == Some(place))?;
        Some(&asked.call)
    }

    /// Whether the host was asked about the first so many documents and nothing else, one after the other.
    pub(crate) fn asked_one_by_one(&self, count: usize) -> bool {
        let places = self.asked.iter().map(|asked| asked.place);
        places.eq((0..count).map(Some)) && self.overlap().is_none()
    }

    /// Whether the answers say the right thing of their places.
    pub(crate) fn numbered(&self) -> bool {
        self.wrong_number().is_none() && self.wrong_last().is_none()
    }

    fn wrong_number(&self) -> Option<(usize, i32)> {
        let mut answers = self.answers.iter().enumerate();
        let wrong = |(place, answer): &(usize, &ClassifyBatchResponse)| {
            usize::try_from(answer.sequence_number) != Ok(*place)
        };
        let (place, answer) = answers.find(wrong)?;
        Some((place, answer.sequence_number))
    }

    fn wrong_last(&self) -> Option<usize> {
        let count = self.batch.replies.len();
        let mut answers = self.answers.iter().enumerate().take(count);
        answers
            .find(|(place, answer)| answer.is_last != (place + 1 == count))
            .map(|(place, _)| place)
    }

    /// The number of documents, in words.
    pub(crate) fn length(&self) -> String {
        match self.batch.replies.len() {
            1 => "1 document".to_owned(),
            count => format!("{count} documents"),
        }
    }
}

/// The name of the code that a call to the host failed with, as whoever called has it: an answer that cannot be read and a
/// reset are INTERNAL. `None` where it did not fail, or is open.
pub(crate) fn failure(call: &Call<'_>) -> Option<String> {
    let mut events = call.events.iter();
    let is_reset = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Cancelled {
                by: Side::Server,
                ..
            }
        )
    };
    let reset = events.any(|event| is_reset(&event.kind));
    let code = match call.status() {
        None if reset => Code::INTERNAL,
        Some(Code::OK) if message::<RankResponse>(call, Side::Server).is_none() => Code::INTERNAL,
        Some(code) if code != Code::OK => code,
        _ => return None,
    };
    Some(code.to_string())
}

/// Two documents were asked about at a time.
pub(crate) fn asked_ahead(played: &Played<'_>) -> Option<String> {
    let (earlier, later) = played.overlap()?;
    (earlier != later).then(|| {
        format!(
            "The host was asked about {} while its answer about {} was still to come.",
            played.name(later),
            played.name(earlier)
        )
    })
}

/// The host was asked about one document more than once.
pub(crate) fn asked_again(played: &Played<'_>) -> Option<String> {
    let mut places: Vec<_> = played
        .asked
        .iter()
        .filter_map(|asked| asked.place)
        .collect();
    places.sort_unstable();
    let again = places.windows(2).find(|pair| pair[0] == pair[1])?;
    let times = places.iter().filter(|place| **place == again[0]).count();
    let name = played.name(again[0]);
    Some(match times {
        2 => format!("The host was asked about {name} twice."),
        times => format!("The host was asked about {name} {times} times."),
    })
}

/// A document was asked about before one that stands before it.
pub(crate) fn out_of_order(played: &Played<'_>) -> Option<String> {
    let (early, due) = played.disorder()?;
    Some(format!(
        "The host was asked about {} when it had not been asked about {}, which stands before it in the batch.",
        played.name(early),
        played.name(due)
    ))
}

/// The edge had what it needs for an answer, sent nothing, and asked the host on.
pub(crate) fn withheld(evidence: &Evidence<'_>, played: &Played<'_>) -> Option<String> {
    let stuck = evidence.did_not_finish() && !played.call.ended();
    let replied = played.replied();
    let place = *replied.get(played.answers.len()).filter(|_| stuck)?;
    let next = played
        .asked
        .iter()
        .find(|asked| asked.ended_at().is_none())?;
    let has = match played.host(place).and_then(failure) {
        Some(_) => "failed",
        None => "answered",
    };
    Some(format!(
        "The host {has} about {}, and was asked about {} next. Nothing about {} has gone back.",
        played.name(place),
        played.name(next.place?),
        played.name(place)
    ))
}

/// `sequence_number` is not the place.
pub(crate) fn misnumbered(played: &Played<'_>) -> Option<String> {
    let (place, number) = played.wrong_number()?;
    Some(format!(
        "Answer {} of a batch of {} has the `sequence_number` {number}: {place} is due.",
        place + 1,
        played.length()
    ))
}

/// `is_last` is missing on the last answer, or is on another.
pub(crate) fn last_misplaced(played: &Played<'_>) -> Option<String> {
    let place = played.wrong_last()?;
    let number = place + 1;
    Some(match played.answers[place].is_last {
        true => format!(
            "Answer {number} of a batch of {} has `is_last`.",
            played.length()
        ),
        false => format!(
            "Answer {number} of a batch of {} has no `is_last`.",
            played.length()
        ),
    })
}

/// There are more answers than documents.
pub(crate) fn too_many(played: &Played<'_>) -> Option<String> {
    let came = played.answers.len();
    (came > played.batch.replies.len())
        .then(|| format!("A batch of {} got {came} answers.", played.length()))
}

/// All answers went back, and the call has not ended.
pub(crate) fn not_ended(evidence: &Evidence<'_>, played: &Played<'_>) -> Option<String> {
    let due = played.batch.replies.len();
    let open = evidence.did_not_finish() && !played.call.ended();
    (open && due > 0 && played.answers.len() == due).then(|| {
        format!(
            "All answers about a batch of {} have gone back, and the call has not ended.",
            played.length()
        )
    })
}

/// The beginning of a panic's message, which may have a whole status in it.
pub(crate) fn panic<'a>(evidence: &Evidence<'a>) -> Option<String> {
    const SHOWN_CHARACTERS: usize = 80;
    let message = evidence.panic()?;
    let mut characters = message.chars();
    let beginning: String = characters.by_ref().take(SHOWN_CHARACTERS).collect();
    Some(match characters.next() {
        Some(_) => format!("{beginning}..."),
        None => format!("{beginning}."),
    })
}

/// The call ended with OK, and there are fewer answers than documents.
pub(crate) fn cut_off(played: &Played<'_>) -> Option<String> {
    let (due, came) = (played.batch.replies.len(), played.answers.len());
    let ok = played.call.status() == Some(Code::OK);
    (ok && came < due).then(|| {
        let answers = match came {
            1 => "1 answer".to_owned(),
            came => format!("{came} answers"),
        };
        format!(
            "A batch of {} was answered with {answers} and OK.",
            played.length()
        )
    })
}
