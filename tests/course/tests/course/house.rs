//! The house: which package may depend on which, and one build graph.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::harness::{catalogue, root};

/// Which packages of this workspace a package may depend on. A package that is not listed depends on none.
fn allowed(package: &str) -> &'static [&'static str] {
    match package {
        name if name.starts_with("lesson-") || name.starts_with("solution-") => &["kit", "proto"],
        // A checker may also depend on third-party crates that its lesson is about.
        name if name.starts_with("check-") => &["checks", "proto", "stage", "tap"],
        "build" => &["catalogue"],
        "kit" => &["proto"],
        "stage" => &["corpus", "kit", "proto", "tap"],
        "checks" => &["proto", "report", "stage", "tap"],
        "classifier" => &["corpus", "heavy"],
        "reference" => &["classifier", "heavy", "proto"],
        "upload-memory" => &["classifier", "proto", "reference"],
        "grader" => &["build", "catalogue", "checks", "course", "heavy", "stage"],
        "book" => &["catalogue", "heavy", "tap"],
        "proto-codegen" => &["build", "heavy"],
        "screen" => &["catalogue", "report"],
        "xtask" => &["build", "catalogue", "report", "screen"],
        "course" => &["build", "catalogue", "checks", "stage", "tap"],
        "mutants" => &[
            "build",
            "catalogue",
            "checks",
            "course",
            "proto",
            "stage",
            "tap",
        ],
        _ => &[],
    }
}

#[test]
fn packages_depend_on_what_they_may() {
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
            let of_workspace =
                dependency.kind == DependencyKind::Normal && members.contains(&dependency.name);
            // The package course links the checks of all lessons.
            let check = *package.name == "course" && dependency.name.starts_with("check-");
            let may = check || allowed(&package.name).contains(&dependency.name.as_str());
            assert!(
                !of_workspace || may,
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

/// The command line is there at once, and what it links does not grow with the lessons: no scenario, no network, no
/// runtime.
#[test]
fn xtask_links_nothing_heavy() {
    let linked = all_features(&["xtask"]);
    assert!(linked.len() > 10, "cargo tree listed only {linked:?}");
    for heavy in [
        "tokio ", "tonic ", "prost ", "h2 ", "tap ", "stage ", "checks ", "check-",
    ] {
        let found = linked.keys().find(|name| name.starts_with(heavy));
        assert_eq!(found, None, "xtask links {heavy}");
    }
}

/// Third-party crates by name and version, each with its features, as cargo resolves them for these packages.
fn features(packages: &[&str]) -> BTreeMap<String, String> {
    let mut features = all_features(packages);
    features.retain(|name, _| !name.contains(" (/"));
    features
}

/// All crates by name and version, those of the workspace with their path, each with its features.
fn all_features(packages: &[&str]) -> BTreeMap<String, String> {
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
        .filter_map(|line| line.split_once(" # "))
        .map(|(name, features)| (name.to_owned(), features.to_owned()))
        .collect()
}

/// Everything that a learner's commands build resolves the same features of every crate that two of them share, so that
/// no crate is compiled twice, whatever is built first.
#[test]
fn light_programs_share_every_crate() {
    let mut packages = vec!["xtask".to_owned()];
    for lesson in &catalogue().lessons {
        packages.push(lesson.lesson_package());
        packages.push(lesson.solution_package());
        packages.push(lesson.check_package());
    }
    assert_shared(&packages);
}

/// Fails where two of these packages want other features of one crate.
fn assert_shared(packages: &[String]) {
    let mut known = BTreeMap::<String, (String, &String)>::new();
    let mut differ = Vec::new();
    for package in packages {
        let features = features(&[package]);
        let count = features.len();
        assert!(
            count > 10,
            "cargo tree listed only {count} crates of {package}"
        );
        for (name, features) in features {
            match known.get(&name) {
                Some((other, first)) if *other != features => differ.push(format!(
                    "{name}: [{other}] for {first}, and [{features}] for {package}"
                )),
                Some(_) => {}
                None => drop(known.insert(name, (features, package))),
            }
        }
    }
    let list = differ.join("\n  ");
    assert!(
        differ.is_empty(),
        "cargo compiles these crates twice:\n  {list}"
    );
}
