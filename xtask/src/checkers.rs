//! The lessons' checkers as processes: builds them with the programs that they check, starts them, asks them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use build::{Broken, Program, Programs, Source, build_reference};
use catalogue::{Course, Exercise, Lesson};
use report::{Answer, Hello, PUBLISHED_SEED, Report, Request, Verdict};

use crate::progress::Reporter;

/// Checks exercises. Keeps what one check builds and starts for the next.
pub(crate) struct Checkers {
    course: Course,
    programs: Programs,
    /// By the names of the lessons.
    running: BTreeMap<String, Checker>,
    reference: Option<PathBuf>,
    /// Shows the progress of builds.
    pub(crate) reporter: Reporter,
}

/// What there is to say of an exercise's build, beside what its checker reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// What to do where the build failed and the compiler's errors do not say it.
    pub(crate) advice: Option<String>,
    /// The compiler's warnings about the exercise's file, as it prints them.
    pub(crate) warnings: Vec<String>,
    /// Files of the lesson that the course provides, and that are not as the course has them: changed or missing. Relative
    /// to the course's folder.
    pub(crate) changed_given: Vec<PathBuf>,
}

impl Checkers {
    /// Nothing is built or started yet.
    pub(crate) fn new(course: &Course) -> Result<Self> {
        Ok(Self {
            course: course.clone(),
            programs: Programs::new(course)?,
            running: BTreeMap::new(),
            reference: None,
            reporter: Reporter::new(),
        })
    }

    /// Builds the programs of these lessons and their checkers, with one call of cargo, and starts the checkers.
    pub(crate) fn prepare(&mut self, lessons: &[&Lesson], source: Source) -> Result<()> {
        let reporter = &mut self.reporter;
        let mut progress = |event| reporter.report(event);
        let paths = self
            .programs
            .build_with_checkers(lessons, source, &mut progress)?;
        self.reporter.wipe();
        for (lesson, path) in lessons.iter().zip(paths) {
            if !self.running.contains_key(&lesson.name) {
                let checker = Checker::start(&path)?;
                self.running.insert(lesson.name.clone(), checker);
            }
        }
        Ok(())
    }

    /// Ends the checker of a lesson, and with it the reference server that it started.
    pub(crate) fn finish(&mut self, lesson: &Lesson) {
        self.running.remove(&lesson.name);
    }

    /// Checks an exercise of a lesson that was prepared, on this seed. Returns what the checker reports, and what there is
    /// to say of the build.
    pub(crate) fn check(
        &mut self,
        lesson: &Lesson,
        exercise: &Exercise,
        source: Source,
        seed: u64,
    ) -> Result<(Report, Notes)> {
        let mut notes = Notes::default();
        if source == Source::Lessons {
            notes.changed_given = build::changed_given(&self.course, lesson)?;
        }
        let program = match self.program(lesson, exercise, source)? {
            Ok(program) => program,
            Err(Broken { errors, fault }) => {
                let verdict = Verdict::DoesNotBuild(errors);
                notes.advice = fault.advice(&exercise.id);
                let report = Report::without_run(&exercise.id, seed, verdict);
                return Ok((report, notes));
            }
        };
        notes.warnings = program.warnings;
        // What is expected on the published seed is in the course's folders.
        let solution = match seed {
            PUBLISHED_SEED => None,
            _ => Some(self.solution(lesson, exercise)?),
        };
        let request = Request {
            seed,
            solution,
            ..self.request(lesson, exercise, program.path)?
        };
        match self.ask(lesson, &request)? {
            Answer::Report(report) => Ok((*report, notes)),
            Answer::Fault { exercise, fault } => bail!("{exercise} cannot be checked: {fault}"),
        }
    }

    /// Records what the solution of an exercise puts on the wire, as its expected transcript. Returns the file.
    pub(crate) fn record(&mut self, lesson: &Lesson, exercise: &Exercise) -> Result<PathBuf> {
        let program = self.solution(lesson, exercise)?;
        let request = Request {
            record: true,
            ..self.request(lesson, exercise, program)?
        };
        match self.ask(lesson, &request)? {
            Answer::Report(report) if report.verdict == Verdict::Passed => {
                Ok(exercise.path.join("expected.snap"))
            }
            Answer::Report(report) => {
                let message = report.failure_message.unwrap_or_default();
                bail!(
                    "the solution {}, and nothing was recorded. {message}",
                    report.verdict.name()
                )
            }
            Answer::Fault { exercise, fault } => bail!("{exercise} cannot be recorded: {fault}"),
        }
    }

    /// Forgets what was built, so that the next check sees what was saved since.
    pub(crate) fn forget_programs(&mut self) {
        self.programs.forget();
    }

    /// The program that has the solution of an exercise.
    fn solution(&mut self, lesson: &Lesson, exercise: &Exercise) -> Result<PathBuf> {
        match self.program(lesson, exercise, Source::Solutions)? {
            Ok(program) => Ok(program.path),
            Err(broken) => {
                let errors: Vec<_> = broken.errors.into_values().flatten().collect();
                bail!("the solution does not build:\n{}", errors.join("\n"));
            }
        }
    }

    fn program(
        &mut self,
        lesson: &Lesson,
        exercise: &Exercise,
        source: Source,
    ) -> Result<Result<Program, Broken>> {
        let reporter = &mut self.reporter;
        let mut progress = |event| reporter.report(event);
        let program = self
            .programs
            .program(lesson, exercise, source, &mut progress);
        self.reporter.wipe();
        program
    }

    fn request(
        &mut self,
        lesson: &Lesson,
        exercise: &Exercise,
        program: PathBuf,
    ) -> Result<Request> {
        let needed = self.checker(lesson)?.needs_reference(&exercise.id);
        if needed && self.reference.is_none() {
            let reporter = &mut self.reporter;
            let reference = build_reference(&self.course.root, &mut |event| reporter.report(event));
            self.reporter.wipe();
            self.reference = Some(reference?);
        }
        Ok(Request {
            exercise: exercise.id.clone(),
            program,
            variant: None,
            course: self.course.root.clone(),
            reference: self.reference.clone().filter(|_| needed),
            record: false,
            seed: PUBLISHED_SEED,
            solution: None,
        })
    }

    fn checker(&mut self, lesson: &Lesson) -> Result<&mut Checker> {
        let checker = self.running.get_mut(&lesson.name);
        checker.with_context(|| format!("the checker of {} was not started", lesson.name))
    }

    fn ask(&mut self, lesson: &Lesson, request: &Request) -> Result<Answer> {
        self.checker(lesson)?.ask(request)
    }
}

/// A checker that runs. It ends when its input does, and so with this value.
pub(crate) struct Checker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    hello: Hello,
}

impl Checker {
    /// Starts it, and reads what it can check.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            // A fault is told in words, whatever a learner's programs are to print.
            .env("RUST_BACKTRACE", "0")
            .env_remove("RUST_LIB_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        let input = child.stdin.take();
        let output = child
            .stdout
            .take()
            .context("a checker has no standard output")?;
        let mut output = BufReader::new(output);
        let hello = Hello::parse(&read(&mut output, &mut child)?)?;
        Ok(Self {
            child,
            input,
            output,
            hello,
        })
    }

    /// Whether a check of this exercise needs the reference server.
    pub(crate) fn needs_reference(&self, exercise: &str) -> bool {
        let mut exercises = self.hello.exercises.iter();
        exercises.any(|known| known.exercise == exercise && known.reference)
    }

    /// Has it check a program, and waits for its answer.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Answer> {
        let input = self.input.as_mut().context("a checker has no input")?;
        // If it has ended already, reading fails, and the error has its status.
        let _ = writeln!(input, "{}", request.to_json());
        Answer::parse(&read(&mut self.output, &mut self.child)?)
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The next line of a checker.
fn read(output: &mut impl BufRead, child: &mut Child) -> Result<String> {
    let mut line = String::new();
    output
        .read_line(&mut line)
        .context("read the output of a checker")?;
    if line.is_empty() {
        let status = child.wait().context("wait for a checker")?;
        bail!("the checker ended before it had answered ({status}), which is the course's fault");
    }
    Ok(line)
}
