//! Exercises of which a learner writes more than a part of a body: the imports, a whole function, a service's method.
//!
//! Solutions made by hand stand in the place of two of the course's own, so that these forms are tried whatever forms the
//! course's exercises have.

use std::collections::BTreeMap;
use std::path::Path;

use build::{Fault, GapError, Overlay, Programs, Scratch, Source};
use catalogue::{Course, Exercise, Form, Gap, Lesson};
use checks::{Verdict, judge, snapshot};
use stage::Seed;
use tempfile::TempDir;

use crate::harness::{catalogue, reference, root, try_out};

/// A method, in the place of unary.3. What it does is not judged here.
const METHOD: &str = r#"//! A method.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::transport::Channel;

// imports
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use tonic::{Request, Response, Status};
// end of imports

/// The service.
pub struct Edge {
    /// Calls the host.
    pub host: ModelHostClient<Channel>,
    /// The version.
    pub model_version: String,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    // gap
    // uses: ; async fn classify(&self, request); self.host, self.model_version
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let _ = (&self.host, request);
        Err(Status::not_found(self.model_version.as_str()))
    }
    // end of gap
}
"#;

/// A function, in the place of unary.4, which is right.
const FUNCTION: &str = r#"//! A function.

use std::sync::Arc;

use crate::run::clean;

// imports
use kit::Document;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tonic::Status;
// end of imports

// gap
// uses: Arc, clean; async fn clean_text(permits, document)
/// Makes a status of any error.
fn internal<E>(_: E) -> Status {
    Status::internal("the text could not be cleaned")
}

pub async fn clean_text(permits: Arc<Semaphore>, document: Document) -> Result<String, Status> {
    let permit = permits.acquire_owned().await.map_err(internal)?;
    let cleaning = spawn_blocking(move || {
        let _permit = permit;
        clean(&document)
    });
    cleaning.await.map_err(internal)
}
// end of gap
"#;

/// The course with solutions that are made by hand, and a folder for what is built.
struct Made {
    course: Course,
    folder: TempDir,
    /// No two tests build packages of one name.
    name: &'static str,
}

impl Made {
    fn new(name: &'static str) -> Self {
        let mut course = catalogue().clone();
        for lesson in &mut course.lessons {
            for exercise in &mut lesson.exercises {
                let solution = match exercise.id.as_str() {
                    "unary.3" => METHOD,
                    "unary.4" => FUNCTION,
                    _ => continue,
                };
                let gap = Gap::find(Path::new("solution.rs"), solution);
                exercise.gap = gap.unwrap_or_else(|error| panic!("{error}"));
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            course,
            folder,
            name,
        }
    }

    fn exercise(&self, id: &str) -> (&Lesson, &Exercise) {
        self.course.find(id).expect("it is there")
    }

    /// Builds the exercise with this text as its file. `None`: the starter.
    fn build(&self, id: &str, text: Option<&str>) -> Result<build::Program, Fault> {
        let (lesson, exercise) = self.exercise(id);
        let files = text.map(|text| (exercise.file(), text.to_owned()));
        let learner = self.folder.path().join("learner");
        let overlay = Overlay::new(&self.course, &learner, self.name, [lesson]);
        let overlay = overlay.expect("it is made");
        let files: BTreeMap<_, _> = files.into_iter().collect();
        overlay.write_lesson(lesson, &files).expect("it is written");
        let scratch = Scratch {
            folder: self.folder.path().join("scratch"),
            name: format!("{}-scratch", self.name),
        };
        let mut programs = Programs::of_overlay(&self.course, overlay, scratch);
        let program = programs.program(lesson, exercise, Source::Lessons, &mut |_| ());
        let program = program.unwrap_or_else(|error| panic!("{error:#}"));
        program.map_err(|broken| broken.fault)
    }

    async fn verdict(&self, id: &str, text: Option<&str>) -> Verdict {
        let program = self.build(id, text).expect("it builds");
        assert_eq!(program.warnings, Vec::<String>::new(), "{id}");
        let (checks, check) = course::find(id).expect("it has a check");
        let run = try_out(
            &program.path,
            id,
            check,
            Seed::PUBLISHED,
            &reference().await,
        )
        .await;
        let expected = snapshot::read(&root(), checks, check).expect("there is a snapshot");
        judge(check, &run, &expected).verdict
    }

    /// Where the gap is in the starter.
    fn gap_line(&self, id: &str) -> (String, u32) {
        let (lesson, exercise) = self.exercise(id);
        let starter = build::starter(lesson, exercise).expect("there is one");
        let line = starter
            .lines()
            .position(|line| line.contains("kit::gap! {"));
        let line = line.expect("the starter has a gap") + 1;
        (lesson.lesson_file(exercise), line as u32)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn starters_of_functions_and_methods_are_unfinished_and_without_warnings() {
    let made = Made::new("forms");
    for id in ["unary.3", "unary.4"] {
        let verdict = made.verdict(id, None).await;
        let Verdict::Unfinished { file, line, .. } = verdict else {
            panic!("{id}: {verdict:?}");
        };
        assert_eq!((file, line), made.gap_line(id), "{id}");
    }
    let verdict = made.verdict("unary.4", Some(FUNCTION)).await;
    assert_eq!(verdict, Verdict::Passed);
    made.build("unary.3", Some(METHOD)).expect("it compiles");
}

#[test]
fn what_is_wrong_with_a_function_is_said_of_its_file() {
    let made = Made::new("forms-function");
    let (lesson, exercise) = made.exercise("unary.4");
    let own = lesson.lesson_file(exercise);
    let fault = |text: &str| made.build("unary.4", Some(text)).expect_err("it is wrong");
    let (above, _) = FUNCTION.split_once("pub async fn").expect("it has one");
    let body = "{\n    Err(internal((permits, document)))\n}\n";
    let right = "pub async fn clean_text(permits: Arc<Semaphore>, document: Document) -> Result<String, Status>";
    for (from, to, is_found) in [
        ("fn clean_text", "fn cleaned", false),
        ("document: Document", "document: String", true),
        ("pub async", "async", true),
        ("pub async", "pub", true),
        ("Result<String", "Result<Vec<u8>", true),
    ] {
        let begins = right.replace(from, to);
        assert_ne!(begins, right);
        let expected = Fault::Function {
            file: own.clone(),
            name: "clean_text".to_owned(),
            wanted: right.to_owned(),
            found: is_found.then(|| begins.clone()),
        };
        assert_eq!(fault(&format!("{above}{begins} {body}")), expected);
    }
    let waits = "let here = std::rc::Rc::new(1);\n    tokio::task::yield_now().await;\n    drop(here);\n    let permit =";
    let text = FUNCTION.replace("let permit =", waits);
    assert_eq!(fault(&text), Fault::NotSend { file: own });
    let paths = ["tokio::task::spawn_blocking", "tonic::Status"];
    let text = FUNCTION.replace(&format!("use {};\n", paths[0]), "");
    let text = text.replace(&format!("use {};\n", paths[1]), "");
    let Fault::Imports { paths: mut named } = fault(&text) else {
        panic!("imports are missing");
    };
    named.sort();
    assert_eq!(named, paths);
}

#[test]
fn a_gap_that_is_left_beside_what_it_stands_for_is_named() {
    let made = Made::new("forms-left");
    for id in ["unary.3", "unary.4"] {
        let (lesson, exercise) = made.exercise(id);
        let gap = &exercise.gap;
        let name = gap.form.name().expect("it has a name").to_owned();
        let starter = build::starter(lesson, exercise).expect("there is one");
        let starter = starter.replace("// Your imports go here.\n", &gap.use_lines);
        let written = match gap.form {
            // Below the gap, and above it.
            Form::Function(_) => vec![
                format!("{starter}{}", gap.code),
                starter.replace("kit::gap! {", &format!("{}kit::gap! {{", gap.code)),
            ],
            _ => vec![starter.replace("kit::gap! {", &format!("{}kit::gap! {{", gap.code))],
        };
        for text in written {
            let fault = made.build(id, Some(&text)).expect_err("it is there twice");
            let Fault::Gap { line, error } = fault else {
                panic!("{id}: {fault:?}\n{text}");
            };
            assert_eq!(error, GapError::Twice(name.clone()), "{id}");
            let line = text.lines().nth(line - 1).unwrap_or_default();
            assert!(line.contains("kit::gap! {"), "{id}: {line}");
        }
    }
}
