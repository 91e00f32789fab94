//! Other programs for unary.6: right ones, known mistakes, mutants.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::{Document, Error};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyResponse, DocumentType};
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinSet;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

use crate::run::request_for;

type Answers = Result<Vec<ClassifyResponse>, Error>;
type Client = DocumentClassifierClient<Channel>;

kit::variants! {
    crate::run::at_once;
    right_index,
    right_sort,
    right_gathered,
    right_traced,
    sequential_calls_1,
    sequential_calls_2,
    connection_per_call_1,
    connection_per_call_2,
    call_repeated_1,
    call_repeated_2,
    completion_order_1,
    completion_order_2,
    paired_by_document_id_1,
    paired_by_document_id_2,
    answers_missing_1,
    answers_missing_2,
    never_returned_1,
    never_returned_2,
    failed_call_hidden_1,
    failed_call_hidden_2,
    status_lost_1,
    status_lost_2,
    status_remade_1,
    status_remade_2,
    mutant_default = |_, _| async { Ok(Vec::new()) },
    mutant_error = |_, _| async { Err("always the same".into()) },
    mutant_hard_coded,
    mutant_one_more,
    mutant_stripped,
    mutant_unwrap,
    mutant_lock,
    mutant_all_but_last,
    mutant_bounded,
}

async fn ask(mut client: Client, document: Document) -> Result<ClassifyResponse, Status> {
    let response = client.classify(request_for(&document)).await?;
    Ok(response.into_inner())
}

/// All calls at once, each with the place of its document, as they come.
fn begin(client: &Client, documents: Vec<Document>) -> JoinSet<(usize, Answer)> {
    let mut calls = JoinSet::new();
    for (index, document) in documents.into_iter().enumerate() {
        let client = client.clone();
        calls.spawn(async move { (index, ask(client, document).await) });
    }
    calls
}

type Answer = Result<ClassifyResponse, Status>;

async fn right_index(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut answers = vec![ClassifyResponse::default(); documents.len()];
    let mut calls = begin(&client, documents);
    while let Some(done) = calls.join_next().await {
        let (index, answer) = done?;
        answers[index] = answer?;
    }
    Ok(answers)
}

async fn right_sort(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::new(Endpoint::from_shared(address)?.connect_lazy());
    let mut done = begin(&client, documents).join_all().await;
    done.sort_by_key(|(index, _)| *index);
    let answers: Result<_, _> = done.into_iter().map(|(_, answer)| answer).collect();
    Ok(answers?)
}

/// Gathers the answers by the id that was asked about.
async fn right_gathered(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let ids: Vec<_> = documents.iter().map(|it| it.id.clone()).collect();
    let mut by_id = HashMap::new();
    let mut calls = begin(&client, documents);
    while let Some(done) = calls.join_next().await {
        let (index, answer) = done?;
        by_id.insert(ids[index].clone(), answer?);
    }
    let answer = |id| by_id.remove(id).ok_or("no answer");
    Ok(ids.iter().map(answer).collect::<Result<_, _>>()?)
}

/// With a trace and a deadline for all calls together, and as many calls at a time as a semaphore allows, which is enough.
async fn right_traced(address: String, documents: Vec<Document>) -> Answers {
    let end = Instant::now() + Duration::from_secs(20);
    let client = Client::connect(address).await?;
    let permits = Arc::new(Semaphore::new(100));
    let mut calls = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let mut request = request_for(document);
        request.set_timeout(end - Instant::now());
        let span = format!("00-0af7651916cd43dd8448eb211c80319c-{:016x}-01", index + 1);
        request.metadata_mut().insert("traceparent", span.parse()?);
        let permit = permits.clone().acquire_owned().await?;
        let mut client = client.clone();
        calls.push(tokio::spawn(async move {
            let answer = client.classify(request).await;
            drop(permit);
            answer
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await?);
    }
    let answers: Result<Vec<_>, _> = answers.into_iter().collect();
    Ok(answers?.into_iter().map(|it| it.into_inner()).collect())
}

async fn sequential_calls_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut answers = Vec::new();
    for document in documents {
        let call = tokio::spawn(ask(client.clone(), document));
        answers.push(call.await??);
    }
    Ok(answers)
}

/// Two at a time.
async fn sequential_calls_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut answers = Vec::new();
    for pair in documents.chunks(2) {
        let done = begin(&client, pair.to_vec()).join_all().await;
        for (_, answer) in done {
            answers.push(answer?);
        }
    }
    Ok(answers)
}

async fn connection_per_call_1(address: String, documents: Vec<Document>) -> Answers {
    let mut calls = Vec::new();
    for document in documents {
        let address = address.clone();
        calls.push(tokio::spawn(async move {
            let client = Client::connect(address).await?;
            Ok::<_, Error>(ask(client, document).await?)
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await??);
    }
    Ok(answers)
}

async fn connection_per_call_2(address: String, documents: Vec<Document>) -> Answers {
    let endpoint = Endpoint::from_shared(address)?;
    let mut calls = Vec::new();
    for document in documents {
        let client = Client::new(endpoint.connect_lazy());
        calls.push(tokio::spawn(ask(client, document)));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await??);
    }
    Ok(answers)
}

/// A second call for each document, to be sure. It comes after the first, or chance would decide how many calls are
/// open at a time.
async fn call_repeated_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut done = begin(&client, documents.clone()).join_all().await;
    for document in documents {
        ask(client.clone(), document).await?;
    }
    done.sort_by_key(|(index, _)| *index);
    let answers: Result<_, _> = done.into_iter().map(|(_, answer)| answer).collect();
    Ok(answers?)
}

/// The first document again and again.
async fn call_repeated_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let same = vec![documents[0].clone(); documents.len()];
    let done = begin(&client, same).join_all().await;
    let answers: Result<_, _> = done.into_iter().map(|(_, answer)| answer).collect();
    Ok(answers?)
}

async fn completion_order_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let done = begin(&client, documents).join_all().await;
    let answers: Result<_, _> = done.into_iter().map(|(_, answer)| answer).collect();
    Ok(answers?)
}

async fn completion_order_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let (sender, mut answered) = mpsc::channel(documents.len());
    for document in documents {
        let (client, sender) = (client.clone(), sender.clone());
        tokio::spawn(async move {
            // The receiver is gone only after an answer that was an error.
            let _ = sender.send(ask(client, document).await).await;
        });
    }
    drop(sender);
    let mut answers = Vec::new();
    while let Some(answer) = answered.recv().await {
        answers.push(answer?);
    }
    Ok(answers)
}

/// Awaits the call about the first document, and none of the others.
async fn answers_missing_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let calls: Vec<_> = documents
        .into_iter()
        .map(|document| tokio::spawn(ask(client.clone(), document)))
        .collect();
    let mut answers = Vec::new();
    if let Some(first) = calls.into_iter().next() {
        answers.push(first.await??);
    }
    Ok(answers)
}

/// Awaits none of the calls. What an async function returns does nothing until then, so none begins.
async fn answers_missing_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::new(Endpoint::from_shared(address)?.connect_lazy());
    let calls = documents
        .into_iter()
        .map(|document| ask(client.clone(), document));
    drop(calls.collect::<Vec<_>>());
    Ok(Vec::new())
}

/// Answers for every document what is right for the first one on the published seed.
async fn mutant_hard_coded(address: String, documents: Vec<Document>) -> Answers {
    let mut answers = right_index(address, documents).await?;
    for answer in &mut answers {
        answer.results[0].document_type = DocumentType::Contract.into();
    }
    Ok(answers)
}

async fn mutant_one_more(address: String, documents: Vec<Document>) -> Answers {
    let first = documents[0].clone();
    let answers = right_sort(address.clone(), documents).await?;
    ask(Client::connect(address).await?, first).await?;
    Ok(answers)
}

/// Keeps a sender, so that the channel never ends.
async fn never_returned_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let (sender, mut answered) = mpsc::channel(documents.len());
    for (index, document) in documents.into_iter().enumerate() {
        let (client, sender) = (client.clone(), sender.clone());
        tokio::spawn(async move {
            let answer = ask(client, document).await;
            // The receiver is gone only after an answer that was an error.
            let _ = sender.send((index, answer)).await;
        });
    }
    let mut answers = Vec::new();
    while let Some(answer) = answered.recv().await {
        answers.push(answer);
    }
    drop(sender);
    answers.sort_by_key(|(index, _)| *index);
    let answers: Result<_, _> = answers.into_iter().map(|(_, answer)| answer).collect();
    Ok(answers?)
}

/// Waits for one answer more than there are.
async fn never_returned_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let count = documents.len();
    let (sender, mut answered) = mpsc::unbounded_channel();
    let mut calls = begin(&client, documents);
    let sending = sender.clone();
    tokio::spawn(async move {
        while let Some(done) = calls.join_next().await {
            let _ = sending.send(done);
        }
    });
    let mut answers = Vec::new();
    for _ in 0..=count {
        let (index, answer) = answered.recv().await.ok_or("no more answers")??;
        answers.push((index, answer?));
    }
    drop(sender);
    answers.sort_by_key(|(index, _)| *index);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

/// An empty answer in the place of a call that failed.
async fn failed_call_hidden_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut done = begin(&client, documents).join_all().await;
    done.sort_by_key(|(index, _)| *index);
    let answer = |(_, answer): (usize, Answer)| answer.unwrap_or_default();
    Ok(done.into_iter().map(answer).collect())
}

/// Leaves out what failed.
async fn failed_call_hidden_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut calls = Vec::new();
    for document in documents {
        calls.push(tokio::spawn(ask(client.clone(), document)));
    }
    let mut answers = Vec::new();
    for call in calls {
        if let Ok(answer) = call.await? {
            answers.push(answer);
        }
    }
    Ok(answers)
}

async fn status_lost_1(address: String, documents: Vec<Document>) -> Answers {
    let answers = right_sort(address, documents).await;
    answers.map_err(|error| error.to_string().into())
}

async fn status_lost_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut done = begin(&client, documents).join_all().await;
    done.sort_by_key(|(index, _)| *index);
    let mut answers = Vec::new();
    for (_, answer) in done {
        answers.push(answer.map_err(|_| "a call failed")?);
    }
    Ok(answers)
}

/// Keeps of an answer what is looked at first.
async fn mutant_stripped(address: String, documents: Vec<Document>) -> Answers {
    let mut answers = right_index(address, documents).await?;
    for answer in &mut answers {
        answer.model_version.clear();
        answer.processing_time_ms = 0;
        for result in &mut answer.results {
            result.keywords.clear();
        }
    }
    Ok(answers)
}

/// Panics in a task, and returns that as the error.
async fn mutant_unwrap(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut calls = Vec::new();
    for document in documents {
        let call = ask(client.clone(), document);
        calls.push(tokio::spawn(async { call.await.expect("an answer") }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await?);
    }
    Ok(answers)
}

/// A task for each call, and one client for all tasks.
async fn mutant_lock(address: String, documents: Vec<Document>) -> Answers {
    let client = Arc::new(Mutex::new(Client::connect(address).await?));
    let mut calls = Vec::new();
    for document in documents {
        let client = client.clone();
        calls.push(tokio::spawn(async move {
            let mut client = client.lock().await;
            client.classify(request_for(&document)).await
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await??.into_inner());
    }
    Ok(answers)
}

async fn mutant_all_but_last(address: String, mut documents: Vec<Document>) -> Answers {
    documents.pop();
    right_index(address, documents).await
}

/// A code of its own.
async fn status_remade_1(address: String, documents: Vec<Document>) -> Answers {
    let answers = right_sort(address, documents).await;
    answers.map_err(|error| Status::internal(error.to_string()).into())
}

/// The code and the message, and nothing else.
async fn status_remade_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let mut done = begin(&client, documents).join_all().await;
    done.sort_by_key(|(index, _)| *index);
    let mut answers = Vec::new();
    for (_, answer) in done {
        answers.push(answer.map_err(|status| Status::new(status.code(), status.message()))?);
    }
    Ok(answers)
}

/// Puts each answer to the document that the answer names.
async fn paired_by_document_id_1(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let ids: Vec<_> = documents.iter().map(|it| it.id.clone()).collect();
    let mut by_id = HashMap::new();
    let mut calls = begin(&client, documents);
    while let Some(done) = calls.join_next().await {
        let (_, answer) = done?;
        let answer = answer?;
        by_id.insert(answer.document_id.clone(), answer);
    }
    let answer = |id| by_id.remove(id).ok_or("an answer about another document");
    Ok(ids.iter().map(answer).collect::<Result<_, _>>()?)
}

/// Brings the answers into the order of the documents by the id that each has.
async fn paired_by_document_id_2(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let ids: Vec<_> = documents.iter().map(|it| it.id.clone()).collect();
    let mut answers = Vec::new();
    let mut calls = begin(&client, documents);
    while let Some(done) = calls.join_next().await {
        let (_, answer) = done?;
        answers.push(answer?);
    }
    answers.sort_by_key(|answer| ids.iter().position(|id| *id == answer.document_id));
    Ok(answers)
}

/// At most ten calls at a time.
async fn mutant_bounded(address: String, documents: Vec<Document>) -> Answers {
    let client = Client::connect(address).await?;
    let permits = Arc::new(Semaphore::new(10));
    let mut calls = Vec::new();
    for document in documents {
        let (client, permits) = (client.clone(), permits.clone());
        calls.push(tokio::spawn(async move {
            let _permit = permits.acquire().await;
            ask(client, document).await
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await??);
    }
    Ok(answers)
}
