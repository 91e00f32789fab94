//! Whose errors the compiler's are, in a program of many sources.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::diagnostics::normalized;

/// Finds the source that an error belongs to.
pub(crate) struct Blame<'a> {
    /// The list of the program's sources, relative to the workspace.
    pub(crate) list: &'a str,
    /// Which source a line of the list, from 1, is about.
    pub(crate) lines: &'a BTreeMap<u64, usize>,
    /// Which source a file, relative to the workspace, is.
    pub(crate) files: &'a BTreeMap<String, usize>,
}

/// The errors of one build.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Blamed {
    /// The texts of the errors, by source.
    pub(crate) errors: BTreeMap<usize, Vec<String>>,
    /// The sources whose errors name another source, and may not be theirs alone.
    pub(crate) shared: Vec<usize>,
    /// Errors that belong to no source.
    pub(crate) others: Vec<String>,
}

impl Blame<'_> {
    /// Sorts the errors about the program `bin` by source.
    pub(crate) fn sort(&self, bin: &str, messages: &[Value]) -> Blamed {
        let mut blamed = Blamed::default();
        for message in messages {
            let compiler = &message["message"];
            let ours = message["reason"] == "compiler-message"
                && message["target"]["name"] == bin
                && compiler["level"] == "error";
            let Some(text) = compiler["rendered"].as_str().filter(|_| ours) else {
                continue;
            };
            let (primary, others): (Vec<_>, Vec<_>) =
                spans(compiler).partition(|span| span["is_primary"] == true);
            let Some(source) = primary.iter().chain(&others).find_map(|span| self.of(span)) else {
                let summary = text.contains("aborting due to") && primary.is_empty();
                if !summary {
                    blamed.others.push(text.to_owned());
                }
                continue;
            };
            blamed
                .errors
                .entry(source)
                .or_default()
                .push(text.to_owned());
            let mut all = primary
                .iter()
                .chain(&others)
                .filter_map(|span| self.of(span));
            if all.any(|other| other != source) && !blamed.shared.contains(&source) {
                blamed.shared.push(source);
            }
        }
        blamed
    }

    /// The source that a place is in, or the macro call that led to it.
    fn of(&self, span: &Value) -> Option<usize> {
        let mut span = span;
        loop {
            let file = normalized(span["file_name"].as_str()?);
            let line = span["line_start"].as_u64();
            let of_list = || self.lines.get(&line.filter(|_| is(&file, self.list))?);
            if let Some(source) = self.files.get(&file).or_else(of_list) {
                return Some(*source);
            }
            span = &span["expansion"]["span"];
        }
    }
}

fn is(file: &str, path: &str) -> bool {
    Path::new(file) == Path::new(path)
}

/// The places that an error names, those of its notes included.
fn spans(compiler: &Value) -> impl Iterator<Item = &Value> {
    let of = |value: &'_ Value| -> usize { value.as_array().map_or(0, Vec::len) };
    let own = (0..of(&compiler["spans"])).map(|index| &compiler["spans"][index]);
    let children = (0..of(&compiler["children"])).flat_map(move |child| {
        let spans = &compiler["children"][child]["spans"];
        // A note's place is never what an error is about.
        (0..of(spans)).map(move |index| &spans[index])
    });
    own.chain(children)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(text: &str, spans: Value) -> Value {
        json!({
            "reason": "compiler-message",
            "target": { "name": "batch" },
            "message": { "level": "error", "rendered": text, "spans": spans, "children": [] },
        })
    }

    fn span(file: &str, line: u64, primary: bool) -> Value {
        json!({ "file_name": file, "line_start": line, "is_primary": primary, "expansion": null })
    }

    #[test]
    fn errors_belong_to_the_source_that_they_are_in_or_that_led_there() {
        let files = BTreeMap::from([("src/a.rs".to_owned(), 0), ("src/b.rs".to_owned(), 1)]);
        let lines = BTreeMap::from([(7, 1)]);
        let blame = Blame {
            list: "src/main.rs",
            lines: &lines,
            files: &files,
        };
        let mut in_macro = span("/rust/std.rs", 1, true);
        in_macro["expansion"] = json!({ "span": span("src/a.rs", 3, true) });
        let messages = [
            error("mismatched", json!([span("src/x/../b.rs", 2, true)])),
            error("in a macro", json!([in_macro])),
            error("signature", json!([span("src/main.rs", 7, true)])),
            error(
                "twice",
                json!([span("src/b.rs", 1, true), span("src/a.rs", 1, false)]),
            ),
            error("linking failed", json!([])),
            error("aborting due to 2 previous errors", json!([])),
        ];
        let blamed = blame.sort("batch", &messages);
        assert_eq!(blamed.errors[&0], ["in a macro"]);
        assert_eq!(blamed.errors[&1], ["mismatched", "signature", "twice"]);
        assert_eq!(blamed.shared, [1]);
        assert_eq!(blamed.others, ["linking failed"]);
        assert_eq!(blame.sort("other", &messages), Blamed::default());
    }
}
