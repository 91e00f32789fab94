//! The fields of a message as they are printed, one by one.

/// Splits the fields that stand on one line, `a: 1, b: { c: "x, y" }`, at the commas between them: each with its name,
/// and its value as it is printed.
pub fn split_fields(fields: &str) -> Vec<(&str, &str)> {
    let (mut nesting, mut quoted, mut escaped) = (0_usize, false, false);
    let between = move |character: char| {
        if quoted {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            quoted = !ends;
            return false;
        }
        match character {
            '"' => quoted = true,
            '{' | '[' => nesting += 1,
            '}' | ']' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        character == ',' && nesting == 0
    };
    let parts = fields.split(between);
    parts.filter_map(split_field).collect()
}

/// The name and the value of a field that has a line of its own. `None` for a line that is not a field.
pub fn split_field(line: &str) -> Option<(&str, &str)> {
    line.trim().split_once(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_texts_lists_and_messages_do_not_split() {
        let line = r#"text: "a, \"b\", {", results: { type: X, keywords: ["c", "d"] }, max: 1"#;
        let expected = [
            ("text", r#""a, \"b\", {""#),
            ("results", r#"{ type: X, keywords: ["c", "d"] }"#),
            ("max", "1"),
        ];
        assert_eq!(split_fields(line), expected);
        assert_eq!(split_fields(""), []);
    }
}
