//! The page `JSON.md` and the types are one format.

use std::collections::BTreeSet;

use report::{Answer, FORMAT, Hello, PUBLISHED_SEED, Report, Request, Verdict};
use serde_json::Value;

const JSON_PAGE: &str = include_str!("../JSON.md");

/// The examples on the page: kind and text.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = JSON_PAGE.split("```json ").skip(1);
    let block = |block: &'static str| {
        let (kind, rest) = block.split_once('\n').expect("a kind");
        (kind, rest.split("\n```").next().expect("a text"))
    };
    blocks.map(block).collect()
}

/// What the types make of an example.
fn written_again(kind: &str, line: &str) -> Value {
    let read = match kind {
        "hello" => Hello::parse(line).map(|hello| hello.to_json()),
        "request" => Request::parse(line).map(|request| request.to_json()),
        "report" | "fault" => Answer::parse(line).map(|answer| answer.to_json()),
        kind => panic!("there is no kind {kind}"),
    };
    read.unwrap_or_else(|error| panic!("{line}: {error:#}"))
}

#[test]
fn every_example_is_read_and_written_again() {
    let examples = examples();
    let kinds: BTreeSet<_> = examples.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["fault", "hello", "report", "request"])
    );
    for (kind, line) in examples {
        let value: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(written_again(kind, line), value);
    }
}

#[test]
fn every_key_of_a_report_is_on_the_page() {
    let report = Report::without_run("unary.1", 1, Verdict::Passed).to_json();
    for key in report.as_object().expect("an object").keys() {
        assert!(JSON_PAGE.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn every_verdict_has_its_name_on_the_page() {
    let unfinished = Verdict::Unfinished {
        task: String::new(),
        file: String::new(),
        line: 1,
    };
    for verdict in [
        Verdict::Passed,
        Verdict::Differs,
        Verdict::Hangs,
        Verdict::Runaway,
        unfinished,
        Verdict::DoesNotBuild(Default::default()),
        Verdict::Crashed(String::new()),
    ] {
        assert!(
            JSON_PAGE.contains(&format!("`{}`", verdict.name())),
            "{verdict:?}"
        );
        let report = Report::without_run("unary.1", u64::MAX, verdict);
        let answer = Answer::parse(&report.to_json().to_string());
        assert_eq!(
            answer.expect("it is read"),
            Answer::Report(Box::new(report))
        );
    }
}

#[test]
fn other_versions_are_refused() {
    for (_, line) in examples() {
        let other = line.replace(FORMAT, "wirebook-check/2");
        let error = Answer::parse(&other).expect_err("another version");
        assert!(error.to_string().contains("wirebook-check/2"), "{error}");
    }
    assert!(Hello::parse("{}").is_err());
    assert!(Hello::parse("hello").is_err());
}

#[test]
fn line_without_a_seed_is_of_the_published_one() {
    let report = Report::without_run("unary.1", 7, Verdict::Passed);
    let mut value = report.to_json();
    assert_eq!(value["seed"], "7");
    let seed = |value: &Value| match Answer::parse(&value.to_string()) {
        Ok(Answer::Report(report)) => Ok(report.seed),
        Ok(fault) => panic!("{fault:?}"),
        Err(error) => Err(error.to_string()),
    };
    assert_eq!(seed(&value), Ok(7));
    value["seed"] = Value::Null;
    assert_eq!(seed(&value), Ok(PUBLISHED_SEED));
    for wrong in [Value::from(7), Value::from("seven"), Value::from("-7")] {
        value["seed"] = wrong;
        let error = seed(&value).expect_err("it is not a seed");
        assert!(error.contains("the seed"), "{error}");
    }
}
