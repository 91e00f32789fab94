//! The fields of a message as a transcript prints them, one by one.

/// A field: its name, and its value as it is printed.
pub(super) type Field<'a> = (&'a str, &'a str);

/// Splits the fields that stand on one line, `a: 1, b: { c: "x, y" }`, at the commas between them.
pub(super) fn split(fields: &str) -> Vec<Field<'_>> {
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
    parts.filter_map(field).collect()
}

/// A field that has a line of its own. `None` for a line that is no field.
pub(super) fn field(line: &str) -> Option<Field<'_>> {
    line.trim().split_once(": ")
}

/// The values of the field of this name: several where it is repeated, none where it is not set.
pub(super) fn values<'a>(fields: &[Field<'a>], name: &str) -> Vec<&'a str> {
    let named = fields.iter().filter(|(field, _)| *field == name);
    named.map(|(_, value)| *value).collect()
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
        assert_eq!(split(line), expected);
        assert_eq!(split(""), []);
    }

    #[test]
    fn repeated_field_has_several_values() {
        let fields = split("a: 1, b: 2, a: 3");
        assert_eq!(values(&fields, "a"), ["1", "3"]);
        assert!(values(&fields, "c").is_empty());
    }
}
