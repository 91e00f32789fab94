//! How the function of an exercise begins, in the starter and in a learner's file.

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

/// Whether a file has a function that begins so. How its lines are broken does not matter, nor whether an argument is `mut`,
/// which no caller sees.
pub(crate) fn has_signature(text: &str, signature: &str) -> bool {
    let code = text.lines().map(|line| line.split("//").next());
    let code: Vec<_> = code.map(Option::unwrap_or_default).collect();
    let without_mut = |text: &str| {
        let text = text.replace("(mut ", "(");
        text.replace(", mut ", ", ")
    };
    let (code, signature) = (without_mut(&plain(&code.join(" "))), without_mut(signature));
    let mut after = code.match_indices(&signature);
    after.any(|(at, _)| {
        let rest = code[at + signature.len()..].trim_start();
        rest.starts_with('{') || rest.starts_with("where")
    })
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
