//! English words that hold a sentence together. They say how a text is built, not what it is about.

/// Articles, prepositions, conjunctions and auxiliaries. All of them are one word to the network: with a corpus of a
/// few hundred wordings it would otherwise learn which wording happened to say `until`.
pub(super) fn is_function_word(key: &str) -> bool {
    FUNCTION_WORDS.binary_search(&key).is_ok()
}

/// Words for persons. The network reads each, since letters are full of them, but they are never shown as keywords.
pub(super) fn is_pronoun(key: &str) -> bool {
    PRONOUNS.binary_search(&key).is_ok()
}

const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at",
    "be", "because", "been", "before", "being", "both", "but", "by", "did", "do", "does", "doing",
    "done", "down", "during", "each", "every", "few", "for", "from", "had", "has", "have",
    "having", "here", "how", "if", "in", "into", "is", "it", "its", "itself", "just", "least",
    "less", "many", "more", "most", "much", "no", "nor", "not", "nothing", "now", "of", "off",
    "on", "once", "one", "only", "onto", "or", "other", "others", "out", "over", "own", "per", "s",
    "same", "since", "so", "some", "such", "t", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "though", "through", "to", "too", "two", "under",
    "until", "up", "upon", "very", "was", "were", "what", "when", "where", "which", "while", "who",
    "whom", "whose", "why", "with", "within", "without", "yet",
];

const PRONOUNS: &[&str] = &[
    "he", "her", "him", "his", "i", "i'll", "i'm", "i've", "me", "mine", "my", "myself", "our",
    "ours", "she", "us", "we", "we'll", "we're", "we've", "you", "you'd", "you'll", "you're",
    "you've", "your", "yours", "yourself",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted() && PRONOUNS.is_sorted());
    }
}
