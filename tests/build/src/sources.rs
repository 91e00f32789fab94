//! What a program was built from: a record beside it, `NAME.sources`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a program was built from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// Which file the program is: its length, and when it was written. Another program of the name has another record.
    pub(crate) program: (u64, Time),
    /// The hashes of its sources. Not meant to keep anyone out: no two files that a learner saves have the same one.
    pub(crate) files: BTreeMap<PathBuf, u64>,
}

/// Nanoseconds since 1970.
pub(crate) type Time = i128;

/// The time, to be taken just before cargo is called.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos() as Time)
}

impl Sources {
    /// What there is now. `None` where cargo has not said which files they are.
    pub(crate) fn of(root: &Path, program: &Path) -> Option<Self> {
        let list = fs::read_to_string(program.with_extension("d")).ok()?;
        let mut files = BTreeMap::new();
        for file in listed(&list) {
            let file = root.join(file);
            let hash = fs::read(&file).map_or(0, |bytes| hash(&bytes));
            files.insert(file, hash);
        }
        let metadata = fs::metadata(program).ok()?;
        Some(Self {
            program: (metadata.len(), times(program)?.0),
            files,
        })
    }

    pub(crate) fn read(program: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(record(program)).ok()?)
    }

    /// Keeps it beside the program. A failure is not told: the program is built once more then.
    pub(crate) fn write(&self, program: &Path) {
        let (text, record) = (self.to_string(), record(program));
        if !fs::read_to_string(&record).is_ok_and(|old| old == text) {
            let _ = fs::write(record, text);
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (length, written) = lines.next()?.split_once(' ')?;
        let mut files = BTreeMap::new();
        for line in lines {
            let (hash, file) = line.split_once(' ')?;
            files.insert(file.into(), u64::from_str_radix(hash, 16).ok()?);
        }
        Some(Self {
            program: (length.parse().ok()?, written.parse().ok()?),
            files,
        })
    }
}

impl std::fmt::Display for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (length, written) = self.program;
        let mut text = format!("{length} {written}\n");
        for (file, hash) in &self.files {
            writeln!(text, "{hash:016x} {}", file.display())?;
        }
        f.write_str(&text)
    }
}

fn record(program: &Path) -> PathBuf {
    let mut name = program.as_os_str().to_owned();
    name.push(".sources");
    name.into()
}

/// The files in cargo's list, `PROGRAM: FILE FILE ...`, in which a space of a name follows a backslash.
fn listed(list: &str) -> Vec<String> {
    let Some(line) = list.lines().next() else {
        return Vec::new();
    };
    let mut files = vec![String::new()];
    let mut escaped = false;
    for character in line.chars() {
        match character {
            ' ' if !std::mem::take(&mut escaped) => files.push(String::new()),
            '\\' if !escaped => escaped = true,
            character => {
                if std::mem::take(&mut escaped) && character != '\\' {
                    add(&mut files, '\\');
                }
                add(&mut files, character);
            }
        }
    }
    // Before the first colon is the program itself.
    let after = files.iter().position(|file| file.ends_with(':'));
    let mut files = files.split_off(after.map_or(0, |index| index + 1));
    files.retain(|file| !file.is_empty());
    files
}

fn add(files: &mut [String], character: char) {
    if let Some(last) = files.last_mut() {
        last.push(character);
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// When a file was written, and when anything of it was changed, its place included: nanoseconds since 1970.
pub(crate) fn times(file: &Path) -> Option<(Time, Time)> {
    let metadata = fs::metadata(file).ok()?;
    let nanoseconds =
        |seconds: i64, rest: i64| Time::from(seconds) * 1_000_000_000 + Time::from(rest);
    Some((
        nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_are_read_from_cargos_list() {
        let list = "/x y/program: /x\\ y/a.rs b\\c.rs\nmore: c.rs";
        let list = list.replacen("x y", "x\\ y", 1);
        assert_eq!(listed(&list), ["/x y/a.rs", "b\\c.rs"]);
    }
}
