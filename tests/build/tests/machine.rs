//! Programs of a small workspace, built where the clock, the compiler's flags or the machine are not as they mostly are.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use build::{Built, Errors, Target, build, build_all};
use tempfile::TempDir;

/// A program, and a library that it uses. Nothing else is compiled.
struct Workspace {
    folder: TempDir,
}

const MAIN: &str = "fn main() {\n    println!(\"{}\", library::text());\n}\n";

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let workspace = Self { folder };
        let members = "[workspace]\nresolver = \"3\"\nmembers = [\"library\", \"program\"]\n";
        workspace.save("Cargo.toml", members);
        let package = |name: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
        };
        workspace.save("library/Cargo.toml", &package("library"));
        workspace.save("library/src/lib.rs", &library("one"));
        let dependency = "[dependencies]\nlibrary = { path = \"../library\" }\n";
        workspace.save("program/Cargo.toml", &(package("program") + dependency));
        workspace.save("program/src/main.rs", MAIN);
        workspace
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn save(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    /// As `mv` or `cp -p` would, or an editor on a machine whose clock is behind.
    fn save_as_of(&self, file: &str, text: &str, time: SystemTime) {
        self.save(file, text);
        let open = File::options().append(true).open(self.path(file));
        let set = open.and_then(|file| file.set_modified(time));
        set.expect("it is ours");
    }

    /// Configures cargo for the compiler's flags, or for something else.
    fn configure(&self, text: &str) {
        self.save(".cargo/config.toml", text);
    }

    fn target(&self) -> Target {
        Target {
            root: self.folder.path().to_owned(),
            package: "program".to_owned(),
            bin: "program".to_owned(),
            target_dir: Some(self.path("target")),
        }
    }

    fn build(&self) -> Built {
        build(&self.target(), &mut |_| ()).expect("cargo runs")
    }

    /// What the program prints that is built now.
    fn printed(&self) -> String {
        let Built::Program { path, .. } = self.build() else {
            panic!("it does not build");
        };
        let output = Command::new(path).output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

fn library(text: &str) -> String {
    format!("pub fn text() -> &'static str {{\n    {text:?}\n}}\n")
}

fn main_printing(text: &str) -> String {
    format!("fn main() {{\n    println!({text:?});\n}}\n")
}

fn hours_ago(hours: u64) -> SystemTime {
    SystemTime::now() - Duration::from_secs(hours * 3600)
}

#[test]
fn a_program_is_that_of_the_bytes_in_its_file_whatever_its_time_is() {
    let workspace = Workspace::new();
    let main = "program/src/main.rs";
    workspace.save_as_of(main, &main_printing("starter"), hours_ago(2));
    assert_eq!(workspace.printed(), "starter");
    workspace.save(main, &main_printing("solved"));
    assert_eq!(workspace.printed(), "solved");
    workspace.save_as_of(main, &main_printing("starter"), hours_ago(2));
    assert_eq!(workspace.printed(), "starter", "the file that was put back");
    workspace.save_as_of(main, &main_printing("solved"), hours_ago(1));
    assert_eq!(workspace.printed(), "solved", "the clock is behind");
    let in_an_hour = SystemTime::now() + Duration::from_secs(3600);
    workspace.save_as_of(main, &main_printing("later"), in_an_hour);
    assert_eq!(workspace.printed(), "later", "the clock was ahead");
    workspace.save(main, &main_printing("now"));
    assert_eq!(workspace.printed(), "now", "the clock was set right");
}

#[test]
fn an_error_in_what_a_macro_became_is_in_the_file_that_calls_it() {
    let workspace = Workspace::new();
    let gap = "#[macro_export]\nmacro_rules! gap {\n    ($variable:expr) => {{\n        let _ = &$variable;\n    }};\n}\n";
    workspace.save("library/src/lib.rs", gap);
    let moved = "fn main() {\n    let text = String::new();\n    drop(text);\n    library::gap!(text);\n}\n";
    let compared = "fn main() {\n    assert_eq!(String::new(), 3);\n}\n";
    for main in [moved, compared] {
        workspace.save("program/src/main.rs", main);
        let Built::Errors(errors) = workspace.build() else {
            panic!("it builds");
        };
        let files: Vec<_> = errors.keys().collect();
        assert_eq!(files, ["program/src/main.rs"], "{errors:#?}");
    }
}

#[test]
fn a_library_is_that_of_its_bytes_too() {
    let workspace = Workspace::new();
    assert_eq!(workspace.printed(), "one");
    workspace.save_as_of("library/src/lib.rs", &library("two"), hours_ago(1));
    assert_eq!(workspace.printed(), "two");
    // Here cargo builds the program anew, and keeps the library.
    workspace.save("program/src/main.rs", &format!("// Changed.\n{MAIN}"));
    workspace.save_as_of("library/src/lib.rs", &library("three"), hours_ago(1));
    assert_eq!(workspace.printed(), "three");
}

#[test]
fn what_another_cargo_has_built_is_no_excuse() {
    let workspace = Workspace::new();
    let main = "program/src/main.rs";
    workspace.save_as_of(main, &main_printing("starter"), hours_ago(2));
    assert_eq!(workspace.printed(), "starter");
    workspace.save(main, &main_printing("solved"));
    let mut cargo = Command::new(env!("CARGO"));
    let status = cargo.args(["build", "--quiet", "--target-dir", "target"]);
    let status = status.current_dir(workspace.folder.path()).status();
    assert!(status.expect("cargo runs").success());
    std::thread::sleep(Duration::from_millis(20));
    workspace.save_as_of(main, &main_printing("starter"), hours_ago(2));
    assert_eq!(workspace.printed(), "starter");
}

#[test]
fn nothing_is_built_twice_where_nothing_has_changed() {
    let workspace = Workspace::new();
    let program = || {
        let Built::Program { path, .. } = workspace.build() else {
            panic!("it does not build");
        };
        fs::metadata(path).and_then(|metadata| metadata.modified())
    };
    let first = program().expect("it is there");
    assert_eq!(program().expect("it is there"), first);
    workspace.save("program/src/main.rs", MAIN);
    program().expect("it is there");
    let third = program().expect("it is there");
    assert_eq!(program().expect("it is there"), third);
}

/// The other programs of a call are built as ever.
#[test]
fn flags_that_forbid_warnings_decide_nothing() {
    for flags in [
        "\"-D\", \"warnings\"",
        "\"-Dunused-variables\"",
        "\"-Funused\"",
    ] {
        let workspace = Workspace::new();
        workspace.configure(&format!("[build]\nrustflags = [{flags}]\n"));
        let spare = "fn main() {\n    let spare = 1;\n    println!(\"right\");\n}\n";
        workspace.save("program/src/main.rs", spare);
        let built = build_all(&[workspace.target()], &mut |_| ()).expect("cargo runs");
        let [Built::Program { warnings, .. }] = &built[..] else {
            panic!("{flags}: {built:?}");
        };
        let warning = &warnings["program/src/main.rs"][0];
        assert!(warning.contains("unused variable: `spare`"), "{warning}");
        // A mistake is still one, and the only error.
        workspace.save("program/src/main.rs", &spare.replace("println", "prinln"));
        let Built::Errors(errors) = workspace.build() else {
            panic!("{flags}: it builds");
        };
        assert_eq!(texts(&errors).len(), 1, "{errors:?}");
    }
}

fn texts(errors: &Errors) -> Vec<&String> {
    errors.values().flatten().collect()
}

#[test]
fn a_linker_that_is_missing_is_the_machines_fault() {
    let workspace = Workspace::new();
    workspace.configure("[target.'cfg(all())']\nlinker = \"no-such-linker\"\n");
    let error = build(&workspace.target(), &mut |_| ()).expect_err("there is none");
    let error = format!("{error:#}");
    assert!(
        error.contains("linker `no-such-linker` not found"),
        "{error}"
    );
    assert!(error.contains("build-essential"), "{error}");
    assert!(!error.contains("main.rs"), "no file is to blame: {error}");
}

/// Settings of cargo that change what it writes.
#[test]
fn settings_of_cargo_change_nothing_that_is_read() {
    let workspace = Workspace::new();
    workspace.configure(
        "[term]\nquiet = true\nverbose = false\ncolor = \"always\"\nhyperlinks = true\n[term.progress]\nwhen = \"never\"\n",
    );
    let mut events = Vec::new();
    let built = build(&workspace.target(), &mut |event| events.push(event));
    assert!(matches!(built.expect("cargo runs"), Built::Program { .. }));
    let compiling = build::Progress::Compiling("library".to_owned());
    let is_compiling = |event: &build::Progress| match event {
        build::Progress::Compiling(name) => name.starts_with("library v0.1.0"),
        _ => false,
    };
    assert!(
        events.iter().any(is_compiling),
        "{compiling:?} in {events:?}"
    );
}
