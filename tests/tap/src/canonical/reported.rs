//! What the program reported of its results.

use crate::rules::Order;
use crate::transcript::{Content, Line};

/// A line for each value, below a heading. Nothing where nothing was reported.
pub(super) fn lines(reported: &[String], order: Order) -> Vec<Line> {
    let mut values = reported.to_vec();
    if order == Order::Set {
        values.sort();
    }
    let heading = Content::Heading("reported".to_owned());
    let heading = (!values.is_empty()).then_some((0, heading));
    let values = values.into_iter().map(|value| (1, Content::Detail(value)));
    heading
        .into_iter()
        .chain(values)
        .map(|(depth, content)| Line {
            depth,
            compared: true,
            content,
        })
        .collect()
}
