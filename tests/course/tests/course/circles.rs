//! No file of a crate imports a file that imports it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::root;

/// The crates that must not have such files.
const CRATE_FOLDERS: [&str; 11] = [
    "tests/build/src",
    "tests/catalogue/src",
    "tests/checks/src",
    "tests/grader/src",
    "tests/kit/src",
    "tests/mutants/src",
    "tests/report/src",
    "tests/screen/src",
    "tests/stage/src",
    "tests/tap/src",
    "xtask/src",
];

/// Longer circles count as well. What counts as an import is `use crate::`, `use super::`, and what a module says of one of its
/// own modules; tests may import more.
#[test]
fn no_file_imports_one_that_imports_it() {
    let mut circles = Vec::new();
    for folder in CRATE_FOLDERS {
        let imports = imports(&root().join(folder));
        let count = imports.values().flatten().count();
        assert!(count > 3, "only {count} imports were found in {folder}");
        for module in imports.keys() {
            if reached(&imports, module).contains(module) {
                circles.push(format!("{folder}: {module}"));
            }
        }
    }
    let list = circles.join("\n  ");
    assert!(circles.is_empty(), "files in circles:\n  {list}");
}

/// Each module of a crate, as `a::b`, with those that it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// All modules that one imports, and those that these import, and so on.
fn reached<'a>(imports: &'a Imports, module: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<_> = imports.get(module).into_iter().flatten().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(imports.get(module).into_iter().flatten());
        }
    }
    reached
}

fn imports(folder: &Path) -> Imports {
    let files = files(folder);
    let names: BTreeSet<_> = files.iter().map(|path| module(folder, path)).collect();
    let mut imports = Imports::new();
    for path in files {
        let name = module(folder, &path);
        // The root of a crate only names its modules.
        if matches!(name.as_str(), "lib" | "main") || name.starts_with("bin::") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut of_file = BTreeSet::new();
        let parent = name.rsplit_once("::").map_or("", |(parent, _)| parent);
        for (start, within) in [("use crate::", ""), ("use super::", parent)] {
            for part in code.split(start).skip(1) {
                let import = part.split(';').next().unwrap_or_default();
                for path in paths(&import.replace('\n', " ")) {
                    let path = [within, &path].join("::");
                    of_file.extend(longest_prefix(&names, path.trim_start_matches(':')));
                }
            }
        }
        of_file.extend(children(&names, &name, code));
        of_file.remove(&name);
        imports.insert(name, of_file);
    }
    imports
}

/// The modules that a module declares and uses, as `child::thing`, in an import or in code.
fn children(names: &BTreeSet<String>, name: &str, code: &str) -> Vec<String> {
    let declared = code.lines().filter_map(|line| {
        let line = line
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let used = declared.filter(|child| code.contains(&format!("{child}::")));
    let modules = used.map(|child| format!("{name}::{child}"));
    modules.filter(|module| names.contains(module)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it is listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

fn module(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).expect("below the folder");
    let path = path.with_extension("");
    let parts = path.iter().map(|part| part.to_string_lossy());
    let parts: Vec<_> = parts.filter(|part| *part != "mod").collect();
    parts.join("::")
}

/// The module that a path leads into: `a::b` for `a::b::Thing`.
fn longest_prefix(names: &BTreeSet<String>, path: &str) -> Option<String> {
    let parts: Vec<_> = path.split("::").collect();
    let mut prefixes = (1..=parts.len())
        .rev()
        .map(|count| parts[..count].join("::"));
    prefixes.find(|prefix| names.contains(prefix))
}

/// The paths of an import, its braces multiplied out: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(import: &str) -> Vec<String> {
    let Some((before, inside)) = import.split_once('{') else {
        return vec![import.trim().to_owned()];
    };
    let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for character in inside.chars() {
        if character == ',' && depth == 0 {
            parts.push(String::new());
            continue;
        }
        depth += i32::from(character == '{') - i32::from(character == '}');
        parts.last_mut().expect("never empty").push(character);
    }
    let parts = parts.iter().map(|part| part.trim());
    parts
        .filter(|part| !part.is_empty())
        .flat_map(paths)
        .map(|path| format!("{}{path}", before.trim()))
        .collect()
}

#[test]
fn imports_are_read_with_their_braces() {
    assert_eq!(paths("a::b"), ["a::b"]);
    assert_eq!(paths("{a, b::{C, d::e}}"), ["a", "b::C", "b::d::e"]);
    let names = BTreeSet::from(["a".to_owned(), "a::b".to_owned()]);
    assert_eq!(longest_prefix(&names, "a::b::C").as_deref(), Some("a::b"));
    assert_eq!(longest_prefix(&names, "c::D"), None);
}

#[test]
fn circles_of_any_length_are_found() {
    let module = |name: &str, imports: &[&str]| {
        let imports = imports.iter().map(|import| (*import).to_owned());
        (name.to_owned(), imports.collect::<BTreeSet<_>>())
    };
    let imports = Imports::from([
        module("a", &["b"]),
        module("b", &["c"]),
        module("c", &["a"]),
        module("d", &["a"]),
    ]);
    let in_circle = |name: &str| reached(&imports, name).contains(&name.to_owned());
    assert!(["a", "b", "c"].into_iter().all(in_circle));
    assert!(!in_circle("d"));
}
