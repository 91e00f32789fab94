//! How the function of an exercise begins, in the starter or the solution, and in a learner's file.

/// How the function begins that a gap of this indentation is in: all before its body, on one line.
pub(crate) fn signature(before: &str, indent: &str) -> String {
    let lines: Vec<_> = before.lines().collect();
    let is_outside = |line: &str| line.len() - line.trim_start().len() < indent.len();
    let begins = |line: &str| {
        is_outside(line) && line.contains("fn ") && !line.trim_start().starts_with("//")
    };
    let first = lines
        .iter()
        .rposition(|line| begins(line))
        .unwrap_or(lines.len());
    let mut text = String::new();
    for line in &lines[first..] {
        let end = line.trim_end().ends_with('{');
        text += line.trim().trim_end_matches('{');
        if end {
            break;
        }
        text.push(' ');
    }
    plain(&text).trim_end_matches(" where").to_owned()
}

/// How the function of this name begins in a source: all before its body, on one line.
pub(crate) fn of_function(source: &str, name: &str) -> Option<String> {
    let code = plain(&without_comments(source));
    let function = format!("fn {name}");
    let mut places = code.match_indices(&function);
    let (at, _) = places.find(|(at, _)| {
        let behind = code[at + function.len()..].trim_start();
        behind.starts_with(['(', '<'])
    })?;
    // `pub async` and the like stand behind whatever comes before the function.
    let begin = code[..at]
        .rfind(['}', ';', '{', ']'])
        .map_or(0, |it| it + 1);
    let mut depth = 0;
    let end = code[at..].find(|character| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth == 0 && matches!(character, '{' | ';')
    });
    let end = end.map_or(code.len(), |end| at + end);
    let text = code[begin..end].trim();
    Some(text.trim_end_matches(" where").to_owned())
}

/// Whether two functions begin alike for whoever calls them: the names of their arguments do not count.
pub(crate) fn is_called_alike(one: &str, other: &str) -> bool {
    let shape = |signature: &str| {
        let spaced: String = signature
            .replace("::", "\u{0}")
            .chars()
            .flat_map(|character| match character {
                '\u{0}' => vec![':', ':'],
                '_' => vec!['_'],
                character if character.is_alphanumeric() => vec![character],
                character => vec![' ', character, ' '],
            })
            .collect();
        let words: Vec<_> = spaced.split_whitespace().map(str::to_owned).collect();
        let is_name = |index: usize| words.get(index + 1).is_some_and(|next| next == ":");
        let kept = words.iter().enumerate().filter(|(index, word)| {
            !is_name(*index) && !matches!(word.as_str(), "mut" | ":") || {
                let before = index.checked_sub(1).map(|before| words[before].as_str());
                *word == "mut" && before == Some("&")
            }
        });
        kept.map(|(_, word)| word.clone())
            .collect::<Vec<_>>()
            .join(" ")
            .replace(", )", ")")
    };
    shape(one) == shape(other)
}

/// Whether a file has a function that begins so. How its lines are broken does not matter, nor whether an argument is `mut`,
/// which no caller sees.
pub(crate) fn has_signature(text: &str, signature: &str) -> bool {
    let without_mut = |text: &str| {
        let text = text.replace("(mut ", "(");
        text.replace(", mut ", ", ")
    };
    let (code, signature) = (
        without_mut(&plain(&without_comments(text))),
        without_mut(signature),
    );
    let mut after = code.match_indices(&signature);
    after.any(|(at, _)| {
        let rest = code[at + signature.len()..].trim_start();
        rest.starts_with('{') || rest.starts_with("where")
    })
}

/// The lines of a source as one, without comments.
fn without_comments(source: &str) -> String {
    let code = source.lines().map(|line| line.split("//").next());
    let code: Vec<_> = code.map(Option::unwrap_or_default).collect();
    code.join(" ")
}

/// Code on one line, with one space where there is space, and none inside of brackets.
fn plain(code: &str) -> String {
    let words: Vec<_> = code.split_whitespace().collect();
    let text = words.join(" ");
    text.replace("( ", "(").replace(", )", ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_all_of_a_function_before_its_body() {
        let one = "/// fn in a comment\npub fn one(a: u8) -> u8 {\n";
        assert_eq!(signature(one, "    "), "pub fn one(a: u8) -> u8");
        let many = "fn other() {\n}\n\npub async fn many(\n    a: u8,\n    b: u8,\n) -> Result<u8, Error> {\n    let c = 1;\n";
        assert_eq!(
            signature(many, "    "),
            "pub async fn many(a: u8, b: u8) -> Result<u8, Error>"
        );
        let method = "impl A {\n    async fn classify(&self) -> u8 {\n";
        assert_eq!(
            signature(method, "        "),
            "async fn classify(&self) -> u8"
        );
    }

    #[test]
    fn a_function_is_found_by_its_name() {
        let source = "use a::B;\n\n/// Not pub fn upload(.\n#[b]\npub async fn upload(\n    client: Client, // fn upload(\n    parts: [u8; 4],\n) -> Result<u8, B>\nwhere\n{\n}\nfn one() -> u8 { uploads(1) }\nfn uploaded() {}\n";
        assert_eq!(
            of_function(source, "upload").as_deref(),
            Some("pub async fn upload(client: Client, parts: [u8; 4]) -> Result<u8, B>")
        );
        assert_eq!(
            of_function(source, "one").as_deref(),
            Some("fn one() -> u8")
        );
        assert_eq!(of_function(source, "load"), None);
    }

    #[test]
    fn names_of_arguments_are_nothing_to_a_caller() {
        let wanted = "pub async fn upload(client: Client, file: &mut a::File) -> Result<u8, B>";
        for (other, alike) in [
            (
                "pub async fn upload(mut c:Client, f: &mut a::File,) -> Result<u8,B>",
                true,
            ),
            (
                "pub async fn upload(_: Client, _f: &mut a::File) -> Result<u8, B>",
                true,
            ),
            (
                "pub async fn upload(c: Client, f: &a::File) -> Result<u8, B>",
                false,
            ),
            (
                "async fn upload(c: Client, f: &mut a::File) -> Result<u8, B>",
                false,
            ),
            (
                "pub fn upload(c: Client, f: &mut a::File) -> Result<u8, B>",
                false,
            ),
            (
                "pub async fn upload(f: &mut a::File, c: Client) -> Result<u8, B>",
                false,
            ),
            (
                "pub async fn upload(c: Client, f: &mut a::File) -> Result<u8, C>",
                false,
            ),
            ("pub async fn upload(c: Client, f: &mut a::File)", false),
        ] {
            assert_eq!(is_called_alike(other, wanted), alike, "{other}");
        }
    }

    #[test]
    fn a_file_has_a_signature_however_its_lines_are_broken() {
        let signature = "pub fn b(a: u8, c: &mut Peer) -> Result<u8, Error>";
        let has = |text: &str| has_signature(text, signature);
        assert!(has("pub fn b(a: u8, c: &mut Peer) -> Result<u8, Error> {"));
        assert!(has(
            "pub fn b(\n    mut a: u8, // mine\n    c: &mut Peer,\n) -> Result<u8, Error> {"
        ));
        assert!(!has(
            "pub fn b(a: u8, c: &mut Peer) -> Result<u8, Error<u8>> {"
        ));
        assert!(!has("pub fn b(a: u8, c: &Peer) -> Result<u8, Error> {"));
        assert!(!has(
            "// pub fn b(a: u8, c: &mut Peer) -> Result<u8, Error> {"
        ));
        assert!(!has(
            "pub fn b(a: u8, c: &mut Peer) -> Result<u8, Error>, u8 {"
        ));
    }
}
