//! Why an exercise does not build, and what may be done about it without a risk for what was written.

use std::io::ErrorKind;

use crate::cargo::Errors;
use crate::left_gap::GapError;

/// A program that has an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The path of the program.
    pub path: std::path::PathBuf,
    /// The compiler's warnings about the exercise's own file, as it prints them.
    pub warnings: Vec<String>,
}

/// An exercise that does not build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The compiler's errors, by file. Those of other exercises and of files that a learner has changed and need not have are
    /// not among them: the exercise was built without these.
    pub errors: Errors,
    /// What is at fault.
    pub fault: Fault,
}

/// What is at fault where an exercise does not build. A fault of the machine is an error of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The code in the exercise's file, which the errors name.
    Code,
    /// The code in the exercise's file, and an error is in the call of the gap, which is still there.
    Gap {
        /// The line of the exercise's file, from 1, in which the call begins.
        line: usize,
        /// What is wrong with it.
        error: GapError,
    },
    /// The code in the exercise's file, which uses names without their imports.
    Imports {
        /// The imports of the course's own solution that bring these names in, as paths.
        paths: Vec<String>,
    },
    /// The exercise's file compiles, its function begins as it should, and the course, whose own files are as they
    /// should be, cannot use what else is in it.
    Surroundings {
        /// The exercise's file, relative to the course's folder.
        file: String,
    },
    /// The exercise's file compiles, and the course, whose own files are as they should be, cannot call its function, which
    /// does not begin as in the starter.
    Signature {
        /// The exercise's file, relative to the course's folder.
        file: String,
        /// How the function begins in the starter.
        starter: String,
    },
    /// The exercise's file compiles, and the course, whose own files are as they should be, cannot call its function, of which
    /// the learner writes the first line too.
    Function {
        /// The exercise's file, relative to the course's folder.
        file: String,
        /// The name of the function.
        name: String,
        /// How it begins in the course's own solution.
        wanted: String,
        /// How it begins in the file. `None` where there is none of the name.
        found: Option<String>,
    },
    /// The exercise's file compiles, and what its function returns cannot be sent to another thread, where the course runs it.
    NotSend {
        /// The exercise's file, relative to the course's folder.
        file: String,
    },
    /// The exercise's file is not a text that the compiler could read.
    Unreadable {
        /// The exercise's file, relative to the course's folder.
        file: String,
        /// What is wrong with it.
        why: Unreadable,
    },
    /// The course's own file, where solutions are checked.
    Course,
}

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is none of the name.
    Missing,
    /// It is in another encoding than UTF-8.
    NotUtf8,
    /// It is a folder.
    Folder,
    /// The system does not let it be read, for this or another reason.
    Refused(ErrorKind),
}

impl Fault {
    /// What to do, for whoever is checking this exercise, in whole sentences. `None` where the errors say all.
    pub fn advice(&self, exercise: &str) -> Option<String> {
        let reset = format!(
            "`cargo xtask reset {exercise}` puts the starter there, after it has kept what you have now, and `cargo xtask reset \
             {exercise} --undo` puts that back"
        );
        match self {
            Self::Code => None,
            Self::Gap { line, error } => {
                let why = match error {
                    GapError::Moved(name) => {
                        format!("it names `{name}`, which your code above has moved")
                    }
                    GapError::Twice(name) => {
                        format!("it stands for `{name}`, which you have written too")
                    }
                    GapError::Other => {
                        "it names what your code does not have as the starter has it".to_owned()
                    }
                };
                Some(format!(
                    "The gap is still in line {line}, and {why}. When your code is whole, remove the `kit::gap!`, from `kit` to \
                     its closing bracket."
                ))
            }
            Self::Imports { paths } => {
                let (missing, they) = match paths.len() {
                    1 => ("An import is", "it is"),
                    _ => ("Imports are", "they are"),
                };
                let lines: Vec<_> = paths.iter().map(|path| format!("`use {path};`")).collect();
                Some(format!(
                    "{missing} missing. In the course's own solution {they} {}.",
                    lines.join(", ")
                ))
            }
            Self::Surroundings { file } => Some(format!(
                "The errors are where the course uses your file, and nothing is wrong there. In {file}, the function begins as \
                 it should, so look at the rest that the errors name: a type, its fields, a trait, or an import. Write it \
                 as it was. If you would rather begin again, {reset}."
            )),
            Self::Function {
                file,
                name,
                wanted,
                found,
            } => {
                let found = match found {
                    None => format!("{file} has no function `{name}`"),
                    Some(found) if wanted.starts_with("pub ") && !found.starts_with("pub ") => {
                        format!("in {file} it begins with `{found}`, without `pub`, so that nobody outside sees it")
                    }
                    Some(found) => format!("in {file} it begins with `{found}`"),
                };
                Some(format!(
                    "The errors are where the course calls `{name}`, and nothing is wrong there: {found}. The course calls a function that \
                     begins with `{wanted}`. The names of the arguments are yours to choose."
                ))
            }
            Self::NotSend { file } => Some(format!(
                "The errors are where the course runs your function, which may be on any thread. In {file}, it has something that must \
                 stay on its thread, and the notes above say what. Most often it is a value that is still there at an \
                 `.await`: let its life end before, for example in a block of its own, or use a type that may be sent."
            )),
            Self::Signature { file, starter } => Some(format!(
                "The errors are where the course calls your function, and nothing is wrong there: in {file}, the name, the \
                 arguments or the result of the function are not as they were. In the starter it begins with `{starter}`. Write \
                 it so again. If you would rather begin again, {reset}."
            )),
            Self::Unreadable { file, why } => Some(match why {
                Unreadable::Missing => format!(
                    "{file} is not there. If you have renamed or moved it, give it its name again. If it is gone, {reset}."
                ),
                Unreadable::NotUtf8 => format!(
                    "{file} is not a text in UTF-8: an editor has saved it in another encoding, perhaps UTF-16. Have the editor \
                     save it as UTF-8; what you wrote is all there."
                ),
                Unreadable::Folder => format!(
                    "{file} is a folder, and a file is wanted. Move the folder to another place. Then {reset}."
                ),
                Unreadable::Refused(kind) => format!(
                    "{file} cannot be read: {kind}. Look at its permissions, for example with `ls -l {file}`."
                ),
            }),
            Self::Course => Some(
                "The errors are in how the course calls the solution: `entry` in exercise.md names a function of \
                 solution.rs, or a closure over what is in it, and given.rs has a function of the exercise's name \
                 that takes it."
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_advice_takes_a_file_away() {
        let file = "lessons/01-a/src/ex1_b.rs".to_owned();
        let mut faults = vec![
            Fault::Signature {
                file: file.clone(),
                starter: "fn b()".to_owned(),
            },
            Fault::Surroundings { file: file.clone() },
        ];
        for why in [
            Unreadable::Missing,
            Unreadable::NotUtf8,
            Unreadable::Folder,
            Unreadable::Refused(ErrorKind::PermissionDenied),
        ] {
            faults.push(Fault::Unreadable {
                file: file.clone(),
                why,
            });
        }
        for fault in faults {
            let advice = fault.advice("a.1").expect("it has one");
            assert!(advice.contains(&file), "{advice}");
            for dangerous in ["git ", "delete", "rm "] {
                assert!(!advice.contains(dangerous), "{advice}");
            }
        }
    }

    #[test]
    fn what_is_said_of_a_gap_names_its_line_and_why() {
        let advice = |error: GapError| {
            let advice = Fault::Gap { line: 20, error }.advice("a.1");
            advice.expect("it has one")
        };
        let moved = advice(GapError::Moved("document".to_owned()));
        let begin = "The gap is still in line 20, and it names `document`, which your code above has moved.";
        assert!(moved.starts_with(begin), "{moved}");
        let twice = advice(GapError::Twice("upload".to_owned()));
        let begin =
            "The gap is still in line 20, and it stands for `upload`, which you have written too.";
        assert!(twice.starts_with(begin), "{twice}");
        for advice in [moved, twice, advice(GapError::Other)] {
            assert!(advice.contains("remove the `kit::gap!`"), "{advice}");
            assert!(
                !advice.contains("signature") && !advice.contains("reset"),
                "{advice}"
            );
        }
    }

    #[test]
    fn missing_imports_are_named() {
        let said = |paths: &[&str]| {
            let paths = paths.iter().map(|path| (*path).to_owned()).collect();
            Fault::Imports { paths }.advice("a.1").expect("it has one")
        };
        assert_eq!(
            said(&["tonic::Status"]),
            "An import is missing. In the course's own solution it is `use tonic::Status;`."
        );
        assert_eq!(
            said(&["a::b", "c as d"]),
            "Imports are missing. In the course's own solution they are `use a::b;`, `use c as d;`."
        );
    }
}
