//! What is at fault where the compiler names no place in an exercise's file, or cannot read it.

use std::io::ErrorKind;
use std::path::Path;

use catalogue::{Exercise, Form, Gap, Lesson};

use crate::cargo::Errors;
use crate::fault::{Broken, Fault, Unreadable};
use crate::left_gap::has_gap;
use crate::signature::{has_signature, is_called_alike, of_function, signature};
use crate::source::Source;

impl Broken {
    /// The exercise's file, where it cannot be read. `None` where it can.
    pub(crate) fn unreadable(root: &Path, lesson: &Lesson, exercise: &Exercise) -> Option<Self> {
        let file = Source::Lessons.file(lesson, exercise);
        let path = root.join(&file);
        let error = std::fs::read_to_string(&path).err()?;
        let why = match error.kind() {
            ErrorKind::NotFound => Unreadable::Missing,
            ErrorKind::InvalidData => Unreadable::NotUtf8,
            _ if path.is_dir() => Unreadable::Folder,
            kind => Unreadable::Refused(kind),
        };
        Some(Self {
            errors: Errors::new(),
            fault: Fault::Unreadable { file, why },
        })
    }

    /// Errors of which none is in the exercise's file, although everything else is the course's own. `text`: the file's.
    pub(crate) fn elsewhere(
        errors: Errors,
        lesson: &Lesson,
        exercise: &Exercise,
        text: &str,
    ) -> Self {
        let file = lesson.lesson_file(exercise);
        let mut all = errors.values().flatten();
        let fault = match all.any(|error| is_about_threads(error)) {
            true => Fault::NotSend { file },
            false => of_beginning(&exercise.gap, file, text),
        };
        Self { errors, fault }
    }
}

/// Whether an error is that a future cannot be sent.
fn is_about_threads(error: &str) -> bool {
    let first = error.lines().next().unwrap_or_default();
    first.ends_with("cannot be sent between threads safely")
}

/// What is at fault, by how the exercise's function begins in its file, whose text this is.
fn of_beginning(gap: &Gap, file: String, text: &str) -> Fault {
    match &gap.form {
        Form::Body => {
            let starter = signature(&gap.before, &gap.indent);
            match has_signature(text, &starter) {
                true => Fault::Surroundings { file },
                false => Fault::Signature { file, starter },
            }
        }
        // The compiler compares a method with its trait, in the exercise's own file.
        Form::Method(_) => Fault::Surroundings { file },
        // The gap itself is as general as can be.
        Form::Function(_) if has_gap(text) => Fault::Surroundings { file },
        Form::Function(_) => {
            let name = gap.form.name().unwrap_or_default();
            let wanted = of_function(&gap.code, name).unwrap_or_default();
            let found = of_function(text, name);
            match &found {
                Some(found) if is_called_alike(found, &wanted) => Fault::Surroundings { file },
                _ => Fault::Function {
                    file,
                    name: name.to_owned(),
                    wanted,
                    found,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "use a::B;\n\n// gap\n// uses: B; async fn upload(client, file)\n/// It.\npub async fn upload(client: Client, file: File) -> Result<u8, B> {\n    help(client).await\n}\n// end of gap\n";

    fn beginning(text: &str) -> Fault {
        let gap = Gap::find(Path::new("solution.rs"), SOLUTION).expect("a gap");
        of_beginning(&gap, "ex1.rs".to_owned(), text)
    }

    #[test]
    fn a_function_that_a_learner_begins_is_compared_with_what_is_called() {
        let said = |text: &str| {
            let fault = beginning(text);
            assert!(matches!(fault, Fault::Function { .. }), "{fault:?}");
            fault.advice("a.1").expect("it has one")
        };
        let wanted = "`pub async fn upload(client: Client, file: File) -> Result<u8, B>`";
        for (text, found) in [
            (
                "pub async fn up(client: Client) {}\n",
                "ex1.rs has no function `upload`.",
            ),
            (
                "async fn upload(client: Client, file: File) -> Result<u8, B> {}\n",
                "without `pub`",
            ),
            (
                "pub fn upload(client: Client, file: File) -> Result<u8, B> {}\n",
                "in ex1.rs it begins with `pub fn upload(client: Client, file: File) -> Result<u8, B>`.",
            ),
            (
                "pub async fn upload(client: Client, file: &File) -> Result<u8, B> {}\n",
                "in ex1.rs it begins with `pub async fn upload(client: Client, file: &File) -> Result<u8, B>`.",
            ),
        ] {
            let said = said(text);
            assert!(said.contains(found) && said.contains(wanted), "{said}");
        }
    }

    #[test]
    fn a_function_that_is_called_as_it_begins_is_not_to_blame() {
        let right = "pub async fn upload(mut mine: Client, _: File) -> Result<u8, B> {}\n";
        let gap = "kit::gap! {\n    \"It.\";\n    async fn upload(client, file)\n}\n";
        for text in [right, gap] {
            assert!(
                matches!(beginning(text), Fault::Surroundings { .. }),
                "{text}"
            );
        }
    }
}
