//! All exercises, in the order in which they are done.

mod protobuf;

use crate::diagnosis::Diagnosis;
use crate::scenario::Scenario;
use crate::scenarios::unary;

/// A lesson: one crate.
#[derive(Debug)]
pub struct Lesson {
    /// Its name, for example `"unary"`.
    pub name: &'static str,
    /// Its folder in `lessons/` and in `solutions/`.
    pub folder: &'static str,
    /// Its exercises, in order.
    pub exercises: &'static [Exercise],
}

/// An exercise: one gap in one file.
pub struct Exercise {
    /// `"unary.1"`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// The file with the gap, below the lesson's `src`.
    pub file: &'static str,
    /// How long it takes, in minutes, for someone who has read the chapter.
    pub minutes: u32,
    /// What it is worth in a grade.
    pub points: u32,
    /// A nudge, the API's name, almost the code.
    pub hints: [&'static str; 3],
    /// Another way to do it and why one would, for someone who has just passed.
    pub note: &'static str,
    /// What it is run on.
    pub scenario: &'static dyn Scenario,
    /// Its usual mistakes; the first that shows is named.
    pub diagnoses: &'static [Diagnosis],
}

impl std::fmt::Debug for Exercise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The course.
pub static LESSONS: &[Lesson] = &[
    Lesson {
        name: "protobuf",
        folder: "01-protobuf",
        exercises: protobuf::EXERCISES,
    },
    Lesson {
        name: "unary",
        folder: "02-unary",
        exercises: &[
            Exercise {
                id: "unary.1",
                title: "your first call",
                file: "ex1_classify.rs",
                minutes: 10,
                points: 2,
                hints: [
                    "The generated client is made once, before the loop. Its methods take a message or a \
                     `tonic::Request` and return a `tonic::Response` around the answer.",
                    "`DocumentClassifierClient::connect(address).await?`, `client.classify(request).await?.into_inner()`, \
                     and `DocumentType::try_from(i32)` for the type: \
                     https://docs.rs/tonic/latest/tonic/struct.Response.html",
                    "let mut client = DocumentClassifierClient::connect(address).await?; then in a loop: let answer = \
                     client.classify(ClassifyRequest { ... }).await?.into_inner(); and push \
                     DocumentType::try_from(answer.results[0].document_type)?.",
                ],
                note: "A client is cheap to clone: `client.clone()` shares the connection, and HTTP/2 carries many calls over \
                       it at once. With one clone in each of several tasks the three calls would overlap instead of queueing, \
                       and the transcript would be the same.",
                scenario: &unary::Classify,
                diagnoses: unary::CLASSIFY,
            },
            Exercise {
                id: "unary.2",
                title: "a deadline, and metadata",
                file: "ex2_deadline.rs",
                minutes: 15,
                points: 3,
                hints: [
                    "The deadline belongs to the request: there it becomes a header that the server sees. Your own wait \
                     is a second matter, and so is the code that you get when it ends.",
                    "`Request::set_timeout`, `Request::metadata_mut`, `tokio::time::timeout`, `Status::code`: \
                     https://docs.rs/tonic/latest/tonic/struct.Request.html",
                    "request.set_timeout(question.deadline); request.metadata_mut().insert(\"x-correlation-id\", ...); \
                     match timeout(question.deadline, client.classify(request)).await { Err(_) => passed, \
                     Ok(Err(status)) with code Cancelled or DeadlineExceeded => passed, ... }",
                ],
                note: "`Endpoint::timeout` looks like the same thing and sends no header: you stop waiting, the server goes \
                       on working. In a service, take one `Instant` when the request comes in and give every wait \
                       `timeout_at(instant, ...)`, so that two calls in a row share one deadline.",
                scenario: &unary::Deadline,
                diagnoses: unary::DEADLINE,
            },
            Exercise {
                id: "unary.3",
                title: "your first server, the edge",
                file: "ex3_edge.rs",
                minutes: 20,
                points: 4,
                hints: [
                    "Check first, then ask: what is refused never reaches the host. `len()` of a string counts bytes. \
                     The time that you spent yourself is no longer the host's to spend.",
                    "`Status::invalid_argument`, `Status::not_found`, `Request::set_timeout`, \
                     `Duration::saturating_sub`, `Response::metadata_mut`: \
                     https://docs.rs/tonic/latest/tonic/struct.Status.html",
                    "let mut rank = Request::new(RankRequest { text: request.text }); if let Some(deadline) = deadline { \
                     rank.set_timeout(deadline.saturating_sub(arrived.elapsed())); } let ranking = \
                     self.host.clone().rank(rank).await?.into_inner(); then \
                     ranking.scores.into_iter().take(count).map(to_result).collect().",
                ],
                note: "The checks could be a function of their own, `fn check(&ClassifyRequest) -> Result<(), Status>`, called \
                       with `?`: it needs no network to be tested, and the stream and batch methods can use it too.",
                scenario: &unary::EdgeClassify,
                diagnoses: unary::EDGE_CLASSIFY,
            },
        ],
    },
];

/// What a learner may name: all, a lesson, or an exercise.
///
/// # Errors
///
/// When there is none of that name: the error lists what there is.
pub fn select(name: Option<&str>) -> Result<Vec<(&'static Lesson, &'static Exercise)>, String> {
    let all = LESSONS
        .iter()
        .flat_map(|lesson| lesson.exercises.iter().map(move |own| (lesson, own)));
    let Some(name) = name else {
        return Ok(all.collect());
    };
    let found: Vec<_> = all
        .filter(|(lesson, own)| lesson.name == name || own.id == name)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let lessons: Vec<_> = LESSONS
        .iter()
        .map(|lesson| {
            format!(
                "{0} ({0}.1 to {0}.{1})",
                lesson.name,
                lesson.exercises.len()
            )
        })
        .collect();
    Err(format!(
        "there is no lesson or exercise {name:?}; there are {}",
        lessons.join(", ")
    ))
}
