//! The names of lessons and exercises, which become folders, files, modules and types.

/// Words that cannot be a module: Rust's keywords, and modules that a checker has already.
const RESERVED: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "common", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "run",
];

/// Checks a name: parts in lower case that begin with a letter, with a dash between two.
///
/// # Errors
///
/// When it is not one, or a word that cannot be a module.
pub fn check_name(name: &str) -> Result<(), String> {
    let first = |part: &str| part.starts_with(|first: char| first.is_ascii_lowercase());
    let allowed = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-';
    if !name.split('-').all(first) || !name.chars().all(allowed) {
        return Err(format!(
            "{name:?} is not a name; names are in lower case with dashes, like last-call"
        ));
    }
    if RESERVED.contains(&name) {
        return Err(format!(
            "{name:?} cannot be a name: Rust or the course uses the word"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn names_are_words_with_dashes() {
        for name in ["unary", "at-once", "round-trip2"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in [
            "", "Unary", "a_b", "a--b", "-a", "a-", "2nd", "a b", "match", "common", "../a",
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
