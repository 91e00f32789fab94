//! Events and rules to the one canonical form.
//!
//! What differs between two right programs, or between two runs of one program, is settled here: what may come in any
//! order is sorted, what is bounded is printed as within its bound, what varies is marked as only shown. What is left
//! can be compared line by line.

use std::collections::BTreeMap;

use crate::call_tree::{Call, calls};
use crate::event::{Event, EventKind, Metadata, Side};
use crate::hop::Hop;
use crate::render::{Rendered, Renderer};
use crate::reset_code::ResetCode;
use crate::rules::{Count, Deadline, Order, Rules};
use crate::transcript::{Content, Direction, Line, Payload, RawBytes, Timeout, Transcript, What};

/// The canonical form of a run: its calls, its connections, and what the program reported.
pub fn canonical(
    events: &[Event],
    rules: &[Rules],
    reported: &[String],
    reported_order: Order,
    renderer: &Renderer,
) -> Transcript {
    let rules: BTreeMap<_, _> = rules.iter().map(|rules| (rules.hop, rules)).collect();
    let calls = calls(events);
    let form = Form {
        rules: &rules,
        calls: &calls,
        renderer,
    };
    let mut lines = Vec::new();
    let mut number = 0;
    for mut block in form.blocks(None, 0) {
        renumber(&mut block, &mut number);
        lines.append(&mut block);
    }
    lines.extend(connections(events, &rules));
    lines.extend(report(reported, reported_order));
    Transcript { lines }
}

struct Form<'a> {
    rules: &'a BTreeMap<Hop, &'a Rules>,
    calls: &'a [Call<'a>],
    renderer: &'a Renderer,
}

impl Form<'_> {
    /// The calls that `parent` caused (the outermost ones for `None`), a block of lines each.
    fn blocks(&self, parent: Option<usize>, depth: usize) -> Vec<Vec<Line>> {
        let mut blocks = Vec::new();
        let mut set = true;
        for (index, call) in self.calls.iter().enumerate() {
            if let Some(rules) = self.rules.get(&call.hop)
                && call.parent.filter(|_| rules.nested) == parent
            {
                set &= rules.calls == Order::Set;
                blocks.push(self.block(index, rules, depth));
            }
        }
        if set {
            blocks.sort_by_key(|block| block.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        blocks
    }

    fn block(&self, index: usize, rules: &Rules, depth: usize) -> Vec<Line> {
        let call = &self.calls[index];
        let mut block = Block {
            lines: Vec::new(),
            depth: depth + 1,
        };
        block.lines.push(Line {
            depth,
            compared: true,
            // Renumbered once the blocks stand in their order.
            content: Content::Call {
                number: 0,
                from: rules.hop.from.to_owned(),
                to: rules.hop.to.to_owned(),
                path: call.path.to_owned(),
            },
        });
        block.metadata(Direction::Request, call.metadata, rules, self.renderer);
        self.deadline(call, rules, &mut block);
        let of = |side| move |event: &&&Event| event.kind.by() == side;
        for event in call.events.iter().filter(of(Side::Client)) {
            self.event(call, event, rules, &mut block);
        }
        for mut child in self.blocks(Some(index), depth + 1) {
            block.lines.append(&mut child);
        }
        for event in call.events.iter().filter(of(Side::Server)) {
            self.event(call, event, rules, &mut block);
        }
        if !call.ended() {
            block.arrow(Direction::Response, What::Pending, true);
        }
        block.lines
    }

    fn deadline(&self, call: &Call<'_>, rules: &Rules, block: &mut Block) {
        let caller = call.parent.and_then(|parent| self.calls[parent].timeout);
        let (timeout, compared) = match (rules.deadline, call.timeout, caller) {
            (Deadline::Shortened, Some(timeout), Some(caller)) if timeout < caller => {
                (Timeout::Shortened, true)
            }
            (Deadline::Shortened, Some(_), Some(_)) => (Timeout::NotShortened, true),
            (rule, Some(timeout), _) => (Timeout::Exact(timeout), rule == Deadline::Exact),
            (_, None, _) => return,
        };
        block.arrow(Direction::Request, What::Timeout(timeout), compared);
    }

    fn event(&self, call: &Call<'_>, event: &Event, rules: &Rules, block: &mut Block) {
        let direction = match event.kind.by() {
            Side::Client => Direction::Request,
            Side::Server => Direction::Response,
        };
        match &event.kind {
            EventKind::Message {
                from,
                bytes,
                compressed,
            } => {
                let rendered = self.message(call, *from, *compressed, bytes);
                block.arrow(direction, What::from(rendered.payload), true);
                for line in rendered.details {
                    block.detail(line, true);
                }
            }
            EventKind::HalfClose => block.arrow(direction, What::HalfClose, true),
            EventKind::Response { metadata } => {
                block.metadata(direction, metadata, rules, self.renderer);
            }
            EventKind::Status {
                code,
                message,
                metadata,
                ..
            } => {
                block.metadata(direction, metadata, rules, self.renderer);
                block.arrow(direction, What::Status(*code), true);
                if !message.is_empty() {
                    // How to word an error is up to the program.
                    block.detail(format!("message: {message:?}"), false);
                }
            }
            EventKind::Cancelled { code, .. } => {
                let what = match *code {
                    ResetCode::CANCEL => What::Cancel,
                    code => What::Reset(code),
                };
                block.arrow(direction, what, true);
            }
            EventKind::Broken { .. } => block.arrow(direction, What::Lost, true),
            EventKind::Malformed { reason, .. } => {
                block.arrow(direction, What::Malformed(reason.clone()), true);
            }
            EventKind::Connected | EventKind::Disconnected | EventKind::Request { .. } => {}
        }
    }

    fn message(&self, call: &Call<'_>, from: Side, compressed: bool, bytes: &[u8]) -> Rendered {
        let length = bytes.len();
        let types = self.renderer.method_types(call.path);
        let message_type = types.map(|(input, output)| match from {
            Side::Client => input,
            Side::Server => output,
        });
        match message_type {
            Some(_) if compressed => {
                Rendered::from(Payload::Bytes(RawBytes::Compressed { length }))
            }
            Some(message_type) => self.renderer.message(message_type, bytes),
            None => Rendered::from(Payload::Bytes(RawBytes::Untyped { length })),
        }
    }
}

/// The lines of one call as they are written.
struct Block {
    lines: Vec<Line>,
    depth: usize,
}

impl Block {
    fn arrow(&mut self, direction: Direction, what: What, compared: bool) {
        let content = Content::Arrow { direction, what };
        self.lines.push(Line {
            depth: self.depth,
            compared,
            content,
        });
    }

    fn detail(&mut self, text: String, compared: bool) {
        let content = Content::Detail(text);
        self.lines.push(Line {
            depth: self.depth + 1,
            compared,
            content,
        });
    }

    fn metadata(
        &mut self,
        direction: Direction,
        metadata: &Metadata,
        rules: &Rules,
        renderer: &Renderer,
    ) {
        let mut metadata: Vec<_> = metadata.iter().collect();
        metadata.sort();
        for (key, value) in metadata {
            let compared = rules.metadata.contains(&key.as_str());
            let value = if compared {
                value
            } else {
                renderer.shown_metadata(key, value)
            };
            let (key, value) = (key.clone(), value.to_owned());
            self.arrow(direction, What::Metadata { key, value }, compared);
        }
    }
}

fn renumber(block: &mut [Line], number: &mut u32) {
    for line in block {
        if let Content::Call {
            number: of_call, ..
        } = &mut line.content
        {
            *number += 1;
            *of_call = *number;
        }
    }
}

fn connections(events: &[Event], rules: &BTreeMap<Hop, &Rules>) -> Vec<Line> {
    let mut lines = vec![Line {
        depth: 0,
        compared: true,
        content: Content::Heading("connections".to_owned()),
    }];
    for rules in rules.values() {
        let opened = |event: &&Event| event.hop == rules.hop && event.kind == EventKind::Connected;
        let count = events.iter().filter(opened).count();
        lines.push(counted(rules, count, rules.connections, ""));
        if rules.open != Count::Shown {
            let most = most_open(events, rules.hop);
            lines.push(counted(rules, most, rules.open, " calls open at a time"));
        }
    }
    if lines.len() == 1 { Vec::new() } else { lines }
}

fn counted(rules: &Rules, count: usize, rule: Count, what: &str) -> Line {
    let (text, compared) = match rule {
        Count::Exact => (count.to_string(), true),
        Count::AtMost(limit) if count <= limit => (format!("at most {limit}"), true),
        Count::AtMost(limit) => (format!("{count}, more than {limit}"), true),
        Count::Shown => (count.to_string(), false),
    };
    Line {
        depth: 1,
        compared,
        content: Content::Detail(format!("{}: {text}{what}", rules.hop)),
    }
}

/// How many calls of a hop were open at a time, at most.
fn most_open(events: &[Event], hop: Hop) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for event in events.iter().filter(|event| event.hop == hop) {
        match &event.kind {
            EventKind::Request { .. } => open += 1,
            kind if kind.ends_call() => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn report(reported: &[String], order: Order) -> Vec<Line> {
    let mut values = reported.to_vec();
    if order == Order::Set {
        values.sort();
    }
    let heading = Content::Heading("reported".to_owned());
    let heading = (!values.is_empty()).then_some((0, heading));
    let values = values.into_iter().map(|value| (1, Content::Detail(value)));
    heading
        .into_iter()
        .chain(values)
        .map(|(depth, content)| Line {
            depth,
            compared: true,
            content,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::code::Code;
    use crate::testing::file_descriptor_set;

    const OUTER: Hop = Hop::new("client", "edge");
    const INNER: Hop = Hop::new("edge", "host");

    /// Renders messages of the package `t`.
    fn renderer() -> Renderer {
        Renderer::new(&file_descriptor_set()).expect("a valid contract")
    }

    /// Events in order, each as hop, call and kind.
    fn events(all: Vec<(Hop, u32, EventKind)>) -> Vec<Event> {
        let event = |(seq, (hop, call, kind))| Event {
            seq: seq as u64,
            hop,
            connection: 1,
            call,
            kind,
        };
        all.into_iter().enumerate().map(event).collect()
    }

    fn request(id: &str, timeout: Option<u64>) -> EventKind {
        let metadata = vec![
            ("x-id".to_owned(), id.to_owned()),
            ("other".to_owned(), "1".to_owned()),
        ];
        EventKind::Request {
            path: "/t.S/Do".to_owned(),
            metadata,
            timeout: timeout.map(Duration::from_millis),
        }
    }

    fn status(code: Code) -> EventKind {
        let message = if code == Code::OK { "" } else { "why" };
        EventKind::Status {
            code,
            message: message.into(),
            details: Bytes::new(),
            metadata: Vec::new(),
        }
    }

    fn form(events: &[Event], rules: &[Rules]) -> String {
        let transcript = canonical(events, rules, &[], Order::Exact, &renderer());
        let text = transcript.to_string();
        assert_eq!(text.parse().as_ref(), Ok(&transcript), "{text}");
        text
    }

    #[test]
    fn a_call_has_both_sides_and_marks_for_what_is_not_compared() {
        let message = EventKind::Message {
            from: Side::Client,
            compressed: false,
            bytes: Bytes::new(),
        };
        let events = events(vec![
            (OUTER, 0, EventKind::Connected),
            (OUTER, 1, request("7", Some(2000))),
            (OUTER, 1, message),
            (OUTER, 1, EventKind::HalfClose),
            (OUTER, 1, status(Code::NOT_FOUND)),
        ]);
        let rules = Rules {
            metadata: &["x-id"],
            connections: Count::Exact,
            ..Rules::new(OUTER)
        };
        let expected = "wirebook-transcript 1
  call 1  client > edge  /t.S/Do
~   -> other: 1
    -> x-id: 7
~   -> grpc-timeout: 2s
    -> Thing {}
    -> half-close
    <- NOT_FOUND
~     message: \"why\"
  connections
    client > edge: 1
";
        assert_eq!(form(&events, &[rules]), expected);
    }

    #[test]
    fn calls_of_a_set_are_the_same_in_any_order() {
        let both = |first: &str, second: &str| {
            events(vec![
                (OUTER, 1, request(first, None)),
                (OUTER, 2, request(second, None)),
                (OUTER, 2, status(Code::OK)),
                (OUTER, 1, status(Code::OK)),
            ])
        };
        let set = [Rules {
            calls: Order::Set,
            metadata: &["x-id"],
            ..Rules::new(OUTER)
        }];
        assert_eq!(form(&both("1", "2"), &set), form(&both("2", "1"), &set));
        let exact = [Rules {
            metadata: &["x-id"],
            ..Rules::new(OUTER)
        }];
        assert_ne!(form(&both("1", "2"), &exact), form(&both("2", "1"), &exact));
    }

    #[test]
    fn metadata_that_varies_is_redacted_where_it_is_not_compared() {
        let call = |id: &str| {
            events(vec![
                (OUTER, 1, request(id, None)),
                (OUTER, 1, status(Code::OK)),
            ])
        };
        let form = |id: &str, metadata: &'static [&'static str]| {
            let rules = Rules {
                metadata,
                ..Rules::new(OUTER)
            };
            let renderer = renderer().redact_metadata("x-id", "(varies)");
            canonical(&call(id), &[rules], &[], Order::Exact, &renderer).to_string()
        };
        let shown = form("7", &[]);
        assert!(
            shown.contains("~   -> other: 1\n~   -> x-id: (varies)\n"),
            "{shown}"
        );
        assert_eq!(shown, form("8", &[]));
        assert!(form("7", &["x-id"]).contains("    -> x-id: 7\n"));
    }

    fn nested(outer: Option<u64>, inner: Option<u64>) -> String {
        let events = events(vec![
            (OUTER, 1, request("1", outer)),
            (INNER, 1, request("2", inner)),
            (INNER, 1, status(Code::OK)),
            (OUTER, 1, status(Code::OK)),
        ]);
        let inner = Rules {
            deadline: Deadline::Shortened,
            ..Rules::new(INNER)
        };
        form(&events, &[Rules::new(OUTER), inner])
    }

    #[test]
    fn a_call_stands_inside_the_one_that_caused_it() {
        let text = nested(None, None);
        assert!(
            text.contains("\n    call 2  edge > host  /t.S/Do\n"),
            "{text}"
        );
        assert!(text.contains("\n      <- OK\n    <- OK\n"), "{text}");
    }

    #[test]
    fn a_deadline_is_shorter_or_reported_as_not_shorter() {
        assert!(nested(Some(50), Some(49)).contains("-> grpc-timeout: shorter than the caller's"));
        assert!(nested(Some(50), Some(50)).contains("-> grpc-timeout: not shorter"));
        assert_eq!(nested(Some(50), None).matches("grpc-timeout").count(), 1);
    }

    #[test]
    fn a_bound_prints_alike_within_it_and_differs_beyond() {
        let connected = |count: usize| events(vec![(OUTER, 0, EventKind::Connected); count]);
        let rules = [Rules {
            connections: Count::AtMost(2),
            ..Rules::new(OUTER)
        }];
        assert_eq!(form(&connected(1), &rules), form(&connected(2), &rules));
        assert!(form(&connected(3), &rules).contains("client > edge: 3, more than 2"));
    }

    #[test]
    fn every_way_to_end_a_call_is_printed() {
        let ended = |kind: EventKind| {
            form(
                &events(vec![(OUTER, 1, request("1", None)), (OUTER, 1, kind)]),
                &[Rules::new(OUTER)],
            )
        };
        assert!(
            ended(EventKind::Cancelled {
                by: Side::Client,
                code: ResetCode::CANCEL
            })
            .contains("    -> cancel\n")
        );
        assert!(
            ended(EventKind::Cancelled {
                by: Side::Server,
                code: ResetCode::REFUSED_STREAM
            })
            .contains("    <- reset, HTTP/2 error 7\n")
        );
        assert!(
            ended(EventKind::Broken { side: Side::Server }).contains("    <- connection lost\n")
        );
        assert!(ended(EventKind::HalfClose).contains("    <- nothing yet\n"));
    }

    #[test]
    fn a_reported_line_cannot_pass_for_another_kind_of_line() {
        let reported = [
            "-> x",
            "call 1  a > b  /c",
            " deep",
            "two\nlines \u{1b}[31m",
            "",
            "0a 02  bytes",
            "~ ",
        ]
        .map(str::to_owned);
        let transcript = canonical(&[], &[], &reported, Order::Exact, &renderer());
        let text = transcript.to_string();
        assert_eq!(text.parse::<Transcript>().unwrap(), transcript, "{text}");
        assert_eq!(text.lines().count(), 2 + reported.len(), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
