//! The compiler's messages about one package, by source file.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

/// The file and the text of each of the compiler's messages about the program `bin`, at this level. The file is
/// relative to the workspace, and empty where a message names no file. A message about what a macro became is about the
/// call of the macro, wherever the macro is written.
pub(crate) fn diagnostics<'a>(
    bin: &'a str,
    messages: &'a [Value],
    level: &'a str,
) -> impl Iterator<Item = (String, String)> + 'a {
    messages.iter().filter_map(move |message| {
        let compiler = &message["message"];
        let ours = message["reason"] == "compiler-message"
            && compiler["level"] == level
            && message["target"]["name"] == bin;
        let text = compiler["rendered"].as_str().filter(|_| ours)?;
        let spans = compiler["spans"].as_array().map_or(&[][..], Vec::as_slice);
        let primary = spans.iter().find(|span| span["is_primary"] == true);
        let file = primary.and_then(|span| call_site(span)["file_name"].as_str());
        // The closing "aborting due to 2 previous errors" names no file and adds nothing.
        if file.is_none() && text.contains("aborting due to") {
            return None;
        }
        Some((normalized(file.unwrap_or_default()), text.to_owned()))
    })
}

/// The place in the package's own files that a place inside macros comes from.
fn call_site(span: &Value) -> &Value {
    let mut span = span;
    while !span["expansion"]["span"].is_null() {
        span = &span["expansion"]["span"];
    }
    span
}

/// Whether a message is about a lint that is an error only because the compiler's flags say so.
pub(crate) fn raised_lint(message: &Value) -> bool {
    let compiler = &message["message"];
    let text = compiler["rendered"].as_str().unwrap_or_default();
    // "`-D unused-variables` implied by `-D warnings`", or "requested on the command line with `-F unused-variables`".
    let flag = ["`-D ", "`-F "].iter().any(|flag| {
        [" implied by ", "requested on the command line with "]
            .iter()
            .any(|by| text.contains(&format!("{by}{flag}")))
    });
    compiler["level"] == "error" && flag
}

/// A path without `..`: a solution's file is found through its list, as
/// `solutions/02-unary/src/../1-classify/solution.rs`.
pub(crate) fn normalized(file: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir if path.file_name().is_some() => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_flag_makes_a_raised_lint() {
        let error =
            |text: &str| raised_lint(&json!({ "message": { "level": "error", "rendered": text } }));
        assert!(error(
            "= note: `-D unused-variables` implied by `-D warnings`"
        ));
        assert!(error(
            "= note: requested on the command line with `-F unused-variables`"
        ));
        assert!(!error(
            "= note: `#[deny(overflowing_literals)]` on by default"
        ));
        assert!(!error("mismatched types"));
    }

    #[test]
    fn messages_are_found_by_program_level_and_file() {
        let message = |bin: &str, level: &str, file: &str, text: &str| {
            json!({
                "reason": "compiler-message",
                "target": { "name": bin },
                "message": {
                    "level": level,
                    "rendered": text,
                    "spans": [
                        { "is_primary": false, "file_name": "other.rs" },
                        { "is_primary": true, "file_name": file },
                    ],
                },
            })
        };
        let placeless = json!({
            "reason": "compiler-message",
            "target": { "name": "lesson" },
            "message": { "level": "error", "rendered": "aborting due to 1 previous error", "spans": [] },
        });
        let messages = [
            message("lesson", "error", "a/src/../b/x.rs", "one"),
            message("other", "error", "x.rs", "two"),
            message("lesson", "warning", "x.rs", "three"),
            placeless,
        ];
        let found = |level| diagnostics("lesson", &messages, level).collect::<Vec<_>>();
        assert_eq!(found("error"), [("a/b/x.rs".into(), "one".into())]);
        assert_eq!(found("warning"), [("x.rs".into(), "three".into())]);
    }
    #[test]
    fn a_message_about_what_a_macro_became_is_about_its_call() {
        let call = json!({ "is_primary": true, "file_name": "lessons/a.rs", "expansion": null });
        let inner = json!({ "is_primary": true, "file_name": "tests/kit/src/gap.rs", "expansion": { "span": call } });
        let spans = json!([{
            "is_primary": true, "file_name": "/rust/library/core/src/macros.rs", "expansion": { "span": inner },
        }]);
        let messages = [json!({
            "reason": "compiler-message",
            "target": { "name": "lesson" },
            "message": { "level": "error", "rendered": "moved", "spans": spans },
        })];
        let found: Vec<_> = diagnostics("lesson", &messages, "error").collect();
        assert_eq!(found, [("lessons/a.rs".into(), "moved".into())]);
    }
}
