//! A submission that changes the course while it runs: what is expected was read before it, and stays as it was.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use grader::exercises;
use grader::output::{read_json, result_path};
use grader::result::{Exercise, Submission, Verdict};

use crate::shared::{Draft, SEED, folder, named, root, solution, solution_but};

/// What a view of the course has none of: what is built, and what a learner has done.
const LEFT_OUT: [&str; 3] = ["target", ".git", ".wirebook"];

/// The course again, with solutions of its own, which may be spoilt.
fn view(at: &Path) -> PathBuf {
    fs::create_dir_all(at).expect("a folder can be made");
    for entry in fs::read_dir(root()).expect("the course can be listed") {
        let entry = entry.expect("an entry");
        let (path, name) = (entry.path(), entry.file_name());
        if name == "solutions" {
            copy(&path, &at.join(name));
        } else if !LEFT_OUT.iter().any(|left_out| name == *left_out) {
            symlink(path, at.join(name)).expect("a link can be made");
        }
    }
    at.to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("it can be listed") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("it has a name"));
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, &to).expect("it can be copied")),
        }
    }
}

/// Asks for four results, where three are wanted, and makes the course expect that. Spoils all other solutions.
fn forger(course: &Path) -> String {
    let solutions = course.join("solutions");
    let (lesson, exercise) = named("protobuf.1");
    let own = exercises::solution_file(lesson, exercise).replace("solution.rs", "expected.snap");
    let own = course.join(own);
    let body = format!(
        r#"
    fn spoil(folder: &std::path::Path, own: &std::path::Path) {{
        for entry in std::fs::read_dir(folder).unwrap() {{
            let path = entry.unwrap().path();
            if path.is_dir() {{
                spoil(&path, own);
            }} else if path == own {{
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.replace("20 03", "20 04").replace("VARINT: 3", "VARINT: 4");
                std::fs::write(&path, text.replace("max_results: 3", "max_results: 4")).unwrap();
            }} else {{
                std::fs::write(&path, "compile_error!(\"spoilt\");").unwrap();
            }}
        }}
    }}
    spoil(std::path::Path::new({solutions:?}), std::path::Path::new({own:?}));
    let request = ClassifyRequest {{
        text: document.text,
        document_id: document.id,
        max_results: Some(4),
        ..Default::default()
    }};
    peer.send(request.encode_to_vec());
    Ok(ClassifyRequest::decode(peer.receive().as_slice())?)
    "#
    );
    solution_but("protobuf.1", &body)
}

#[test]
fn submission_that_overwrites_the_course_changes_no_mark() {
    let at = folder("hostile");
    let course = view(&at.join("course"));
    let draft = |name: &str| Draft(at.join(name));
    draft("a-forger").put("protobuf.1", forger(&course));
    let solved = draft("b-solved");
    for exercise in ["protobuf.1", "protobuf.2", "protobuf.6", "unary.1"] {
        solved.solve(exercise);
    }
    // What compiles is built with starters in the place of what does not.
    draft("c-broken")
        .put("protobuf.1", "this is not Rust")
        .solve("protobuf.2");

    let out = at.join("out");
    let target = build::target_dir(&root()).expect("cargo says where it builds");
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command
        .args(["a-forger", "b-solved", "c-broken"].map(|name| at.join(name)))
        .arg("--out")
        .arg(&out)
        .args(["--seed", &SEED.to_string()])
        .env("WIREBOOK_ROOT", &course)
        .env("CARGO_TARGET_DIR", target);
    let output = command.output().expect("the grader starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");

    let snapshot = course.join("solutions/01-protobuf/1-round-trip/expected.snap");
    let forged = fs::read_to_string(snapshot).expect("it is still there");
    assert!(
        forged.contains("max_results: 4"),
        "nothing was forged: {said}"
    );
    let spoilt = course.join("solutions/01-protobuf/2-presence/solution.rs");
    let spoilt = fs::read_to_string(spoilt).expect("it is still there");
    assert_ne!(spoilt, solution("protobuf.2"), "nothing was spoilt: {said}");

    let result = |name: &str, exercise: &str| -> Exercise {
        let result: Option<Submission> = read_json(&result_path(&out, name));
        let exercises = result.unwrap_or_else(|| panic!("{name}: {said}")).exercises;
        let found = exercises.into_iter().find(|it| it.exercise == exercise);
        found.expect("every exercise has a result")
    };
    let forger = result("a-forger", "protobuf.1");
    assert_eq!(
        forger.seeds.published,
        Some(Verdict::Differs),
        "{forger:#?}"
    );
    assert_eq!(forger.points, 0);
    for (name, exercise) in [
        ("b-solved", "protobuf.1"),
        ("b-solved", "protobuf.2"),
        ("b-solved", "protobuf.6"),
        ("b-solved", "unary.1"),
        ("c-broken", "protobuf.2"),
    ] {
        let right = result(name, exercise);
        assert_eq!(right.verdict, Verdict::Passed, "{right:#?}");
    }
    let broken = result("c-broken", "protobuf.1");
    assert_eq!(broken.verdict, Verdict::DoesNotBuild);
    let unsolved = result("b-solved", "unary.2");
    assert_eq!(unsolved.verdict, Verdict::NotHandedIn);
}
