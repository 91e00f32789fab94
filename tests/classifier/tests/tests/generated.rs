//! The committed model and card are what the programs of this crate make.

use std::process::Command;

fn passes(program: &str) {
    let output = Command::new(program)
        .arg("--check")
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn training_gives_the_committed_bytes() {
    passes(env!("CARGO_BIN_EXE_train"));
}

#[test]
fn model_card_states_the_figures_of_the_model() {
    passes(env!("CARGO_BIN_EXE_evaluate"));
}

#[test]
fn unknown_argument_exits_with_2() {
    for program in [env!("CARGO_BIN_EXE_train"), env!("CARGO_BIN_EXE_evaluate")] {
        let output = Command::new(program)
            .arg("--chekc")
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(2));
    }
}
