//! Text into lines of a width, without losing a letter of it.

/// After these a long word may go on in another line.
const BREAKS: [char; 8] = ['.', ',', '/', '-', '_', ':', '@', ' '];

/// `text` in lines of at most `width` characters. It breaks after a space where it can, else within a word after a sign,
/// else before a slash or a capital letter in it, else anywhere. A width below 1 is taken for 1.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut rest: Vec<char> = text.trim().chars().collect();
    while rest.len() > width {
        // A space at the end of the line does not count.
        let fits = &rest[..=width];
        let space = fits.iter().rposition(|c| *c == ' ').map(|place| place + 1);
        let sign = rest[..width]
            .iter()
            .rposition(|c| BREAKS.contains(c))
            .map(|place| place + 1);
        let capital = rest[..=width]
            .windows(2)
            .rposition(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
            .map(|place| place + 1);
        let slash = (rest[width] == '/').then_some(width);
        let end = space.or(sign).or(slash).or(capital).unwrap_or(width);
        let tail = rest.split_off(end);
        lines.push(rest.iter().collect::<String>().trim_end().to_owned());
        rest = tail;
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.into_iter().collect());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_every_letter_and_the_width() {
        for (text, width, expected) in [
            ("half-close", 12, vec!["half-close"]),
            (
                "x-correlation-id: edge-1177",
                20,
                vec!["x-correlation-id:", "edge-1177"],
            ),
            (
                "within what is left of the caller's",
                12,
                vec!["within what", "is left of", "the caller's"],
            ),
            (
                "\"classification.v1.DocumentClassifier\"",
                20,
                vec!["\"classification.v1.", "DocumentClassifier\""],
            ),
            ("DEADLINE_EXCEEDED", 9, vec!["DEADLINE_", "EXCEEDED"]),
            (
                "DocumentClassifier/Classify",
                18,
                vec!["DocumentClassifier", "/Classify"],
            ),
            ("ClassifyBatchRequest", 18, vec!["ClassifyBatch", "Request"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("", 3, vec![""]),
        ] {
            let lines = wrap(text, width);
            assert_eq!(lines, expected);
            assert!(lines.iter().all(|line| line.chars().count() <= width));
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
