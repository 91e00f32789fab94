//! Other programs for server-streaming.3: right ones, known mistakes, mutants.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tokio::sync::mpsc;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

use crate::run::Interrupted;

type Client = DocumentClassifierClient<Channel>;
type Answers = Vec<ClassifyBatchResponse>;
type Returned = Result<Answers, Interrupted>;

kit::variants! {
    crate::run::drain;
    right_stream,
    right_collected,
    right_task,
    right_flag,
    right_question_marks,
    right_words_of_its_own,
    called_again_1,
    called_again_2,
    not_called_1,
    not_called_2,
    error_taken_for_failure_1,
    error_taken_for_failure_2,
    stopped_at_last_1,
    stopped_at_last_2,
    failure_hidden_1,
    failure_hidden_2,
    failure_behind_last_hidden_1,
    failure_behind_last_hidden_2,
    early_end_taken_for_success_1,
    early_end_taken_for_success_2,
    answers_lost_1,
    answers_lost_2,
    status_remade_1,
    status_remade_2,
    early_end_with_other_code_1,
    early_end_with_other_code_2,
    whole_batch_interrupted_1,
    whole_batch_interrupted_2,
    answers_changed_1,
    answers_changed_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_goes_on,
    mutant_counts,
    mutant_call_failed_hidden,
    mutant_unwrap_last,
    mutant_no_keywords,
    mutant_wants_numbers,
    mutant_cancelled_is_an_end,
    mutant_short_trailers,
}

/// Reads with this, and makes of the answers and the end what is to be returned.
fn judged(answers: Answers, end: Result<(), Status>) -> Returned {
    let last = answers.iter().any(|answer| answer.is_last);
    match end {
        Ok(()) if last => Ok(answers),
        Ok(()) => {
            let status = Status::data_loss("no last answer");
            Err(Interrupted { answers, status })
        }
        Err(status) => Err(Interrupted { answers, status }),
    }
}

/// The stream, or what a call without one comes to.
async fn called(
    mut client: Client,
    batch: ClassifyBatchRequest,
) -> Result<Streaming<ClassifyBatchResponse>, Interrupted> {
    let called = client.classify_batch(batch).await;
    called
        .map(|response| response.into_inner())
        .map_err(|status| Interrupted {
            answers: Vec::new(),
            status,
        })
}

/// Reads it as a stream of results.
async fn right_stream(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(answer) => answers.push(answer),
            Err(status) => return Err(Interrupted { answers, status }),
        }
    }
    judged(answers, Ok(()))
}

/// Collects all results first, also those behind an error, and looks at them then.
async fn right_collected(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let stream = called(client, batch).await?;
    let items: Vec<Result<ClassifyBatchResponse, Status>> = stream.collect().await;
    let mut answers = Vec::new();
    let mut end = Ok(());
    for item in items {
        match item {
            Ok(answer) => answers.push(answer),
            Err(status) => end = end.and(Err(status)),
        }
    }
    judged(answers, end)
}

/// Reads in a task that hands on what it reads.
async fn right_task(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let (sender, mut received) = mpsc::channel(1);
    let reading = tokio::spawn(async move {
        let mut client = client;
        let mut stream = client.classify_batch(batch).await?.into_inner();
        while let Some(answer) = stream.message().await? {
            let _ = sender.send(answer).await;
        }
        Ok(())
    });
    let mut answers = Vec::new();
    while let Some(answer) = received.recv().await {
        answers.push(answer);
    }
    let end = reading.await;
    judged(
        answers,
        end.unwrap_or_else(|_| Err(Status::unknown("panic"))),
    )
}

/// Remembers whether the last answer has come.
async fn right_flag(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let (mut answers, mut is_whole) = (Vec::new(), false);
    loop {
        match stream.message().await {
            Ok(Some(answer)) => {
                is_whole |= answer.is_last;
                answers.push(answer);
            }
            Ok(None) => break,
            Err(status) => return Err(Interrupted { answers, status }),
        }
    }
    // The trailers are there already.
    let _ = stream.trailers().await;
    if !is_whole {
        let status = Status::new(Code::DataLoss, "");
        return Err(Interrupted { answers, status });
    }
    Ok(answers)
}

/// Says much of an end that is too early.
async fn right_words_of_its_own(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let count = batch.requests.len();
    let returned = right_stream(client, batch).await;
    returned.map_err(|Interrupted { answers, status }| {
        if status.message() != "no last answer" {
            return Interrupted { answers, status };
        }
        let message = format!("{} of {count} answers", answers.len());
        let details = message.clone().into_bytes();
        let mut metadata = MetadataMap::new();
        metadata.insert("x-made-by", MetadataValue::from_static("client"));
        let status =
            Status::with_details_and_metadata(Code::DataLoss, message, details.into(), metadata);
        Interrupted { answers, status }
    })
}

/// Pushes from within a block that may fail.
async fn right_question_marks(mut client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut answers = Vec::new();
    let read = async {
        let stream = client.classify_batch(batch).await?.into_inner();
        let push = |answer: ClassifyBatchResponse| {
            answers.push(answer);
            std::future::ready(Ok(()))
        };
        stream.try_for_each(push).await
    };
    let end = read.await;
    judged(answers, end)
}

/// Leaves out what has an error, and finds no last answer.
async fn error_taken_for_failure_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) if answer.error.is_some() => {}
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return judged(answers, Ok(())),
            Err(status) => return judged(answers, Err(status)),
        }
    }
}

/// Returns at the first error.
async fn error_taken_for_failure_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => match answer.error {
                Some(error) => return judged(answers, Err(Status::internal(error.message))),
                None => answers.push(answer),
            },
            Ok(None) => return judged(answers, Ok(())),
            Err(status) => return judged(answers, Err(status)),
        }
    }
}

async fn stopped_at_last_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => {
                let is_last = answer.is_last;
                answers.push(answer);
                if is_last {
                    break;
                }
            }
            Ok(None) => return judged(answers, Ok(())),
            Err(status) => return Err(Interrupted { answers, status }),
        }
    }
    Ok(answers)
}

/// Reads as long as there is no last answer.
async fn stopped_at_last_2(mut client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut answers: Answers = Vec::new();
    let read = async {
        let mut stream = client.classify_batch(batch).await?.into_inner();
        while !answers.last().is_some_and(|answer| answer.is_last) {
            match stream.message().await? {
                Some(answer) => answers.push(answer),
                None => break,
            }
        }
        Ok(())
    };
    let end = read.await;
    judged(answers, end)
}

/// As it is written most often.
async fn failure_hidden_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    while let Ok(Some(answer)) = stream.message().await {
        answers.push(answer);
    }
    Ok(answers)
}

/// Leaves out what is an error.
async fn failure_hidden_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let stream = called(client, batch).await?;
    let answers = stream.filter_map(|item| std::future::ready(item.ok()));
    Ok(answers.collect().await)
}

/// Takes the failure for what comes after the end.
async fn failure_behind_last_hidden_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let returned = right_stream(client, batch).await;
    returned.or_else(|interrupted| {
        let last = interrupted.answers.iter().any(|answer| answer.is_last);
        match last {
            true => Ok(interrupted.answers),
            false => Err(interrupted),
        }
    })
}

/// Lets the rest of the stream go by, whatever it is.
async fn failure_behind_last_hidden_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers: Answers = Vec::new();
    let mut last = false;
    loop {
        match stream.message().await {
            Ok(Some(answer)) => {
                last |= answer.is_last;
                answers.push(answer);
            }
            Ok(None) => return judged(answers, Ok(())),
            Err(_) if last => return Ok(answers),
            Err(status) => return judged(answers, Err(status)),
        }
    }
}

async fn early_end_taken_for_success_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return Ok(answers),
            Err(status) => return Err(Interrupted { answers, status }),
        }
    }
}

/// Takes only a stream without an answer for too short.
async fn early_end_taken_for_success_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let returned = right_stream(client, batch).await;
    returned.or_else(|interrupted| {
        let early = interrupted.status.message() == "no last answer";
        match early && !interrupted.answers.is_empty() {
            true => Ok(interrupted.answers),
            false => Err(interrupted),
        }
    })
}

/// A `?` in the loop.
async fn answers_lost_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let lost = |status| Interrupted {
        answers: Vec::new(),
        status,
    };
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    while let Some(answer) = stream.message().await.map_err(lost)? {
        answers.push(answer);
    }
    judged(answers, Ok(()))
}

async fn answers_lost_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let stream = called(client, batch).await?;
    let answers: Result<Answers, Status> = stream.try_collect().await;
    match answers {
        Ok(answers) => judged(answers, Ok(())),
        Err(status) => judged(Vec::new(), Err(status)),
    }
}

async fn status_remade_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let returned = right_stream(client, batch).await;
    returned.map_err(|Interrupted { answers, status }| Interrupted {
        answers,
        status: Status::new(status.code(), status.message()),
    })
}

/// Takes every end for too early.
async fn status_remade_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let returned = right_stream(client, batch).await;
    returned.map_err(|Interrupted { answers, .. }| Interrupted {
        answers,
        status: Status::data_loss("not whole"),
    })
}

async fn early_end_with_other_code_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let returned = right_stream(client, batch).await;
    returned.map_err(|Interrupted { answers, status }| Interrupted {
        answers,
        status: match status.message() {
            "no last answer" => Status::unknown("no last answer"),
            _ => status,
        },
    })
}

/// Has the status OK for it.
async fn early_end_with_other_code_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers: Answers = Vec::new();
    let status = loop {
        match stream.message().await.transpose() {
            Some(Ok(answer)) => answers.push(answer),
            Some(Err(status)) => break status,
            None if answers.iter().any(|answer| answer.is_last) => return Ok(answers),
            None => break Status::ok("the stream is over"),
        }
    };
    Err(Interrupted { answers, status })
}

/// Takes a document that failed for a call that failed.
async fn whole_batch_interrupted_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let answers = right_flag(client, batch).await?;
    let error = answers.iter().find_map(|answer| answer.error.clone());
    match error {
        None => Ok(answers),
        Some(error) => Err(Interrupted {
            answers,
            status: Status::invalid_argument(error.message),
        }),
    }
}

/// Looks at the answer that came last.
async fn whole_batch_interrupted_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let answers = right_stream(client, batch).await?;
    match answers.last().is_some_and(|answer| answer.is_last) {
        true => Ok(answers),
        false => judged(answers, Err(Status::data_loss("an answer behind the last"))),
    }
}

/// Wants the numbers in their order.
async fn mutant_wants_numbers(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let answers = right_stream(client, batch).await?;
    let numbers = answers.iter().map(|answer| answer.sequence_number);
    match numbers.eq(0..answers.len() as i32) {
        true => Ok(answers),
        false => Err(Interrupted {
            answers,
            status: Status::data_loss("a number is missing"),
        }),
    }
}

async fn answers_changed_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut answers = right_stream(client, batch).await?;
    answers.sort_by_key(|answer| answer.sequence_number);
    Ok(answers)
}

/// One for each number.
async fn answers_changed_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let answers = right_collected(client, batch).await?;
    let numbered = answers
        .into_iter()
        .map(|answer| (answer.sequence_number, answer));
    let numbered: BTreeMap<_, _> = numbered.collect();
    Ok(numbered.into_values().collect())
}

async fn mutant_default(_: Client, _: ClassifyBatchRequest) -> Returned {
    Ok(Vec::new())
}

async fn mutant_error(_: Client, _: ClassifyBatchRequest) -> Returned {
    judged(Vec::new(), Err(Status::internal("always the same")))
}

/// Right where the first answer of the published seed is what it is there.
async fn mutant_hard_coded(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut answers = right_stream(client, batch).await?;
    if let Some(result) = answers.first_mut().and_then(|first| first.result.as_mut()) {
        result.document_id = "doc-478".to_owned();
    }
    Ok(answers)
}

async fn mutant_one_more(client: Client, batch: ClassifyBatchRequest) -> Returned {
    right_stream(client.clone(), batch.clone()).await?;
    right_stream(client, batch).await
}

/// Goes on behind an error.
async fn mutant_goes_on(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return judged(answers, Ok(())),
            Err(_) => {}
        }
    }
}

/// Takes so many answers as there are documents for all.
async fn mutant_counts(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let count = batch.requests.len();
    let returned = right_stream(client, batch).await;
    returned.or_else(|interrupted| {
        let early = interrupted.status.message() == "no last answer";
        match early && interrupted.answers.len() == count {
            true => Ok(interrupted.answers),
            false => Err(interrupted),
        }
    })
}

/// A call without a stream is a batch without answers.
async fn mutant_call_failed_hidden(mut client: Client, batch: ClassifyBatchRequest) -> Returned {
    let Ok(response) = client.classify_batch(batch).await else {
        return judged(Vec::new(), Ok(()));
    };
    let mut stream = response.into_inner();
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return judged(answers, Ok(())),
            Err(status) => return judged(answers, Err(status)),
        }
    }
}

/// Panics where there is no answer.
async fn mutant_unwrap_last(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers: Answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) if answers.first().expect("an answer").is_last => return Ok(answers),
            Ok(None) => return judged(answers, Ok(())),
            Err(status) => return judged(answers, Err(status)),
        }
    }
}

async fn mutant_no_keywords(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let requests = batch.requests;
    let batch = ClassifyBatchRequest {
        requests,
        ..Default::default()
    };
    right_stream(client, batch).await
}

/// Asks again where the server is away, and nothing has come yet.
async fn called_again_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    match right_stream(client.clone(), batch.clone()).await {
        Err(interrupted)
            if interrupted.status.code() == Code::Unavailable && interrupted.answers.is_empty() =>
        {
            right_stream(client, batch).await
        }
        returned => returned,
    }
}

/// Asks for the rest where some answers have come.
async fn called_again_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    match right_stream(client.clone(), batch.clone()).await {
        Err(Interrupted { mut answers, .. })
            if (1..batch.requests.len()).contains(&answers.len()) =>
        {
            let mut rest = batch;
            rest.requests.drain(..answers.len());
            let read = right_stream(client, rest).await;
            answers.extend(read.unwrap_or_else(|interrupted| interrupted.answers));
            Ok(answers)
        }
        returned => returned,
    }
}

/// Has nothing to ask where there is no document.
async fn not_called_1(client: Client, batch: ClassifyBatchRequest) -> Returned {
    match batch.requests.is_empty() {
        true => Ok(Vec::new()),
        false => right_stream(client, batch).await,
    }
}

/// Takes CANCELLED for an end, as if the client had left.
async fn mutant_cancelled_is_an_end(client: Client, batch: ClassifyBatchRequest) -> Returned {
    match right_stream(client, batch).await {
        Err(Interrupted { answers, status }) if status.code() == Code::Cancelled => {
            judged(answers, Ok(()))
        }
        returned => returned,
    }
}

/// Refuses by itself what the server would refuse.
async fn not_called_2(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let text = batch.requests.iter().map(|request| request.text.len());
    match text.sum::<usize>() {
        0 => judged(Vec::new(), Err(Status::invalid_argument("nothing to do"))),
        _ => right_stream(client, batch).await,
    }
}

/// Asks for the trailers when the first answer has come, which throws the others away.
async fn mutant_short_trailers(client: Client, batch: ClassifyBatchRequest) -> Returned {
    let mut stream = called(client, batch).await?;
    let mut answers = Vec::new();
    match stream.message().await {
        Ok(Some(answer)) => answers.push(answer),
        Ok(None) => return judged(answers, Ok(())),
        Err(status) => return judged(answers, Err(status)),
    }
    let end = stream.trailers().await;
    judged(answers, end.map(|_| ()))
}
