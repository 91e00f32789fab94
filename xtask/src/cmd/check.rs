//! `cargo xtask check`.

use anyhow::{Result, anyhow};
use build::{Source, workspace_root};
use catalogue::{Course, Exercise, Lesson};
use report::{PUBLISHED_SEED, Report};
use screen::{After, Around, Checked, Texts, verdict_line};
use serde_json::{Value, json};

use crate::arguments::{Given, Syntax};
use crate::checkers::{Checkers, Notes};
use crate::exit;
use crate::pages;
use crate::passed::Passed;
use crate::score;
use crate::subcommand::{Audience, Subcommand};
use crate::terminal::{self, print, print_lines};
use crate::told::Told;

/// What is checked, and how it is shown.
pub(crate) struct Options {
    name: Option<String>,
    source: Source,
    json: bool,
    full: bool,
    /// What the documents and the other inputs are made from.
    seed: u64,
}

impl Options {
    /// The learner's exercises as far as they pass. `full`: whole transcripts.
    pub(crate) fn all(full: bool) -> Self {
        Self {
            name: None,
            source: Source::Lessons,
            json: false,
            full,
            seed: PUBLISHED_SEED,
        }
    }

    /// Whether the exercises are checked in order, up to the first that is to be done.
    fn is_in_order(&self) -> bool {
        self.name.is_none() && self.source == Source::Lessons
    }

    /// Whether a pass counts as progress.
    fn counts(&self) -> bool {
        self.source == Source::Lessons && self.seed == PUBLISHED_SEED
    }
}

pub(super) const CHECK: Subcommand = Subcommand {
    name: "check",
    about: "Build and check exercises: the first difference, what it probably means, the next step",
    details: "  NAME          A lesson or an exercise, for example unary or unary.2. Without it: all in order, up to the first that\n\
              \x20               does not pass.\n  \
              --solutions   Check the course's solutions instead of your files.\n  \
              --json        For programs: one array of reports on standard output.\n  \
              --full        Show whole transcripts, not only the rows around the first difference; of what passed too, where\n\
              \x20               NAME is given.\n  \
              --seed N      Check on other inputs: N is any whole number, and the documents, ids and numbers are made from it.\n\
              \x20               The solution is run on them first, and what it does is expected of your program. Without it, the\n\
              \x20               inputs are the course's published ones (seed 1), and only with these a pass counts as progress.\n\n\
              The screen fits the terminal: of the transcripts, as much is shown as leaves the verdict and the next step in\n\
              sight. A pipe or a file is taken for a terminal of 80 columns and 24 lines.",
    examples: &[
        "check",
        "check unary.2",
        "check unary.2 --seed 7",
        "check protobuf --json",
    ],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["[NAME]"],
        flags: &["solutions", "json", "full"],
        options: &["seed"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let seed = given.number("seed", 0)?.unwrap_or(PUBLISHED_SEED);
    let source = match given.has("solutions") {
        true => Source::Solutions,
        false => Source::Lessons,
    };
    check(&Options {
        name: given.value(0)?.map(str::to_owned),
        source,
        json: given.has("json"),
        full: given.has("full"),
        seed,
    })
}

/// Checks what was chosen, shows it, and returns the exit code.
pub(crate) fn check(options: &Options) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let chosen = course
        .select(options.name.as_deref())
        .map_err(|error| anyhow!(error))?;
    let source = options.source;
    let progress = Passed::of(&course);
    // Named exercises are all checked, the whole course only up to the first that does not pass.
    let to_the_end = !options.is_in_order();
    // Read before anything is built: what is saved later was not checked.
    let files = chosen
        .iter()
        .map(|(lesson, exercise)| progress.file_now(lesson, exercise));
    let files: Vec<_> = files.collect();
    if options.seed != PUBLISHED_SEED && !options.json {
        println!(
            "Seed {}: the inputs are not the published ones. What the solution does on them is expected.\n",
            options.seed
        );
    }
    let mut checkers = Checkers::new(&course)?;
    let mut lessons: Vec<_> = chosen.iter().map(|(lesson, _)| *lesson).collect();
    lessons.dedup_by_key(|lesson| lesson.number);
    if to_the_end {
        checkers.prepare(&lessons, source)?;
        lessons.clear();
    }
    let mut screens = Screens::new(&course, &progress, options, &chosen);
    let mut all: Vec<Checked> = Vec::new();
    for (index, ((lesson, exercise), file)) in chosen.iter().zip(files).enumerate() {
        if lessons
            .first()
            .is_some_and(|next| next.number == lesson.number)
        {
            checkers.prepare(&[lessons.remove(0)], source)?;
        }
        let (report, notes) = checkers.check(lesson, exercise, source, options.seed)?;
        let checked = describe(&course, lesson, exercise, source, report, notes);
        let passed = checked.passed();
        let had_passed = progress.has(exercise);
        if passed && options.counts() {
            progress.remember(lesson, exercise, file);
        }
        let next = chosen.get(index + 1);
        // What has passed once and was changed since holds nobody up.
        let is_last = next.is_none() || !passed && !had_passed && !to_the_end;
        let ends_lesson = is_last || next.is_some_and(|(next, _)| next.number != lesson.number);
        screens.checked(&checked, had_passed, is_last)?;
        if ends_lesson {
            screens.lesson_checked(lesson)?;
        }
        all.push(checked);
        if lesson.exercises.last() == Some(exercise) {
            checkers.finish(lesson);
        }
        if is_last {
            break;
        }
    }
    if options.json {
        let reports: Vec<Value> = all.iter().map(as_json).collect();
        println!("{}", serde_json::to_string_pretty(&reports)?);
    } else {
        screens.conclude(&all)?;
    }
    Ok(match all.iter().all(Checked::passed) {
        true => exit::PASSED,
        false => exit::FAILED,
    })
}

/// A check with all that its screen needs.
fn describe(
    course: &Course,
    lesson: &Lesson,
    exercise: &Exercise,
    source: Source,
    report: Report,
    notes: Notes,
) -> Checked {
    let file = source.file(lesson, exercise);
    let read = pages::of_exercise(&course.root, exercise);
    let mut checked = Checked::new(Texts::from(exercise), file, read, report);
    checked.is_solution = source == Source::Solutions;
    checked.begun = !checked.is_solution && build::begun(course, lesson, exercise).unwrap_or(false);
    checked.warnings = notes.warnings;
    checked.build_advice = notes.advice;
    let changed = notes.changed_given.iter();
    checked.changed_given = changed.map(|file| file.display().to_string()).collect();
    checked.given_advice = format!(
        "A grade is given with the course's own. `cargo xtask reset {}` puts the course's files back, and keeps a copy of yours.",
        lesson.name
    );
    checked
}

/// What is shown while exercises are checked, and after.
struct Screens<'a> {
    course: &'a Course,
    progress: &'a Passed,
    options: &'a Options,
    /// The exercises that were chosen.
    chosen: &'a [(&'a Lesson, &'a Exercise)],
    view: screen::View,
    /// Whether nothing had passed before.
    is_first_time: bool,
    /// Whether a line was printed.
    printed: bool,
    /// How many lines of news were printed: notes, the end of a lesson.
    news: usize,
    /// Whether an exercise of the lesson has passed now, and counts.
    lesson_has_passes: bool,
    /// Whether an exercise did not pass.
    failed: bool,
}

impl<'a> Screens<'a> {
    fn new(
        course: &'a Course,
        progress: &'a Passed,
        options: &'a Options,
        chosen: &'a [(&'a Lesson, &'a Exercise)],
    ) -> Self {
        let mut exercises = course.exercises();
        Self {
            course,
            progress,
            options,
            chosen,
            view: terminal::view(options.full),
            is_first_time: !exercises.any(|(_, exercise)| progress.has(exercise)),
            printed: false,
            news: 0,
            lesson_has_passes: false,
            failed: false,
        }
    }

    /// The line of an exercise, and its note where it passed now. What did not pass and comes last has its verdict in the
    /// screen that follows.
    fn checked(&mut self, checked: &Checked, had_passed: bool, is_last: bool) -> Result<()> {
        let passed = checked.passed();
        let is_first_to_do = self.options.is_in_order() && !had_passed;
        let has_screen = !passed && is_last && (!self.failed || is_first_to_do);
        self.failed |= !passed;
        let is_news = passed && self.options.counts() && !had_passed;
        self.lesson_has_passes |= passed && self.options.counts();
        if self.options.json || has_screen {
            return Ok(());
        }
        print_lines(&verdict_line(checked, &self.view));
        self.printed = true;
        let is_named = self.options.name.is_some();
        if passed && is_named && self.options.full {
            let view = &self.view;
            self.news += print(|out| screen::write_transcript(out, checked, view))?;
        }
        // By its id, or by the path of its file.
        let is_alone = is_named && self.chosen.len() == 1;
        if passed && (is_news || is_alone) {
            let (note, view) = (&checked.exercise, &self.view);
            self.news += print(|out| screen::write_warnings(out, checked, view))?;
            self.news += print(|out| screen::write_note(out, note, view))?;
        }
        Ok(())
    }

    /// The end of a lesson, where it is complete and this has not been told since.
    fn lesson_checked(&mut self, lesson: &Lesson) -> Result<()> {
        let has_passes = std::mem::take(&mut self.lesson_has_passes);
        let is_done = score::is_done(self.progress, lesson);
        let is_of_learner = self.options.source == Source::Lessons;
        // Who reads data is told nothing, and so is whoever has not checked what counts.
        let may_be_told = is_of_learner && !self.options.json && (has_passes || !is_done);
        if may_be_told && Told::of(self.course).is_due(lesson, is_done) {
            let end = score::lesson_end(self.course, self.progress, lesson);
            self.news += print(|out| screen::write_lesson_end(out, &end, &self.view))?;
        }
        Ok(())
    }

    /// The exercise that has the screen of all that did not pass: in order, the first that never has, and then one that was
    /// changed since.
    fn shown<'c>(&self, all: &'c [Checked]) -> Option<&'c Checked> {
        let never = |it: &&Checked| {
            let of_course = self
                .course
                .exercises()
                .find(|(_, one)| one.id == it.exercise.id);
            of_course.is_some_and(|(_, exercise)| !self.progress.has(exercise))
        };
        let failed = || all.iter().filter(|checked| !checked.passed());
        let never = failed().find(|it| self.options.is_in_order() && never(it));
        never.or_else(|| failed().next())
    }

    /// One exercise that did not pass, whole, or what to do after all passed.
    fn conclude(&self, all: &[Checked]) -> Result<()> {
        let view = &self.view;
        if let Some(first) = self.shown(all) {
            if self.printed {
                println!();
            }
            let behind = self.chosen.iter().skip(all.len());
            let to_do = behind.filter(|(_, exercise)| !self.progress.has(exercise));
            let around = Around {
                lines_above: self.news,
                to_do: to_do.count(),
                lines_page: self
                    .is_first_time
                    .then(|| pages::of_lines(&self.course.root)),
            };
            print(|out| screen::write_failure(out, first, view, &around))?;
            return Ok(());
        }
        let points = score::points(self.course, self.progress);
        let name = || self.options.name.clone().unwrap_or_default();
        let after = match self.chosen.last() {
            _ if self.options.source == Source::Solutions => After::Solutions,
            _ if self.options.seed != PUBLISHED_SEED => After::OtherSeed { name: name() },
            Some((lesson, last)) => score::next(self.course, self.progress, lesson, last),
            None => After::Done,
        };
        print(|out| screen::write_all_passed(out, all.len(), points, &after, view))?;
        Ok(())
    }
}

/// The report as data: `JSON.md` beside the crate `report` says what its keys are.
fn as_json(checked: &Checked) -> Value {
    let (file, line) = checked.place();
    let exercise = &checked.exercise;
    let mut value = checked.report.to_json();
    value["file"] = json!(file);
    value["line"] = json!(line);
    value["title"] = json!(exercise.title);
    value["task"] = json!(exercise.task);
    value["read"] = json!(checked.read);
    value["note"] = json!(checked.passed().then_some(&exercise.note));
    value["warnings"] = json!(checked.warnings);
    value["advice"] = json!(checked.build_advice);
    value["changed_files"] = json!(checked.changed_given);
    value["begun"] = json!(checked.begun);
    value
}
