//! Links to docs.rs, each led to the version that the course is built with.
//!
//! A chapter writes `https://docs.rs/tonic/latest/…`, or no version. What the text says is true of the version in
//! Cargo.lock, and the newest one may differ, so the page links that version.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::problem::Problem;
use crate::summary::line_of;

const HOST: &str = "https://docs.rs/";
const NEWEST: &str = "latest";

/// The versions in Cargo.lock, by crate. Of a crate with several, the newest, which stands last.
pub(crate) struct Versions(BTreeMap<String, String>);

impl Versions {
    /// Those of the repository. None where it has no Cargo.lock.
    pub(crate) fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
        let value = |line: &str, key: &str| {
            let value = line.strip_prefix(key)?.strip_prefix(" = \"")?;
            value.strip_suffix('"').map(str::to_owned)
        };
        let mut versions = BTreeMap::new();
        let mut name = None;
        for line in text.lines() {
            if let Some(found) = value(line, "name") {
                name = Some(found);
            } else if let Some(version) = value(line, "version")
                && let Some(name) = name.take()
            {
                versions.insert(name, version);
            }
        }
        Self(versions)
    }

    /// `expanded`, the chapter `written` with its directives replaced, with its links to docs.rs led to these versions.
    /// Problems come with their line in `written`, from 1, or 0 where the link comes from a directive.
    pub(crate) fn link(&self, written: &str, expanded: &str) -> (String, Vec<Problem>) {
        let mut out = String::with_capacity(expanded.len());
        let mut problems = Vec::new();
        let mut rest = expanded;
        while let Some((before, after)) = rest.split_once(HOST) {
            let end = after
                .find(|c: char| c.is_whitespace() || ")>\"`]".contains(c))
                .unwrap_or(after.len());
            let (path, next) = after.split_at(end);
            out.push_str(before);
            match self.path(path) {
                Ok(path) => out.push_str(&format!("{HOST}{path}")),
                Err(problem) => {
                    let line = line_of(written, &format!("{HOST}{path}"));
                    problems.push(problem.at(Path::new(""), line));
                }
            }
            rest = next;
        }
        out.push_str(rest);
        (out, problems)
    }

    /// `tonic/latest/tonic/` as `tonic/0.14.9/tonic/`.
    fn path(&self, path: &str) -> Result<String, Problem> {
        let mut parts = path.splitn(3, '/');
        let name = parts.next().unwrap_or_default();
        let version = parts.next().unwrap_or_default();
        let rest = parts.next().unwrap_or_default();
        match (self.0.get(name), version) {
            (Some(used), "") => Ok(format!("{name}/{used}/")),
            (Some(used), version) if version == NEWEST || version == used => {
                Ok(format!("{name}/{used}/{rest}"))
            }
            // A crate that a page only mentions.
            (None, "") => Ok(path.to_owned()),
            (Some(used), _) => Err(Problem::new(
                format!("{HOST}{name}/{version} is not the version that is used, {used}"),
                "the dependency was updated, or the version was typed",
                format!("write {HOST}{name}/{NEWEST}/…: the page gets the version from Cargo.lock"),
            )),
            (None, _) => Err(Problem::new(
                format!("{HOST}{path}: Cargo.lock has no {name}"),
                "the name is misspelt (docs.rs has that of the crate, with its hyphens), or the course does not use this crate",
                format!("correct it, or link the crate alone: {HOST}{name}"),
            )),
        }
    }
}
