//! What the edge made of its calls, and the mistakes that show in it.

use std::time::Duration;

use proto::classification::v1::ClassifyResponse;
use proto::model::v1::{RankRequest, RankResponse};
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, Side};

use super::cases::{Case, SECRETS, Shows};
use super::{Calls, HELD, RANK_METHOD};
use crate::common::{CLASSIFY_METHOD, CORRELATION_ID};
use checks::{Diagnosis, Evidence, message};

/// One call of a client, and what the edge made of it.
struct Answered<'a> {
    case: &'a Case,
    call: Call<'a>,
    /// What the edge asked the host for it.
    asked: Vec<Call<'a>>,
}

impl<'a> Answered<'a> {
    fn status(&self) -> Option<Code> {
        self.call.status()
    }

    /// Whether a good request was answered with OK.
    fn answered(&self) -> bool {
        self.case.code == Code::OK && self.status() == Some(Code::OK)
    }

    /// Whether the contract wants the request refused.
    fn forbidden(&self) -> Option<&str> {
        match &self.case.shows {
            Shows::Forbidden(what) => Some(what),
            _ => None,
        }
    }

    /// The code of a call that may be answered and was refused.
    fn refused(&self) -> Option<Code> {
        let code = self.status().filter(|code| *code != Code::OK)?;
        (self.case.code == Code::OK && self.asked.is_empty()).then_some(code)
    }

    /// Which call it is, for a sentence: `the call about "doc-7"`.
    fn name(&self) -> String {
        match self.case.id() {
            "" => "the call without a `document_id`".to_owned(),
            id => format!("the call about {id:?}"),
        }
    }

    fn response(&self) -> ClassifyResponse {
        message(&self.call, Side::Server).unwrap_or_default()
    }

    fn ranking(&self) -> RankResponse {
        let ranking = self.asked.first();
        let ranking = ranking.and_then(|call| message(call, Side::Server));
        ranking.unwrap_or_default()
    }

    /// How many results are due.
    fn due(&self) -> usize {
        let limit = self.case.request.max_results.unwrap_or(3);
        let limit = usize::try_from(limit).unwrap_or(0);
        limit.min(self.ranking().scores.len())
    }

    fn id(&self) -> Option<&str> {
        value(&self.case.options.metadata, CORRELATION_ID)
    }

    fn echoed(&self) -> bool {
        let mut answered = self.call.answered_metadata();
        self.id()
            .is_none_or(|id| answered.any(|(key, value)| key == CORRELATION_ID && value == id))
    }

    /// The key of a secret that the edge passed on, and to whom.
    fn leak(&self) -> Option<(&'static str, &'static str)> {
        SECRETS.into_iter().find_map(|key| {
            let is_secret = |(name, _): &(String, String)| name == key;
            let on = self
                .asked
                .iter()
                .any(|asked| asked.metadata.iter().any(is_secret));
            let back = self.call.answered_metadata().any(is_secret);
            match (on, back) {
                (true, _) => Some((key, "to the host")),
                (_, true) => Some((key, "back to the caller")),
                _ => None,
            }
        })
    }

    /// What the host was asked, where it is another text than the caller's.
    fn other_text(&self) -> Option<String> {
        let mut texts = self.asked.iter().filter_map(|asked| {
            let request: RankRequest = message(asked, Side::Client)?;
            Some(request.text)
        });
        texts.find(|text| *text != self.case.request.text)
    }

    /// How the deadline of a call to the host is wrong.
    fn deadline(&self) -> Option<WrongDeadline> {
        let caller = self.case.options.timeout?;
        self.asked.iter().find_map(|asked| {
            let elapsed = asked.at.saturating_sub(self.call.at);
            let held = if elapsed >= HELD {
                HELD / 2
            } else {
                Duration::ZERO
            };
            match asked.timeout {
                None => Some(WrongDeadline::None),
                Some(host) if host >= caller || host > caller.saturating_sub(held) => {
                    Some(WrongDeadline::TooLong(host))
                }
                Some(host) if host < caller.saturating_sub(elapsed) / 2 => {
                    Some(WrongDeadline::TooShort(host))
                }
                Some(_) => None,
            }
        })
    }

    /// Whether all is as it should be, as far as the diagnoses look at it.
    fn right(&self) -> bool {
        let asks = usize::from(self.forbidden().is_none());
        let response = self.response();
        self.status() == Some(self.case.code)
            && self.asked.len() == asks
            && self.other_text().is_none()
            && self.leak().is_none()
            && self.deadline().is_none()
            && (!self.answered()
                || self.echoed()
                    && response.document_id == self.case.request.document_id
                    && response.results.len() == self.due()
                    && response.model_version == self.ranking().model_version)
    }
}

/// What is wrong with the deadline that the host was given.
enum WrongDeadline {
    /// There is none.
    None,
    /// It is longer than what is left.
    TooLong(Duration),
    /// It is less than half of what is left.
    TooShort(Duration),
}

fn value<'a>(metadata: &'a [(&'static str, String)], key: &str) -> Option<&'a str> {
    let mut named = metadata.iter().filter(|(name, _)| *name == key);
    named.next().map(|(_, value)| value.as_str())
}

/// The first call that is not as it should be. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Answered<'a>> {
    let calls: &Calls = evidence.run.inputs.state.get()?;
    let all = evidence.all_calls();
    let of_client =
        |(_, call): &(usize, &Call<'a>)| call.hop == CLIENT_EDGE && call.path == CLASSIFY_METHOD;
    let mut answered = all.iter().enumerate().filter(of_client).zip(&calls.cases);
    answered.find_map(|((index, call), case)| {
        let asked = all.iter().filter(|nested| {
            nested.parent == Some(index) && nested.hop == EDGE_HOST && nested.path == RANK_METHOD
        });
        let answered = Answered {
            case,
            call: call.clone(),
            asked: asked.cloned().collect(),
        };
        (!answered.right()).then_some(answered)
    })
}

/// The message of the program's panic, and the first call that is not as it should be, where that has no status.
fn panicked<'a>(evidence: &Evidence<'a>) -> Option<(&'a str, Answered<'a>)> {
    let wrong = first_wrong(evidence).filter(|wrong| wrong.status().is_none());
    evidence.panic().zip(wrong)
}

/// Panics first. Then in the order in which a call shows them: whether the host is asked, what, the metadata of the
/// answer, its message, its status.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "subtracted-past-zero",
        seen: |evidence| {
            let panic = evidence.panic()?;
            let subtracted = panic.contains("overflow when subtracting durations");
            subtracted.then(|| format!("Your program panicked: {panic}."))
        },
        usually: "A deadline may have passed when your code looks at the clock, and a plain `-` panics where the result \
                  would be below zero. `saturating_sub` gives zero, `checked_sub` gives None.",
    },
    Diagnosis {
        name: "panic-for-bad-input",
        seen: |evidence| {
            let (panic, wrong) = panicked(evidence)?;
            let what = wrong.forbidden()?;
            Some(format!(
                "Your program panicked: {panic}. The first call that went wrong has {what}."
            ))
        },
        usually: "tonic does not turn a panic into a status: it resets the call, and the caller cannot tell its own \
                  mistake from your crash. Return an `Err(Status)` for what the caller sent.",
    },
    Diagnosis {
        name: "host-failure-panicked",
        seen: |evidence| {
            let (panic, wrong) = panicked(evidence)?;
            (wrong.case.shows == Shows::Failure && !wrong.asked.is_empty()).then(|| {
                format!(
                    "Your program panicked: {panic}. The first call that went wrong is {}, about which the host failed.",
                    wrong.name()
                )
            })
        },
        usually: "Every call to another server can fail: no `unwrap` and no `expect` on its result. Make a status of \
                  the error, with `from_host`, and return it.",
    },
    Diagnosis {
        name: "unset-unwrapped",
        seen: |evidence| {
            let (panic, wrong) = panicked(evidence)?;
            let Shows::Without(what) = wrong.case.shows else {
                return None;
            };
            Some(format!(
                "Your program panicked: {panic}. The first call that went wrong is {}, which comes without {what}.",
                wrong.name()
            ))
        },
        usually: "A caller may leave out the deadline, the x-correlation-id and `max_results`, and then each is None: no \
                  `unwrap` and no `expect` on these.",
    },
    Diagnosis {
        name: "asked-before-checked",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let what = wrong.forbidden().filter(|_| !wrong.asked.is_empty())?;
            let code = wrong.status().filter(|code| *code != Code::OK)?;
            Some(format!(
                "The host was asked about a request that was then refused with {code}: it has {what}."
            ))
        },
        usually: "Usually the checks come after the call. Check first: a bad request should cost no more than the \
                  check.",
    },
    Diagnosis {
        name: "not-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let what = wrong.forbidden()?;
            (wrong.status() == Some(Code::OK))
                .then(|| format!("A request with {what} was answered with OK."))
        },
        usually: "A text has 1 to 100,000 characters, as `chars().count()` counts them, `max_results` is 1 to 5, and a \
                  `model_version` that is not empty is the one that you serve, letter by letter. Look at the condition \
                  that lets this one through.",
    },
    Diagnosis {
        name: "served-version-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let version = &wrong.case.request.model_version;
            let refused = wrong.refused() == Some(Code::NOT_FOUND) && !version.is_empty();
            refused.then(|| {
                format!("The `model_version` {version:?}, which your edge serves, was refused with NOT_FOUND.")
            })
        },
        usually: "Unknown is a version that is neither empty nor `self.model_version`: two comparisons, joined by `&&`.",
    },
    Diagnosis {
        name: "empty-version-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let empty = wrong.case.request.model_version.is_empty();
            (empty && wrong.refused() == Some(Code::NOT_FOUND)).then(|| {
                let name = wrong.name();
                format!("An empty `model_version` was refused with NOT_FOUND, in {name}.")
            })
        },
        usually: "Empty means the version that the server has, so only a version that is not empty can be unknown.",
    },
    Diagnosis {
        name: "bytes-for-characters",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let text = &wrong.case.request.text;
            let (characters, bytes) = (text.chars().count(), text.len());
            let code = wrong
                .refused()
                .filter(|_| bytes > characters && bytes > 100_000)?;
            Some(format!(
                "A text of {characters} characters, which is allowed, was refused with {code}. It has {bytes} bytes."
            ))
        },
        usually: "`len()` of a string is its bytes in UTF-8; the contract counts characters, and allows 100,000 of them: \
                  `text.chars().count()`, and `>` where the limit itself is allowed.",
    },
    Diagnosis {
        name: "unset-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong.refused()?;
            let Shows::Without(what) = wrong.case.shows else {
                return None;
            };
            Some(format!(
                "A good request without {what} was refused with {code}, in {}.",
                wrong.name()
            ))
        },
        usually: "A caller may leave out the deadline, the x-correlation-id, `max_results` and the `model_version`. \
                  For an unset `max_results`, the method `max_results()` returns 0: take the field, \
                  `request.max_results`, which is an `Option`.",
    },
    Diagnosis {
        name: "host-not-reached",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            (wrong.refused() == Some(Code::UNAVAILABLE)).then(|| {
                format!(
                    "{} ended with UNAVAILABLE, and no call reached the host.",
                    sentence(&wrong)
                )
            })
        },
        usually: "Usually the host is called under another address, through a client of your own. `self.host` is connected \
                  to it already: call a clone of that.",
    },
    Diagnosis {
        name: "allowed-refused",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong.refused()?;
            Some(match &wrong.case.shows {
                Shows::Allowed(what) => {
                    format!("A good request with {what} was refused with {code}.")
                }
                _ => format!("A good request was refused with {code}: {}.", wrong.name()),
            })
        },
        usually: "The host was not asked, so usually a check of yours refuses it. The limits themselves are allowed, and so \
                  is a text of spaces.",
    },
    Diagnosis {
        name: "answered-unasked",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            (wrong.answered() && wrong.asked.is_empty()).then(|| {
                format!(
                    "{} was answered with OK, and the host was not asked.",
                    sentence(&wrong)
                )
            })
        },
        usually: "Each good call asks the host. An answer that is kept for later must be kept by everything that it \
                  depends on, and the task does not ask for it.",
    },
    Diagnosis {
        name: "asked-again",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let times = wrong.asked.len();
            (times > 1).then(|| format!("For {}, the host was asked {times} times.", wrong.name()))
        },
        usually: "Ask once and keep the result. Whether to try again is for the caller to say: it knows how long it \
                  waits.",
    },
    Diagnosis {
        name: "text-changed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let text = wrong.other_text()?;
            Some(format!(
                "For {}, the host was asked about a text of {} characters that is not the caller's, which has {}.",
                wrong.name(),
                text.chars().count(),
                wrong.case.request.text.chars().count()
            ))
        },
        usually: "The text goes to the host as it came: not trimmed, not cut, not in other letters, and not that of \
                  another call.",
    },
    Diagnosis {
        name: "secret-passed-on",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let (key, to) = wrong.leak()?;
            Some(format!(
                "`{key}`, which the caller sent to you, went {to}, in {}.",
                wrong.name()
            ))
        },
        usually: "Usually all of the caller's metadata is copied. Some of it is for you alone: make a new `Request` \
                  and a new `Response`, and put into them only what they are to have.",
    },
    Diagnosis {
        name: "deadline-not-passed-on",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let caller = wrong.case.options.timeout?;
            matches!(wrong.deadline()?, WrongDeadline::None).then(|| {
                let name = wrong.name();
                format!(
                    "The caller gave {name} {caller:?}, and the host was asked without a deadline."
                )
            })
        },
        usually: "Without one, the host works on after the caller has left. Deadlines do not travel by themselves; \
                  set one on the request to the host.",
    },
    Diagnosis {
        name: "deadline-not-shortened",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let caller = wrong.case.options.timeout?;
            let WrongDeadline::TooLong(host) = wrong.deadline()? else {
                return None;
            };
            Some(format!(
                "The caller gave {} {caller:?}, and some of that was spent before the host was asked, which was given \
                 {host:?}.",
                wrong.name()
            ))
        },
        usually: "The host believes that it has longer than the caller waits: subtract the time since the call came in, \
                  `arrived.elapsed()`.",
    },
    Diagnosis {
        name: "deadline-too-short",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let caller = wrong.case.options.timeout?;
            let WrongDeadline::TooShort(host) = wrong.deadline()? else {
                return None;
            };
            Some(format!(
                "The caller gave {} {caller:?}, of which the host was given {host:?}: less than half of what was left.",
                wrong.name()
            ))
        },
        usually: "The time left is the caller's deadline without what you have spent. A constant is not that, and \
                  seconds are not milliseconds: keep it a `Duration`.",
    },
    Diagnosis {
        name: "host-failure-swallowed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let swallowed = wrong.case.shows == Shows::Failure
                && !wrong.asked.is_empty()
                && wrong.status() == Some(Code::OK);
            swallowed.then(|| {
                format!(
                    "The host failed, and {} was answered with OK.",
                    wrong.name()
                )
            })
        },
        usually: "An answer without results looks like a document that is nothing. Where the host fails, the call \
                  fails: return a status.",
    },
    Diagnosis {
        name: "host-status-passed-on",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong.status().filter(|code| *code != wrong.case.code)?;
            let host = wrong.asked.first()?.status()?;
            (wrong.case.shows == Shows::Failure && host == code).then(|| {
                let (name, due) = (wrong.name(), wrong.case.code);
                format!(
                    "The host failed with {host}, and {name} ended with {code} too: {due} is due."
                )
            })
        },
        usually: "A `?` passes the host's status on as it is. Its code is about the call that you made, and your caller \
                  would take it for its own: `answer.map_err(from_host)?` makes a status of yours.",
    },
    Diagnosis {
        name: "host-code-lost",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong.status().filter(|code| *code != wrong.case.code)?;
            let host = wrong.asked.first()?.status();
            (wrong.case.shows == Shows::Failure && !evidence.panicked()).then(|| {
                let (name, due) = (wrong.name(), wrong.case.code);
                let failed = match host {
                    None => "The host ended its call without a status".to_owned(),
                    Some(Code::OK) => "The host's answer could not be read".to_owned(),
                    Some(host) => format!("The host failed with {host}"),
                };
                format!("{failed}, and {name} ended with {code}: {due} is due.")
            })
        },
        usually: "The caller decides by the code: whether to try again, and when. A host that is away is not a mistake of \
                  the caller's. `from_host` keeps the codes that mean the same to it.",
    },
    Diagnosis {
        name: "good-call-failed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let code = wrong.status().filter(|code| *code != Code::OK)?;
            let host = wrong.asked.first()?.status()?;
            (wrong.case.code == Code::OK && host == Code::OK).then(|| {
                let name = sentence(&wrong);
                format!("{name} ended with {code}, although the host answered it with OK.")
            })
        },
        usually: "Usually something after the call to the host fails: look at each `?` and `Err` there, and at what \
                  your code takes for granted in the host's answer.",
    },
    Diagnosis {
        name: "correlation-id-not-echoed",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let id = wrong.id().filter(|_| wrong.answered() && !wrong.echoed())?;
            Some(format!(
                "{} carried x-correlation-id: {id}, and its answer does not.",
                sentence(&wrong)
            ))
        },
        usually: "Insert it into the metadata of the `Response`, under the same key, where the caller and every proxy \
                  between you can read it.",
    },
    Diagnosis {
        name: "document-id-missing",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let (asked, answered) = (wrong.case.id(), wrong.response().document_id);
            (wrong.answered() && asked != answered).then(|| {
                format!(
                    "A request with the `document_id` {asked:?} was answered with {answered:?}."
                )
            })
        },
        usually: "Callers tell answers apart by it: put the request's own into every answer, as `to_response` does with \
                  its first argument.",
    },
    Diagnosis {
        name: "result-count-ignored",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let (due, came) = (wrong.due(), wrong.response().results.len());
            let asked = match wrong.case.request.max_results {
                Some(count) => format!("has a `max_results` of {count}"),
                None => "sets no `max_results`".to_owned(),
            };
            let scores = wrong.ranking().scores.len();
            (wrong.answered() && due != came).then(|| {
                format!(
                    "{} {asked}, and the host gave {scores} scores. The answer has {came} results: {due} are due.",
                    sentence(&wrong)
                )
            })
        },
        usually: "The edge keeps the first `max_results` of the host's scores, 3 where that is not set, and fewer \
                  where there are fewer.",
    },
    Diagnosis {
        name: "model-version-missing",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let (host, came) = (
                wrong.ranking().model_version,
                wrong.response().model_version,
            );
            (wrong.answered() && host != came).then(|| {
                let name = wrong.name();
                format!(
                    "For {name}, the host named the model {host:?}, and the answer says {came:?}."
                )
            })
        },
        usually: "The answer's `model_version` is that of the model which gave it, from the `RankResponse`: not the one \
                  that was asked for, nor your own. `to_response` copies it.",
    },
    Diagnosis {
        name: "unknown-version-code",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let what = wrong
                .forbidden()
                .filter(|_| wrong.case.code == Code::NOT_FOUND)?;
            let code = wrong.status().filter(|code| *code != Code::NOT_FOUND)?;
            Some(format!("A request with {what} was refused with {code}."))
        },
        usually: "The request is well formed; what it names does not exist here, and that is what NOT_FOUND says.",
    },
    Diagnosis {
        name: "wrong-code",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let due = Code::INVALID_ARGUMENT;
            let what = wrong.forbidden().filter(|_| wrong.case.code == due)?;
            let code = wrong.status().filter(|code| *code != due)?;
            Some(format!("A request with {what} was refused with {code}."))
        },
        usually: "INVALID_ARGUMENT says that the request is wrong whatever the state of the system, so that the caller \
                  changes it and does not send it again.",
    },
];

/// Which call it is, at the beginning of a sentence.
fn sentence(wrong: &Answered<'_>) -> String {
    wrong.name().replacen("the", "The", 1)
}
