//! The house: who may import whom, and one build graph.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::harness::root;

/// What each package may depend on, of the packages of this workspace. Whatever is not listed depends on none.
fn allowed(package: &str) -> &'static [&'static str] {
    match package {
        name if name.starts_with("lesson-") || name.starts_with("solution-") => &["kit", "proto"],
        "kit" => &["proto"],
        "stage" => &["corpus", "kit", "proto", "tap"],
        "checks" => &["compile", "proto", "stage", "tap"],
        "classifier" => &["corpus", "heavy"],
        "reference" => &["classifier", "heavy", "proto"],
        "upload-memory" => &["classifier", "proto", "reference"],
        "grader" => &["checks", "heavy"],
        "book" => &["heavy", "tap"],
        "proto-codegen" => &["heavy"],
        "xtask" => &["checks", "tap"],
        _ => &[],
    }
}

#[test]
fn nobody_imports_what_it_may_not() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .exec();
    let metadata = metadata.expect("cargo metadata runs");
    let members: BTreeSet<_> = metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            let own =
                dependency.kind == DependencyKind::Normal && members.contains(&dependency.name);
            let may = allowed(&package.name).contains(&dependency.name.as_str());
            assert!(
                !own || may,
                "{} depends on {}",
                package.name,
                dependency.name
            );
            let tract = dependency.name.starts_with("tract");
            assert!(
                !tract || *package.name == "classifier",
                "{} depends on tract",
                package.name
            );
        }
    }
}

/// The page that `start` names for an exercise is there, and has its section.
#[test]
fn every_exercise_stands_on_its_page() {
    for exercise in checks::LESSONS.iter().flat_map(|lesson| lesson.exercises) {
        let page = root().join("book/src").join(exercise.page);
        let text = std::fs::read_to_string(&page);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        let heading = format!("<h3 id=\"exercise-{}\">", exercise.id.replace('.', "-"));
        assert!(
            text.contains(&heading),
            "{} has no {heading}",
            page.display()
        );
    }
}

/// Third-party crates by name and version, each with its features, as cargo resolves them for these packages.
fn features(packages: &[&str]) -> BTreeMap<String, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root())
        .args(["tree", "--edges", "normal,build", "--prefix", "none"]);
    command.args(["--format", "{p} # {f}", "--no-dedupe"]);
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.output().expect("cargo tree runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("cargo tree prints UTF-8");
    text.lines()
        .filter(|line| !line.contains(" (/") && !line.trim().is_empty())
        .filter_map(|line| line.split_once(" # "))
        .map(|(name, features)| (name.to_owned(), features.to_owned()))
        .collect()
}

/// Building a lesson and xtask, in either order, compiles no third-party crate twice.
#[test]
fn a_lesson_and_xtask_share_every_crate() {
    let xtask = features(&["xtask"]);
    for lesson in checks::LESSONS {
        for package in [
            format!("lesson-{}", lesson.name),
            format!("solution-{}", lesson.name),
        ] {
            let own = features(&[&package]);
            assert!(
                own.len() > 50,
                "cargo tree listed only {} crates of {package}",
                own.len()
            );
            let differ: Vec<_> = own
                .iter()
                .filter(|(name, features)| xtask.get(*name).is_some_and(|other| other != *features))
                .map(|(name, features)| format!("{name}: [{features}] and [{}]", xtask[name]))
                .collect();
            assert!(
                differ.is_empty(),
                "{package} and xtask want other features of the same crate, so cargo compiles it twice:\n{}",
                differ.join("\n")
            );
        }
    }
}
