//! Manifests and lock files of workspaces in which a lesson is built from other files than those in `lessons/`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use catalogue::Lesson;

/// The course's manifest with other members, so that versions, features, lints and profiles are the same.
pub(crate) fn with_members(manifest: &str, members: &[String]) -> String {
    let list = |key: &str| {
        let members = members.iter().map(|member| format!("    \"{member}\",\n"));
        format!("{key} = [\n{}]\n", members.collect::<String>())
    };
    let mut out = String::new();
    let mut inside = false;
    for line in manifest.lines() {
        let key = ["members", "default-members"]
            .into_iter()
            .find(|key| line.starts_with(&format!("{key} = [")));
        if let Some(key) = key {
            out.push_str(&list(key));
            inside = !line.ends_with(']');
        } else if inside {
            inside = !line.starts_with(']');
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The lock file with the lessons under the names that they have in an overlay: cargo finds their dependencies there, and
/// need not ask the registry for them.
pub(crate) fn with_renamed(lock: &str, name: &str, lessons: &[&Lesson]) -> String {
    lessons.iter().fold(lock.to_owned(), |lock, lesson| {
        let package = lesson.lesson_package();
        let renamed = format!("\nname = \"{package}-{name}\"\n");
        lock.replace(&format!("\nname = \"{package}\"\n"), &renamed)
    })
}

/// The manifest with the full paths of those of the course's crates that a lesson depends on.
pub(crate) fn with_full_paths(manifest: &str, course: &Path) -> Result<String> {
    let mut manifest = manifest.to_owned();
    for (name, folder) in [("proto", "proto"), ("kit", "tests/kit")] {
        let full =
            std::path::absolute(course.join(folder)).with_context(|| format!("find {folder}"))?;
        let full = format!(
            "{name} = {{ path = {} }}",
            toml_string(&full.display().to_string())
        );
        let here = format!("{name} = {{ path = {folder:?} }}");
        if !manifest.contains(&here) {
            bail!("the course's Cargo.toml has no line `{here}`");
        }
        manifest = manifest.replace(&here, &full);
    }
    Ok(manifest)
}

/// A text as a basic string of TOML.
fn toml_string(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            character if character.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            character => out.push(character),
        }
    }
    out + "\""
}

/// The manifest of a package in this folder, with the full paths of its dependencies, so that it may lie elsewhere.
pub(crate) fn with_full_dependency_paths(manifest: &str, folder: &Path) -> String {
    const KEY: &str = "path = \"";
    let mut out = String::new();
    let mut dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            dependencies = line.contains("dependencies");
        }
        let found = line.split_once(KEY).filter(|_| dependencies);
        let found = found.and_then(|(before, rest)| Some((before, rest.split_once('"')?)));
        match found {
            Some((before, (path, after))) => {
                let full = toml_string(&folder.join(path).display().to_string());
                out.push_str(&format!("{before}path = {full}{after}\n"));
            }
            None => out.extend([line, "\n"]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace]\nmembers = [\n    \"a\",\n    \"b\",\n]\n# Why.\ndefault-members = [\"a\"]\n\n[workspace.dependencies]\n\
        proto = { path = \"proto\" }\nkit = { path = \"tests/kit\" }\ntonic = \"1\"\n";

    #[test]
    fn paths_are_strings_of_toml() {
        // An accent that combines, as macOS writes it, stands as it is; Rust's own quotes would escape it.
        assert_eq!(
            toml_string("/Jose\u{301}/a \"b\""),
            "\"/Jose\u{301}/a \\\"b\\\"\""
        );
        assert_eq!(toml_string("a\\b\n"), "\"a\\\\b\\u000A\"");
    }

    #[test]
    fn dependencies_of_a_package_that_is_moved_are_found() {
        let manifest = "[[bin]]\npath = \"src/main.rs\"\n[dependencies]\nkit.workspace = true\nmine = { path = \"../mine\", version = \"1\" }\n\
            [dependencies.other]\npath = \"/other\"\n";
        let moved = manifest.replace("../mine", "/course/lessons/01/../mine");
        assert_eq!(
            with_full_dependency_paths(manifest, Path::new("/course/lessons/01")),
            moved
        );
    }

    #[test]
    fn overlay_changes_only_the_members() {
        let manifest = with_members(MANIFEST, &["lessons/01".to_owned()]);
        let expected = MANIFEST
            .replace("    \"a\",\n    \"b\",\n", "    \"lessons/01\",\n")
            .replace("[\"a\"]", "[\n    \"lessons/01\",\n]");
        assert_eq!(manifest, expected);
    }

    #[test]
    fn course_crates_have_full_paths() {
        let manifest = with_full_paths(MANIFEST, Path::new("/course")).unwrap();
        assert!(
            manifest.contains("kit = { path = \"/course/tests/kit\" }"),
            "{manifest}"
        );
        let without = MANIFEST.replace("tests/kit", "kit");
        assert!(with_full_paths(&without, Path::new("/course")).is_err());
    }
}
