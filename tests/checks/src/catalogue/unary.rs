//! The exercises of lesson 2.

use super::Exercise;
use crate::scenarios::unary;

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        id: "unary.1",
        title: "your first call",
        page: "02-unary.md",
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
        page: "02-unary.md",
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
        page: "02-unary-server.md",
        file: "ex3_edge.rs",
        minutes: 20,
        points: 4,
        hints: [
            "Check first, then ask: what is refused never reaches the host. `len()` of a string counts bytes. \
                     The time that you spent yourself is no longer the host's to spend.",
            "`Status::invalid_argument`, `Status::not_found`, `Request::set_timeout`, \
                     `Duration::saturating_sub`, `Response::metadata_mut`, and `Vec::truncate` for the best results: \
                     https://docs.rs/tonic/latest/tonic/struct.Status.html",
            "let mut rank = Request::new(RankRequest { text: request.text }); if let Some(deadline) = deadline { \
                     rank.set_timeout(deadline.saturating_sub(arrived.elapsed())); } let ranking = \
                     self.host.clone().rank(rank).await?.into_inner(); let mut answer = \
                     to_response(request.document_id, ranking, arrived); answer.results.truncate(count as usize); and \
                     after Response::new(answer), if there is a correlation_id, \
                     response.metadata_mut().insert(\"x-correlation-id\", id).",
        ],
        note: "The checks could be a function of their own, `fn check(&ClassifyRequest) -> Result<(), Status>`, called \
                       with `?`: it needs no network to be tested, and the stream and batch methods can use it too.",
        scenario: &unary::EdgeClassify,
        diagnoses: unary::EDGE_CLASSIFY,
    },
    Exercise {
        id: "unary.4",
        title: "keep the runtime free",
        page: "02-unary-health-and-load.md",
        file: "ex4_blocking.rs",
        minutes: 15,
        points: 3,
        hints: [
            "An async thread that computes serves nobody else, and `async` does not change that. tokio has other \
                     threads for such work. How many of them are busy is for you to bound.",
            "`tokio::task::spawn_blocking` and `Semaphore::acquire_owned`: \
                     https://docs.rs/tokio/latest/tokio/task/fn.spawn_blocking.html and \
                     https://docs.rs/tokio/latest/tokio/sync/struct.Semaphore.html#method.acquire_owned",
            "let permit = permits.acquire_owned().await.map_err(...)?; spawn_blocking(move || { let _permit = \
                     permit; clean(&document) }).await.map_err(|error| Status::internal(error.to_string())).",
        ],
        note: "Where the permit lives decides what it bounds. Kept in the handler, it is given back when a caller \
                       leaves, and the thread computes on: nothing stops a blocking thread. Moved into the closure, it is \
                       held until the work is really done. `block_in_place` saves the move to another thread, and keeps \
                       the whole call where it is: it cannot be cancelled meanwhile, and panics on a runtime with one \
                       thread for all. For work of seconds a pool of its own, such as rayon's, is the better place.",
        scenario: &unary::Blocking,
        diagnoses: unary::BLOCKING,
    },
    Exercise {
        id: "unary.5",
        title: "health, under the full name",
        page: "02-unary-health-and-load.md",
        file: "ex5_health.rs",
        minutes: 10,
        points: 2,
        hints: [
            "Health is asked by a client of its own, on the channel that is there already. Both names, the one that you \
             ask for and the one that you report, have the package in front; the generated code knows them.",
            "`HealthClient::check`, `HealthCheckResponse::status`, `HealthReporter::set_serving`: \
             https://docs.rs/tonic-health/latest/tonic_health/server/struct.HealthReporter.html",
            "let request = HealthCheckRequest { service: model_host_server::SERVICE_NAME.to_owned() }; let answer = \
             HealthClient::new(host).check(request).await?.into_inner(); if answer.status() == ServingStatus::Serving \
             { reporter.set_serving::<DocumentClassifierServer<Edge>>().await; } Ok(())",
        ],
        note: "`Health.Watch` is a stream of every change, and spares the polling: gRPC's own load balancing uses it, \
               Kubernetes probes use `Check`. Be careful with what health depends on: if every edge is NOT_SERVING \
               while one host is down, all of them are taken out of service at once. Many teams let readiness look at \
               what is needed to start, as here, and liveness at the process alone.",
        scenario: &unary::Health,
        diagnoses: unary::HEALTH,
    },
    Exercise {
        id: "unary.6",
        title: "one channel, many calls",
        page: "02-unary-many-calls.md",
        file: "ex6_at_once.rs",
        minutes: 10,
        points: 3,
        hints: [
            "A call that is awaited inside the loop is over before the next one begins. Begin them all first, each with a \
             clone of the client, and await them after that. Who finishes first says nothing about whose turn it is.",
            "`tokio::spawn` returns a `JoinHandle` that can be awaited later, and clones of a client share the connection: \
             https://docs.rs/tokio/latest/tokio/task/fn.spawn.html and \
             https://docs.rs/tonic/latest/tonic/transport/struct.Channel.html#multiplexing-requests",
            "for document in documents { let mut client = client.clone(); calls.push(tokio::spawn(async move { \
             client.classify(request_for(&document)).await })); } and then for call in calls { \
             answers.push(call.await??.into_inner()); }",
        ],
        note: "With the crate futures, `try_join_all(calls).await?` does the same in one task, and \
               `stream::iter(calls).buffered(16)` also bounds how many are under way: a server grants a number of \
               concurrent streams to each connection (often 100), and the calls beyond it wait inside the client. An \
               early `?` drops the handles that are left, and a dropped `JoinHandle` lets its task run on; a `JoinSet` \
               aborts its tasks, which cancels their calls.",
        scenario: &unary::AtOnce,
        diagnoses: unary::AT_ONCE,
    },
    Exercise {
        id: "unary.7",
        title: "a status, in your own words",
        page: "02-unary-many-calls.md",
        file: "ex7_failures.rs",
        minutes: 15,
        points: 3,
        hints: [
            "The code of a status is the part that a program may act on. Name the codes that you know what to do about, \
             and let the arm for the rest be the one that does no harm.",
            "`Status::code` gives a `tonic::Code` to match on, and leaves the status to be kept: \
             https://docs.rs/tonic/latest/tonic/enum.Code.html says of each code what it means",
            "let mut client = client; client.classify(request).await.map(|response| \
             best(response.into_inner())).map_err(|status| Failure { reason: match status.code() { Code::Unavailable | \
             Code::ResourceExhausted => Reason::TryAgain, ..., _ => Reason::Broken }, status })",
        ],
        note: "As `impl From<Status> for Failure` the same match serves every call, and `?` applies it: \
               `Ok(best(client.classify(request).await?.into_inner()))`. Give the error the status as its \
               `std::error::Error::source`, and what the server said reaches the log without a line of code. Whether to \
               try again is for the code and the call together: UNAVAILABLE may be repeated where the call is \
               idempotent, as here, and RESOURCE_EXHAUSTED only after a pause.",
        scenario: &unary::Failures,
        diagnoses: unary::FAILURES,
    },
];
