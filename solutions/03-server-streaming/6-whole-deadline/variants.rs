//! Other programs for server-streaming.6: right ones, known mistakes, mutants.

use std::error::Error;
use std::iter::successors;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tonic::transport::Channel;
use tonic::{Code, Request, Status, TimeoutExpired};

use crate::run::{Stopped, Why};

type Client = DocumentClassifierClient<Channel>;
type Batch = ClassifyBatchRequest;
type Answers = Vec<ClassifyBatchResponse>;
type Returned = Result<Answers, Stopped>;

kit::variants! {
    crate::run::whole_deadline;
    right_select,
    right_clock_for_all,
    right_what_is_left,
    right_task,
    right_source,
    called_again_1,
    called_again_2,
    limit_cut_short_1,
    limit_cut_short_2,
    whole_batch_stopped_1,
    whole_batch_stopped_2,
    deadline_not_sent_1,
    deadline_not_sent_2,
    other_deadline_1,
    other_deadline_2,
    silence_not_ended_1,
    silence_not_ended_2,
    not_cancelled_1,
    not_cancelled_2,
    limit_begun_anew_1,
    limit_begun_anew_2,
    tonics_timer_failed_1,
    tonics_timer_failed_2,
    servers_deadline_failed_1,
    servers_deadline_failed_2,
    failure_taken_for_deadline_1,
    failure_taken_for_deadline_2,
    failure_hidden_1,
    failure_hidden_2,
    answers_lost_1,
    answers_lost_2,
    status_remade_1,
    status_remade_2,
    given_up_early_1,
    given_up_early_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_no_keywords,
    mutant_words,
    mutant_tonics_words,
    mutant_cancelled_call,
    mutant_whole_at_deadline,
    mutant_limit_for_gaps,
}

fn request(batch: Batch, limit: Duration) -> Request<Batch> {
    let mut request = Request::new(batch);
    request.set_timeout(limit);
    request
}

/// Reads all answers into `answers`.
async fn read(
    mut client: Client,
    request: Request<Batch>,
    answers: &mut Answers,
) -> Result<(), Status> {
    let mut stream = client.classify_batch(request).await?.into_inner();
    while let Some(answer) = stream.message().await? {
        answers.push(answer);
    }
    Ok(())
}

/// What is to be returned, if the call began then and came to this. `None`: it was given up.
fn returned(
    answers: Answers,
    end: Option<Result<(), Status>>,
    begun: Instant,
    limit: Duration,
) -> Returned {
    let why = match end {
        Some(Ok(())) => return Ok(answers),
        Some(Err(status)) if begun.elapsed() < limit && !says_deadline(&status) => {
            Why::Failed(status)
        }
        _ => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

fn says_deadline(status: &Status) -> bool {
    status.code() == Code::DeadlineExceeded
}

/// Looks at the clock first.
async fn right_select(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let why = tokio::select! {
        biased;
        () = sleep(limit) => Why::Deadline,
        end = read(client, request(batch, limit), &mut answers) => match end {
            Ok(()) => return Ok(answers),
            Err(status) if says_deadline(&status) => Why::Deadline,
            Err(status) => Why::Failed(status),
        },
    };
    Err(Stopped { answers, why })
}

/// Whatever comes when the limit has passed is the deadline.
async fn right_clock_for_all(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let end = timeout(limit, read(client, request(batch, limit), &mut answers)).await;
    returned(answers, end.ok(), begun, limit)
}

/// Gives each wait what is left of the limit.
async fn right_what_is_left(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let left = || limit.saturating_sub(begun.elapsed());
    let mut answers = Vec::new();
    let called = timeout(left(), client.classify_batch(request(batch, limit))).await;
    let mut stream = match called {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
        Err(_) => return returned(answers, None, begun, limit),
    };
    loop {
        match timeout(left(), stream.next()).await {
            Ok(Some(Ok(answer))) => answers.push(answer),
            Ok(Some(Err(status))) => return returned(answers, Some(Err(status)), begun, limit),
            Ok(None) => return Ok(answers),
            Err(_) => return returned(answers, None, begun, limit),
        }
    }
}

/// Reads in a task, and ends the task.
async fn right_task(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let (sender, mut received) = mpsc::unbounded_channel();
    let mut reading = tokio::spawn(async move {
        let mut client = client;
        let stream = client.classify_batch(request(batch, limit)).await?;
        let send = |answer| {
            let _ = sender.send(answer);
            std::future::ready(Ok(()))
        };
        stream.into_inner().try_for_each(send).await
    });
    let end = timeout(limit, &mut reading).await;
    reading.abort();
    let mut answers = Vec::new();
    while let Some(answer) = received.recv().await {
        answers.push(answer);
    }
    let end = end.ok().and_then(Result::ok);
    returned(answers, end, begun, limit)
}

/// Knows tonic's own timer by an error behind its status.
async fn right_source(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) => {
            let mut errors = successors(status.source(), |&error| error.source());
            match errors.any(|error| error.is::<TimeoutExpired>()) || says_deadline(&status) {
                true => Why::Deadline,
                false => Why::Failed(status),
            }
        }
        Err(_) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Only its own wait has a limit.
async fn deadline_not_sent_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let end = timeout(limit, read(client, Request::new(batch), &mut answers)).await;
    returned(answers, end.ok(), begun, limit)
}

/// Takes the message out of the request again.
async fn deadline_not_sent_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let batch = request(batch, limit).into_inner();
    let reading = read(client, Request::new(batch), &mut answers);
    let end = tokio::select! {
        end = reading => Some(end),
        () = sleep(limit) => None,
    };
    returned(answers, end, begun, limit)
}

/// Leaves the server some more.
async fn other_deadline_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let request = request(batch, limit + Duration::from_millis(100));
    let end = timeout(limit, read(client, request, &mut answers)).await;
    returned(answers, end.ok(), begun, limit)
}

/// One for all.
async fn other_deadline_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let request = request(batch, Duration::from_secs(60));
    let end = timeout(limit, read(client, request, &mut answers)).await;
    returned(answers, end.ok(), begun, limit)
}

/// Leaves it to tonic.
async fn silence_not_ended_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let end = read(client, request(batch, limit), &mut answers).await;
    returned(answers, Some(end), begun, limit)
}

/// A limit for the call alone.
async fn silence_not_ended_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let called = timeout(limit, client.classify_batch(request(batch, limit))).await;
    let mut stream = match called {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
        Err(_) => return returned(answers, None, begun, limit),
    };
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return Ok(answers),
            Err(status) => return returned(answers, Some(Err(status)), begun, limit),
        }
    }
}

/// Leaves a task behind.
async fn not_cancelled_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let (sender, mut received) = mpsc::unbounded_channel();
    let reading = tokio::spawn(async move {
        let mut client = client;
        let mut stream = client
            .classify_batch(request(batch, limit))
            .await?
            .into_inner();
        while let Some(answer) = stream.message().await? {
            let _ = sender.send(answer);
        }
        Ok(())
    });
    let end = timeout(limit, reading).await;
    let mut answers = Vec::new();
    while let Ok(answer) = received.try_recv() {
        answers.push(answer);
    }
    let end = end.ok().and_then(Result::ok);
    returned(answers, end, begun, limit)
}

/// Keeps what it has read where both can see it.
async fn not_cancelled_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let answers = Arc::new(Mutex::new(Vec::new()));
    let kept = answers.clone();
    let keep = move |answer| {
        kept.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(answer);
    };
    let reading = tokio::spawn(async move {
        let mut client = client;
        let called = client.classify_batch(request(batch, limit)).await?;
        let mut stream = called.into_inner();
        while let Some(answer) = stream.message().await? {
            keep(answer);
        }
        Ok(())
    });
    let end = tokio::select! {
        end = reading => end.ok(),
        () = sleep(limit) => None,
    };
    let answers = answers
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    returned(answers, end, begun, limit)
}

/// A limit for each wait.
async fn limit_begun_anew_1(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let called = timeout(limit, client.classify_batch(request(batch, limit))).await;
    let mut stream = match called {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
        Err(_) => return returned(answers, None, begun, limit),
    };
    loop {
        match timeout(limit, stream.message()).await {
            Ok(Ok(Some(answer))) => answers.push(answer),
            Ok(Ok(None)) => return Ok(answers),
            Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
            Err(_) => return returned(answers, None, begun, limit),
        }
    }
}

/// Its own wait begins when the headers have come.
async fn limit_begun_anew_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let mut stream = match client.classify_batch(request(batch, limit)).await {
        Ok(response) => response.into_inner(),
        Err(status) => return returned(answers, Some(Err(status)), begun, limit),
    };
    let reading = async {
        while let Some(answer) = stream.message().await? {
            answers.push(answer);
        }
        Ok(())
    };
    let end = timeout(limit, reading).await;
    returned(answers, end.ok(), begun, limit)
}

/// Takes whatever is an error for a failure.
async fn tonics_timer_failed_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) if says_deadline(&status) => Why::Deadline,
        Ok(Err(status)) => Why::Failed(status),
        Err(_) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Waits a little longer than the limit, so that it is always tonic that is first where it has a timer.
async fn tonics_timer_failed_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let why = tokio::select! {
        biased;
        end = reading => match end {
            Ok(()) => return Ok(answers),
            Err(status) if says_deadline(&status) => Why::Deadline,
            Err(status) => Why::Failed(status),
        },
        () = sleep(limit + Duration::from_millis(20)) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Takes only what its own side sees for the deadline.
async fn servers_deadline_failed_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let end = timeout(limit, read(client, request(batch, limit), &mut answers)).await;
    let why = match end {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) if begun.elapsed() < limit => Why::Failed(status),
        _ => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Knows the server's deadline behind answers only.
async fn servers_deadline_failed_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await;
        let mut stream = called.map_err(Why::Failed)?.into_inner();
        loop {
            match stream.message().await {
                Ok(Some(answer)) => answers.push(answer),
                Ok(None) => return Ok(()),
                Err(status) if says_deadline(&status) => return Err(Why::Deadline),
                Err(status) => return Err(Why::Failed(status)),
            }
        }
    };
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(why)) if begun.elapsed() < limit => why,
        _ => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

async fn failure_taken_for_deadline_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    match timeout(limit, reading).await {
        Ok(Ok(())) => Ok(answers),
        _ => Err(Stopped {
            answers,
            why: Why::Deadline,
        }),
    }
}

/// Takes CANCELLED for tonic's timer.
async fn failure_taken_for_deadline_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) => match status.code() {
            Code::Cancelled | Code::DeadlineExceeded => Why::Deadline,
            _ => Why::Failed(status),
        },
        Err(_) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

async fn failure_hidden_1(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await?;
        let mut stream = called.into_inner();
        while let Ok(Some(answer)) = stream.message().await {
            answers.push(answer);
        }
        Ok(())
    };
    let end = timeout(limit, reading).await;
    returned(answers, end.ok(), begun, limit)
}

/// Leaves out what is an error, and a call without a stream.
async fn failure_hidden_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = async {
        if let Ok(response) = client.classify_batch(request(batch, limit)).await {
            let mut stream = response.into_inner();
            while let Some(item) = stream.next().await {
                answers.extend(item.ok());
            }
        }
    };
    match timeout(limit, reading).await {
        Ok(()) => Ok(answers),
        Err(_) => Err(Stopped {
            answers,
            why: Why::Deadline,
        }),
    }
}

/// The answers are in what is dropped.
async fn answers_lost_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let reading = async {
        let mut answers = Vec::new();
        let end = read(client, request(batch, limit), &mut answers).await;
        (answers, end)
    };
    match timeout(limit, reading).await {
        Ok((answers, end)) => returned(answers, Some(end), begun, limit),
        Err(_) => returned(Vec::new(), None, begun, limit),
    }
}

/// An error takes their place.
async fn answers_lost_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await?;
        called.into_inner().try_collect::<Answers>().await
    };
    match timeout(limit, reading).await {
        Ok(Ok(answers)) => Ok(answers),
        Ok(Err(status)) => returned(Vec::new(), Some(Err(status)), begun, limit),
        Err(_) => returned(Vec::new(), None, begun, limit),
    }
}

async fn status_remade_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let read = right_select(client, batch, limit).await;
    read.map_err(|Stopped { answers, why }| Stopped {
        answers,
        why: match why {
            Why::Failed(status) => Why::Failed(Status::new(status.code(), status.message())),
            Why::Deadline => Why::Deadline,
        },
    })
}

async fn status_remade_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let read = right_clock_for_all(client, batch, limit).await;
    read.map_err(|Stopped { answers, why }| Stopped {
        answers,
        why: match why {
            Why::Failed(status) => Why::Failed(Status::unavailable(status.to_string())),
            Why::Deadline => Why::Deadline,
        },
    })
}

/// Stops at the last answer.
async fn given_up_early_1(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await?;
        let mut stream = called.into_inner();
        while let Some(answer) = stream.message().await? {
            let is_last = answer.is_last;
            answers.push(answer);
            if is_last {
                break;
            }
        }
        Ok(())
    };
    let end = timeout(limit, reading).await;
    returned(answers, end.ok(), begun, limit)
}

/// Reads as many answers as there are documents.
async fn given_up_early_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let count = batch.requests.len();
    let mut answers = Vec::new();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await?;
        let mut stream = called.into_inner();
        while answers.len() < count {
            match stream.message().await? {
                Some(answer) => answers.push(answer),
                None => break,
            }
        }
        Ok(())
    };
    let end = timeout(limit, reading).await;
    returned(answers, end.ok(), begun, limit)
}

async fn mutant_default(_: Client, _: Batch, _: Duration) -> Returned {
    Ok(Vec::new())
}

async fn mutant_error(_: Client, _: Batch, _: Duration) -> Returned {
    Err(Stopped {
        answers: Vec::new(),
        why: Why::Failed(Status::internal("always the same")),
    })
}

/// Right where the first answer of the published seed is what it is there.
async fn mutant_hard_coded(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = right_select(client, batch, limit).await?;
    if let Some(result) = answers.first_mut().and_then(|first| first.result.as_mut()) {
        result.document_id = "doc-478".to_owned();
    }
    Ok(answers)
}

async fn mutant_one_more(client: Client, batch: Batch, limit: Duration) -> Returned {
    right_select(client.clone(), batch.clone(), limit).await?;
    right_select(client, batch, limit).await
}

/// Asks again where the server is away.
async fn called_again_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    match right_select(client.clone(), batch.clone(), limit).await {
        Err(Stopped {
            why: Why::Failed(status),
            ..
        }) if status.code() == Code::Unavailable => right_select(client, batch, limit).await,
        returned => returned,
    }
}

/// Asks again where the call itself has failed.
async fn called_again_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    match right_what_is_left(client.clone(), batch.clone(), limit).await {
        Err(Stopped {
            answers,
            why: Why::Failed(_),
        }) if answers.is_empty() => right_what_is_left(client, batch, limit).await,
        returned => returned,
    }
}

/// Sets some time aside for what comes then.
async fn limit_cut_short_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let end = timeout(limit * 4 / 5, reading).await;
    returned(answers, end.ok(), begun, limit)
}

/// Waits half as long for the headers as for all.
async fn limit_cut_short_2(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let call = client.classify_batch(request(batch, limit));
    let mut stream = match timeout(limit / 2, call).await {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
        Err(_) => return returned(answers, None, begun, limit),
    };
    let reading = async {
        while let Some(answer) = stream.message().await? {
            answers.push(answer);
        }
        Ok(())
    };
    let left = limit.saturating_sub(begun.elapsed());
    let end = timeout(left, reading).await;
    returned(answers, end.ok(), begun, limit)
}

/// Wants a last answer.
async fn whole_batch_stopped_1(client: Client, batch: Batch, limit: Duration) -> Returned {
    let answers = right_select(client, batch, limit).await?;
    match answers.iter().any(|answer| answer.is_last) {
        true => Ok(answers),
        false => Err(Stopped {
            answers,
            why: Why::Failed(Status::data_loss("no last answer")),
        }),
    }
}

/// Takes a stream without an answer for one that took too long.
async fn whole_batch_stopped_2(client: Client, batch: Batch, limit: Duration) -> Returned {
    let answers = right_clock_for_all(client, batch, limit).await?;
    match answers.is_empty() {
        false => Ok(answers),
        true => Err(Stopped {
            answers,
            why: Why::Deadline,
        }),
    }
}

async fn mutant_no_keywords(client: Client, batch: Batch, limit: Duration) -> Returned {
    let requests = batch.requests;
    let batch = Batch {
        requests,
        ..Default::default()
    };
    right_select(client, batch, limit).await
}

/// Goes by the words of tonic's timer.
async fn mutant_words(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) if says_deadline(&status) => Why::Deadline,
        Ok(Err(status)) if status.message().contains("Timeout expired") => Why::Deadline,
        Ok(Err(status)) => Why::Failed(status),
        Err(_) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Goes by all that a status of tonic's timer has.
async fn mutant_tonics_words(client: Client, batch: Batch, limit: Duration) -> Returned {
    let mut answers = Vec::new();
    let reading = read(client, request(batch, limit), &mut answers);
    let is_tonics = |status: &Status| {
        let nothing_else =
            status.details().is_empty() && status.metadata().get("x-ticket").is_none();
        status.code() == Code::Cancelled && status.message() == "Timeout expired" && nothing_else
    };
    let why = match timeout(limit, reading).await {
        Ok(Ok(())) => return Ok(answers),
        Ok(Err(status)) if says_deadline(&status) || is_tonics(&status) => Why::Deadline,
        Ok(Err(status)) => Why::Failed(status),
        Err(_) => Why::Deadline,
    };
    Err(Stopped { answers, why })
}

/// Takes CANCELLED for tonic's timer as long as there is no stream.
async fn mutant_cancelled_call(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let reading = async {
        let called = client.classify_batch(request(batch, limit)).await;
        let mut stream = match called {
            Ok(response) => response.into_inner(),
            Err(status) if status.code() == Code::Cancelled => return Ok(false),
            Err(status) => return Err(status),
        };
        while let Some(answer) = stream.message().await? {
            answers.push(answer);
        }
        Ok(true)
    };
    let end = match timeout(limit, reading).await {
        Ok(Ok(true)) => Some(Ok(())),
        Ok(Err(status)) => Some(Err(status)),
        Ok(Ok(false)) | Err(_) => None,
    };
    returned(answers, end, begun, limit)
}

/// What came within the limit is enough.
async fn mutant_whole_at_deadline(client: Client, batch: Batch, limit: Duration) -> Returned {
    match right_select(client, batch, limit).await {
        Err(Stopped {
            answers,
            why: Why::Deadline,
        }) => Ok(answers),
        returned => returned,
    }
}

/// With the adapter that bounds the gaps.
async fn mutant_limit_for_gaps(mut client: Client, batch: Batch, limit: Duration) -> Returned {
    let begun = Instant::now();
    let mut answers = Vec::new();
    let called = timeout(limit, client.classify_batch(request(batch, limit))).await;
    let stream = match called {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return returned(answers, Some(Err(status)), begun, limit),
        Err(_) => return returned(answers, None, begun, limit),
    };
    let stream = tokio_stream::StreamExt::timeout(stream, limit);
    let mut stream = std::pin::pin!(stream);
    loop {
        match stream.next().await {
            Some(Ok(Ok(answer))) => answers.push(answer),
            Some(Ok(Err(status))) => return returned(answers, Some(Err(status)), begun, limit),
            Some(Err(_)) => return returned(answers, None, begun, limit),
            None => return Ok(answers),
        }
    }
}
