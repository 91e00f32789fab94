//! Any text at all: scripts, lengths, nothing, noise, and many at once.

use std::thread;

use classifier::{Classifier, Error, Kind, Score};
use corpus::{Style, documents, documents_in};

use super::{CLASSIFIER, rank};

/// What must hold for every answer.
fn assert_sound(scores: &[Score]) {
    let mut labels: Vec<Kind> = scores.iter().map(|score| score.label).collect();
    labels.sort();
    assert_eq!(labels, Kind::ALL);
    assert!(
        scores
            .iter()
            .all(|score| (0.0..=1.0).contains(&score.probability)),
        "{scores:?}"
    );
    assert!(
        scores.is_sorted_by(|a, b| a.probability >= b.probability),
        "{scores:?}"
    );
    let sum: f32 = scores.iter().map(|score| score.probability).sum();
    assert!((sum - 1.0).abs() < 1e-5, "the probabilities sum to {sum}");
}

#[test]
fn scores_are_valid_and_the_same_each_time() {
    let other = Classifier::load().expect("a second classifier loads");
    for document in documents_in(Style::Varied, 21, 200) {
        let scores = rank(&document.text);
        assert_sound(&scores);
        assert_eq!(scores, rank(&document.text));
        assert_eq!(scores, other.rank(&document.text).unwrap());
    }
}

#[test]
fn any_script_is_scored() {
    for text in [
        "فاتورة رقم ٢٠٤١ من شركة الشمال. المبلغ المستحق ١٢٤٠ يورو",
        "請求書 2041号 株式会社北風 お支払い期限は三月十五日です",
        "합계 금액은 세금을 포함하여 청구됩니다",
        "Счёт № 2041 от компании Северный ветер",
        "ใบแจ้งหนี้เลขที่ ๒๐๔๑",
        "चालान संख्या २०४१",
        "🧾💶👩🏽‍💻",
        "re\u{301}sume\u{301} \u{301}\u{301}\u{301}",
        "\u{202e}kcab ot tnorf\u{202c} a\u{0}b \u{feff}",
        "x",
    ] {
        assert_sound(&rank(text));
    }
}

#[test]
fn unknown_words_are_not_evidence() {
    let scores = rank("请 把 门 关 上");
    assert!(scores[0].probability < 0.5, "{scores:?}");
}

#[test]
fn composed_and_combining_accents_are_the_same_word() {
    let (composed, combining) = (
        rank("café reçu payé"),
        rank("cafe\u{301} rec\u{327}u paye\u{301}"),
    );
    let probabilities = |scores: &[Score]| {
        scores
            .iter()
            .map(|score| score.probability)
            .collect::<Vec<_>>()
    };
    assert_eq!(probabilities(&composed), probabilities(&combining));
}

#[test]
fn text_without_a_word_is_an_error() {
    for text in ["", " \n\t ", "... --- !!!", "\u{200b}\u{2014}\u{2026}"] {
        let error = CLASSIFIER.rank(text).unwrap_err();
        assert!(matches!(error, Error::EmptyText), "{text:?}: {error}");
        assert_eq!(error.to_string(), "the text holds no word to classify");
    }
}

#[test]
fn long_texts_are_scored_whole() {
    let letter = documents(2, 5)
        .into_iter()
        .find(|document| document.kind == Kind::Letter)
        .unwrap()
        .text;
    let long = format!("{letter}\n").repeat(100_000 / letter.len() + 1);
    assert!(long.len() >= 100_000);
    let scores = rank(&long);
    assert_sound(&scores);
    assert_eq!(scores[0].label, Kind::Letter);

    assert_sound(&rank(&"x".repeat(100_000)));
    let distinct: String = (0..20_000).map(|n| format!("w{n:x}q ")).collect();
    assert_sound(&rank(&distinct));
}

#[test]
fn random_characters_never_panic() {
    let mut rng = fastrand::Rng::with_seed(4);
    for _ in 0..300 {
        let text: String = (0..rng.u32(1..200)).map(|_| rng.char(..)).collect();
        match CLASSIFIER.rank(&text) {
            Ok(scores) => assert_sound(&scores),
            Err(error) => assert!(matches!(error, Error::EmptyText), "{error}"),
        }
    }
}

#[test]
fn many_threads_get_the_same_scores_as_one() {
    let documents = documents(8, 60);
    let alone: Vec<Vec<Score>> = documents
        .iter()
        .map(|document| rank(&document.text))
        .collect();
    thread::scope(|scope| {
        for first in 0..8 {
            let (documents, alone) = (&documents, &alone);
            scope.spawn(move || {
                for step in 0..documents.len() {
                    let at = (first * 7 + step) % documents.len();
                    assert_eq!(rank(&documents[at].text), alone[at]);
                }
            });
        }
    });
}
