//! The names in a result file, which other programs read.

use grader::result::{
    Diagnosis, Difference, Exercise, Isolation, SCHEMA, Seeds, Submission, Verdict,
};

#[test]
fn a_result_has_the_documented_shape() {
    let result = Submission {
        exercises: vec![Exercise {
            diagnosis: Some(Diagnosis {
                advice: "Look here.".to_owned(),
                name: "call-repeated".to_owned(),
            }),
            difference: Some(Difference {
                actual: None,
                expected: Some("a line".to_owned()),
            }),
            errors: vec!["error: no".to_owned()],
            exercise: "unary.1".to_owned(),
            file: "lessons/02-unary/src/ex1.rs".to_owned(),
            lesson: "unary".to_owned(),
            max_points: 10,
            note: None,
            points: 0,
            seeds: Seeds {
                fresh: None,
                published: Some(Verdict::Runaway),
            },
            task: None,
            title: "First call".to_owned(),
            verdict: Verdict::Runaway,
        }],
        isolation: Isolation::None,
        key: "0a".to_owned(),
        max_points: 10,
        points: 0,
        schema: SCHEMA,
        seed: u64::MAX,
        submission: "ann".to_owned(),
    };
    let text = serde_json::to_string_pretty(&result).expect("a result is JSON");
    assert_eq!(
        text,
        r#"{
  "exercises": [
    {
      "diagnosis": {
        "advice": "Look here.",
        "name": "call-repeated"
      },
      "difference": {
        "actual": null,
        "expected": "a line"
      },
      "errors": [
        "error: no"
      ],
      "exercise": "unary.1",
      "file": "lessons/02-unary/src/ex1.rs",
      "lesson": "unary",
      "max_points": 10,
      "note": null,
      "points": 0,
      "seeds": {
        "fresh": null,
        "published": "never finishes"
      },
      "task": null,
      "title": "First call",
      "verdict": "never finishes"
    }
  ],
  "isolation": "none",
  "key": "0a",
  "max_points": 10,
  "points": 0,
  "schema": 3,
  "seed": "18446744073709551615",
  "submission": "ann"
}"#
    );
    let read: Submission = serde_json::from_str(&text).expect("what was written is read");
    assert_eq!(read, result);
}

#[test]
fn every_verdict_has_its_name() {
    for (verdict, name) in [
        (Verdict::Passed, "passed"),
        (Verdict::Unstable, "unstable"),
        (Verdict::Differs, "differs"),
        (Verdict::Hangs, "hangs"),
        (Verdict::Runaway, "never finishes"),
        (Verdict::Unfinished, "unfinished"),
        (Verdict::DoesNotBuild, "does not build"),
        (Verdict::Crashed, "crashed"),
        (Verdict::NotHandedIn, "not handed in"),
        (Verdict::Refused, "refused"),
    ] {
        assert_eq!(verdict.to_string(), name);
        let json = serde_json::to_value(verdict).expect("a verdict is JSON");
        assert_eq!(json, name);
        let read: Verdict = serde_json::from_value(json).expect("what was written is read");
        assert_eq!(read, verdict);
    }
}
