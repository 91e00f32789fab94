//! What of this process's environment a child gets.
//!
//! A check is to come to the same on every machine. `RUST_LOG` fills a screen with logs, `http_proxy` may catch a call,
//! `TOKIO_WORKER_THREADS` decides how much goes on at once, and nobody can list all variables of this kind. So a child gets
//! those that a process needs on some machine to run at all, and no others.

use std::ffi::OsString;

/// Variables that a child gets: where programs, libraries and temporary files are, who the user is, the language, the time
/// zone.
const PASSED_ON: [&str; 12] = [
    "HOME",
    "LANG",
    "LD_LIBRARY_PATH",
    // Where a build that measures what tests run writes to.
    "LLVM_PROFILE_FILE",
    "LOGNAME",
    "NIX_LD",
    "NIX_LD_LIBRARY_PATH",
    "PATH",
    "TMPDIR",
    "TZ",
    "USER",
    "XDG_RUNTIME_DIR",
];

/// How the names of more of them begin: categories of the language, and the dynamic linker of macOS.
const PASSED_ON_BEGINNINGS: [&str; 2] = ["LC_", "DYLD_"];

/// The environment of a child.
pub(crate) fn of_child() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_passed_on))
}

fn is_passed_on(name: &str) -> bool {
    let begins = |beginning: &&str| name.starts_with(*beginning);
    PASSED_ON.contains(&name) || PASSED_ON_BEGINNINGS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_needs_is_passed_on_and_nothing_else() {
        for name in ["PATH", "TMPDIR", "LC_ALL", "DYLD_LIBRARY_PATH"] {
            assert!(is_passed_on(name), "{name}");
        }
        for name in [
            "RUST_LOG",
            "RUST_BACKTRACE",
            "http_proxy",
            "ALL_PROXY",
            "TOKIO_WORKER_THREADS",
            "WIREBOOK_ROOT",
            "NO_COLOR",
        ] {
            assert!(!is_passed_on(name), "{name}");
        }
    }
}
