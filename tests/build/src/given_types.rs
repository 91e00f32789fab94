//! Which sources give code to a type of the lesson's.
//!
//! Such an `impl` is seen by the whole program: two sources that write one do not compile side by side, and one may
//! compile only because another has it. So these are built alone.

/// The names of the types that the given files of a lesson define.
pub(crate) fn defined<'a>(files: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<_> = files.into_iter().flat_map(definitions).collect();
    names.sort();
    names.dedup();
    names
}

/// Whether a source has an `impl` that names a given type which it does not define itself.
pub(crate) fn extends(source: &str, given: &[String]) -> bool {
    let own: Vec<_> = definitions(source).collect();
    let words = words(source);
    let mut impls = words
        .iter()
        .enumerate()
        .filter(|(_, word)| **word == "impl");
    impls.any(|(index, _)| {
        let header = words[index + 1..].iter();
        let mut header = header.take_while(|word| !matches!(**word, "{" | ";"));
        header.any(|word| {
            given.iter().any(|name| name == word) && !own.iter().any(|name| name == word)
        })
    })
}

fn definitions(source: &str) -> impl Iterator<Item = String> {
    let words = words(source);
    let pairs: Vec<_> = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "struct" | "enum" | "union" | "type" | "trait"))
        .map(|pair| pair[1].to_owned())
        .collect();
    pairs.into_iter()
}

/// The words of a source, and its braces and semicolons. Words in comments and texts count too, which costs no more than
/// a build.
fn words(source: &str) -> Vec<&str> {
    let of_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut words = Vec::new();
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        let end = match of_word(character) {
            true => rest.find(|character| !of_word(character)),
            false => Some(character.len_utf8()),
        };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        if of_word(character) || matches!(word, "{" | ";") {
            words.push(word);
        }
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_impl_for_a_given_type_extends_it() {
        let given = defined(["/// A thing.\npub struct Failure {\n}\npub enum Reason { A }\n"]);
        assert_eq!(given, ["Failure", "Reason"]);
        for (source, expected) in [
            ("impl From<Status> for Failure {\n}", true),
            ("impl<T> Reason where T: Copy {}", true),
            ("fn f() -> impl Fn() -> u8 { Failure::new() }", false),
            ("struct Failure; impl Failure { }", false),
            ("struct Mine; impl Default for Mine { }", false),
            ("fn f(failure: Failure) { }", false),
        ] {
            assert_eq!(extends(source, &given), expected, "{source}");
        }
    }
}
