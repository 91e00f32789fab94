//! Every verdict, and what is said besides.

use std::collections::BTreeMap;
use std::fmt::Write;

use build::{Fault, GapError, Unreadable};
use checks::{Verdict, testing};
use report::Report;
use screen::{
    After, Around, Checked, LessonEnd, Points, Score, Styles, View, verdict_line, write_all_passed,
    write_lesson_end, write_note, write_warnings,
};
use stage::{End, Excess};

use super::{Gallery, WIDTHS, shown, starter_reports, view};
use crate::harness::catalogue;
use crate::tried::{all_on_published_seed, variants};

/// What rustc 1.95 says of a mistake in an exercise. Its words differ from version to version, so it is not run here.
const ERROR: &str = "error[E0308]: mismatched types
  --> lessons/01-protobuf/src/ex1_round_trip.rs:16:5
   |
13 | pub fn round_trip(document: Document, peer: &mut Peer) -> Result<ClassifyRequest, DecodeError> {
   |                                                           ------------------------------------ expected `Result<ClassifyRequest, DecodeError>` because of return type
...
16 |     ClassifyRequest::default()
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^ expected `Result<ClassifyRequest, DecodeError>`, found `ClassifyRequest`
";

/// The same of a field that a program was given and does not use.
const NEVER_READ: &str = "warning: field `at_once` is never read
  --> lessons/03-server-streaming/src/ex5_at_once.rs:14:5
";

/// The same of a call that is not awaited.
const WARNING: &str = "warning: unused implementer of `Future` that must be used
  --> lessons/02-unary/src/ex1_classify.rs:21:9
   |
21 |         client.classify(request);
   |         ^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = note: futures do nothing unless you `.await` or poll them
";

/// Programs with a verdict each.
const PROGRAMS: [(&str, &str); 3] = [
    ("differs", "protobuf.1/own-request-returned-1"),
    ("hangs", "unary.6/sequential-calls-1"),
    ("crashed", "protobuf.3/oneof-unwrapped-1"),
];

#[tokio::test(flavor = "multi_thread")]
async fn screens_of_every_verdict_are_the_recorded_ones() {
    let reports = reports().await;
    for width in WIDTHS {
        let mut gallery = Gallery::new(width);
        for (name, checked, around) in failures(&reports) {
            gallery.add_with(&name, &checked, &around);
        }
        for (name, text) in successes(&view(width)) {
            gallery.add_text(name, &text);
        }
        gallery.assert("verdicts");
    }
}

/// Reports of real runs: of the starter of protobuf.1, and of programs.
async fn reports() -> BTreeMap<String, Report> {
    let all = variants();
    let chosen = PROGRAMS.map(|(_, program)| {
        let found = all.iter().find(|variant| variant.name == program);
        found
            .unwrap_or_else(|| panic!("there is no {program}"))
            .clone()
    });
    let tried = all_on_published_seed(chosen.to_vec()).await;
    let mut reports: BTreeMap<_, _> = tried
        .iter()
        .map(|(name, tried)| (name.clone(), tried.report.clone()))
        .collect();
    let starters = starter_reports().await;
    reports.extend(
        starters
            .into_iter()
            .map(|((id, _), report)| (id.to_owned(), report)),
    );
    reports
}

/// The screens of checks that did not pass.
fn failures(reports: &BTreeMap<String, Report>) -> Vec<(String, Checked, Around)> {
    let mut screens = Vec::new();
    let mut add = |name: &str, checked: Checked, around: Around| {
        screens.push((name.to_owned(), checked, around));
    };
    let of = |name: &str| described(name, &reports[name]);
    add(
        "not done yet, the first screen of all",
        of("protobuf.1"),
        Around {
            to_do: catalogue().exercises().count() - 1,
            lines_page: Some("target/book/transcripts.html".to_owned()),
            ..Around::default()
        },
    );
    add(
        "not done yet, below a note",
        of("protobuf.2"),
        Around {
            lines_above: 6,
            ..Around::default()
        },
    );
    let mut begun = of("unary.1");
    begun.begun = true;
    add("not done yet, begun", begun, Around::default());
    for (verdict, program) in PROGRAMS {
        let checked = of(program);
        assert_eq!(checked.report.verdict.name(), verdict, "{program}");
        add(verdict, checked, Around::default());
    }
    add("never finishes", endless(reports), Around::default());

    let mut given = of("unary.6/sequential-calls-1");
    given.changed_given = vec!["lessons/02-unary/src/run.rs".to_owned()];
    given.given_advice = "A grade is given with the course's own. `cargo xtask reset unary` puts the course's files back, and keeps a copy of yours.".to_owned();
    add("a given file was changed", given, Around::default());
    let mut warned = of("unary.1");
    warned.report.verdict = Verdict::Differs;
    warned.warnings = vec![WARNING.to_owned()];
    add("warnings", warned, Around::default());
    let mut printed = of("protobuf.1/own-request-returned-1");
    printed.report.output.head = vec![
        "asking about doc-478".to_owned(),
        String::new(),
        "\u{1b}[2Jdone".to_owned(),
    ];
    add("a program that prints", printed, Around::default());
    let mut seed = of("protobuf.1/own-request-returned-1");
    seed.report.seed = 7;
    add("another seed", seed, Around::default());
    let mut solution = of("protobuf.1/own-request-returned-1");
    solution.is_solution = true;
    solution.file = "solutions/01-protobuf/1-round-trip/solution.rs".to_owned();
    add("a solution", solution, Around::default());

    let file = of("protobuf.1").file;
    let errors = BTreeMap::from([(file.clone(), vec![ERROR.to_owned()])]);
    add(
        "does not build",
        unbuilt(errors, Fault::Code),
        Around::default(),
    );
    let unknown = |name: &str, line| {
        format!(
            "error[E0425]: cannot find value `{name}` in this scope\n  --> {file}:{line}:5\n   |\n{line} |     {name}\n   |     ^ not found in this scope\n"
        )
    };
    let errors = vec![ERROR.to_owned(), unknown("a", 18), unknown("b", 20)];
    add(
        "does not build, several errors",
        unbuilt(BTreeMap::from([(file.clone(), errors)]), Fault::Code),
        Around::default(),
    );
    let elsewhere = "error[E0425]: cannot find function `round_trip` in module `ex1_round_trip`\n  --> lessons/01-protobuf/src/main.rs:17:51\n";
    let errors = BTreeMap::from([(
        "lessons/01-protobuf/src/main.rs".to_owned(),
        vec![elsewhere.to_owned()],
    )]);
    let starter = "pub fn round_trip(document: Document, peer: &mut Peer) -> Result<ClassifyRequest, DecodeError>".to_owned();
    let fault = Fault::Signature {
        file: file.clone(),
        starter,
    };
    add(
        "does not build, another signature",
        unbuilt(errors, fault),
        Around::default(),
    );
    let of_main = |error: &str| {
        BTreeMap::from([(
            "lessons/01-protobuf/src/main.rs".to_owned(),
            vec![error.to_owned()],
        )])
    };
    let not_future = "error[E0277]: `Result<Receipt, Status>` is not a future\n  --> lessons/01-protobuf/src/main.rs:17:51\n";
    let begins = "fn upload(client: Client, file: File) -> Result<Receipt, Status>";
    let fault = Fault::Function {
        file: file.clone(),
        name: "upload".to_owned(),
        wanted: format!("pub async {begins}"),
        found: Some(format!("pub {begins}")),
    };
    add(
        "does not build, a function that begins otherwise",
        unbuilt(of_main(not_future), fault),
        Around::default(),
    );
    let not_send = "error: future cannot be sent between threads safely\n  --> lessons/01-protobuf/src/main.rs:17:1\n";
    let fault = Fault::NotSend { file: file.clone() };
    add(
        "does not build, not to be sent",
        unbuilt(of_main(not_send), fault),
        Around::default(),
    );
    let of_file = |error: &str| BTreeMap::from([(file.clone(), vec![error.to_owned()])]);
    let unknown = format!(
        "error[E0433]: cannot find module or crate `mpsc` in this scope\n  --> {file}:16:5\n"
    );
    let fault = Fault::Imports {
        paths: vec!["tokio::sync::mpsc".to_owned()],
    };
    add(
        "does not build, an import is missing",
        unbuilt(of_file(&unknown), fault),
        Around::default(),
    );
    let twice =
        format!("error[E0201]: duplicate definitions with name `classify`:\n  --> {file}:31:5\n");
    let fault = Fault::Gap {
        line: 20,
        error: GapError::Twice("classify".to_owned()),
    };
    add(
        "does not build, the gap is left",
        unbuilt(of_file(&twice), fault),
        Around::default(),
    );
    let fault = Fault::Unreadable {
        file,
        why: Unreadable::Missing,
    };
    add(
        "does not build, no file",
        unbuilt(BTreeMap::new(), fault),
        Around::default(),
    );
    screens
}

fn described(name: &str, report: &Report) -> Checked {
    let (lesson, _) = catalogue().find(&report.exercise).expect("it is there");
    shown(lesson, name, report)
}

/// A program that the stage ended: no program of the course does that to itself.
fn endless(reports: &BTreeMap<String, Report>) -> Checked {
    let mut run = testing::run(Vec::new(), &[]);
    run.end = End::Runaway(Excess::Events);
    let (_, exercise) = course::find("unary.1").expect("it is there");
    let judgement = checks::judge(exercise, &run, &run.transcript);
    let mut checked = described("unary.1", &reports["unary.1"]);
    checked.report.verdict = judgement.verdict;
    checked.report.failure_message = judgement.failure_message;
    checked
}

fn unbuilt(errors: report::Errors, fault: Fault) -> Checked {
    let report = Report::without_run("protobuf.1", 1, Verdict::DoesNotBuild(errors));
    let mut checked = described("protobuf.1", &report);
    checked.build_advice = fault.advice("protobuf.1");
    checked
}

/// What is said after a pass.
fn successes(view: &View) -> Vec<(&'static str, String)> {
    let course = catalogue();
    let (lesson, exercise) = course.exercises().next().expect("there is one");
    let total: u32 = course
        .exercises()
        .map(|(_, exercise)| exercise.points)
        .sum();
    let of_lesson: u32 = lesson
        .exercises
        .iter()
        .map(|exercise| exercise.points)
        .sum();
    let report = Report::without_run(&exercise.id, 1, Verdict::Passed);
    let checked = described("passed", &report);
    let text = |write: &dyn Fn(&mut String) -> std::fmt::Result| {
        let mut out = String::new();
        write(&mut out).expect("a text can be written to");
        out.trim_start().to_owned()
    };
    let mut passed = verdict_line(&checked, view).join("\n") + "\n";
    let points = |earned| Points { earned, total };
    let mut write = |write: &dyn Fn(&mut String) -> std::fmt::Result| {
        write(&mut passed).expect("a text can be written to");
        passed.clone()
    };
    let next = After::Next {
        id: "protobuf.2".to_owned(),
    };
    let mut warned = checked.clone();
    warned.warnings = vec![NEVER_READ.to_owned()];
    let warned = text(&|out| {
        let line = verdict_line(&warned, view).join("\n");
        writeln!(out, "{line}")?;
        write_warnings(out, &warned, view)?;
        write_note(out, &warned.exercise, view)
    });
    let note = write(&|out| {
        write_note(out, &checked.exercise, view)?;
        write_all_passed(out, 1, points(exercise.points), &next, view)
    });
    let end = LessonEnd {
        number: lesson.number,
        title: lesson.title.clone(),
        scores: lesson
            .exercises
            .iter()
            .map(|exercise| Score {
                id: exercise.id.clone(),
                title: exercise.title.clone(),
                points: exercise.points,
            })
            .collect(),
        course: points(of_lesson),
        next: Some("target/book/02-unary.html".to_owned()),
    };
    let other = After::OtherSeed {
        name: "protobuf.1".to_owned(),
    };
    let count = course.exercises().count();
    vec![
        ("passed", note),
        ("passed, with a warning", warned),
        (
            "the end of a lesson",
            text(&|out| write_lesson_end(out, &end, view)),
        ),
        (
            "the end of the course",
            text(&|out| write_all_passed(out, count, points(total), &After::Done, view)),
        ),
        (
            "passed on another seed",
            text(&|out| write_all_passed(out, 1, points(0), &other, view)),
        ),
    ]
}

/// Colours change nothing but the codes.
#[test]
fn colours_are_only_codes() {
    let plain = view(80);
    let colour = View {
        styles: Styles::Colour,
        ..plain
    };
    let with_codes = successes(&colour);
    for ((_, plain), (_, colour)) in successes(&plain).iter().zip(with_codes) {
        assert!(colour.contains('\u{1b}'));
        let mut rest = String::new();
        for part in colour.split('\u{1b}') {
            let text = part.strip_prefix('[').and_then(|part| part.split_once('m'));
            rest += text.map_or(part, |(_, text)| text);
        }
        assert_eq!(&rest, plain);
    }
}
