//! One build graph for the heavy programs too: `target/heavy` holds each third-party crate once.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::harness::root;

/// The packages whose programs are built into `target/heavy`, one at a time.
const HEAVY_PACKAGES: [&str; 6] = [
    "book",
    "classifier",
    "grader",
    "proto-codegen",
    "reference",
    "upload-memory",
];

/// Each third-party crate of a package's programs, by name and version, with every set of features that cargo resolves
/// for it: there may be two when build scripts and procedural macros use the crate as well.
fn resolved(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root())
        .args(["tree", "--package", package, "--edges", "normal,build"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p} # {f}"]);
    let output = command.output().expect("cargo tree runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("cargo tree prints UTF-8");
    let mut crates: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.contains(" (/")) {
        if let Some((name, features)) = line.split_once(" # ") {
            let name = name.trim_end_matches(" (proc-macro)").to_owned();
            crates.entry(name).or_default().insert(features.to_owned());
        }
    }
    assert!(
        crates.len() > 50,
        "cargo tree listed only {} crates of {package}",
        crates.len()
    );
    crates
}

/// Building the heavy programs, in any order, compiles no third-party crate twice.
#[test]
fn heavy_programs_share_every_crate() {
    let mut users: BTreeMap<String, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    for package in HEAVY_PACKAGES {
        for (name, sets) in resolved(package) {
            for features in sets {
                let users = users.entry(name.clone()).or_default();
                users.entry(features).or_default().push(package);
            }
        }
    }
    let mut differ = String::new();
    for (name, sets) in users.iter().filter(|(_, sets)| sets.len() > 1) {
        differ.push_str(&format!("{name}\n"));
        for (features, packages) in sets {
            differ.push_str(&format!("  [{features}] for {}\n", packages.join(", ")));
        }
    }
    assert!(
        differ.is_empty(),
        "the heavy programs want other features of the same crate, so cargo compiles it, and all that depends on it, \
         more than once. Next: list the crate in tests/heavy/Cargo.toml with the features of all, for code or for \
         build scripts:\n{differ}"
    );
}

/// Only what runs the model compiles tract: the book, the grader and the code generator do not wait for it.
#[test]
fn only_model_programs_compile_tract() {
    for package in HEAVY_PACKAGES {
        let crates = resolved(package);
        let compiles_tract = crates.keys().any(|name| name.starts_with("tract-"));
        let runs_model = ["classifier", "reference", "upload-memory"].contains(&package);
        assert_eq!(compiles_tract, runs_model, "{package}");
    }
}
