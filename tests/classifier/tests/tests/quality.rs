//! The figures that the model card states, held to their limits.

use classifier::evaluation::{self, Outcome};
use corpus::{Document, Style};

use super::CLASSIFIER;

fn outcomes(documents: Vec<Document>) -> Vec<Outcome> {
    evaluation::outcomes(&CLASSIFIER, documents).expect("every document holds a word")
}

#[test]
fn held_out_wordings_are_recognised() {
    let accuracy = evaluation::accuracy(&outcomes(evaluation::generated(Style::HeldOut)));
    assert!(accuracy >= 0.97, "{accuracy}");
}

#[test]
fn documents_written_by_hand_are_recognised() {
    for (documents, least) in [(evaluation::unseen(), 50), (evaluation::development(), 100)] {
        let outcomes = outcomes(documents);
        assert!(
            outcomes.len() >= least,
            "only {} documents were read",
            outcomes.len()
        );
        let accuracy = evaluation::accuracy(&outcomes);
        let wrong: Vec<_> = outcomes
            .iter()
            .filter(|outcome| !outcome.is_right())
            .collect();
        assert!(accuracy >= 0.90, "{accuracy}: {wrong:#?}");
    }
}

#[test]
fn clean_documents_are_recognised_but_never_with_certainty() {
    let outcomes = outcomes(evaluation::generated(Style::Clean));
    assert!(evaluation::accuracy(&outcomes) >= 0.999);
    let tops: Vec<f32> = outcomes
        .iter()
        .map(|outcome| outcome.scores[0].probability)
        .collect();
    assert!(
        tops.iter().all(|&top| top < 0.995),
        "a transcript would print 1.00"
    );
    let usual = tops.iter().filter(|&&top| top >= 0.80).count();
    assert!(
        usual * 100 >= tops.len() * 95,
        "{usual} of {} lie above 0.80",
        tops.len()
    );
}
