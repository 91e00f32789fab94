//! The batches that the edge gets, one after the other, and what the host does about each document.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use stage::Source;

use crate::common::batches::Batch;
use crate::common::replies::{Reply, failures, ranking};

/// More documents than there are.
const DOCUMENTS: usize = 128;

/// Batches, by the documents about which the host fails: one in the middle, the first, the last, the only one, all, some
/// of which stand beside each other. They have half as many failures as there are ways to fail.
const FAILING: [&[bool]; 6] = [
    &[false, true, false],
    &[true, false],
    &[false, true],
    &[true],
    &[true, true, true],
    &[false, true, true, false],
];

/// Draws what differs from seed to seed.
struct Draw {
    generator: fastrand::Rng,
    /// Ids that no document has yet.
    ids: Vec<String>,
}

/// All batches. The reference server answers about the first, and fails about the document in its middle.
pub(super) async fn batches(source: &mut Source<'_>) -> Result<Vec<Batch>> {
    let documents = source.documents(2).await?;
    let mut draw = Draw {
        generator: source.seed.generator(62),
        ids: source.ids(DOCUMENTS)?,
    };
    let mut limits = [Some(1), None, Some(2)];
    draw.generator.shuffle(&mut limits);
    let mut first = draw.requests(3);
    for (request, max_results) in first.iter_mut().zip(limits) {
        request.max_results = max_results;
    }
    for (request, (id, text)) in first.iter_mut().step_by(2).zip(documents) {
        (request.document_id, request.text) = (id, text);
    }
    first[1].text.clear();
    let first = first.into_iter().map(|request| (request, Reply::Reference));
    let mut batches = vec![Batch::new(first.collect())];
    let mut failures = failures(&mut draw.generator).into_iter();
    for failing in FAILING.iter().chain(&FAILING) {
        let mut requests = draw.requests(failing.len());
        if let [_, one, _, other] = requests.as_mut_slice() {
            // Nothing tells them apart but their places, and the host fails about the first of them only.
            (other.document_id, other.text) = (one.document_id.clone(), one.text.clone());
        }
        if let [_, _, last] = requests.as_mut_slice() {
            last.document_id.clear();
        }
        let documents = requests.into_iter().zip(*failing);
        let documents = documents.map(|(request, fails)| {
            let failure = if *fails { failures.next() } else { None };
            (request, failure.unwrap_or_else(|| draw.answer()))
        });
        batches.push(Batch::new(documents.collect()));
    }
    // The host is back.
    let again = draw.requests(2);
    let again = again.into_iter().map(|request| (request, draw.answer()));
    batches.push(Batch::new(again.collect()));
    Ok(batches)
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

    /// An answer of the host's that no other is.
    fn answer(&mut self) -> Reply {
        let labels = self.generator.usize(2..=3);
        Reply::Ranks(ranking(&mut self.generator, labels))
    }
}
