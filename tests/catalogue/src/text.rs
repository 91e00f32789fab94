//! Texts: as they are read from a file, and the small kind of Markdown in which tasks, hints and notes are written, as a
//! terminal shows it.

/// A text with the line ends that the course's files have, and without a mark at its beginning: git, an archive or an editor
/// may have put in others.
pub fn plain_lines(text: &str) -> String {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
}

/// The text with its links written out, `text (address)`, and without the stars of emphasis. Paragraphs are single lines, and lines of code, which are
/// indented by four spaces, stay as they are.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut open = false;
    for line in markdown.lines() {
        let code = line.starts_with("    ");
        let begins = code || line.starts_with("- ") || line.trim().is_empty();
        if open && !begins {
            out.push(' ');
        } else if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&if code {
            line.to_owned()
        } else {
            without_marks(line.trim())
        });
        open = !code && !line.trim().is_empty();
    }
    out
}

/// `[text](address)` as `text (address)` and `**text**` as `text`, outside of code.
fn without_marks(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '[', '*']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let behind = found.trim_start_matches('*');
        if behind.len() < found.len() {
            // A star alone between spaces is a star.
            let apart = out.is_empty() || out.ends_with(' ');
            if apart && (behind.is_empty() || behind.starts_with(' ')) {
                out.push_str(&found[..found.len() - behind.len()]);
            }
            rest = behind;
            continue;
        }
        if let Some(code) = found.strip_prefix('`') {
            let end = code.find('`').map_or(found.len(), |end| end + 2);
            out.push_str(&found[..end]);
            rest = &found[end..];
            continue;
        }
        let link = found[1..]
            .split_once("](")
            .and_then(|(text, rest)| Some((text, rest.split_once(')')?)));
        match link {
            Some((text, (address, after))) => {
                out.push_str(&format!("{} ({address})", text.replace("**", "")));
                rest = after;
            }
            None => {
                out.push('[');
                rest = &found[1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_lines};

    #[test]
    fn line_ends_and_the_mark_are_made_plain() {
        let text = "\u{feff}a\r\nb\nc\rd\r\n";
        assert_eq!(plain_lines(text), "a\nb\nc\rd\n");
    }

    #[test]
    fn paragraphs_are_joined_and_code_is_kept() {
        let text = "One\nline.\n\nAnother:\n    let a = [1](2);\n    a\nEnd.";
        assert_eq!(
            plain(text),
            "One line.\n\nAnother:\n    let a = [1](2);\n    a\nEnd."
        );
        assert_eq!(plain("List:\n- one\n- two"), "List:\n- one\n- two");
    }

    #[test]
    fn links_are_written_out_but_not_in_code() {
        assert_eq!(
            plain("See [it](https://a.b) now."),
            "See it (https://a.b) now."
        );
        assert_eq!(plain("`[a](b)` and [c"), "`[a](b)` and [c");
    }

    #[test]
    fn emphasis_loses_its_stars_but_not_in_code() {
        assert_eq!(
            plain("is **idempotent**: *so* it\n**goes\non**."),
            "is idempotent: so it goes on."
        );
        assert_eq!(plain("**`a**b`** and 2 * 3"), "`a**b` and 2 * 3");
        assert_eq!(plain("* one\n    let a = **b;"), "* one\n    let a = **b;");
        assert_eq!(plain("[**it**](https://a.b)"), "it (https://a.b)");
    }
}
