//! The key of a result: a hash of everything that could change it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::result::SCHEMA;
use crate::submission::{Files, SubmittedFile};
use crate::workbench::Seed;

/// Where the course's sources are. Whatever is below may change a grade, so whatever is below counts.
const SOURCES: [&str; 5] = ["Cargo.lock", "Cargo.toml", "proto", "solutions", "tests"];

/// A hash of the course as it would grade now: its sources, and the compiler.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn course(root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for source in SOURCES {
        add_tree(&mut hash, &root.join(source), source)?;
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("-vV").output();
    let version = version.context("run rustc; is it on the PATH?")?;
    add(&mut hash, &version.stdout);
    Ok(hex(hash))
}

/// The key of one submission's result, from that of the course.
pub(crate) fn submission(course: &str, seed: Seed, files: &Files) -> String {
    let mut hash = Sha256::new();
    add(&mut hash, &SCHEMA.to_be_bytes());
    add(&mut hash, course.as_bytes());
    add(&mut hash, &seed.0.to_be_bytes());
    for (exercise, handed) in files {
        let (kind, text) = match handed {
            SubmittedFile::Text(text) => ("file", text.as_str()),
            SubmittedFile::Missing => ("missing", ""),
            SubmittedFile::Refused(reason) => ("refused", reason.as_str()),
        };
        for part in [exercise.as_str(), kind, text] {
            add(&mut hash, part.as_bytes());
        }
    }
    hex(hash)
}

fn add_tree(hash: &mut Sha256, path: &Path, name: &str) -> Result<()> {
    let context = || format!("read {}", path.display());
    if !path.is_dir() {
        add(hash, name.as_bytes());
        add(hash, &fs::read(path).with_context(context)?);
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path).with_context(context)? {
        names.push(entry.with_context(context)?.file_name());
    }
    names.sort();
    for entry in names {
        let entry = entry.to_string_lossy();
        // What editors and insta leave behind is not a source.
        if !entry.starts_with('.') && !entry.ends_with('~') && !entry.ends_with(".snap.new") {
            add_tree(hash, &path.join(&*entry), &format!("{name}/{entry}"))?;
        }
    }
    Ok(())
}

/// Adds a part with its length, so that no two lists of parts hash alike.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

fn hex(hash: Sha256) -> String {
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
