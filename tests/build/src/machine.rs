//! What a failed build says of the machine, and not of any file.

use std::path::{Path, PathBuf};

use crate::call::Output;

/// How a linker is installed.
pub const INSTALL_LINKER: &str = "install a C linker: on Debian and Ubuntu `sudo apt install build-essential`, on Fedora \
     `sudo dnf install gcc`, on macOS `xcode-select --install`";

/// The fault of the machine that a build has met, with what to do.
pub(crate) fn trouble(output: &Output) -> Option<String> {
    let messages = output.messages.iter().filter_map(|message| {
        let message = &message["message"];
        let error = message["level"] == "error";
        message["rendered"].as_str().filter(|_| error)
    });
    let mut lines = messages.chain(output.lines.iter().map(String::as_str));
    lines.find_map(|text| {
        let first = text.lines().next().unwrap_or_default();
        let missing = first.contains("linker `") && first.contains("` not found");
        if missing {
            return Some(format!(
                "{first}. Rust needs it for every program, and this is not about a file of yours: {INSTALL_LINKER}"
            ));
        }
        // An error with a place shows the learner's code, which may say anything.
        let said = if text.contains(" --> ") { first } else { text };
        if said.contains("couldn't create a temp dir") {
            return Some(format!(
                "{first}. The compiler needs a folder for temporary files: unset TMPDIR, or set it to a folder that is there \
                 and that you may write"
            ));
        }
        let full = ["No space left on device", "Disk quota exceeded"];
        let full = full.into_iter().find(|full| said.contains(full))?;
        Some(format!(
            "the build stopped at: {full}. This is not about a file of yours: make room on the disk that has cargo's target \
             directory, and run the same command again"
        ))
    })
}

/// The program that rustc calls to link, where it is not on the PATH. `None` where it is there, or where a setting names
/// another one, which only a build can try.
pub fn missing_linker(root: &Path) -> Option<&'static str> {
    const LINKER: &str = "cc";
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(LINKER).is_file());
    (!found && !is_linker_configured(root)).then_some(LINKER)
}

fn is_linker_configured(root: &Path) -> bool {
    let names = |text: &str| text.contains("linker");
    let in_environment = std::env::vars_os().any(|(name, value)| {
        let name = name.display().to_string().to_lowercase();
        let flags = name.contains("rustflags") && names(&value.display().to_string());
        flags || name.starts_with("cargo_target_") && name.ends_with("_linker")
    });
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = root.ancestors().map(|folder| folder.join(".cargo"));
    let files = folders
        .chain(home)
        .flat_map(|folder| [folder.join("config.toml"), folder.join("config")]);
    let texts = files.filter_map(|file| std::fs::read_to_string(file).ok());
    in_environment || texts.into_iter().any(|text| names(&text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn output(rendered: &str, line: &str) -> Output {
        Output {
            messages: vec![json!({ "message": { "level": "error", "rendered": rendered } })],
            lines: vec![line.to_owned()],
            ..Output::default()
        }
    }

    #[test]
    fn faults_of_the_machine_come_with_what_to_do() {
        let missing = trouble(&output("error: linker `cc` not found\n  |\n", ""));
        let missing = missing.expect("it is one");
        assert!(
            missing.contains("linker `cc` not found") && missing.contains("build-essential"),
            "{missing}"
        );
        let full = "error: failed to write /x: No space left on device (os error 28)";
        for output in [output(full, ""), output("", full)] {
            let full = trouble(&output).expect("it is one");
            assert!(full.contains("make room"), "{full}");
        }
        let quoted =
            "error[E0308]: mismatched types\n --> a.rs:1:1\n1 | \"No space left on device\"";
        assert_eq!(trouble(&output(quoted, "")), None);
    }
}
