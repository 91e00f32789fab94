//! The batches that the edge gets, and what their callers and the host do.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use stage::Source;
use tap::Code;

use crate::common::batches::Batch;
use crate::common::replies::{CODES, Reply, failure, ranking};

/// A batch, and what its caller does.
pub(super) struct Case {
    pub(super) batch: Batch,
    pub(super) caller: Caller,
}

/// What a caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// It reads to the end.
    Stays,
    /// It reads to the end, and the next one comes and leaves meanwhile.
    StaysBesideNext,
    /// It leaves when it has so many answers, and the host was asked about the document behind them.
    LeavesAfter(usize),
    /// It leaves when it has all answers, and has not read the status.
    LeavesBeforeStatus,
}

/// More documents than there are.
const DOCUMENTS: usize = 80;

/// How many batches there are more about whose first document the host fails.
const SHORT_FAILURES: usize = 6;

/// Draws what differs from seed to seed.
struct Draw {
    generator: fastrand::Rng,
    /// Ids that no document has yet.
    ids: Vec<String>,
    /// Codes with which the host has not failed yet.
    codes: Vec<Code>,
}

/// All batches, in their order. A batch with a caller who stays comes behind each whose caller leaves.
pub(super) fn cases(source: &mut Source<'_>) -> Result<Vec<Case>> {
    let mut generator = source.seed.generator(40);
    let mut codes = CODES.to_vec();
    generator.shuffle(&mut codes);
    let mut draw = Draw {
        generator,
        ids: source.ids(DOCUMENTS)?,
        codes,
    };
    let mut cases = vec![
        draw.case(3, 2, Caller::Stays),
        draw.case(3, 2, Caller::LeavesAfter(0)),
        draw.failing(3, 1),
        draw.case(5, 2, Caller::LeavesAfter(2)),
        draw.case(2, 2, Caller::Stays),
        draw.case(2, 1, Caller::LeavesAfter(1)),
        draw.failing(3, 0),
        draw.case(2, 2, Caller::LeavesBeforeStatus),
        draw.case(3, 2, Caller::StaysBesideNext),
        draw.case(4, 2, Caller::LeavesAfter(1)),
    ];
    // A program that asks on behind a failure races with tonic, which drops the stream. So it gets many chances.
    cases.extend((0..SHORT_FAILURES).map(|_| draw.failing(3, 0)));
    cases.push(draw.case(1, 1, Caller::Stays));
    Ok(cases)
}

impl Draw {
    /// A batch of `least` documents or more, of which there are so many numbers.
    fn case(&mut self, least: usize, numbers: usize, caller: Caller) -> Case {
        let length = least + self.generator.usize(..numbers);
        let documents = (0..length).map(|_| {
            let labels = 3 + self.generator.usize(..3);
            let reply = Reply::Ranks(ranking(&mut self.generator, labels));
            (self.document(), reply)
        });
        Case {
            batch: Batch::new(documents.collect()),
            caller,
        }
    }

    /// A batch about one document of which the host fails, and of which others come behind it.
    fn failing(&mut self, least: usize, failed: usize) -> Case {
        let mut case = self.case(least, 2, Caller::Stays);
        let code = self.codes.pop().unwrap_or(Code::UNAVAILABLE);
        case.batch.replies[failed] = failure(code, self.generator.u16(1_000..));
        case
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
