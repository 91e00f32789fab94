//! One lesson: a folder `solutions/NN-name`.

use std::path::{Path, PathBuf};

use crate::error::{Error, read};
use crate::exercise::Exercise;
use crate::front_matter::FrontMatter;
use crate::name::check_name;

/// A lesson: one crate for the learner, and one checker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its name, `unary`.
    pub name: String,
    /// Its place in the course, from 1.
    pub number: u32,
    /// Its folder in `lessons/` and in `solutions/`: `02-unary`.
    pub folder: String,
    /// What it is about, in a few words.
    pub title: String,
    /// What it is about, as Markdown.
    pub about: String,
    /// The files that several of its exercises are given, by the names of their modules, sorted.
    pub given: Vec<String>,
    /// Its exercises, in order.
    pub exercises: Vec<Exercise>,
    /// Its folder in `solutions/`.
    pub path: PathBuf,
}

impl Lesson {
    /// The package and the program of the learner's crate.
    pub fn lesson_package(&self) -> String {
        format!("lesson-{}", self.name)
    }

    /// The package and the program of the solved crate.
    pub fn solution_package(&self) -> String {
        format!("solution-{}", self.name)
    }

    /// The program of the variants, in the package of the solutions.
    pub fn variants_program(&self) -> String {
        format!("variants-{}", self.name)
    }

    /// The package and the program of the lesson's checker.
    pub fn check_package(&self) -> String {
        format!("check-{}", self.name)
    }

    /// Checks that a new exercise may have this slug.
    ///
    /// # Errors
    ///
    /// When it is not a name, or that of another exercise of the lesson.
    pub fn check_slug(&self, slug: &str) -> Result<(), String> {
        check_name(slug)?;
        free_slug(slug, &self.exercises)
    }

    /// The name of the checker's library, as Rust code has it.
    pub fn check_crate(&self) -> String {
        self.check_package().replace('-', "_")
    }

    /// An exercise's file as the learner edits it, relative to the course's folder.
    pub fn lesson_file(&self, exercise: &Exercise) -> String {
        format!("lessons/{}/src/{}", self.folder, exercise.file())
    }

    /// An exercise's solution, relative to the course's folder.
    pub fn solution_file(&self, exercise: &Exercise) -> String {
        format!(
            "solutions/{}/{}/solution.rs",
            self.folder,
            exercise.folder()
        )
    }

    /// Reads a lesson's folder.
    pub(crate) fn read(path: &Path, number: u32, name: &str) -> Result<Self, Error> {
        let folder = format!("{number:02}-{name}");
        named(path, &folder, name)?;
        let file = path.join("lesson.md");
        let text = read(&file)?;
        let head = FrontMatter::read(&file, &text, &["title"])?;
        let mut exercises = Vec::new();
        let list = path.join("src/main.rs");
        let found = without_copies(numbered(path)?, &list, |folder| {
            format!("\"../{folder}/solution.rs\"")
        });
        for (number, slug, path) in found {
            named(&path, &format!("{number}-{slug}"), &slug)?;
            exercises.push(Exercise::read(&path, name, number, &slug)?);
        }
        for (index, exercise) in exercises.iter().enumerate() {
            free_slug(&exercise.slug, &exercises[..index])
                .map_err(|what| Error::new(&exercise.path, 0, what))?;
        }
        let numbers = exercises.iter().map(|it| (it.number, it.path.as_path()));
        numbered_from_one("exercises", numbers)?;
        Ok(Self {
            name: name.to_owned(),
            number,
            folder,
            title: head.text("title"),
            about: head.body.trim().to_owned(),
            given: given(&path.join("given"))?,
            exercises,
            path: path.to_owned(),
        })
    }
}

/// Fails where a folder is not named as it is to be, or its name is not one.
fn named(path: &Path, folder: &str, name: &str) -> Result<(), Error> {
    if path.file_name().is_none_or(|found| found != folder) {
        return Err(Error::new(
            path,
            0,
            format!("expected the folder's name to be {folder}"),
        ));
    }
    check_name(name).map_err(|what| Error::new(path, 0, what))
}

/// Fails where another exercise has the name already. A module in `given/` may have it: that is `crate::edge`, and the
/// exercise's `crate::run::edge`.
fn free_slug(slug: &str, exercises: &[Exercise]) -> Result<(), String> {
    if let Some(other) = exercises.iter().find(|it| it.slug == slug) {
        return Err(format!("the slug {slug:?} is that of {} already", other.id));
    }
    Ok(())
}

/// Fails where folders are not numbered from 1, one after the other.
pub(crate) fn numbered_from_one<'a>(
    what: &str,
    numbers: impl Iterator<Item = (u32, &'a Path)>,
) -> Result<(), Error> {
    for (expected, (number, path)) in (1..).zip(numbers) {
        if number != expected {
            let what = format!(
                "the folders of {what} are numbered from 1 without gaps: expected {expected}, found {number}"
            );
            return Err(Error::new(path, 0, what));
        }
    }
    Ok(())
}

/// The modules in a lesson's folder `given`, which may be missing.
fn given(folder: &Path) -> Result<Vec<String>, Error> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut modules = Vec::new();
    for path in entries(folder)? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let stem = path.file_stem().unwrap_or_default();
            modules.push(stem.to_string_lossy().into_owned());
        }
    }
    Ok(modules)
}

/// The folders of a folder that begin with a number and a dash, by their numbers: number, rest of the name, path.
/// Everything else in the folder is ignored.
pub(crate) fn numbered(folder: &Path) -> Result<Vec<(u32, String, PathBuf)>, Error> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some((number, rest)) = name.split_once('-')
            && let Ok(number) = number.parse()
            && path.is_dir()
        {
            found.push((number, rest.to_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}

/// Folders without those that have the number of another one, which the list names and them not: somebody has made a copy.
/// Where the list names none of a number, all of them stay. `named` is how the list names a folder.
pub(crate) fn without_copies(
    folders: Vec<(u32, String, PathBuf)>,
    list: &Path,
    named: impl Fn(&str) -> String,
) -> Vec<(u32, String, PathBuf)> {
    // A list that cannot be read names none.
    let list = std::fs::read_to_string(list).unwrap_or_default();
    let listed = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        list.contains(&named(&name))
    };
    let numbers: Vec<_> = folders
        .iter()
        .filter(|(.., path)| listed(path))
        .map(|(number, ..)| *number)
        .collect();
    let mut folders = folders;
    folders.retain(|(number, _, path)| !numbers.contains(number) || listed(path));
    folders
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable =
        |error: std::io::Error| Error::new(folder, 0, format!("cannot be listed: {error}"));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}
