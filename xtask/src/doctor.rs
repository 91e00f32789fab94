//! What would stop a learner, found before it does.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use build::{INSTALL_LINKER, missing_linker};

/// Looks at the machine.
///
/// # Errors
///
/// When something is not as it must be: with what to do.
pub(crate) fn look(root: &Path) -> Result<()> {
    if !root.join("Cargo.lock").exists() {
        bail!(
            "{} is not the course: it has no Cargo.lock; run this inside the cloned repository",
            root.display()
        );
    }
    if let Some(linker) = missing_linker(root) {
        bail!(
            "there is no linker `{linker}` on the PATH, and Rust needs it for every program; {INSTALL_LINKER}"
        );
    }
    temporary_folder(&std::env::temp_dir())?;
    if TcpListener::bind(("127.0.0.1", 0)).is_err() {
        bail!(
            "cannot listen on 127.0.0.1; every exercise with a network needs loopback. Is a sandbox or a firewall on?"
        );
    }
    let target = build::target_dir(root)?;
    let writable = fs::create_dir_all(&target).and_then(|()| writable(&target));
    writable.with_context(|| {
        format!(
            "cannot write to {}, where cargo builds; set CARGO_TARGET_DIR to a folder that you may write, and keep it set",
            target.display()
        )
    })?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    match Command::new(cargo).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => bail!("cargo does not run; install Rust from https://rustup.rs"),
    }
}

/// The compiler and the linker write there. The sockets of a run lie there too, or in `/tmp` where the path is too long for
/// one.
fn temporary_folder(folder: &Path) -> Result<()> {
    writable(folder).with_context(|| {
        format!(
            "cannot write to {}, where the compiler and each run keep temporary files; unset TMPDIR, or set it to a folder \
             that is there and that you may write",
            folder.display()
        )
    })
}

/// Makes a folder in a folder, and deletes it.
fn writable(folder: &Path) -> std::io::Result<()> {
    let inner = folder.join(format!("wirebook-{}", std::process::id()));
    fs::create_dir(&inner).and_then(|()| fs::remove_dir(&inner))
}
