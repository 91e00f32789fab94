//! What the program reported of its results.

use crate::rules::Order;
use crate::transcript::{Section, SectionName};

/// A line for each value.
pub fn reported(values: &[String], order: Order) -> Section {
    let mut values = values.to_vec();
    if order == Order::Set {
        values.sort();
    }
    let texts = values.into_iter().map(|value| (value, true));
    Section::of_texts(SectionName::Reported, texts)
}
