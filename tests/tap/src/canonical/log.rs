//! What a program wrote to its log.

use crate::rules::Order;
use crate::transcript::{Section, SectionName};

/// One record of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// `INFO`, `WARN` and so on.
    pub level: String,
    /// What it says. How to word it is up to the program, so it is only shown.
    pub message: String,
    /// The fields that are compared, by name.
    pub fields: Vec<(String, String)>,
}

/// Two lines for each record: its level with its fields, in the order of their names, and below it what it says.
pub fn log(records: &[LogRecord], order: Order) -> Section {
    let mut records: Vec<_> = records
        .iter()
        .map(|record| {
            let mut fields: Vec<_> = record
                .fields
                .iter()
                .map(|(name, value)| format!(" {name}={value}"))
                .collect();
            fields.sort();
            (
                format!("{}{}", record.level, fields.concat()),
                &record.message,
            )
        })
        .collect();
    if order == Order::Set {
        records.sort();
    }
    let texts = records.into_iter().flat_map(|(text, message)| {
        let message = (!message.is_empty()).then(|| (format!("message: {message}"), false));
        std::iter::once((text, true)).chain(message)
    });
    Section::of_texts(SectionName::Log, texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::transcript::Transcript;

    fn record(level: &str, message: &str, fields: &[(&str, &str)]) -> LogRecord {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        LogRecord {
            level: level.to_owned(),
            message: message.to_owned(),
            fields: fields.iter().map(owned).collect(),
        }
    }

    fn transcript(records: &[LogRecord], order: Order) -> Transcript {
        Transcript::from_iter([log(records, order)])
    }

    #[test]
    fn level_and_fields_count_and_words_do_not() {
        let one = [record("WARN", "it failed", &[("b", "2"), ("a", "1")])];
        let other = [record("WARN", "no luck", &[("a", "1"), ("b", "2")])];
        let (one, other) = (
            transcript(&one, Order::Exact),
            transcript(&other, Order::Exact),
        );
        assert_eq!(compare(&one, &other), None);
        let expected = "  log\n    WARN a=1 b=2\n~   message: it failed\n";
        assert!(one.to_string().ends_with(expected), "{one}");
        for changed in [
            record("INFO", "", &[("a", "1"), ("b", "2")]),
            record("WARN", "", &[]),
        ] {
            assert!(compare(&one, &transcript(&[changed], Order::Exact)).is_some());
        }
    }

    #[test]
    fn the_order_of_records_counts_where_the_rules_say_so() {
        let (one, other) = (record("INFO", "", &[]), record("WARN", "", &[]));
        let both = |order| {
            let there = transcript(&[one.clone(), other.clone()], order);
            let back = transcript(&[other.clone(), one.clone()], order);
            compare(&there, &back).is_none()
        };
        assert!(both(Order::Set) && !both(Order::Exact));
    }
}
