//! All lessons, in the order in which they are done.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::exercise::Exercise;
use crate::lesson::{Lesson, numbered, numbered_from_one, without_copies};

/// The course, as its folders have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The folder of the course.
    pub root: PathBuf,
    /// In order.
    pub lessons: Vec<Lesson>,
}

impl Course {
    /// Reads all lessons below `root`.
    ///
    /// # Errors
    ///
    /// When a file is missing or not what it should be: with its path and line.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let folder = root.join("solutions");
        let mut lessons = Vec::new();
        let manifest = root.join("Cargo.toml");
        let found = without_copies(numbered(&folder)?, &manifest, |folder| {
            format!("\"solutions/{folder}\"")
        });
        for (number, name, path) in found {
            // A folder without a lesson, such as one that a branch left behind, is not part of the course.
            if path.join("lesson.md").exists() {
                lessons.push(Lesson::read(&path, number, &name)?);
            }
        }
        if lessons.is_empty() {
            let what = "there is no lesson in it; is this the folder of the course?";
            return Err(Error::new(&folder, 0, what));
        }
        let numbers = lessons
            .iter()
            .map(|it: &Lesson| (it.number, it.path.as_path()));
        numbered_from_one("lessons", numbers)?;
        Ok(Self {
            root: root.to_owned(),
            lessons,
        })
    }

    /// Every exercise with its lesson, in order.
    pub fn exercises(&self) -> impl Iterator<Item = (&Lesson, &Exercise)> {
        self.lessons.iter().flat_map(|lesson| {
            let exercises = lesson.exercises.iter();
            exercises.map(move |exercise| (lesson, exercise))
        })
    }

    /// The exercise of this id, or whose file in `lessons/` has this path: the whole one or its end, with a line or
    /// without, as commands print it. `None` where there is none, or where a path is that of several.
    pub fn find(&self, name: &str) -> Option<(&Lesson, &Exercise)> {
        let by_id = self.exercises().find(|(_, exercise)| exercise.id == name);
        by_id.or_else(|| {
            let mut found = self.exercises().filter(|it| has_file(*it, name));
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// What a learner may name: all, a lesson, or an exercise by its id or the path of its file.
    ///
    /// # Errors
    ///
    /// When there is none of that name: the error lists what there is.
    pub fn select(&self, name: Option<&str>) -> Result<Vec<(&Lesson, &Exercise)>, String> {
        let Some(name) = name else {
            return Ok(self.exercises().collect());
        };
        let found: Vec<_> = self
            .exercises()
            .filter(|(lesson, exercise)| lesson.name == name || exercise.id == name)
            .collect();
        if !found.is_empty() {
            return Ok(found);
        }
        if let Some(found) = self.find(name) {
            return Ok(vec![found]);
        }
        let lessons = self.lessons.iter().map(|lesson| {
            let (name, last) = (&lesson.name, lesson.exercises.len());
            format!("{name} ({name}.1 to {name}.{last})")
        });
        let lessons = lessons.collect::<Vec<_>>().join(", ");
        let meant = self
            .similar(name)
            .map_or_else(String::new, |meant| format!(". Did you mean {meant}?"));
        Err(format!(
            "there is no lesson or exercise {name:?}; there are {lessons}{meant}"
        ))
    }

    /// The lesson or exercise that was probably meant: `protobuf1`, `Unary.1` and `unary-1` are near enough.
    fn similar(&self, name: &str) -> Option<&str> {
        let bare = |name: &str| {
            name.to_lowercase()
                .replace(|character: char| !character.is_alphanumeric(), "")
        };
        let lessons = self.lessons.iter().map(|lesson| &lesson.name);
        let exercises = self.exercises().map(|(_, exercise)| &exercise.id);
        let mut names = lessons.chain(exercises);
        names
            .find(|known| bare(known) == bare(name))
            .map(String::as_str)
    }
}

/// Whether `name` is the path of an exercise's file, from anywhere: `ex4_blocking.rs`, `lessons/02-unary/src/ex4_blocking.rs:17`,
/// or absolute.
fn has_file((lesson, exercise): (&Lesson, &Exercise), name: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut path = name;
    // A line, and a column, as compilers print them.
    for _ in 0..2 {
        path = match path.rsplit_once(':') {
            Some((rest, number)) if is_number(number) => rest,
            _ => break,
        };
    }
    let path = Path::new(path.strip_prefix("./").unwrap_or(path));
    let file = lesson.lesson_file(exercise);
    let file = Path::new(&file);
    let named = path
        .file_name()
        .is_some_and(|it| file.file_name() == Some(it));
    named && (file.ends_with(path) || path.ends_with(file))
}

/// The folder of an exercise, found by its name alone. `None` where there is none of this id.
///
/// # Errors
///
/// When the folder of the solutions cannot be listed.
pub fn find_folder(root: &Path, id: &str) -> Result<Option<PathBuf>, Error> {
    let Some((lesson, number)) = id.split_once('.') else {
        return Ok(None);
    };
    for (_, name, path) in numbered(&root.join("solutions"))? {
        if name != lesson {
            continue;
        }
        let exercises = numbered(&path)?;
        let found = exercises
            .into_iter()
            .find(|(it, ..)| it.to_string() == number);
        return Ok(found.map(|(.., path)| path));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const EXERCISE_MD: &str = "---\ntitle: a title\npage: 01-one.md\nminutes: 5\npoints: 2\nentry: first\n---\n\n\
        Do `it`.\nNow.\n\nMore of it.\n\n## Hint 1\n\nNudge.\n\n## Hint 2\n\nAPI.\n\n## Hint 3\n\nThe dots:\n{{hint}}\n\n## Note\n\nOther ways.\n";
    const SOLUTION_RS: &str = "fn first() {\n    // gap\n    // uses: ;\n    // hint: ...\n    done();\n    // end of gap\n}\n";

    fn course(change: impl FnOnce(&Path)) -> Result<Course, Error> {
        let root = tempfile::tempdir().expect("a folder");
        let exercise = root.path().join("solutions/01-one/1-the-first");
        fs::create_dir_all(&exercise).unwrap();
        fs::write(exercise.join("exercise.md"), EXERCISE_MD).unwrap();
        fs::write(exercise.join("solution.rs"), SOLUTION_RS).unwrap();
        let lesson = "---\ntitle: about one\n---\nText.\n";
        fs::write(root.path().join("solutions/01-one/lesson.md"), lesson).unwrap();
        change(&exercise);
        Course::read(root.path())
    }

    #[test]
    fn exercise_is_read_from_its_folder() {
        let course = course(|_| ()).unwrap();
        let (lesson, exercise) = course.find("one.1").unwrap();
        assert_eq!(
            (lesson.folder.as_str(), lesson.title.as_str()),
            ("01-one", "about one")
        );
        assert_eq!(exercise.file(), "ex1_the_first.rs");
        assert_eq!(exercise.folder(), "1-the-first");
        assert_eq!((exercise.minutes, exercise.points), (5, 2));
        assert_eq!(
            (exercise.task.as_str(), exercise.more.as_str()),
            ("Do `it`. Now.", "More of it.")
        );
        assert_eq!(exercise.hints[2], "The dots:\n    ...");
        assert_eq!(exercise.gap.code, "done();\n");
    }

    #[test]
    fn errors_name_their_line() {
        for (from, to, line, message) in [
            ("minutes: 5\n", "", 1, "\"minutes\" is wanted once"),
            ("minutes: 5", "minutes: five", 4, "whole number"),
            ("points: 2", "pionts: 2", 5, "there is no key \"pionts\""),
            ("## Hint 2", "## Hint two", 18, "\"Hint 2\""),
            ("Other ways.", "", 27, "no text for the Note"),
            ("---\ntitle", "title", 1, "a head between two lines"),
        ] {
            let text = EXERCISE_MD.replacen(from, to, 1);
            let error = course(|path| fs::write(path.join("exercise.md"), &text).unwrap())
                .expect_err(message);
            assert!(error.what.contains(message), "{error}");
            assert_eq!(error.line, line, "{error}");
        }
    }

    #[test]
    fn similar_names_are_suggested() {
        let course = course(|_| ()).unwrap();
        assert_eq!(course.select(Some("one.1")).map(|found| found.len()), Ok(1));
        assert_eq!(course.select(None).map(|found| found.len()), Ok(1));
        for name in ["One-1", "one1"] {
            let error = course.select(Some(name)).unwrap_err();
            assert!(error.contains("Did you mean one.1?"), "{error}");
        }
        let error = course.select(Some("two")).unwrap_err();
        assert!(error.ends_with("there are one (one.1 to one.1)"), "{error}");
    }

    #[test]
    fn exercise_is_found_by_the_path_of_its_file() {
        let course = course(|_| ()).unwrap();
        let root = course.root.display();
        for path in [
            "lessons/01-one/src/ex1_the_first.rs".to_owned(),
            "./lessons/01-one/src/ex1_the_first.rs:14".to_owned(),
            "src/ex1_the_first.rs:14:5".to_owned(),
            "ex1_the_first.rs".to_owned(),
            format!("{root}/lessons/01-one/src/ex1_the_first.rs"),
        ] {
            let found = course.select(Some(&path)).expect(&path);
            assert_eq!(found.len(), 1, "{path}");
            assert_eq!(
                course.find(&path).map(|(_, it)| it.id.as_str()),
                Some("one.1"),
                "{path}"
            );
        }
        for path in [
            "lessons/02-two/src/ex1_the_first.rs",
            "ex1_the_first.rs:",
            "first.rs",
            "ex1_the_first",
            ":14",
            "",
        ] {
            assert!(course.select(Some(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn folder_is_found_by_name() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("solutions/02-two/3-it");
        fs::create_dir_all(&folder).unwrap();
        let find = |id| find_folder(root.path(), id).unwrap();
        assert_eq!(find("two.3"), Some(folder));
        for id in ["two.1", "two.03", "one.3", "two", "two.x", "../two.3"] {
            assert_eq!(find(id), None, "{id}");
        }
    }

    #[test]
    fn copies_of_folders_are_not_part_of_the_course() {
        let with_copies = |lists: bool| {
            course(|exercise| {
                let lesson = exercise.parent().expect("it is in a lesson");
                let root = lesson.ancestors().nth(2).expect("it is in a course");
                for folder in ["01-one-backup", "01-one copy", "notes"] {
                    let copy = lesson.with_file_name(folder);
                    fs::create_dir_all(&copy).unwrap();
                    fs::copy(lesson.join("lesson.md"), copy.join("lesson.md")).unwrap();
                }
                fs::create_dir(exercise.with_file_name("1-the-first.bak")).unwrap();
                fs::create_dir_all(lesson.join("src")).unwrap();
                if lists {
                    fs::write(root.join("Cargo.toml"), "members = [\"solutions/01-one\"]").unwrap();
                    let main = "#[path = \"../1-the-first/solution.rs\"]\nmod one;\n";
                    fs::write(lesson.join("src/main.rs"), main).unwrap();
                }
            })
        };
        let course = with_copies(true).expect("it knows its lessons and exercises");
        let exercises: Vec<_> = course.exercises().map(|(_, it)| it.id.as_str()).collect();
        assert_eq!(exercises, ["one.1"]);
        with_copies(false).expect_err("nothing says which is the copy");
    }

    #[test]
    fn exercise_numbers_have_no_hole() {
        let error = course(|path| fs::rename(path, path.with_file_name("2-the-first")).unwrap());
        assert!(error.unwrap_err().what.contains("expected 1, found 2"));
    }
}
