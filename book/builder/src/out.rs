//! The folder that is built into.
//!
//! A book is built in a folder beside it, and takes its place when it is whole: whoever reads meanwhile reads the book
//! before, and of several builds at once each makes a whole book. What stood in the folder is deleted, so it must be a
//! book that was built here: a file in it lists all that was written. Where anything else is there, nothing is touched.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::problem::Problem;
use crate::site::walk;

/// Lists the files of a built book, one on a line.
const MANIFEST: &str = ".wirebook-files";
/// What file managers leave in every folder.
const IGNORED: [&str; 2] = [".DS_Store", "Thumbs.db"];
/// In a book of an earlier builder, which wrote no list.
const LISTLESS: [&str; 3] = ["toc.html", "print.html", ".nojekyll"];
const EXTENSIONS: [&str; 8] = ["html", "js", "css", "woff2", "png", "svg", "txt", "json"];

/// A folder in which a book is built, until it takes its place.
pub(crate) struct Staging {
    folder: TempDir,
    out: PathBuf,
}

impl Staging {
    /// A new folder beside `out`.
    ///
    /// # Errors
    ///
    /// Where `out` is anything else than a book that was built here, or nothing; where it cannot be written.
    pub(crate) fn beside(out: &Path) -> Result<Self, Problem> {
        // A link is followed, so that the folder is changed and the link stays.
        let out = out.canonicalize().unwrap_or_else(|_| out.to_owned());
        check_replaceable(&out)?;
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(unwritable(&out, "it has no folder above it"));
        };
        fs::create_dir_all(parent).map_err(|error| unwritable(&out, &error.to_string()))?;
        let prefix = format!(".{}-", name.display());
        let folder = tempfile::Builder::new()
            .prefix(&prefix)
            // A server of another user may show the book; the process's umask is taken off this.
            .permissions(Permissions::from_mode(0o777))
            .tempdir_in(parent)
            .map_err(|error| unwritable(&out, &error.to_string()))?;
        Ok(Self { folder, out })
    }

    /// Where to build.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Lists the files, and puts the folder in its place.
    ///
    /// # Errors
    ///
    /// Where the place is not free any more, or cannot be written.
    pub(crate) fn publish(self) -> Result<(), Problem> {
        let failed = |error: io::Error| unwritable(&self.out, &error.to_string());
        let files = names(self.path()).map_err(failed)?;
        let list: String = files
            .iter()
            .map(|name| format!("{}\n", name.display()))
            .collect();
        fs::write(self.path().join(MANIFEST), list).map_err(failed)?;
        // Another build may publish at this moment. Where a file system has no locks, the exchange still is one step.
        let parent = self
            .out
            .parent()
            .map(File::open)
            .transpose()
            .map_err(failed)?;
        let _unlocked = parent.as_ref().map(File::lock);
        check_replaceable(&self.out)?;
        let out = self.out.clone();
        self.exchange()
            .map_err(|error| unwritable(&out, &error.to_string()))
    }

    /// Afterwards, what was at `out` is in the temporary folder, and goes with it.
    fn exchange(self) -> io::Result<()> {
        let staged = self.folder.path();
        let exchanged = renameat_with(CWD, staged, CWD, &self.out, RenameFlags::EXCHANGE);
        match exchanged {
            Ok(()) => Ok(()),
            Err(Errno::NOENT) => fs::rename(staged, &self.out),
            // A file system that cannot exchange: there is no book for a moment.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                let before = TempDir::with_prefix_in(
                    ".book-before-",
                    self.out.parent().unwrap_or(Path::new(".")),
                )?;
                fs::rename(&self.out, before.path().join("book"))?;
                fs::rename(staged, &self.out)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The files below `folder`, but for those of file managers and the list itself.
fn names(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let files = walk(folder)?.into_iter().filter(|path| {
        let name = path.file_name().unwrap_or_default();
        !IGNORED.iter().any(|ignored| name == *ignored) && *path != folder.join(MANIFEST)
    });
    Ok(files
        .map(|path| path.strip_prefix(folder).unwrap_or(&path).to_owned())
        .collect())
}

/// Whether there is nothing at `out`, or only what a build put there.
fn check_replaceable(out: &Path) -> Result<(), Problem> {
    match fs::metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unwritable(out, &error.to_string())),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Problem::new(
                "there is a file of this name, and a book is a folder",
                "--out names a file",
                "name a folder that is not there yet; the file was left as it is",
            )
            .at(out, 0));
        }
        Ok(_) => {}
    }
    match foreign(out).map_err(|error| unwritable(out, &error.to_string()))? {
        None => Ok(()),
        Some(path) => {
            let problem = Problem::new(
                format!(
                    "the folder is not a built book: it holds {}",
                    path.display()
                ),
                "--out names a folder with other things in it, and building replaces the whole folder",
                "name a folder that is not there yet; nothing in this one was touched",
            );
            Err(problem.at(out, 0))
        }
    }
}

/// Something in this folder that no build wrote there.
fn foreign(folder: &Path) -> io::Result<Option<PathBuf>> {
    let list = match fs::read_to_string(folder.join(MANIFEST)) {
        Ok(list) => list,
        Err(_) if LISTLESS.iter().all(|name| folder.join(name).is_file()) => {
            let mut files = names(folder)?.into_iter();
            return Ok(files.find(|path| !is_of_a_book(path)));
        }
        // It may be somebody's home: one look is enough.
        Err(_) => {
            let mut entries = fs::read_dir(folder)?;
            return entries
                .next()
                .map(|entry| Ok(entry?.file_name().into()))
                .transpose();
        }
    };
    let listed: BTreeSet<&Path> = list.lines().map(Path::new).collect();
    let mut files = names(folder)?.into_iter();
    Ok(files.find(|path| !listed.contains(path.as_path())))
}

/// Whether a file may be one that mdBook writes, by its name.
fn is_of_a_book(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    path == Path::new(".nojekyll") || EXTENSIONS.iter().any(|known| extension == *known)
}

fn unwritable(out: &Path, reason: &str) -> Problem {
    Problem::new(
        format!("cannot build here: {reason}"),
        "the folder, or the one above it, may not be written to, or the disk is full",
        "name another folder with --out, or change the rights of this one",
    )
    .at(out, 0)
}
