//! Results: what varies between machines and slots is taken out of them here, and texts without a bound are cut.

use std::path::Path;

/// The longest text that goes into a result, in characters. What a submission prints has no bound.
const MAX_TEXT_CHARS: usize = 4000;

/// A text of the compiler's, without this machine's paths. `slot` is the overlay's folder, and `name` its name, which
/// is part of the names of its crates.
pub(crate) fn compiler(text: &str, slot: &Path, course: &Path, name: &str) -> String {
    let mut out = String::new();
    for line in text.trim_end().lines() {
        // The compiler writes a long type to a file with a hash in its name, and says so in two lines.
        if line.contains("type name has been written to")
            || line.contains("name for the type has been written to")
            || line.contains("`--verbose` to print the full type")
        {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    for path in [slot, course] {
        out = out.replace(&format!("{}/", path.display()), "");
    }
    for (variable, folder, shown) in [
        ("CARGO_HOME", ".cargo", "$CARGO_HOME"),
        ("RUSTUP_HOME", ".rustup", "$RUSTUP_HOME"),
    ] {
        let home = std::env::var(variable).ok();
        let home = home.or_else(|| Some(format!("{}/{folder}", std::env::var("HOME").ok()?)));
        if let Some(home) = home.filter(|home| home.len() > 1) {
            out = out.replace(&home, shown);
        }
    }
    // Crates are named after the slot, with a hyphen or an underscore.
    for name in [format!("-{name}"), format!("_{}", name.replace('-', "_"))] {
        out = out.replace(&name, "");
    }
    clip(out.trim_end())
}

/// The beginning of a text, and how long the rest is.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT_CHARS) {
        None => text.to_owned(),
        Some((at, _)) => format!("{} ... ({} bytes more)", &text[..at], text.len() - at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiler_errors_name_nothing_of_this_machine() {
        let text = "error: no\n --> /c/target/overlays/grade-2/lessons/a.rs:1\n --> /c/tests/kit/src/lib.rs:2\n \
                    note: lesson_unary_grade_2::x\n note: the full name for the type has been written to '/c/x-7.txt'\n";
        let out = compiler(
            text,
            Path::new("/c/target/overlays/grade-2"),
            Path::new("/c"),
            "grade-2",
        );
        assert_eq!(
            out,
            "error: no\n --> lessons/a.rs:1\n --> tests/kit/src/lib.rs:2\n note: lesson_unary::x"
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let out = clip(&"é".repeat(MAX_TEXT_CHARS + 5));
        assert!(out.ends_with("é ... (10 bytes more)"), "{out}");
        assert_eq!(clip("short"), "short");
    }
}
