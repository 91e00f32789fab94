//! The head of a Markdown file: `key: value` lines between two lines of three dashes.

use std::path::Path;

use crate::error::Error;

/// A file's head and what follows it.
pub(crate) struct FrontMatter<'a> {
    file: &'a Path,
    /// Key, value, line from 1.
    entries: Vec<(&'a str, &'a str, usize)>,
    /// What follows the head.
    pub(crate) body: &'a str,
    /// The line of the file on which the body begins, from 1.
    pub(crate) body_line: usize,
}

impl<'a> FrontMatter<'a> {
    /// Splits the text of `file`. Its head has exactly these keys, in any order.
    pub(crate) fn read(file: &'a Path, text: &'a str, keys: &[&str]) -> Result<Self, Error> {
        let opened = "a head between two lines `---` is wanted at its beginning";
        let rest = text
            .strip_prefix("---\n")
            .ok_or_else(|| Error::new(file, 1, opened))?;
        let (head, body) = rest
            .split_once("\n---\n")
            .ok_or_else(|| Error::new(file, 1, opened))?;
        let mut entries = Vec::new();
        for (index, line) in head.lines().enumerate() {
            let number = index + 2;
            let (key, value) = line
                .split_once(": ")
                .ok_or_else(|| Error::new(file, number, "a line `key: value` is wanted"))?;
            if !keys.contains(&key) {
                let what = format!("there is no key {key:?}; the keys are {}", keys.join(", "));
                return Err(Error::new(file, number, what));
            }
            entries.push((key, value.trim(), number));
        }
        for key in keys {
            let count = entries.iter().filter(|(name, ..)| name == key).count();
            if count != 1 {
                let what = format!("the key {key:?} is wanted once, and is there {count} times");
                return Err(Error::new(file, 1, what));
            }
        }
        Ok(Self {
            file,
            entries,
            body,
            body_line: head.lines().count() + 3,
        })
    }

    /// The value of a key, one of those that [`FrontMatter::read`] was given.
    pub(crate) fn text(&self, key: &str) -> String {
        self.entry(key).1.to_owned()
    }

    /// The value of a key as a whole number.
    pub(crate) fn number(&self, key: &str) -> Result<u32, Error> {
        let (_, value, line) = self.entry(key);
        value.parse().map_err(|_| {
            let what = format!("{key} is {value:?}, and a whole number is wanted");
            Error::new(self.file, line, what)
        })
    }

    fn entry(&self, key: &str) -> (&'a str, &'a str, usize) {
        let entry = self.entries.iter().find(|(name, ..)| *name == key);
        entry.copied().unwrap_or_default()
    }
}
