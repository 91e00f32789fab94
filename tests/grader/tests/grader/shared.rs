//! The class that the tests share, graded once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use grader::exercises::{self, Exercise, Lesson};
use grader::result::{self, Submission};
use grader::{Class, Event, Options, grade_class, output};

/// The class's fresh seed.
pub const SEED: u64 = 20_26;

/// The largest submission, the smallest, and everything that has gone wrong in between.
pub const MEMBERS: [&str; 9] = [
    "broken",
    "flaky",
    "hard-coded",
    "links",
    "mixed",
    "odd-files",
    "solutions",
    "starters",
    "stray",
];

pub fn root() -> PathBuf {
    exercises::course_folder()
}

/// An empty folder that one test alone uses, in cargo's folder for such.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("grader")
        .join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("an old folder can be removed");
    }
    fs::create_dir_all(&path).expect("a folder can be made");
    path
}

pub fn named(id: &str) -> (&'static Lesson, &'static Exercise) {
    exercises::all()
        .find(|(_, exercise)| exercise.id == id)
        .expect("there is such an exercise")
}

/// The solution of an exercise.
pub fn solution(id: &str) -> String {
    let (lesson, exercise) = named(id);
    exercises::solution(&root(), lesson, exercise).expect("the solution is there")
}

/// The solution of an exercise with another body in its function.
pub fn solution_but(id: &str, body: &str) -> String {
    let text = solution(id);
    let (before, rest) = text.split_once("// gap\n").expect("a solution has a gap");
    let (_, after) = rest.split_once("// end of gap").expect("a gap has an end");
    format!("{before}{body}{after}")
}

/// A submission that is being made.
pub struct Draft(pub PathBuf);

impl Draft {
    /// The folder that an exercise's file belongs to.
    pub fn source(&self, id: &str) -> PathBuf {
        let path = self.0.join(&named(id).0.folder).join("src");
        fs::create_dir_all(&path).expect("a folder can be made");
        path
    }

    /// Hands in an exercise's file.
    pub fn put(&self, id: &str, text: impl AsRef<[u8]>) -> &Self {
        fs::write(self.source(id).join(&named(id).1.file), text).expect("a file can be written");
        self
    }

    /// Hands in the solution.
    pub fn solve(&self, id: &str) -> &Self {
        self.put(id, solution(id))
    }

    /// Hands in every starter.
    pub fn start(&self) -> &Self {
        for (lesson, exercise) in exercises::all() {
            let text = exercises::starter(lesson, exercise).expect("starters can be made");
            self.put(exercise.id, text);
        }
        self
    }
}

/// Writes the submissions and returns their paths, in the order of [`MEMBERS`].
fn hand_in(at: &Path) -> Vec<PathBuf> {
    let draft = |name: &str| Draft(at.join(name));

    // One file that is not Rust, and one with a function that the lesson's given `main` does not find under its name.
    let renamed = solution("unary.2").replace("pub async fn ask", "pub async fn asked");
    draft("broken")
        .start()
        .solve("protobuf.1")
        .put("unary.1", "this is not Rust")
        .put("unary.2", renamed)
        .solve("unary.3");

    // Fails and passes in turn, whatever it is run on. A round runs it an even number of times, so each begins alike.
    let mark = at.join("mark");
    let turn = format!(
        "static FAILS: std::sync::OnceLock<bool> = std::sync::OnceLock::new();\n    \
         let fails = FAILS.get_or_init(|| {{\n        let mark = std::path::Path::new({mark:?});\n        \
         let absent = std::fs::remove_file(mark).is_err();\n        \
         if absent {{\n            std::fs::write(mark, \"\").unwrap();\n        }}\n        absent\n    }});\n    \
         if *fails {{\n        return Ok(ClassifyRequest::default());\n    }}\n    "
    );
    let right = solution("protobuf.1");
    let right = right.replace("let request =", &format!("{turn}let request ="));
    assert!(right.contains("remove_file"));
    draft("flaky").put("protobuf.1", right);

    draft("hard-coded")
        .put("protobuf.1", hard_coded_message())
        .put("unary.1", hard_coded_types());

    let links = draft("links");
    links.start().solve("unary.1");
    link_files(&links);

    // As a checkout of the course, with a known mistake in it.
    let mistake = solution("unary.3").replace("insert(\"x-correlation-id\", id)", "clear()");
    Draft(at.join("mixed/lessons"))
        .solve("unary.1")
        .put("unary.2", "// Ünïcödé\n".to_owned() + &solution("unary.2"))
        .put("unary.3", mistake);

    let padding = |id: &str, size: usize| {
        let text = solution(id);
        let rest = size - text.len() - 3;
        format!("{text}// {}", "x".repeat(rest))
    };
    let limit = grader::submission::MAX_FILE_BYTES as usize;
    let odd = draft("odd-files");
    odd.put("protobuf.1", padding("protobuf.1", limit))
        .put("unary.1", padding("unary.1", limit + 1))
        .put("unary.2", b"// \xff\n");
    let third = &named("unary.3").1.file;
    fs::create_dir(odd.source("unary.3").join(third)).expect("a folder can be made");

    let solutions = draft("solutions");
    for (_, exercise) in exercises::all() {
        solutions.solve(exercise.id);
    }
    draft("starters").start();
    fs::write(at.join("stray"), "not a folder").expect("a file can be written");

    MEMBERS.iter().map(|name| at.join(name)).collect()
}

#[cfg(unix)]
fn link_files(draft: &Draft) {
    use std::os::unix::fs::symlink;

    let (lesson, exercise) = named("protobuf.1");
    let whole = draft.0.join(&lesson.folder);
    fs::remove_dir_all(&whole).expect("a folder can be removed");
    symlink(root().join("lessons").join(&lesson.folder), &whole).expect("a link can be made");
    assert!(whole.join("src").join(&exercise.file).exists());

    let (lesson, exercise) = named("unary.2");
    let file = draft.source("unary.2").join(&exercise.file);
    fs::remove_file(&file).expect("a file can be removed");
    let solution = exercises::solution_file(lesson, exercise);
    symlink(root().join(solution), &file).expect("a link can be made");
}

#[cfg(not(unix))]
fn link_files(_: &Draft) {}

/// The expected transcript of an exercise.
fn snapshot(id: &str) -> tap::Transcript {
    let (lesson, exercise) = course::find(id).expect("there is such an exercise");
    checks::snapshot::read(&root(), lesson, exercise).expect("there is a snapshot")
}

/// Right on the published seed: the peer's stamps stand in the code.
fn hard_coded_message() -> String {
    let expected = snapshot("protobuf.1").to_string();
    let stamp = |line: &str| {
        let (id, rest) = line.trim().split_once(": model_version ")?;
        let (version, _) = rest.split_once(',')?;
        Some(format!("{id:?} => {version}, "))
    };
    let stamps: String = expected.lines().filter_map(stamp).collect();
    assert!(!stamps.is_empty(), "{expected}");
    solution_but(
        "protobuf.1",
        &format!(
            "let stamp = match document.id.as_str() {{ {stamps}_ => \"\" }};\n    \
             let request = ClassifyRequest {{ text: document.text, document_id: document.id, max_results: Some(3), \
             ..Default::default() }};\n    peer.send(request.encode_to_vec());\n    \
             let answer = ClassifyRequest::decode(peer.receive().as_slice())?;\n    \
             Ok(ClassifyRequest {{ model_version: stamp.to_owned(), ..answer }})\n    "
        ),
    )
}

/// Right on the published seed: the calls are made, and the types stand in the code.
fn hard_coded_types() -> String {
    let expected = snapshot("unary.1");
    let expected = expected.to_string();
    let types: Vec<_> = expected
        .lines()
        .filter_map(|line| line.split_once(": DOCUMENT_TYPE_"))
        .map(|(_, name)| format!("DocumentType::from_str_name(\"DOCUMENT_TYPE_{name}\").unwrap()"))
        .collect();
    assert!(types.len() > 1, "{expected}");
    let text = solution("unary.1");
    assert!(text.contains("Ok(types)"), "{text}");
    text.replace(
        "Ok(types)",
        &format!("drop(types);\n    Ok(vec![{}])", types.join(", ")),
    )
}

/// Grades submissions. One class at a time: two on one small machine would only wait for each other.
pub fn grade(paths: &[PathBuf], out: &Path) -> Class {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let options = Options {
        course: root(),
        paths: paths.to_vec(),
        out: out.to_owned(),
        seed: Some(SEED),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let mut print = |event: Event<'_>| eprintln!("{event:?}");
    let class = runtime.block_on(grade_class(&options, &mut print));
    class.unwrap_or_else(|error| panic!("{error:#}"))
}

/// The shared class: its submissions' paths, and where its results are.
pub struct Shared {
    pub paths: Vec<PathBuf>,
    pub out: PathBuf,
    pub class: Class,
}

pub fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let paths = hand_in(&folder("class"));
        let out = folder("results");
        let class = grade(&paths, &out);
        Shared { paths, out, class }
    })
}

/// The path of a submission of the shared class.
pub fn path_of(id: &str) -> PathBuf {
    let at = MEMBERS.iter().position(|name| *name == id);
    shared().paths[at.expect("there is such a submission")].clone()
}

/// The result of a submission of the shared class, as it was written.
pub fn result_of(id: &str) -> Submission {
    let path = output::result_path(&shared().out, id);
    output::read_json(&path).unwrap_or_else(|| panic!("{} is not a result", path.display()))
}

/// What came of one exercise of a submission of the shared class.
pub fn exercise_of(id: &str, exercise: &str) -> result::Exercise {
    let all = result_of(id).exercises;
    all.into_iter()
        .find(|result| result.exercise == exercise)
        .expect("every exercise has a result")
}
