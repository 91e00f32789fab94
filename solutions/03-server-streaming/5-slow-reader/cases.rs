//! The batches that the edge gets, and in which order the host answers about their documents.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use stage::Source;

use super::bound;
use crate::common::batches::Batch;
use crate::common::replies::{CODES, Reply, failure, ranking};

/// A batch, and what is done with it.
pub(super) struct Case {
    pub(super) batch: Batch,
    pub(super) course: Course,
    /// About how many documents of it the host may be asked at a time.
    pub(super) at_once: usize,
}

/// What is done with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// The host answers about the documents that it may be asked about at a time when it has been asked about all of them,
    /// the first last. Then about one, and waits to be asked about the next; and about the others, the last first.
    Windows,
    /// Its answers are long, and the caller stands still when it has two of them, until nothing happens any more.
    StandsStill,
    /// When the host has been asked about all that it may be after its first answer, it fails about the second document.
    Fails,
    /// The host fails about the last document but one, and then answers about those before it.
    FailsAhead,
    /// The caller leaves when as many calls are under way as there may be after the host's first answer.
    Leaves,
    /// Another caller comes while as many calls are under way as there may be, and its batch is answered first.
    BesideNext,
}

/// How many bytes the keyword of a long answer has at least. With it, the answer is longer than the window.
const LONG: usize = 70_000;

/// After how many answers a caller stands still.
pub(super) const TAKEN: usize = 2;

/// More documents than there are.
const DOCUMENTS: usize = 220;

/// How many batches there are more about whose second document the host fails.
const SHORT_FAILURES: usize = 8;

/// Draws what differs from seed to seed.
struct Draw {
    generator: fastrand::Rng,
    /// Ids that no document has yet.
    ids: Vec<String>,
}

/// All batches, in their order, for an edge that asks about so many documents at a time, and for one that asks about one.
pub(super) fn cases(source: &mut Source<'_>, at_once: usize) -> Result<Vec<Case>> {
    let mut draw = Draw {
        generator: source.seed.generator(41),
        ids: source.ids(DOCUMENTS)?,
    };
    let long = 2 * (TAKEN + bound(at_once));
    let mut cases = vec![
        draw.case(at_once, 2 * at_once + 1, Course::Windows),
        draw.case(at_once, 3 * at_once, Course::Fails),
        draw.case(at_once, long, Course::StandsStill),
        draw.case(at_once, 1, Course::Windows),
        draw.case(at_once, 3 * at_once, Course::Leaves),
        draw.case(at_once, at_once, Course::FailsAhead),
        draw.case(1, 3, Course::Windows),
        draw.case(1, 3, Course::Fails),
        draw.case(at_once, at_once + 2, Course::BesideNext),
        draw.case(at_once, at_once, Course::Windows),
        draw.case(1, 3, Course::Leaves),
    ];
    // A program that asks on behind a failure races with tonic, which drops the stream. So it gets many chances.
    cases.extend((0..SHORT_FAILURES).map(|_| draw.case(at_once, at_once + 2, Course::Fails)));
    cases.push(draw.case(at_once, at_once, Course::Windows));
    Ok(cases)
}

impl Draw {
    fn case(&mut self, at_once: usize, length: usize, course: Course) -> Case {
        let documents = (0..length).map(|_| {
            let labels = 3 + self.generator.usize(..3);
            let mut ranking = ranking(&mut self.generator, labels);
            if course == Course::StandsStill {
                let letter = self.generator.lowercase().to_string();
                ranking.scores.truncate(1);
                let length = LONG + self.generator.usize(..1_000);
                ranking.scores[0].keywords = vec![letter.repeat(length)];
            }
            (self.document(), Reply::Ranks(ranking))
        });
        let mut batch = Batch::new(documents.collect());
        let fails = match course {
            Course::Fails => Some(1),
            Course::FailsAhead => Some(length - 2),
            _ => None,
        };
        if let Some(place) = fails {
            let code = CODES[self.generator.usize(..CODES.len())];
            batch.replies[place] = failure(code, self.generator.u16(1_000..));
        }
        Case {
            batch,
            course,
            at_once,
        }
    }

    fn document(&mut self) -> ClassifyRequest {
        let (number, other) = (self.generator.u32(100_000..), self.generator.u16(100..));
        ClassifyRequest {
            document_id: self.ids.pop().unwrap_or_default(),
            text: format!("Note {number}: see also {other}."),
            max_results: Some(self.generator.i32(0..=5)).filter(|count| *count > 0),
            ..ClassifyRequest::default()
        }
    }
}
