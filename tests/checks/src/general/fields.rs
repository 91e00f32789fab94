//! The fields of a message as a transcript prints them, one by one.

/// A field: its name, and its value as it is printed.
pub(crate) type Field<'a> = (&'a str, &'a str);

/// The values of the field of this name: several where it is repeated, none where it is not set.
pub(crate) fn values<'a>(fields: &[Field<'a>], name: &str) -> Vec<&'a str> {
    let named = fields.iter().filter(|(field, _)| *field == name);
    named.map(|(_, value)| *value).collect()
}

#[cfg(test)]
mod tests {
    use tap::split_fields;

    use super::*;

    #[test]
    fn repeated_field_has_several_values() {
        let fields = split_fields("a: 1, b: 2, a: 3");
        assert_eq!(values(&fields, "a"), ["1", "3"]);
        assert!(values(&fields, "c").is_empty());
    }
}
