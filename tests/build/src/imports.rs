//! What the compiler does not know because it is not imported.
//!
//! Some compilers, 1.95 among them, suggest no import from another crate, and the standard library's `mpsc` where tokio's is
//! meant. So the imports of the course's own solution are kept, to be named where one is missing.

use std::collections::BTreeMap;

/// The names that the `use` lines of a source bring in, with their whole paths.
pub(crate) fn imports(source: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let lines: Vec<_> = source.lines().collect();
    let mut rest = lines.as_slice();
    while let [first, after @ ..] = rest {
        rest = after;
        let Some(tree) = first.strip_prefix("use ") else {
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.contains(';')
            && let [next, after @ ..] = rest
        {
            tree.push_str(next.trim());
            rest = after;
        }
        let tree = tree.split(';').next().unwrap_or_default();
        add("", tree, &mut found);
    }
    found
}

/// Adds the names of one tree, `a::{b, c as d}`, that stands behind a prefix such as `x::`.
fn add(prefix: &str, tree: &str, found: &mut BTreeMap<String, String>) {
    let tree = tree.trim();
    if let Some((before, group)) = tree.split_once('{') {
        let prefix = format!("{prefix}{before}");
        let group = group.strip_suffix('}').unwrap_or(group);
        parts(group).for_each(|part| add(&prefix, part, found));
        return;
    }
    let (path, renamed) = match tree.split_once(" as ") {
        Some((path, name)) => (path, Some(name)),
        None => (tree, None),
    };
    let path = match path {
        "self" => prefix.trim_end_matches("::").to_owned(),
        path => format!("{prefix}{path}"),
    };
    let own = path.rsplit("::").next().unwrap_or(&path);
    match (renamed, own) {
        (None, "*" | "") => None,
        (None, name) => found.insert(name.to_owned(), path.clone()),
        // A trait, which is looked for by its own name.
        (Some("_"), name) => found.insert(name.to_owned(), format!("{path} as _")),
        (Some(name), _) => found.insert(name.to_owned(), format!("{path} as {name}")),
    };
}

/// The parts of a group, between the commas that are in no group inside of it.
fn parts(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    group.split(move |character| {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    })
}

/// Those of these imports that the compiler's errors ask for: of names that it did not find, and of traits whose methods it
/// found and may not use.
pub(crate) fn missing<'a>(
    imports: &'a BTreeMap<String, String>,
    errors: &[String],
) -> Vec<&'a String> {
    let unknown = unknown_names(errors);
    let mut missing: Vec<_> = unknown
        .iter()
        .filter_map(|name| imports.get(*name))
        .collect();
    let suggested = |path: &&String| {
        let plain = path.split(" as ").next().unwrap_or(path);
        let line = format!("use {plain};");
        let is_of_trait = |error: &String| error.contains("not in scope") && error.contains(&line);
        !missing.contains(path) && errors.iter().any(is_of_trait)
    };
    let traits: Vec<_> = imports.values().filter(suggested).collect();
    missing.extend(traits);
    missing
}

/// The names that the compiler did not find, in the order of its messages, each once.
fn unknown_names(errors: &[String]) -> Vec<&str> {
    let mut names = Vec::new();
    for error in errors {
        let first = error.lines().next().unwrap_or_default();
        // "cannot find type `Status` in this scope", "cannot find module or crate `mpsc` in this scope", and as older compilers have
        // it, "failed to resolve: use of undeclared type `Status`".
        let is_unknown = first.contains("cannot find ") && first.ends_with(" in this scope")
            || first.contains("use of undeclared ")
            || first.contains("use of unresolved ");
        let name = first.split('`').nth(1).filter(|_| is_unknown);
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_whole_path() {
        let source = "//! use no::Such;\nuse a::B;\nuse c::{\n    self, D,\n    e::{F, G as H},\n    I as _,\n};\npub use j::K;\nuse l::*;\nuse m::n;\n\nfn f() {}\n";
        let found: Vec<_> = imports(source).into_iter().collect();
        let found: Vec<_> = found
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("B", "a::B"),
                ("D", "c::D"),
                ("F", "c::e::F"),
                ("H", "c::e::G as H"),
                ("I", "c::I as _"),
                ("c", "c"),
                ("n", "m::n"),
            ]
        );
    }

    #[test]
    fn names_that_are_not_found_are_read_from_the_first_lines() {
        let errors = [
            "error[E0425]: cannot find type `Status` in this scope\n  --> a.rs:1:2\n",
            "error[E0433]: failed to resolve: use of undeclared type `Status`\n",
            "error[E0433]: cannot find module or crate `mpsc` in this scope\n",
            "error[E0425]: cannot find function `f` in module `ex1`\n",
            "error[E0308]: mismatched types `u8`\n",
        ];
        assert_eq!(
            unknown_names(&errors.map(str::to_owned)),
            ["Status", "mpsc"]
        );
    }

    #[test]
    fn a_trait_is_missing_whose_method_is_used() {
        let imports = imports(
            "use tokio_stream::StreamExt as _;\nuse tokio::sync::mpsc;\nuse tonic::Status;\n",
        );
        let next = "error[E0599]: no method named `next` found for struct `ReceiverStream<T>` in the current scope\nhelp: the following \
                    traits which provide `next` are implemented but not in scope; perhaps you want to import one of them\n  |\n1 + use \
                    futures_util::stream::stream::StreamExt;\n  |\n1 + use tokio_stream::StreamExt;\n";
        let status = "error[E0425]: cannot find type `Status` in this scope\n";
        let errors = [next, status].map(str::to_owned);
        assert_eq!(
            missing(&imports, &errors),
            ["tonic::Status", "tokio_stream::StreamExt as _"]
        );
    }
}
