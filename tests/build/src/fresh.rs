//! Whether a program was built from the bytes that are in its files now.
//!
//! cargo goes by the times of files: a file that is not newer than the last build is taken for unchanged. A file that was
//! put in place by `mv` or `cp -p`, unpacked from an archive, or saved while the clock was behind is not newer, and the
//! program would be that of the file before. So what each program was built from is kept beside it, `NAME.sources`, and
//! where cargo has built nothing although other bytes are there, what was built is deleted, and cargo is asked again.
//! No source file is touched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sources::{Sources, Time, times};

/// A program that cargo has just built, or has kept.
pub(crate) struct Look {
    program: PathBuf,
    now: Sources,
    /// The packages of which cargo kept what it had built, although their files are others now: the program's own, and those
    /// of libraries. They are named as cargo names them in its messages, and takes them as arguments.
    pub(crate) stale: BTreeSet<String>,
}

/// Looks at a program. `root` is what paths in cargo's list of its files may be relative to. `None` where cargo has not said
/// what there is to look at.
pub(crate) fn look(root: &Path, program: &Path, messages: &[Value]) -> Option<Look> {
    let packages = Packages::read(messages);
    let own = packages.of_program(program)?;
    let now = Sources::of(root, program)?;
    let before = Sources::read(program);
    let mut stale = BTreeSet::new();
    for (file, hash) in &now.files {
        let package = packages.of_file(file).unwrap_or(own);
        if !package.kept {
            continue;
        }
        let stands = match &before {
            Some(before) if before.program == now.program => before.files.get(file) == Some(hash),
            // It was built by a cargo that nobody here has called. Then the time at which something of a file was changed is
            // all there is to go by. The system sets it, and `mv` and `cp -p` do not.
            _ => {
                times(file).is_some_and(|(written, changed)| written.max(changed) <= package.built)
            }
        };
        if !stands {
            stale.extend([own.id.clone(), package.id.clone()]);
        }
    }
    Some(Look {
        program: program.to_owned(),
        now,
        stale,
    })
}

impl Look {
    /// Keeps what the program was built from, by a call of cargo that began then. A failure is not told: the program is
    /// built once more then.
    pub(crate) fn keep(mut self, begun: Time) {
        // Changed while the compiler was reading: nobody knows which bytes it has read.
        let changed = |file: &Path| times(file).is_none_or(|(_, changed)| changed > begun);
        self.now.files.retain(|file, _| !changed(file));
        self.now.write(&self.program);
    }
}

/// The packages of a build.
struct Packages(Vec<Package>);

struct Package {
    id: String,
    folder: PathBuf,
    programs: Vec<PathBuf>,
    /// Whether cargo has kept something that it had built before.
    kept: bool,
    /// When the last of it was built.
    built: Time,
}

impl Packages {
    fn read(messages: &[Value]) -> Self {
        let mut packages: Vec<Package> = Vec::new();
        for message in messages {
            let manifest = message["manifest_path"].as_str().map(Path::new);
            let (Some(id), Some(folder), Some(kept)) = (
                message["package_id"].as_str(),
                manifest.and_then(Path::parent),
                message["fresh"].as_bool(),
            ) else {
                continue;
            };
            let files = message["filenames"].as_array().into_iter().flatten();
            let files = files.filter_map(|file| times(Path::new(file.as_str()?)));
            let built = files.map(|(written, _)| written).max().unwrap_or(0);
            let program = message["executable"].as_str().map(PathBuf::from);
            if let Some(known) = packages.iter_mut().find(|known| known.id == id) {
                known.kept |= kept;
                known.built = known.built.max(built);
                known.programs.extend(program);
            } else {
                packages.push(Package {
                    id: id.to_owned(),
                    folder: folder.to_owned(),
                    programs: program.into_iter().collect(),
                    kept,
                    built,
                });
            }
        }
        Self(packages)
    }

    fn of_program(&self, program: &Path) -> Option<&Package> {
        let mut packages = self.0.iter();
        packages.find(|package| package.programs.iter().any(|it| it == program))
    }

    /// The package that a file is of: that of the innermost folder.
    fn of_file(&self, file: &Path) -> Option<&Package> {
        let packages = self.0.iter();
        let packages = packages.filter(|package| file.starts_with(&package.folder));
        packages.max_by_key(|package| package.folder.components().count())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::sources::now;

    struct Built {
        folder: tempfile::TempDir,
        messages: Vec<Value>,
    }

    impl Built {
        /// A program of one file, and one of a library's.
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |path: &str| folder.path().join(path);
            for path in ["a b/main.rs", "library/lib.rs"] {
                fs::create_dir_all(at(path).parent().expect("a folder")).expect("it is made");
                fs::write(at(path), "one").expect("it is written");
            }
            let program = at("program");
            fs::write(at("library.rlib"), "").expect("it is written");
            fs::write(&program, "program").expect("it is written");
            let list = format!(
                "{}: a\\ b/main.rs {}\n",
                program.display(),
                at("library/lib.rs").display()
            );
            fs::write(at("program.d"), list).expect("it is written");
            let message = |id: &str, folder: &str, executable: Option<&Path>, file: &Path| {
                json!({
                    "package_id": id, "manifest_path": at(folder).join("Cargo.toml"), "fresh": true,
                    "executable": executable, "filenames": [file],
                })
            };
            let messages = vec![
                message("library", "library", None, &at("library.rlib")),
                message("own", "a b", Some(&program), &program),
            ];
            Self { folder, messages }
        }

        fn look(&self) -> Look {
            let root = self.folder.path();
            look(root, &root.join("program"), &self.messages).expect("all is there")
        }

        fn keep(&self) {
            self.look().keep(now());
        }

        /// Puts other bytes in a file's place, and leaves no trace in its times but the one that the system sets.
        fn replace(&self, path: &str, text: &str) {
            let path = self.folder.path().join(path);
            let written = fs::metadata(&path).and_then(|metadata| metadata.modified());
            fs::write(&path, text).expect("it is written");
            let file = File::options().append(true).open(&path);
            let file = file.expect("it is there");
            file.set_modified(written.expect("it has a time"))
                .expect("it is set");
        }

        fn stale(&self) -> Vec<String> {
            self.look().stale.into_iter().collect()
        }
    }

    #[test]
    fn other_bytes_are_seen_whatever_the_times_say() {
        let built = Built::new();
        built.keep();
        assert_eq!(built.stale(), [""; 0]);
        built.replace("a b/main.rs", "two");
        assert_eq!(built.stale(), ["own"]);
        built.replace("a b/main.rs", "one");
        assert_eq!(built.stale(), [""; 0], "the same bytes as before");
        built.replace("library/lib.rs", "two");
        assert_eq!(built.stale(), ["library", "own"]);
    }

    #[test]
    fn what_cargo_has_just_built_is_not_stale() {
        let mut built = Built::new();
        built.keep();
        built.replace("a b/main.rs", "two");
        built.messages[1]["fresh"] = json!(false);
        fs::write(built.folder.path().join("program"), "another program").expect("it is written");
        assert_eq!(built.stale(), [""; 0]);
    }

    #[test]
    fn a_program_of_another_cargo_counts_unless_a_file_was_changed_after_it() {
        let built = Built::new();
        std::thread::sleep(Duration::from_millis(20));
        for program in ["library.rlib", "program"] {
            fs::write(built.folder.path().join(program), "later").expect("it is written");
        }
        assert_eq!(built.stale(), [""; 0], "there is no record");
        std::thread::sleep(Duration::from_millis(20));
        built.replace("a b/main.rs", "two");
        assert_eq!(built.stale(), ["own"]);
    }

    #[test]
    fn a_file_that_was_saved_while_the_compiler_read_is_built_again() {
        let built = Built::new();
        let begun = now();
        std::thread::sleep(Duration::from_millis(20));
        built.replace("a b/main.rs", "two");
        built.look().keep(begun);
        assert_eq!(built.stale(), ["own"]);
    }
}
