//! What was stored when a run was over.

use crate::transcript::{Section, SectionName};

/// A line for each pair of key and value, in the order of the keys: a store has no other.
pub fn store(pairs: &[(String, String)]) -> Section {
    let mut pairs = pairs.to_vec();
    pairs.sort();
    let texts = pairs
        .into_iter()
        .map(|(key, value)| (format!("{key}: {value}"), true));
    Section::of_texts(SectionName::Store, texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    #[test]
    fn the_order_of_a_store_does_not_count_and_its_values_do() {
        let text = |pairs: &[(&str, &str)]| {
            let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
            let pairs: Vec<_> = pairs.iter().map(owned).collect();
            Transcript::from_iter([store(&pairs)]).to_string()
        };
        let one = text(&[("doc-2", "LETTER"), ("doc-1", "INVOICE")]);
        assert_eq!(one, text(&[("doc-1", "INVOICE"), ("doc-2", "LETTER")]));
        let expected = "  store\n    doc-1: INVOICE\n    doc-2: LETTER\n";
        assert!(one.ends_with(expected), "{one}");
        assert_ne!(one, text(&[("doc-1", "LETTER"), ("doc-2", "LETTER")]));
        assert!(!text(&[]).contains("store"));
    }
}
