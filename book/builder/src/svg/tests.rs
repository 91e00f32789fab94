//! What a picture shows, and that it fits.

use super::*;
use crate::diagram::scene;
use crate::place::DETAIL_CHARACTER_WIDTH;

const PICTURE_WIDTH: f64 = 348.0;

/// The numbers behind `key`, such as ` x="`.
fn numbers(svg: &str, key: &str) -> Vec<f64> {
    let parts = svg.split(key).skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn everything_lies_within_the_picture() {
    let long = "a-name-that-is-far-too-long-for-any-box";
    let name = long.replace('-', "_");
    let text = format!(
        "wirebook-transcript 2
  call 1  {long}-1 > {long}-2  /a.v1.{long}/{long}
    -> {long}: {long}
    -> {long}-b: {long}
    -> Request_{name} {{ text: \"{long}\" }}
    -> 12 bytes, not a Request_{name}
    <- malformed: {long}
    <- OK
      {long}-1 had not half-closed
    {long}-1: at most 3 messages ahead of {long}-2
    call 2  {long}-2 > {long}-3  /m.H/R
      <- DEADLINE_EXCEEDED
    call 3  {long}-2 > {long}-4  /m.H/{long}
      <- reset, HTTP/2 error 4294967295
"
    );
    let scene = scene(&text.parse().unwrap(), &[]).unwrap();
    let svg = draw(&scene, "a.1", "id", None);
    for (tag, part) in svg.split('<').filter_map(|part| part.split_once('>')) {
        if !tag.starts_with("text") {
            continue;
        }
        let x = numbers(tag, " x=\"")[0];
        let characters = part.chars().count() as f64;
        let (left, right) = if tag.contains("\"call") {
            (x, x + characters * LABEL_CHARACTER_WIDTH)
        } else if ["\"detail\"", "\"note\"", "\"told\""]
            .iter()
            .any(|class| tag.contains(class))
        {
            (
                x - characters * DETAIL_CHARACTER_WIDTH / 2.0,
                x + characters * DETAIL_CHARACTER_WIDTH / 2.0,
            )
        } else {
            (
                x - characters * LABEL_CHARACTER_WIDTH / 2.0,
                x + characters * LABEL_CHARACTER_WIDTH / 2.0,
            )
        };
        assert!(
            left >= 0.0 && right <= PICTURE_WIDTH,
            "{part} from {left} to {right}"
        );
    }
    let height: f64 = svg
        .split_once("0 0 348 ")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(height, _)| height.parse().unwrap())
        .unwrap();
    assert!(numbers(&svg, " y=\"").iter().all(|y| *y <= height));
    assert!(
        numbers(&svg, " x1=\"")
            .iter()
            .all(|x| (0.0..=PICTURE_WIDTH).contains(x))
    );
}

fn drawn(arrow: &str) -> String {
    let text = format!("wirebook-transcript 2\n  call 1  a > b  /c.D/E\n    {arrow}\n");
    draw(
        &scene(&text.parse().unwrap(), &[]).unwrap(),
        "a.1",
        "id",
        None,
    )
}

#[test]
fn pending_call_is_not_drawn_as_broken_off() {
    let svg = drawn("<- nothing yet");
    assert!(svg.contains("class=\"arrow response pending\""));
    assert!(!svg.contains("class=\"cross\"") && !svg.contains("class=\"head\""));
    assert!(svg.contains("b has sent nothing yet."));
}

#[test]
fn kinds_have_class_tip_and_description() {
    for (arrow, class, tip, description) in [
        (
            "-> cancel",
            "request cancel",
            "cross",
            "a breaks off: cancel.",
        ),
        (
            "<- connection lost",
            "response cut",
            "cross",
            "b breaks off: connection lost.",
        ),
        (
            "<- malformed: no status",
            "response malformed",
            "head",
            "b sends what is not gRPC: no status.",
        ),
        (
            "-> 4 bytes, not a B",
            "request undecodable",
            "head",
            "a sends 4 bytes, not decodable as B.",
        ),
        ("-> 4 bytes", "request bytes", "head", "a sends 4 bytes."),
        ("<- OK", "response ok", "head", "b ends the call with OK."),
    ] {
        let svg = drawn(arrow);
        assert!(svg.contains(&format!("class=\"arrow {class}\"")), "{svg}");
        assert!(svg.contains(&format!("class=\"{tip}\"")), "{svg}");
        assert!(svg.contains(description), "{svg}");
    }
}

#[test]
fn no_name_is_cut() {
    let text = "wirebook-transcript 2
  call 1  client > the-edge-of-a-long-name  /classification.v1.DocumentClassifier/Classify
    -> x-correlation-id: edge-1177
    -> grpc-timeout: 290ms
    call 2  the-edge-of-a-long-name > host  /model.v1.ModelHost/Rank
      -> HealthCheckRequest { service: \"classification.v1.DocumentClassifier\" }
      <- FAILED_PRECONDITION
";
    let svg = draw(
        &scene(&text.parse().unwrap(), &[]).unwrap(),
        "a.1",
        "id",
        None,
    );
    let shown: String = svg
        .split("<text")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once('<'))
        .map(|(text, _)| text.replace(' ', ""))
        .collect();
    for name in [
        "the-edge-of-a-long-name",
        "DocumentClassifier/Classify",
        "ModelHost/Rank",
        "deadline290ms",
        "x-correlation-id:edge-1177",
        "grpc-timeout:290ms",
        "service:&quot;classification.v1.DocumentClassifier&quot;",
        "FAILED_PRECONDITION",
    ] {
        assert!(shown.contains(name), "{name} in {shown}");
    }
    assert!(!svg.contains('…'));
}

#[test]
fn deadline_is_a_bracket_over_its_call() {
    let text = "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> grpc-timeout: 290ms
    -> Q {}
    -> cancel
  call 2  a > b  /c.D/E
    -> Q {}
";
    let svg = draw(
        &scene(&text.parse().unwrap(), &[]).unwrap(),
        "a.1",
        "id",
        None,
    );
    assert_eq!(svg.matches("class=\"deadline\"").count(), 1);
    assert!(svg.contains("class=\"call due\""));
}

#[test]
fn picture_beside_its_text_refers_to_it() {
    let text = "wirebook-transcript 2\n  call 1  a > b  /c.D/E\n    -> x-a: 1\n";
    let svg = draw(
        &scene(&text.parse().unwrap(), &[]).unwrap(),
        "a.1",
        "id",
        Some("id-text"),
    );
    assert!(svg.contains("aria-details=\"id-text\"") && !svg.contains("<desc"));
}

#[test]
fn calls_at_the_same_time_have_bands_over_each_other() {
    let text = "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> Q {}
    <- OK
  call 2  a > b  /c.D/E
    -> Q {}
    <- OK
  connections
    a > b: 2 calls open at a time
";
    let transcript = text.parse().unwrap();
    let together = crate::together::read(&transcript);
    let svg = draw(&scene(&transcript, &together).unwrap(), "a.1", "id", None);
    let bands: Vec<_> = svg.split("<rect class=\"band over\"").skip(1).collect();
    let place = |band: &str| (numbers(band, " y=\"")[0], numbers(band, " height=\"")[0]);
    let (first, second) = (place(bands[0]), place(bands[1]));
    assert!(
        first.0 < second.0 && second.0 < first.0 + first.1,
        "{first:?} {second:?}"
    );
}

#[test]
fn how_a_stream_went_is_drawn_and_said() {
    let items = "    <- Item { id: 1 }\n".repeat(40);
    let text = format!(
        "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> Part {{ data: 9 bytes }}
~     in 3 messages
{items}    -> cancel
      b had sent 40 messages and no status
    b: at most 2 messages ahead of a
"
    );
    let svg = draw(
        &scene(&text.parse().unwrap(), &[]).unwrap(),
        "a.1",
        "id",
        None,
    );
    let (picture, said) = (svg.split_once("</desc>").unwrap().1, &svg);
    for part in [
        ">in 3 messages</text>",
        ">36 more Item</text>",
        ">b had sent 40 messages and no status</text>",
        ">b: at most 2 messages ahead of a</text>",
    ] {
        assert!(picture.contains(part), "{part} in {picture}");
    }
    assert_eq!(picture.matches("class=\"dots\"").count(), 2);
    for part in [
        "a sends Part, in 3 messages.",
        "And 36 more Item.",
        "a breaks off: cancel, b had sent 40 messages and no status.",
        "b: at most 2 messages ahead of a.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn bracket_of_a_deadline_ends_where_its_call_does() {
    let call = "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> grpc-timeout: 290ms
    <- OK
";
    let bracket = |text: &str| {
        let svg = draw(
            &scene(&text.parse().unwrap(), &[]).unwrap(),
            "a.1",
            "id",
            None,
        );
        let path = svg.split_once("class=\"deadline\" d=\"").unwrap().1;
        path.split_once('"').unwrap().0.to_owned()
    };
    let noted = format!("{call}    b: at most 2 messages ahead of a\n");
    assert_eq!(bracket(call), bracket(&noted));
}

#[test]
fn small_picture_has_small_width_whole_names_and_the_method() {
    let text = "wirebook-transcript 2
  call 1  client > server  /a.v1.DocumentClassifier/Classify
    -> ClassifyBatchRequest { documents: 3 }
    -> half-close
    <- Item { text: \"more than two lines of so few letters have room for\" }
    <- RESOURCE_EXHAUSTED
";
    let svg = draw_small(&scene(&text.parse().unwrap(), &[]).unwrap(), "a.1", "id");
    assert!(svg.contains("class=\"sequence small\"") && svg.contains("viewBox=\"0 0 176 "));
    for text in [
        ">client<",
        ">server<",
        ">1  Classify<",
        ">ClassifyBatch<",
        ">documents: 3<",
    ] {
        assert!(svg.contains(text), "{text} in {svg}");
    }
    let drawn = svg.split_once("</desc>").unwrap().1;
    assert!(!drawn.contains("more than"), "{drawn}");
}
