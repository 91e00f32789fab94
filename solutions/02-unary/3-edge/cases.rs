//! The calls that the edge gets, one after the other, and what the host does about each.

use std::time::Duration;

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use proto::model::v1::{RankResponse, Score};
use stage::{CallOptions, Source};
use tap::{Code, Fault, ResetCode};

use crate::common::{CORRELATION_ID, FAR_DEADLINE, whole_status};

/// The most characters that a text may have.
const MAX_CHARACTERS: usize = 100_000;

/// The codes of the host that mean the same to the caller.
const KEPT: [Code; 4] = [
    Code::UNAVAILABLE,
    Code::RESOURCE_EXHAUSTED,
    Code::DEADLINE_EXCEEDED,
    Code::INTERNAL,
];

/// All others, which are about a call that the caller has not made.
const CHANGED: [Code; 12] = [
    Code::CANCELLED,
    Code::UNKNOWN,
    Code::INVALID_ARGUMENT,
    Code::NOT_FOUND,
    Code::ALREADY_EXISTS,
    Code::PERMISSION_DENIED,
    Code::FAILED_PRECONDITION,
    Code::ABORTED,
    Code::OUT_OF_RANGE,
    Code::UNIMPLEMENTED,
    Code::DATA_LOSS,
    Code::UNAUTHENTICATED,
];

/// More calls than there are.
const CASES: usize = 64;

/// What a caller sends along that is for the edge alone.
pub(super) const SECRETS: [&str; 2] = ["authorization", "x-session"];

/// One call of a client.
pub(super) struct Case {
    pub(super) request: ClassifyRequest,
    pub(super) options: CallOptions,
    pub(super) host: Host,
    /// What the edge must answer with.
    pub(super) code: Code,
    /// What it shows.
    pub(super) shows: Shows,
}

/// What a call shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// That an edge does all of it.
    All,
    /// That it does without this.
    Without(&'static str),
    /// That it takes what is allowed, and only just.
    Allowed(String),
    /// That it refuses what is not.
    Forbidden(String),
    /// What it does when the host fails.
    Failure,
}

/// What the host does about a call.
pub(super) enum Host {
    /// The reference server answers.
    Answers,
    /// The tap answers in its place.
    Ranks(RankResponse),
    /// It fails in this way.
    Fails(Fault),
}

impl Case {
    pub(super) fn id(&self) -> &str {
        &self.request.document_id
    }

    /// Whether the edge is kept waiting before it can ask the host.
    pub(super) fn is_held(&self) -> bool {
        self.options.timeout.is_some()
    }
}

/// Draws what differs from seed to seed.
struct Draw {
    generator: fastrand::Rng,
    /// Ids that no document has yet.
    ids: Vec<String>,
    served: String,
}

/// All calls.
pub(super) async fn cases(source: &mut Source<'_>) -> Result<Vec<Case>> {
    let documents = source.documents(2).await?;
    let served = source.model_version().await?;
    let mut draw = Draw {
        generator: source.seed.generator(20),
        ids: source.ids(CASES)?,
        served,
    };
    let [full, plain] = [0, 1].map(|index: usize| {
        let (document_id, text) = documents[index].clone();
        ClassifyRequest {
            document_id,
            text,
            ..Default::default()
        }
    });
    let mut cases = vec![Case {
        host: Host::Answers,
        shows: Shows::All,
        ..draw.full(full, 2, Some(FAR_DEADLINE))
    }];
    cases.extend(draw.without_one());
    cases.push(Case {
        host: Host::Answers,
        shows: Shows::Without("anything but its text and its document_id"),
        ..draw.good(plain.clone())
    });
    cases.extend(draw.allowed(&plain));
    cases.extend(draw.forbidden());
    cases.extend(draw.failures());
    // The host is back, and the text is one that was answered before: nothing is to be kept.
    let again = ClassifyRequest {
        text: plain.text,
        ..draw.request()
    };
    cases.push(draw.good(again));
    Ok(cases)
}

impl Draw {
    /// A request for a new document, with nothing in it that is optional.
    fn request(&mut self) -> ClassifyRequest {
        let (number, other) = (self.generator.u16(100..), self.generator.u16(100..));
        ClassifyRequest {
            document_id: self.ids.pop().unwrap_or_default(),
            text: format!("Note {number}: see also {other}."),
            ..Default::default()
        }
    }

    /// A good call, and an answer of the host's that no other call gets.
    fn good(&mut self, request: ClassifyRequest) -> Case {
        Case {
            request,
            options: CallOptions::default(),
            host: Host::Ranks(self.ranking(5)),
            code: Code::OK,
            shows: Shows::Allowed(String::new()),
        }
    }

    /// A good call that sets all there is.
    fn full(
        &mut self,
        request: ClassifyRequest,
        max_results: i32,
        timeout: Option<Duration>,
    ) -> Case {
        let id = format!("edge-{:04}", self.generator.u16(..10_000));
        let mut metadata = vec![(CORRELATION_ID, id)];
        for key in SECRETS {
            metadata.push((key, format!("Secret {:08x}", self.generator.u32(..))));
        }
        let request = ClassifyRequest {
            max_results: Some(max_results),
            model_version: self.served.clone(),
            include_keywords: Some(true),
            ..request
        };
        Case {
            options: CallOptions { timeout, metadata },
            ..self.good(request)
        }
    }

    /// Good calls, each without one of the things that may be left out.
    fn without_one(&mut self) -> Vec<Case> {
        // Half of it is more than the first call has: one constant cannot be right for both.
        let timeout = Duration::from_secs(self.generator.u64(70..90));
        let [one, two, three, four] = [(); 4].map(|()| self.request());
        let mut unnamed = self.full(one, 4, Some(timeout));
        unnamed
            .options
            .metadata
            .retain(|(key, _)| *key != CORRELATION_ID);
        unnamed.shows = Shows::Without("an x-correlation-id");
        let mut endless = self.full(two, 2, None);
        endless.shows = Shows::Without("a deadline");
        let mut uncounted = self.full(three, 1, None);
        uncounted.request.max_results = None;
        uncounted.shows = Shows::Without("`max_results`");
        let mut unversioned = self.full(four, 4, None);
        unversioned.request.model_version = String::new();
        unversioned.shows = Shows::Without("a `model_version`");
        vec![unnamed, endless, uncounted, unversioned]
    }

    /// Good calls at the edges of what is allowed. `before` was answered already.
    fn allowed(&mut self, before: &ClassifyRequest) -> Vec<Case> {
        let mut cases = Vec::new();
        let wide = "\u{1f4c4}".repeat(MAX_CHARACTERS);
        for (text, what) in [
            (
                "x".repeat(MAX_CHARACTERS),
                "a text of 100000 characters of one byte each",
            ),
            (wide, "a text of 100000 characters of four bytes each"),
            ("x".to_owned(), "a text of 1 character"),
            ("   ".to_owned(), "a text of spaces"),
            (
                format!("\t {} \n", self.request().text),
                "a text with spaces at both ends",
            ),
        ] {
            let request = ClassifyRequest {
                text,
                ..self.request()
            };
            let shows = Shows::Allowed(what.to_owned());
            cases.push(Case {
                shows,
                ..self.good(request)
            });
        }
        for (max_results, scores, what) in [
            (Some(1), 5, "a `max_results` of 1"),
            (Some(5), 5, "a `max_results` of 5"),
            (Some(5), 2, "more results than there are"),
            (None, 1, "more results than there are"),
        ] {
            let request = ClassifyRequest {
                max_results,
                ..self.request()
            };
            let host = Host::Ranks(self.ranking(scores));
            let shows = Shows::Allowed(what.to_owned());
            cases.push(Case {
                host,
                shows,
                ..self.good(request)
            });
        }
        for (document_id, what) in [
            (
                before.document_id.clone(),
                "a `document_id` that came before, with another text",
            ),
            (String::new(), "an empty `document_id`"),
            (
                format!("Année {} \"№ 7\"", self.generator.u8(..)),
                "a `document_id` of any characters",
            ),
        ] {
            let request = ClassifyRequest {
                document_id,
                ..self.request()
            };
            let shows = Shows::Allowed(what.to_owned());
            cases.push(Case {
                shows,
                ..self.good(request)
            });
        }
        cases
    }

    /// What must be refused.
    fn forbidden(&mut self) -> Vec<Case> {
        let mut requests = Vec::new();
        // Accents are characters of their own: it has one too many of these, and fewer of what people call letters.
        let long = self.request().text.repeat(3) + &"e\u{301}".repeat(MAX_CHARACTERS / 2);
        let long = long.chars().take(MAX_CHARACTERS + 1).collect();
        for (text, what) in [
            (String::new(), "an empty text"),
            (long, "a text of 100001 characters"),
        ] {
            let request = ClassifyRequest {
                text,
                ..self.request()
            };
            requests.push((request, Code::INVALID_ARGUMENT, what.to_owned()));
        }
        for max_results in [0, 6, -1, 257, i32::MAX, i32::MIN] {
            let request = ClassifyRequest {
                max_results: Some(max_results),
                ..self.request()
            };
            let what = format!("a `max_results` of {max_results}");
            requests.push((request, Code::INVALID_ARGUMENT, what));
        }
        let (year, _) = self.served.split_once('.').unwrap_or((&self.served, ""));
        for model_version in [
            "1999.1".to_owned(),
            year.to_owned(),
            format!("{}0", self.served),
        ] {
            let what = format!("the `model_version` {model_version:?}");
            let request = ClassifyRequest {
                model_version,
                ..self.request()
            };
            requests.push((request, Code::NOT_FOUND, what));
        }
        let case = |(request, code, what)| Case {
            code,
            shows: Shows::Forbidden(what),
            // Who asks about it all the same gets an answer.
            ..self.good(request)
        };
        requests.into_iter().map(case).collect()
    }

    /// Good calls about which the host fails: first those whose code means the same to the caller, then those whose code
    /// does not. So a program that answers all of them alike is seen to lose a code before it can be seen to pass one on.
    fn failures(&mut self) -> Vec<Case> {
        let mut failures = self.statuses(&mut KEPT.to_vec(), |code| code);
        // Field 1, announced with five bytes, of which none follows.
        failures.push((Fault::answer(vec![0x0a, 5]), Code::INTERNAL));
        failures.push((Fault::reset(ResetCode::INTERNAL_ERROR), Code::INTERNAL));
        // OK, and no message.
        failures.push((Fault::status(Code::OK, ""), Code::INTERNAL));
        failures.extend(self.statuses(&mut CHANGED.to_vec(), |_| Code::INTERNAL));
        let case = |(fault, code)| {
            let request = self.request();
            Case {
                host: Host::Fails(fault),
                code,
                shows: Shows::Failure,
                ..self.good(request)
            }
        };
        failures.into_iter().map(case).collect()
    }

    /// A status of the host's for each code, in an order that is drawn, and the code that is due for it.
    fn statuses(&mut self, codes: &mut [Code], due: fn(Code) -> Code) -> Vec<(Fault, Code)> {
        self.generator.shuffle(codes);
        let status = |code: &Code| {
            let ticket = self.generator.u16(1_000..).to_string();
            (whole_status(*code, &ticket), due(*code))
        };
        codes.iter().map(status).collect()
    }

    /// Scores that sum to 1, best first, of so many labels.
    fn ranking(&mut self, labels: usize) -> RankResponse {
        let mut names = ["invoice", "contract", "report", "receipt", "letter"];
        self.generator.shuffle(&mut names);
        let mut hundredths = [0, 22, 12, 6, 1].map(|least| least + self.generator.u8(..4));
        hundredths[0] = 100 - hundredths[1..].iter().sum::<u8>();
        let score = |(label, hundredths): (&str, u8)| Score {
            label: label.to_owned(),
            probability: f32::from(hundredths) / 100.0,
            keywords: vec![format!("word{}", self.generator.u8(..)), label.to_owned()],
        };
        let scores = names.into_iter().zip(hundredths).take(labels).map(score);
        RankResponse {
            scores: scores.collect(),
            // A host may be newer than the edge knows.
            model_version: format!("{}+{}", self.served, self.generator.u16(1_000..)),
        }
    }
}
