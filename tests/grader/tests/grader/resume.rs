//! A result is the same whenever it is made and whatever is graded beside it, and it is made only once.

use std::fs;
use std::path::Path;

use grader::class::State;
use grader::output::result_path;

use crate::shared::{Draft, folder, grade, path_of, shared, solution};

fn bytes(out: &Path, id: &str) -> Vec<u8> {
    fs::read(result_path(out, id)).expect("there is a result")
}

#[test]
fn a_result_is_the_same_in_another_call_and_beside_other_submissions() {
    let ids = ["starters", "mixed", "hard-coded", "flaky", "broken"];
    let first = &shared().out;
    let again = folder("again");
    grade(&ids.map(path_of), &again);
    for id in ids {
        assert_eq!(
            String::from_utf8_lossy(&bytes(&again, id)),
            String::from_utf8_lossy(&bytes(first, id)),
            "{id}"
        );
    }
}

#[test]
fn a_result_names_nothing_of_this_machine() {
    let shared = shared();
    let root = crate::shared::root();
    let places = [
        root.display().to_string(),
        std::env::temp_dir().display().to_string(),
    ];
    let home = std::env::var("HOME").ok().filter(|home| home.len() > 1);
    for row in &shared.class.rows {
        let text = String::from_utf8(bytes(&shared.out, &row.id)).expect("JSON is UTF-8");
        for place in places.iter().chain(&home) {
            assert!(!text.contains(&format!("{place}/")), "{text}");
        }
        assert!(!text.contains("grade-"), "{text}");
    }
}

#[test]
fn unchanged_results_are_kept_and_changed_submissions_graded_again() {
    let out = folder("resumed");
    let submissions = folder("resumed-class");
    let draft = |id: &str| Draft(submissions.join(id));
    // Nothing is built for these: the file of one is refused, and that of the other is not Rust.
    draft("ann").put("protobuf.1", b"\xff");
    draft("bob").put("protobuf.1", "this is not Rust");
    let paths = ["ann", "bob"].map(|id| submissions.join(id));
    let states = || {
        let rows = grade(&paths, &out).rows;
        rows.into_iter()
            .map(|row| matches!(row.state, State::Kept(_)))
            .collect::<Vec<_>>()
    };
    assert_eq!(states(), [false, false]);
    assert_eq!(states(), [true, true]);

    // As an interrupted call leaves it: a result is there, or it is not.
    fs::remove_file(result_path(&out, "ann")).expect("there is a result");
    draft("bob").put("protobuf.1", solution("protobuf.1"));
    assert_eq!(states(), [false, false]);
    assert_eq!(states(), [true, true]);

    fs::write(result_path(&out, "ann"), "{ \"half\": ").expect("a file can be written");
    assert_eq!(states(), [false, true]);
}
