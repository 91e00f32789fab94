//! Many sources, each in the place of an exercise's file, built into one program.
//!
//! A build of a lesson takes seconds, and most of them go into what is the same for every source. So the sources become
//! modules of one program, chosen by name as the course's variants are. The compiler stops after the phase in which it
//! finds an error: sources with errors are taken out, and the rest is built again until it links.
//!
//! A source that cannot stand beside others, or may only compile because of another, is built into a program of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, ensure};
use catalogue::{Course, Lesson};

use crate::batch_files::{BatchFiles, Written, file};
use crate::blame::Blame;
use crate::cargo::build_or_messages;
use crate::entry::{Entry, Outcome};
use crate::given_types;
use crate::overlay::Overlay;
use crate::progress::Progress;
use crate::slot::Slot;
use crate::target_dir::target_dir;

/// What came of a list of entries. The programs are there as long as this value is: then their places may be taken by
/// other batches.
#[derive(Debug)]
pub struct Batch {
    /// What came of each, in their order.
    pub outcomes: Vec<Outcome>,
    _slots: Vec<Slot>,
}

impl Batch {
    /// Builds entries, all of which belong to this lesson.
    ///
    /// # Errors
    ///
    /// When the course does not build, cargo cannot be run, or two entries have one name.
    pub fn build(
        course: &Course,
        lesson: &Lesson,
        entries: &[Entry<'_>],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let names: BTreeSet<_> = entries.iter().map(Entry::program_name).collect();
        ensure!(names.len() == entries.len(), "two sources have one name");
        let mut builder = Builder {
            course,
            lesson,
            entries,
            files: BatchFiles::of(lesson)?,
            outcomes: BTreeMap::new(),
            slots: Vec::new(),
        };
        let given = given_types::defined(builder.files.given_sources());
        let (alone, together): (BTreeSet<_>, BTreeSet<_>) = (0..entries.len())
            .partition(|index| given_types::extends(entries[*index].text, &given));
        builder.build(together, progress)?;
        for index in alone {
            builder.build(BTreeSet::from([index]), progress)?;
        }
        Ok(Self {
            outcomes: builder.outcomes.into_values().collect(),
            _slots: builder.slots,
        })
    }
}

struct Builder<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    entries: &'a [Entry<'a>],
    files: BatchFiles<'a>,
    /// By the entries' indices.
    outcomes: BTreeMap<usize, Outcome>,
    slots: Vec<Slot>,
}

impl Builder<'_> {
    /// Builds these entries into one program, or into several where they do not go together.
    fn build(
        &mut self,
        indices: BTreeSet<usize>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let mut left = vec![indices];
        while let Some(indices) = left.pop() {
            if indices.is_empty() {
                continue;
            }
            let rest = self.program(indices.clone(), progress)?;
            // Nothing came of it: each half may.
            match rest == indices {
                true => left.extend(halves(rest)),
                false => left.push(rest),
            }
        }
        Ok(())
    }

    /// Builds a program of these entries, and returns those that were not to blame and have no part in it.
    fn program(
        &mut self,
        mut indices: BTreeSet<usize>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<BTreeSet<usize>> {
        let slots = target_dir(&self.course.root)?.join("overlays/batch");
        let slot = Slot::acquire(&slots)?;
        let name = format!("batch-{}", slot.number);
        let overlay = Overlay::new(self.course, &slot.folder, &name, [self.lesson])?;
        let target = overlay.target(self.lesson);
        let mut rest = BTreeSet::new();
        while !indices.is_empty() {
            let written =
                self.files
                    .write(&overlay.root, &target.package, self.entries, &indices)?;
            let messages = match build_or_messages(&target, progress)? {
                Ok(path) => {
                    self.built(&indices, &path);
                    self.slots.push(slot);
                    return Ok(rest);
                }
                Err(messages) => messages,
            };
            let Written { list, lines, files } = &written;
            let blame = Blame { list, lines, files };
            let blamed = blame.sort(&target.bin, &messages);
            if blamed.errors.is_empty() {
                // Nobody can be blamed, unless there is only one.
                if let (1, Some(&index)) = (indices.len(), indices.first()) {
                    self.broken(index, blamed.others);
                } else {
                    rest.extend(indices);
                }
                return Ok(rest);
            }
            let alone = indices.len() == 1;
            for (index, errors) in blamed.errors {
                indices.remove(&index);
                match blamed.shared.contains(&index) && !alone {
                    true => drop(rest.insert(index)),
                    false => self.broken(index, errors),
                }
            }
        }
        Ok(rest)
    }

    fn built(&mut self, indices: &BTreeSet<usize>, path: &Path) {
        for &index in indices {
            let outcome = Outcome::Program {
                path: path.to_owned(),
                name: self.entries[index].program_name(),
                file: self.file(index),
            };
            self.outcomes.insert(index, outcome);
        }
    }

    /// The path of an entry's file, relative to the workspace that it is built in.
    fn file(&self, index: usize) -> String {
        let package = Path::new("lessons").join(&self.lesson.folder);
        let file = package.join(file(index, &self.entries[index]));
        file.display().to_string()
    }

    fn broken(&mut self, index: usize, errors: Vec<String>) {
        let (here, name) = (self.file(index), self.entries[index].name);
        let errors = errors.iter().map(|text| text.replace(&here, name));
        self.outcomes
            .insert(index, Outcome::Errors(errors.collect()));
    }
}

fn halves(indices: BTreeSet<usize>) -> [BTreeSet<usize>; 2] {
    let half = indices.len() / 2;
    let first = indices.iter().take(half).copied().collect();
    [first, indices.into_iter().skip(half).collect()]
}
