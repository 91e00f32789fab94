//! Events and rules to the one canonical form.
//!
//! What differs between two right programs, or between two runs of one program, is settled here: what may come in any
//! order is sorted, what is bounded is printed as within its bound, what varies is marked as only shown. What is left
//! can be compared line by line.

use std::collections::BTreeMap;

use crate::calls::{Call, calls};
use crate::code::code_name;
use crate::event::{Event, Kind, Metadata, Side};
use crate::render::Renderer;
use crate::transcript::{Arrow, Content, Line, Transcript};

/// How the events of one hop are compared.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The hop that these rules are for, `from > to`, as its tap is named.
    pub hop: &'static str,
    /// Whether calls come in one order.
    pub calls: Order,
    /// The metadata keys that are compared, in either direction. All others are shown.
    pub metadata: &'static [&'static str],
    /// What the deadline must be.
    pub deadline: Deadline,
    /// How many connections there may be.
    pub connections: Count,
    /// How many calls may be open at a time, at most. Not printed where it is only shown.
    pub open: Count,
    /// Whether a call is printed inside the one that caused it, where that can be told. Not for a hop on which calls are
    /// made while several others are open: chance decides whether one is open, and with it whether it can be told.
    pub nested: bool,
}

impl Rules {
    /// Calls in order, no metadata compared, deadlines and connections shown.
    pub const fn new(hop: &'static str) -> Self {
        Self {
            hop,
            calls: Order::Exact,
            metadata: &[],
            deadline: Deadline::Shown,
            connections: Count::Shown,
            open: Count::Shown,
            nested: true,
        }
    }

    fn parties(&self) -> (&'static str, &'static str) {
        self.hop.split_once(" > ").unwrap_or((self.hop, "?"))
    }
}

/// Whether an order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It does.
    Exact,
    /// It does not: the lines are sorted.
    Set,
}

/// What is asked of a `grpc-timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// This very duration.
    Exact,
    /// There where the call that caused this one had one, and shorter than that.
    Shortened,
    /// Nothing.
    Shown,
}

/// What is asked of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This very number.
    Exact,
    /// No more than this.
    AtMost(usize),
    /// Nothing.
    Shown,
}

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
    rules: &'a BTreeMap<&'static str, &'a Rules>,
    calls: &'a [Call<'a>],
    renderer: &'a Renderer,
}

impl Form<'_> {
    /// The calls that `parent` caused (the outermost ones for `None`), a block of lines each.
    fn blocks(&self, parent: Option<usize>, depth: usize) -> Vec<Vec<Line>> {
        let mut blocks = Vec::new();
        let mut set = true;
        for (index, call) in self.calls.iter().enumerate() {
            if let Some(rules) = self.rules.get(call.hop)
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
        let (from, to) = rules.parties();
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
                from: from.to_owned(),
                to: to.to_owned(),
                path: call.path.to_owned(),
            },
        });
        block.metadata(Arrow::Request, call.metadata, rules, self.renderer);
        self.deadline(call, rules, &mut block);
        for event in call
            .events
            .iter()
            .filter(|event| by(&event.kind) == Side::Client)
        {
            self.event(call, event, rules, &mut block);
        }
        for mut child in self.blocks(Some(index), depth + 1) {
            block.lines.append(&mut child);
        }
        for event in call
            .events
            .iter()
            .filter(|event| by(&event.kind) == Side::Server)
        {
            self.event(call, event, rules, &mut block);
        }
        if !call.ended() {
            block.arrow(Arrow::Response, "nothing yet".to_owned(), true);
        }
        block.lines
    }

    fn deadline(&self, call: &Call<'_>, rules: &Rules, block: &mut Block) {
        let caller = call.parent.and_then(|parent| self.calls[parent].timeout);
        let (text, compared) = match (rules.deadline, call.timeout, caller) {
            (Deadline::Shortened, Some(own), Some(caller)) if own < caller => {
                ("shorter than the caller's".to_owned(), true)
            }
            (Deadline::Shortened, Some(_), Some(_)) => {
                ("not shorter than the caller's".to_owned(), true)
            }
            (rule, Some(own), _) => (format!("{own:?}"), rule == Deadline::Exact),
            (_, None, _) => return,
        };
        block.arrow(Arrow::Request, format!("grpc-timeout: {text}"), compared);
    }

    fn event(&self, call: &Call<'_>, event: &Event, rules: &Rules, block: &mut Block) {
        let arrow = match by(&event.kind) {
            Side::Client => Arrow::Request,
            Side::Server => Arrow::Response,
        };
        match &event.kind {
            Kind::Message {
                from,
                bytes,
                compressed,
            } => {
                let types = self.renderer.method_types(call.path);
                let message_type = types.map(|(input, output)| match from {
                    Side::Client => input,
                    Side::Server => output,
                });
                let mut lines = match message_type {
                    Some(_) if *compressed => vec![format!("{} compressed bytes", bytes.len())],
                    Some(message_type) => self.renderer.message(message_type, bytes),
                    None => vec![format!("{} bytes", bytes.len())],
                }
                .into_iter();
                block.arrow(arrow, lines.next().unwrap_or_default(), true);
                lines.for_each(|line| block.detail(line, true));
            }
            Kind::HalfClose => block.arrow(arrow, "half-close".to_owned(), true),
            Kind::Response { metadata } => block.metadata(arrow, metadata, rules, self.renderer),
            Kind::Status {
                code,
                message,
                metadata,
                ..
            } => {
                block.metadata(arrow, metadata, rules, self.renderer);
                block.arrow(arrow, code_name(*code), true);
                if !message.is_empty() {
                    // How an error is worded is the program's own.
                    block.detail(format!("message: {message:?}"), false);
                }
            }
            Kind::Cancelled { code: 8, .. } => block.arrow(arrow, "cancel".to_owned(), true),
            Kind::Cancelled { code, .. } => {
                block.arrow(arrow, format!("reset, HTTP/2 error {code}"), true);
            }
            Kind::Broken { .. } => block.arrow(arrow, "connection lost".to_owned(), true),
            Kind::Malformed { reason, .. } => {
                block.arrow(arrow, format!("malformed: {reason}"), true)
            }
            Kind::Connected | Kind::Disconnected | Kind::Request { .. } => {}
        }
    }
}

/// Who did it.
fn by(kind: &Kind) -> Side {
    match kind {
        Kind::Message { from: side, .. }
        | Kind::Malformed { from: side, .. }
        | Kind::Cancelled { by: side, .. }
        | Kind::Broken { side } => *side,
        Kind::Response { .. } | Kind::Status { .. } => Side::Server,
        Kind::Connected | Kind::Disconnected | Kind::Request { .. } | Kind::HalfClose => {
            Side::Client
        }
    }
}

/// The lines of one call as they are written.
struct Block {
    lines: Vec<Line>,
    depth: usize,
}

impl Block {
    fn arrow(&mut self, arrow: Arrow, text: String, compared: bool) {
        let content = Content::Arrow(arrow, text);
        self.lines.push(Line {
            depth: self.depth,
            compared,
            content,
        });
    }

    fn detail(&mut self, text: String, compared: bool) {
        let content = Content::Text(text);
        self.lines.push(Line {
            depth: self.depth + 1,
            compared,
            content,
        });
    }

    fn metadata(&mut self, arrow: Arrow, metadata: &Metadata, rules: &Rules, renderer: &Renderer) {
        let mut metadata: Vec<_> = metadata.iter().collect();
        metadata.sort();
        for (key, value) in metadata {
            let compared = rules.metadata.contains(&key.as_str());
            let value = if compared {
                value
            } else {
                renderer.shown_metadata(key, value)
            };
            self.arrow(arrow, format!("{key}: {value}"), compared);
        }
    }
}

fn renumber(block: &mut [Line], number: &mut u32) {
    for line in block {
        if let Content::Call { number: own, .. } = &mut line.content {
            *number += 1;
            *own = *number;
        }
    }
}

fn connections(events: &[Event], rules: &BTreeMap<&'static str, &Rules>) -> Vec<Line> {
    let mut lines = vec![Line {
        depth: 0,
        compared: true,
        content: Content::Text("connections".into()),
    }];
    for rules in rules.values() {
        let opened = |event: &&Event| event.hop == rules.hop && event.kind == Kind::Connected;
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
        content: Content::Text(format!("{}: {text}{what}", rules.hop)),
    }
}

/// How many calls of a hop were open at a time, at most.
fn most_open(events: &[Event], hop: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for event in events.iter().filter(|event| event.hop == hop) {
        match event.kind {
            Kind::Request { .. } => open += 1,
            Kind::Status { .. } | Kind::Cancelled { .. } | Kind::Broken { .. } => {
                open = open.saturating_sub(1);
            }
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn report(reported: &[String], order: Order) -> Vec<Line> {
    let mut values: Vec<_> = reported.iter().map(|value| escape(value)).collect();
    if order == Order::Set {
        values.sort();
    }
    let heading = (!values.is_empty()).then(|| (0, "reported".to_owned()));
    heading
        .into_iter()
        .chain(values.into_iter().map(|value| (1, value)))
        .map(|(depth, text)| Line {
            depth,
            compared: true,
            content: Content::Text(text),
        })
        .collect()
}

/// One line, and nothing in it that a terminal obeys or that reads back as another kind of line.
fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    let reads_as_another = ["-> ", "<- ", "call ", " "]
        .iter()
        .any(|start| text.starts_with(start));
    if reads_as_another {
        format!("{text:?}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::testing::renderer;

    const OUTER: &str = "client > edge";
    const INNER: &str = "edge > host";

    /// Events in order, each as hop, call and kind.
    fn events(all: Vec<(&'static str, u32, Kind)>) -> Vec<Event> {
        let event = |(seq, (hop, call, kind))| Event {
            seq: seq as u64,
            hop,
            connection: 1,
            call,
            kind,
        };
        all.into_iter().enumerate().map(event).collect()
    }

    fn request(id: &str, timeout: Option<u64>) -> Kind {
        let metadata = vec![
            ("x-id".to_owned(), id.to_owned()),
            ("other".to_owned(), "1".to_owned()),
        ];
        Kind::Request {
            path: "/t.S/Do".to_owned(),
            metadata,
            timeout: timeout.map(Duration::from_millis),
        }
    }

    fn status(code: i32) -> Kind {
        let message = if code == 0 { "" } else { "why" };
        Kind::Status {
            code,
            message: message.into(),
            details: Bytes::new(),
            metadata: Vec::new(),
        }
    }

    fn form(events: &[Event], rules: &[Rules]) -> String {
        canonical(events, rules, &[], Order::Exact, &renderer()).to_string()
    }

    #[test]
    fn a_call_is_told_from_both_sides_and_what_is_not_compared_is_marked() {
        let message = Kind::Message {
            from: Side::Client,
            compressed: false,
            bytes: Bytes::new(),
        };
        let events = events(vec![
            (OUTER, 0, Kind::Connected),
            (OUTER, 1, request("7", Some(2000))),
            (OUTER, 1, message),
            (OUTER, 1, Kind::HalfClose),
            (OUTER, 1, status(5)),
        ]);
        let rules = Rules {
            metadata: &["x-id"],
            connections: Count::Exact,
            ..Rules::new(OUTER)
        };
        let expected = "  call 1  client > edge  /t.S/Do
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
                (OUTER, 2, status(0)),
                (OUTER, 1, status(0)),
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
        let call = |id: &str| events(vec![(OUTER, 1, request(id, None)), (OUTER, 1, status(0))]);
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
            (INNER, 1, status(0)),
            (OUTER, 1, status(0)),
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
    fn a_deadline_is_shorter_or_it_is_told() {
        assert!(nested(Some(50), Some(49)).contains("-> grpc-timeout: shorter than the caller's"));
        assert!(nested(Some(50), Some(50)).contains("-> grpc-timeout: not shorter"));
        assert_eq!(nested(Some(50), None).matches("grpc-timeout").count(), 1);
    }

    #[test]
    fn a_bound_prints_alike_within_it_and_differs_beyond() {
        let connected = |count: usize| events(vec![(OUTER, 0, Kind::Connected); count]);
        let rules = [Rules {
            connections: Count::AtMost(2),
            ..Rules::new(OUTER)
        }];
        assert_eq!(form(&connected(1), &rules), form(&connected(2), &rules));
        assert!(form(&connected(3), &rules).contains("client > edge: 3, more than 2"));
    }

    #[test]
    fn every_way_to_end_a_call_is_told() {
        let ended = |kind: Kind| {
            form(
                &events(vec![(OUTER, 1, request("1", None)), (OUTER, 1, kind)]),
                &[Rules::new(OUTER)],
            )
        };
        assert!(
            ended(Kind::Cancelled {
                by: Side::Client,
                code: 8
            })
            .contains("    -> cancel\n")
        );
        assert!(
            ended(Kind::Cancelled {
                by: Side::Server,
                code: 7
            })
            .contains("    <- reset, HTTP/2 error 7\n")
        );
        assert!(ended(Kind::Broken { side: Side::Server }).contains("    <- connection lost\n"));
        assert!(ended(Kind::HalfClose).contains("    <- nothing yet\n"));
    }

    #[test]
    fn a_reported_line_cannot_pass_for_another_kind_of_line() {
        let reported = [
            "-> x",
            "call 1  a > b  /c",
            " deep",
            "two\nlines \u{1b}[31m",
        ]
        .map(str::to_owned);
        let transcript = canonical(&[], &[], &reported, Order::Exact, &renderer());
        let text = transcript.to_string();
        assert_eq!(text.parse::<Transcript>().unwrap(), transcript, "{text}");
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
