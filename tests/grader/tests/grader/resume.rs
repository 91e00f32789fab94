//! Results are the same whenever and in whatever company they are made, and made only once.

use std::fs;
use std::path::Path;

use grader::class::{State, result_file};

use crate::shared::{Hand, folder, grade, path_of, shared, solution};

fn bytes(out: &Path, id: &str) -> Vec<u8> {
    fs::read(result_file(out, id)).expect("there is a result")
}

#[test]
fn a_result_is_the_same_in_another_round_and_other_company() {
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
fn what_has_not_changed_is_kept_and_what_has_is_graded_again() {
    let out = folder("resumed");
    let submissions = folder("resumed-class");
    let hand = |id: &str| Hand(submissions.join(id));
    // Nothing is built for these: the file of one is refused, and that of the other is no Rust.
    hand("ann").put("protobuf.1", b"\xff");
    hand("bob").put("protobuf.1", "this is no Rust");
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
    fs::remove_file(result_file(&out, "ann")).expect("there is a result");
    hand("bob").put("protobuf.1", solution("protobuf.1"));
    assert_eq!(states(), [false, false]);
    assert_eq!(states(), [true, true]);

    fs::write(result_file(&out, "ann"), "{ \"half\": ").expect("a file can be written");
    assert_eq!(states(), [false, true]);
}
