//! The batches that the edge gets, one after the other, and what the host does about each document.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use stage::Source;

use crate::common::batches::Batch;
use crate::common::replies::{Reply, failures, ranking};

/// More documents than there are.
const DOCUMENTS: usize = 128;

/// Batches in which the host fails: how many documents they have, and about which it fails, from 0. With some left, about
/// the first, about the last, and about the only one.
const FAILING: [(usize, usize); 4] = [(4, 2), (3, 0), (3, 2), (1, 0)];

/// One call of a client.
pub(super) struct Case {
    pub(super) batch: Batch,
    pub(super) shows: Shows,
}

/// What a call shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// That it is answered.
    Answers,
    /// That it is refused, since it has this.
    Refused(String),
    /// What becomes of it when the host fails about the document in this place.
    Failure(usize),
}

/// Draws what differs from seed to seed.
struct Draw {
    generator: fastrand::Rng,
    /// Ids that no document has yet.
    ids: Vec<String>,
}

/// All calls. The reference server answers the first.
pub(super) async fn cases(source: &mut Source<'_>, max_documents: usize) -> Result<Vec<Case>> {
    let documents = source.documents(3).await?;
    let mut draw = Draw {
        generator: source.seed.generator(61),
        ids: source.ids(DOCUMENTS)?,
    };
    let mut limits = [Some(1), None, Some(5)];
    draw.generator.shuffle(&mut limits);
    let whole = documents.into_iter().zip(limits);
    let whole = whole.map(|((document_id, text), max_results)| ClassifyRequest {
        document_id,
        text,
        max_results,
        ..Default::default()
    });
    let whole: Vec<_> = whole.collect();
    let mut cases = vec![Case {
        batch: Batch::new(
            whole
                .iter()
                .cloned()
                .map(|it| (it, Reply::Reference))
                .collect(),
        ),
        shows: Shows::Answers,
    }];
    let longest = draw.longest(max_documents);
    cases.push(draw.answered(longest));
    let only = draw.requests(1);
    cases.push(draw.answered(only));
    for (count, what) in [
        (0, "no document".to_owned()),
        (
            max_documents + 1,
            format!("{} documents", max_documents + 1),
        ),
        (
            2 * max_documents,
            format!("{} documents", 2 * max_documents),
        ),
    ] {
        let requests = draw.requests(count);
        cases.push(Case {
            // Who asks about them all the same gets answers.
            shows: Shows::Refused(what),
            ..draw.answered(requests)
        });
    }
    cases.extend(draw.failures());
    // The host is back, and the texts are such as were answered before: nothing is to be kept.
    let mut again = draw.requests(2);
    for (request, before) in again.iter_mut().zip(whole) {
        request.text = before.text;
    }
    cases.push(draw.answered(again));
    Ok(cases)
}

impl Draw {
    /// Requests for new documents.
    fn requests(&mut self, count: usize) -> Vec<ClassifyRequest> {
        let request = |_| {
            let (number, other) = (self.generator.u16(100..), self.generator.u16(100..));
            ClassifyRequest {
                document_id: self.ids.pop().unwrap_or_default(),
                text: format!("Note {number}: see also {other}."),
                max_results: Some(self.generator.i32(0..=5)).filter(|count| *count > 0),
                ..Default::default()
            }
        };
        (0..count).map(request).collect()
    }

    /// As many documents as are allowed, four or more, in which nothing tells a document from all others but its place.
    fn longest(&mut self, count: usize) -> Vec<ClassifyRequest> {
        let mut requests = self.requests(count);
        requests[0].document_id = format!("Année {} \"№ 7\"", self.generator.u8(..));
        requests[1].document_id = String::new();
        requests[2].text = requests[0].text.clone();
        requests[3].document_id = requests[2].document_id.clone();
        // What to say of it is for the host.
        requests[3].text = String::new();
        requests
    }

    /// A call in which the host answers about each document, and about each in another way.
    fn answered(&mut self, requests: Vec<ClassifyRequest>) -> Case {
        let documents = requests.into_iter().map(|request| {
            // Fewer scores than there are results in an answer, and just as many.
            let labels = self.generator.usize(2..=3);
            let ranking = ranking(&mut self.generator, labels);
            (request, Reply::Ranks(ranking))
        });
        Case {
            batch: Batch::new(documents.collect()),
            shows: Shows::Answers,
        }
    }

    /// Calls in which the host fails, in every way that there is and in each place, in an order that is drawn.
    fn failures(&mut self) -> Vec<Case> {
        let failures = failures(&mut self.generator);
        let shapes = FAILING.into_iter().cycle();
        let case = |(failure, (count, place))| {
            let requests = self.requests(count);
            let mut case = self.answered(requests);
            case.batch.replies[place] = failure;
            case.shows = Shows::Failure(place);
            case
        };
        failures.into_iter().zip(shapes).map(case).collect()
    }
}
