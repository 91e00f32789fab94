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
            "The generated client is made once, before the loop, from the address as it is. Its methods take a message or a \
                     `tonic::Request` and return a `tonic::Response` around the answer.",
            "`DocumentClassifierClient::connect(address).await?`, `client.classify(request).await?.into_inner()`, \
                     and `DocumentType::try_from(i32)` for the type: \
                     https://docs.rs/tonic/latest/tonic/struct.Response.html",
            concat!(
                "`address` is complete, like `http://127.0.0.1:39831`. Fill in the dots:\n",
                "    let mut client = DocumentClassifierClient::connect(address).await?;\n",
                "    let mut types = Vec::new();\n",
                "    for document in documents {\n",
                "        let request = ClassifyRequest {\n",
                "            text: ...,\n",
                "            document_id: ...,\n",
                "            max_results: ...,\n",
                "            ..Default::default()\n",
                "        };\n",
                "        let answer = client.classify(request).await?.into_inner();\n",
                "        types.push(DocumentType::try_from(answer.results[0].document_type)?);\n",
                "    }\n",
                "    Ok(types)",
            ),
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
        minutes: 20,
        points: 3,
        hints: [
            "The deadline belongs to the request: there it becomes a header that the server sees. Your own wait \
                     is a second matter, and so is the code that you get when it ends.",
            "`DocumentClassifierClient::new(channel)`, `Request::set_timeout`, `Request::metadata_mut`, \
                     `tokio::time::timeout`, `Status::code`: \
                     https://docs.rs/tonic/latest/tonic/struct.Request.html",
            concat!(
                "Fill in the dots:\n",
                "    let mut request = request;\n",
                "    request.set_timeout(...);\n",
                "    if let Ok(id) = question.correlation_id.parse() {\n",
                "        request.metadata_mut().insert(..., id);\n",
                "    }\n",
                "    let mut client = DocumentClassifierClient::new(channel);\n",
                "    match timeout(question.deadline, client.classify(request)).await {\n",
                "        Ok(Ok(response)) => Ok(best(response.into_inner())),\n",
                "        Ok(Err(status)) => match status.code() {\n",
                "            Code::Cancelled | Code::DeadlineExceeded => ...,\n",
                "            _ => ...,\n",
                "        },\n",
                "        Err(_) => ..., // your own wait is over\n",
                "    }",
            ),
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
            concat!(
                "First the three checks, then the call, then the answer. Fill in the dots:\n",
                "    let count = request.max_results.unwrap_or(3);\n",
                "    ... // return Err(Status::...) for what is refused\n",
                "    let mut rank = Request::new(RankRequest { text: request.text });\n",
                "    if let Some(deadline) = deadline {\n",
                "        rank.set_timeout(deadline.saturating_sub(...));\n",
                "    }\n",
                "    let ranking = self.host.clone().rank(rank).await?.into_inner();\n",
                "    let mut answer = to_response(request.document_id, ranking, arrived);\n",
                "    answer.results.truncate(count as usize);\n",
                "    let mut response = Response::new(answer);\n",
                "    if let Some(id) = correlation_id {\n",
                "        ... // into response.metadata_mut()\n",
                "    }\n",
                "    Ok(response)",
            ),
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
        minutes: 12,
        points: 3,
        hints: [
            "An async thread that computes serves nobody else, and `async` does not change that. tokio has other \
                     threads for such work. How many of them are busy is for you to bound.",
            "`tokio::task::spawn_blocking` and `Semaphore::acquire_owned`: \
                     https://docs.rs/tokio/latest/tokio/task/fn.spawn_blocking.html and \
                     https://docs.rs/tokio/latest/tokio/sync/struct.Semaphore.html#method.acquire_owned",
            concat!(
                "Fill in the dots:\n",
                "    let permit = permits\n",
                "        .acquire_owned()\n",
                "        .await\n",
                "        .map_err(|error| Status::internal(error.to_string()))?;\n",
                "    let cleaning = spawn_blocking(move || {\n",
                "        let _permit = permit;\n",
                "        ...\n",
                "    });\n",
                "    cleaning.await.map_err(...)",
            ),
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
        minutes: 12,
        points: 2,
        hints: [
            "Health is asked by a client of its own, on the channel that is there already. Both names, the one that you \
             ask for and the one that you report, have the package in front; the generated code knows them.",
            "`HealthClient::check`, `HealthCheckResponse::status`, `HealthReporter::set_serving`: \
             https://docs.rs/tonic-health/latest/tonic_health/server/struct.HealthReporter.html",
            concat!(
                "Fill in the dots:\n",
                "    let request = HealthCheckRequest {\n",
                "        service: model_host_server::SERVICE_NAME.to_owned(),\n",
                "    };\n",
                "    let answer = HealthClient::new(host).check(request).await?.into_inner();\n",
                "    if answer.status() == ... {\n",
                "        reporter\n",
                "            .set_serving::<DocumentClassifierServer<Edge>>()\n",
                "            .await;\n",
                "    }\n",
                "    Ok(())",
            ),
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
        minutes: 12,
        points: 3,
        hints: [
            "A call that is awaited inside the loop is over before the next one begins. Begin them all first, each with a \
             clone of the client, and await them after that. The order in which they end is not the order of the documents.",
            "`tokio::spawn` returns a `JoinHandle` that can be awaited later, and clones of a client share the connection: \
             https://docs.rs/tokio/latest/tokio/task/fn.spawn.html and \
             https://docs.rs/tonic/latest/tonic/transport/struct.Channel.html#multiplexing-requests",
            concat!(
                "Two loops: the first begins the calls, the second awaits them. Fill in the dots:\n",
                "    let client = DocumentClassifierClient::connect(address).await?;\n",
                "    let mut calls = Vec::new();\n",
                "    for document in documents {\n",
                "        let mut client = client.clone();\n",
                "        calls.push(tokio::spawn(async move {\n",
                "            client.classify(request_for(&document)).await\n",
                "        }));\n",
                "    }\n",
                "    let mut answers = Vec::new();\n",
                "    for call in calls {\n",
                "        answers.push(...); // a Result in a Result\n",
                "    }\n",
                "    Ok(answers)",
            ),
        ],
        note: "The crate futures, which this lesson does not depend on, has two ways more: `try_join_all(calls).await?` does the \
               same in one task, and `stream::iter(calls).buffered(16)` also bounds how many are under way: a server grants a number of \
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
        minutes: 12,
        points: 3,
        hints: [
            "The code of a status is the part that a program may act on. Name the codes that you know what to do about, \
             and for all others choose the reason that is safe: nothing is sent again.",
            "`Status::code` gives a `tonic::Code` to match on, and leaves the status to be kept: \
             https://docs.rs/tonic/latest/tonic/enum.Code.html says of each code what it means",
            concat!(
                "Fill in the dots:\n",
                "    let mut client = client;\n",
                "    match client.classify(request).await {\n",
                "        Ok(response) => Ok(best(response.into_inner())),\n",
                "        Err(status) => {\n",
                "            let reason = match status.code() {\n",
                "                Code::Unavailable | Code::ResourceExhausted => Reason::TryAgain,\n",
                "                ...\n",
                "                _ => Reason::Broken,\n",
                "            };\n",
                "            Err(Failure { reason, status })\n",
                "        }\n",
                "    }",
            ),
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
