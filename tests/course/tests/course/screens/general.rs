//! The diagnoses that any exercise may show, each by a program of some exercise.

use std::collections::BTreeSet;

use checks::GENERAL;

use super::{Gallery, WIDTHS, shown};
use crate::harness::catalogue;
use crate::tried::{Variant, all_on_published_seed, variants};

/// For each a program that shows it when the exercise's own diagnoses are not asked.
const PROGRAMS: [(&str, &str); 19] = [
    ("panicked", "unary.1/mutant-index"),
    ("peer-refused", "unary.1/mutant-text-lost"),
    ("returned-error", "unary.1/mutant-error"),
    ("never-returned", "unary.6/never-returned-1"),
    ("received-too-often", "protobuf.5/received-in-function-1"),
    ("never-ends", "protobuf.4/mutant-endless"),
    ("call-missing", "unary.1/mutant-three"),
    (
        "called-again-after-failure",
        "unary.2/mutant-retry-of-failed",
    ),
    ("call-extra", "unary.2/mutant-one-more"),
    ("one-value-for-all", "unary.2/mutant-same-document"),
    ("field-differs", "unary.1/mutant-trimmed"),
    ("headers-missing", "unary.2/deadline-not-sent-1"),
    ("headers-differ", "unary.2/mutant-cleaned-id"),
    ("ended-otherwise", "unary.3/host-code-lost-1"),
    ("sent-field-differs", "protobuf.3/correlation-id-missing-1"),
    ("bytes-differ", "protobuf.1/mutant-one-more"),
    ("connections-differ", "unary.1/mutant-connects-twice"),
    ("work-differs", "unary.4/mutant-one-more"),
    ("result-differs", "unary.1/mutant-last-type"),
];

#[tokio::test(flavor = "multi_thread")]
async fn screens_of_general_diagnoses_are_the_recorded_ones() {
    let names: BTreeSet<_> = GENERAL.iter().map(|diagnosis| diagnosis.name).collect();
    let listed: BTreeSet<_> = PROGRAMS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "each has a program here");
    let all = variants();
    let program = |(_, name): &(&str, &str)| -> Variant {
        let program = all.iter().find(|variant| variant.name == *name);
        program
            .unwrap_or_else(|| panic!("there is no program {name}"))
            .clone()
    };
    let chosen: Vec<_> = PROGRAMS.iter().map(program).collect();
    let tried = all_on_published_seed(chosen).await;
    for width in WIDTHS {
        let mut gallery = Gallery::new(width);
        for (diagnosis, program) in PROGRAMS {
            let mut report = tried[program].report.clone();
            report.diagnosis = tried[program].general.clone();
            let named = report.diagnosis.as_ref().map(|it| it.name.as_str());
            assert_eq!(named, Some(diagnosis), "{program}");
            let (lesson, _) = catalogue().find(&report.exercise).expect("it is there");
            gallery.add(
                &format!("{diagnosis}: {program}"),
                &shown(lesson, program, &report),
            );
        }
        gallery.assert("general");
    }
}
