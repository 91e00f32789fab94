//! The projects of the page "Your own project" are no members of the workspace, and so nothing but this keeps them in
//! step with it: the versions, and what the two have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::harness::root;

const PROJECTS: [&str; 2] = ["project/start", "project/finish"];

/// Each is a workspace of its own, with the requirements that the course has for the same crates, and their versions.
#[test]
fn projects_have_the_versions_of_the_course() {
    let course = versions(&root().join("Cargo.lock"));
    let required = required(&metadata(&root()));
    for project in PROJECTS {
        let folder = root().join(project);
        let metadata = metadata(&folder);
        assert_eq!(metadata.workspace_root, folder, "{project} is a member");
        let locked = versions(&folder.join("Cargo.lock"));
        let mut shared = 0;
        for (name, requirements) in self::required(&metadata) {
            let Some(of_course) = required.get(&name) else {
                continue;
            };
            shared += 1;
            assert_eq!(&requirements, of_course, "{name} in {project}/Cargo.toml");
            let newer: Vec<_> = locked[&name].difference(&course[&name]).collect();
            assert!(newer.is_empty(), "{project} has {name} {newer:?}");
        }
        assert!(
            shared > 4,
            "{project} shares {shared} crates with the course"
        );
    }
}

fn metadata(folder: &Path) -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(folder.join("Cargo.toml")).no_deps();
    command.exec().expect("cargo metadata runs")
}

/// What the packages of a workspace require of each crate.
fn required(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let mut required = BTreeMap::<String, BTreeSet<String>>::new();
    let packages = metadata.packages.iter();
    for dependency in packages.flat_map(|package| &package.dependencies) {
        let requirement = dependency.req.to_string();
        required
            .entry(dependency.name.clone())
            .or_default()
            .insert(requirement);
    }
    required
}

/// The versions of each crate in a lock file.
fn versions(lock: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let lock = fs::read_to_string(lock).expect("a lock file");
    let mut versions = BTreeMap::<String, BTreeSet<String>>::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key));
            line.expect("each package has it")
                .trim_matches('"')
                .to_owned()
        };
        let version = value("version = ");
        versions
            .entry(value("name = "))
            .or_default()
            .insert(version);
    }
    versions
}

/// The page shows a contract once and says that both projects have it.
#[test]
fn projects_have_the_same_contracts() {
    let [start, finish] = PROJECTS.map(|project| root().join(project));
    for file in [
        "proto/document/v1/document.proto",
        "proto/words/v1/words.proto",
        "common-words.txt",
    ] {
        let [first, second] = [&start, &finish].map(|folder| fs::read_to_string(folder.join(file)));
        assert_eq!(first.expect(file), second.expect(file), "{file}");
    }
}

/// The page lists them in a sentence.
#[test]
fn the_page_names_the_common_words() {
    let page = fs::read_to_string(root().join("book/src/your-own-project.md")).expect("the page");
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let list = fs::read_to_string(root().join("project/start/common-words.txt"));
    let list = list.expect("the list");
    let words: Vec<_> = list.lines().map(|word| format!("`{word}`")).collect();
    let sentence = words.join(", ");
    assert!(page.contains(&sentence), "the page does not say {sentence}");
}
