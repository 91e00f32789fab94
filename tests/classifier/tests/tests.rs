//! What the reference server relies on, asked of the committed model.

#[path = "tests/generated.rs"]
mod generated;
#[path = "tests/keywords.rs"]
mod keywords;
#[path = "tests/model_file.rs"]
mod model_file;
#[path = "tests/quality.rs"]
mod quality;
#[path = "tests/texts.rs"]
mod texts;

use std::sync::LazyLock;

use classifier::{Classifier, Kind, Score};

/// Loaded once for all tests, and shared by their threads as by a server's.
static CLASSIFIER: LazyLock<Classifier> =
    LazyLock::new(|| Classifier::load().expect("the committed model loads"));

fn rank(text: &str) -> Vec<Score> {
    CLASSIFIER.rank(text).expect("the text holds a word")
}

/// What the model gives `label`, from 0 to 1.
fn probability(text: &str, label: Kind) -> f32 {
    let scores = rank(text);
    scores
        .iter()
        .find(|score| score.label == label)
        .expect("every label is scored")
        .probability
}
