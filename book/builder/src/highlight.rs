//! Colours code while the book is built.
//!
//! mdBook leaves that to a script of 137 KB on every page, about half of what a page may weigh. Rust is read by
//! rustc's own lexer, and so is protobuf, whose tokens are close enough. Other languages stay plain. The classes are
//! those of highlight.js, for which mdBook's themes have colours.

use std::fmt::Write as _;

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

use crate::html::{escape, unescape};

/// A page with its code blocks coloured.
pub(crate) fn page(html: &str) -> String {
    const CODE_TAG: &str = "<code class=\"language-";
    let mut out = String::with_capacity(html.len() + html.len() / 4);
    let mut rest = html;
    while let Some(start) = rest.find(CODE_TAG) {
        let (before, block) = rest.split_at(start);
        out.push_str(before);
        let language = &block[CODE_TAG.len()..];
        let language = &language[..language
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(0)];
        let code = block.find('>').zip(block.find("</code>"));
        let Some((open, close)) = code.filter(|(open, close)| open < close) else {
            out.push_str(&block[..CODE_TAG.len()]);
            rest = &block[CODE_TAG.len()..];
            continue;
        };
        let body = &block[open + 1..close];
        out.push_str(&block[..=open]);
        match Language::of(language) {
            // Code with markup of its own has hidden lines and the like, which a lexer would not see.
            Some(language) if !body.contains('<') => {
                code_into(&unescape(body), language, &mut out);
            }
            _ => out.push_str(body),
        }
        rest = &block[close..];
    }
    out.push_str(rest);
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    Proto,
}

impl Language {
    fn of(name: &str) -> Option<Self> {
        match name {
            "rust" => Some(Self::Rust),
            "proto" | "protobuf" => Some(Self::Proto),
            _ => None,
        }
    }

    fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Rust => &RUST_KEYWORDS,
            Self::Proto => &PROTO_KEYWORDS,
        }
    }
}

fn code_into(code: &str, language: Language, out: &mut String) {
    let keywords = language.keywords();
    let tokens: Vec<_> = tokenize(code, FrontmatterAllowed::No)
        .scan(0, |at, token| {
            let start = *at;
            *at += token.len as usize;
            Some((token.kind, &code[start..*at]))
        })
        .collect();
    for (index, (kind, text)) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1).map(|(kind, _)| kind);
        let before = tokens[..index]
            .iter()
            .rev()
            .find(|(kind, _)| *kind != TokenKind::Whitespace);
        let proto = language == Language::Proto;
        let stands =
            |text: &str| !proto || is_proto_keyword(text, &tokens[..index], &tokens[index + 1..]);
        let class = match kind {
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => "comment",
            TokenKind::Lifetime { .. } => "symbol",
            TokenKind::Literal { kind, .. } => match kind {
                LiteralKind::Int { .. } | LiteralKind::Float { .. } => "number",
                _ => "string",
            },
            TokenKind::Ident if keywords.contains(text) && stands(text) => "keyword",
            TokenKind::Ident if matches!(*text, "true" | "false") => "literal",
            TokenKind::Ident if matches!(before, Some((_, "fn" | "rpc" | "mod"))) => "title",
            TokenKind::Ident if next == Some(&TokenKind::Bang) => "built_in",
            TokenKind::Ident if text.starts_with(|c: char| c.is_ascii_uppercase()) => "type",
            TokenKind::Ident if PRIMITIVE_TYPES.contains(text) => "type",
            _ => {
                out.push_str(&escape(text));
                continue;
            }
        };
        let _ = write!(out, "<span class=\"hljs-{class}\">{}</span>", escape(text));
    }
}

/// Whether a protobuf keyword stands where it is one. Elsewhere it is a name: a field may be called `message`.
fn is_proto_keyword(text: &str, before: &[(TokenKind, &str)], after: &[(TokenKind, &str)]) -> bool {
    let counts = |(kind, _): &&(TokenKind, &str)| {
        !matches!(
            kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        )
    };
    let before = before.iter().rev().find(counts).map(|(_, text)| *text);
    let after = after.iter().find(counts).map(|(_, text)| *text);
    match text {
        "stream" => before == Some("("),
        "returns" => before == Some(")"),
        "to" => before.is_some_and(|before| before.chars().all(|c| c.is_ascii_digit())),
        "syntax" => before.is_none(),
        // An enum's value stands at the beginning too, and is followed by its number.
        _ => matches!(before, None | Some("{" | "}" | ";")) && after != Some("="),
    }
}

const RUST_KEYWORDS: [&str; 39] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "type", "union", "unsafe",
    "use", "where", "while", "yield", "gen",
];

const PROTO_KEYWORDS: [&str; 17] = [
    "syntax", "package", "import", "option", "message", "enum", "service", "rpc", "returns",
    "stream", "oneof", "repeated", "optional", "map", "reserved", "to", "extend",
];

const PRIMITIVE_TYPES: [&str; 23] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "isize", "f32", "f64", "int32", "int64", "uint32", "uint64", "double", "string", "bytes",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colouring_changes_only_markup() {
        let html = "<p>fn</p><pre><code class=\"language-rust ignore\">// a &lt; b\nfn ask&lt;'a&gt;(b: &amp;'a str) \
                    -&gt; u32 { todo!('&quot;') + 0x1f }</code></pre><code class=\"language-text\">fn</code>";
        let coloured = page(html);
        assert_eq!(strip(&coloured), strip(html));
        for part in [
            "<span class=\"hljs-comment\">// a &lt; b</span>",
            "<span class=\"hljs-keyword\">fn</span> <span class=\"hljs-title\">ask</span>",
            "<span class=\"hljs-symbol\">'a</span>",
            "<span class=\"hljs-type\">u32</span>",
            "<span class=\"hljs-built_in\">todo</span>!",
            "<span class=\"hljs-number\">0x1f</span>",
            "<code class=\"language-text\">fn</code>",
            "<p>fn</p>",
        ] {
            assert!(coloured.contains(part), "{part} in {coloured}");
        }
    }

    #[test]
    fn field_named_as_a_keyword_is_a_name() {
        let html = "<code class=\"language-proto\">syntax = \"proto3\";\n// An error.\nmessage ErrorEvent {\n  reserved 2 \
                    to 4;\n  string message = 1;\n  optional Option option = 5;\n}\nenum To { package = 0; }\nservice \
                    S { rpc Ask(stream message) returns (stream A); }</code>";
        let coloured = page(html);
        let keywords: Vec<_> = coloured
            .split("<span class=\"hljs-keyword\">")
            .skip(1)
            .filter_map(|rest| rest.split_once('<'))
            .map(|(word, _)| word)
            .collect();
        assert_eq!(
            keywords,
            [
                "syntax", "message", "reserved", "to", "optional", "enum", "service", "rpc",
                "stream", "returns", "stream"
            ]
        );
    }

    fn strip(html: &str) -> String {
        let mut text = String::new();
        for part in html.split('<') {
            text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        unescape(&text)
    }
}
