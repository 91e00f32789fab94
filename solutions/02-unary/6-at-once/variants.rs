//! Other programs for unary.6: right ones, known mistakes, mutants.

use kit::{Document, Error};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyResponse, DocumentType};
use tokio::sync::mpsc;
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
    sequential_calls_1,
    sequential_calls_2,
    connection_per_call_1,
    connection_per_call_2,
    call_repeated_1,
    call_repeated_2,
    completion_order_1,
    completion_order_2,
    answers_missing_1,
    answers_missing_2,
    mutant_default = |_, _| async { Ok(Vec::new()) },
    mutant_error = |_, _| async { Err("always the same".into()) },
    mutant_hard_coded,
    mutant_one_more,
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
        answer.results[0].set_document_type(DocumentType::Contract);
    }
    Ok(answers)
}

async fn mutant_one_more(address: String, documents: Vec<Document>) -> Answers {
    let first = documents[0].clone();
    let answers = right_sort(address.clone(), documents).await?;
    ask(Client::connect(address).await?, first).await?;
    Ok(answers)
}
