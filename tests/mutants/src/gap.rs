//! Where the gap of a solution is: only what a learner writes is edited.

use std::ops::Range;

/// The bytes between the lines that begin and end the gap. Empty where there is none.
pub(crate) fn range(source: &str) -> Range<usize> {
    let mut offset = 0;
    let mut begin = None;
    for line in source.split_inclusive('\n') {
        match (line.trim(), begin) {
            ("// gap", None) => begin = Some(offset + line.len()),
            ("// end of gap", Some(begin)) => return begin..offset,
            _ => {}
        }
        offset += line.len();
    }
    0..0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gap_is_between_its_marks() {
        let source = "fn f() {\n    // gap\n    a();\n    // end of gap\n}\n";
        assert_eq!(&source[range(source)], "    a();\n");
        assert_eq!(range("fn f() {}"), 0..0);
    }

    #[test]
    fn imports_are_not_in_the_gap() {
        let gap = "fn f() {\n    // gap\n    a?;\n    // end of gap\n}\n";
        let imports = "// imports\nuse tonic::Code::Ok;\nuse tonic::Status;\n// end of imports\n\n";
        let source = format!("{imports}{gap}");
        assert_eq!(&source[range(&source)], "    a?;\n");
        let mutants = crate::mutant::of(&source).expect("Rust");
        assert!(!mutants.is_empty());
        assert!(mutants.iter().all(|it| it.text.starts_with(imports)));
    }
}
