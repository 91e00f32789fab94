//! Text of the command line, in lines of another width than it was written in.

use screen::wrapped;

/// The least room that a text has behind its label. With less, it stands below.
const MIN_COLUMNS: usize = 20;

/// How far a text is indented that stands below its label.
const BELOW: usize = 4;

/// A text behind a label, its further lines below the first. Where there is no room for that, below the label.
pub(crate) fn behind(label: &str, text: &str, columns: usize) -> Vec<String> {
    let indent = label.chars().count();
    if columns < indent + MIN_COLUMNS {
        let below = wrapped(text, columns.saturating_sub(BELOW).max(1));
        let below = below.iter().map(|line| format!("{:BELOW$}{line}", ""));
        let label = Some(label.trim_end().to_owned()).filter(|label| !label.is_empty());
        return label.into_iter().chain(below).collect();
    }
    let lines = wrapped(text, columns - indent).into_iter().enumerate();
    lines
        .map(|(index, line)| match index {
            0 => format!("{label}{line}"),
            _ => format!("{:indent$}{line}", ""),
        })
        .collect()
}

/// Paragraphs, and rows of a name and its meaning, in lines of this width. A row is indented by two spaces, its meaning stands
/// behind two or more, and its further lines are indented deeper than the row. An empty line stays.
pub(crate) fn reflow(text: &str, columns: usize) -> Vec<String> {
    // Label and text of each paragraph.
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim();
        let is_row = indent > 0 && indent <= 2;
        match parts.last_mut() {
            Some((_, last)) if goes_on && !words.is_empty() && !is_row => {
                last.push(' ');
                last.push_str(words);
            }
            _ if is_row => {
                let (name, meaning) = words.split_once("  ").unwrap_or((words, ""));
                let meaning = meaning.trim_start();
                let label = &line[..line.len() - meaning.len()];
                parts.push((
                    if meaning.is_empty() { "  " } else { label }.to_owned(),
                    match meaning {
                        "" => name.to_owned(),
                        meaning => meaning.to_owned(),
                    },
                ));
            }
            _ => parts.push((String::new(), words.to_owned())),
        }
        goes_on = !words.is_empty();
    }
    let lines = parts.iter().flat_map(|(label, text)| match text.as_str() {
        "" => vec![String::new()],
        text => behind(label, text, columns),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "  NAME    A lesson or an\n          exercise.\n  --full  All.\n\nThe screen fits\nthe terminal.";

    #[test]
    fn rows_and_paragraphs_are_wrapped_at_words() {
        assert_eq!(
            reflow(HELP, 32),
            [
                "  NAME    A lesson or an",
                "          exercise.",
                "  --full  All.",
                "",
                "The screen fits the terminal."
            ]
        );
        assert_eq!(reflow(HELP, 60)[0], "  NAME    A lesson or an exercise.");
    }

    #[test]
    fn text_without_room_behind_its_label_stands_below() {
        assert_eq!(
            behind("protobuf.1  ", "one of several", 20),
            ["protobuf.1", "    one of several"]
        );
        assert_eq!(
            behind("protobuf.1  ", "what a message is, one of several", 36),
            [
                "protobuf.1  what a message is, one",
                "            of several"
            ]
        );
    }
}
