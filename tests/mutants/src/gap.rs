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

/// The name of the function or method that the gap stands for, from the line below its beginning. `None` where it is in a body.
pub(crate) fn function(source: &str) -> Option<&str> {
    let gap = &source[range(source)];
    let (_, uses) = gap.lines().next()?.split_once("// uses:")?;
    let mut parts = uses.split(';').map(str::trim);
    let function = parts.find_map(|part| {
        part.strip_prefix("async ")
            .unwrap_or(part)
            .strip_prefix("fn ")
    })?;
    function.split('(').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_functions_are_edited_in_a_gap_that_stands_for_one() {
        let given = "fn given() {\n    a?;\n}\n\n";
        let gap = "// gap\n// uses: ; fn one(a)\nfn help() {\n    b?;\n}\n\npub fn one(a: A) {\n    c?;\n}\n// end of gap\n";
        let source = format!("{given}{gap}");
        assert_eq!(function(&source), Some("one"));
        assert_eq!(
            function("fn f() {\n// gap\n// uses: A; b\na?;\n// end of gap\n}\n"),
            None
        );
        let mutants = crate::mutant::of(&source).expect("Rust");
        for (text, edited) in [
            ("a.unwrap()", false),
            ("b.unwrap()", true),
            ("c.unwrap()", true),
        ] {
            let found = mutants.iter().any(|it| it.text.contains(text));
            assert_eq!(found, edited, "{text}");
        }
    }

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
