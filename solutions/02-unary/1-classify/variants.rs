//! Other programs for unary.1: right ones, known mistakes, mutants.

use std::collections::HashMap;

use kit::{Document, Error};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};

type Types = Result<Vec<DocumentType>, Error>;
type Client = DocumentClassifierClient<Channel>;

kit::variants! {
    crate::run::classify;
    right_lazy,
    right_at_once,
    right_all_then_error,
    right_own_words,
    right_reversed,
    connection_per_call_1,
    connection_per_call_2,
    no_call_1,
    no_call_2,
    address_changed_1,
    address_changed_2,
    answers_out_of_order_1,
    answers_out_of_order_2,
    call_repeated_1,
    call_repeated_2,
    result_count_missing_1,
    result_count_missing_2,
    type_unspecified_1,
    type_unspecified_2,
    id_sent_as_text_1,
    id_sent_as_text_2,
    id_missing_1,
    id_missing_2,
    id_of_another_document_1,
    id_of_another_document_2,
    failed_call_hidden_1,
    failed_call_hidden_2,
    missing_result_hidden_1,
    missing_result_hidden_2,
    unknown_type_hidden_1,
    unknown_type_hidden_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_text_lost,
    mutant_connects_twice,
    mutant_three,
    mutant_sorted,
    mutant_unwrap,
    mutant_index,
    mutant_last_type,
    mutant_negative,
    mutant_trimmed,
    mutant_cached,
}

fn request(document: Document) -> ClassifyRequest {
    ClassifyRequest {
        text: document.text,
        document_id: document.id,
        max_results: Some(1),
        ..Default::default()
    }
}

async fn ask(client: &mut Client, request: ClassifyRequest) -> Result<DocumentType, Error> {
    let response = client.classify(request).await?.into_inner();
    let best = response.results.first().ok_or("no result")?;
    Ok(DocumentType::try_from(best.document_type)?)
}

async fn right_lazy(address: String, documents: Vec<Document>) -> Types {
    let channel = Endpoint::from_shared(address)?.connect_lazy();
    let mut client = Client::new(channel);
    let mut types = Vec::with_capacity(documents.len());
    for document in documents {
        types.push(ask(&mut client, request(document)).await?);
    }
    Ok(types)
}

async fn right_at_once(address: String, documents: Vec<Document>) -> Types {
    let client = Client::connect(address).await?;
    let mut types = vec![DocumentType::Unspecified; documents.len()];
    let mut calls = JoinSet::new();
    for (index, document) in documents.into_iter().enumerate() {
        let mut client = client.clone();
        calls.spawn(async move { (index, ask(&mut client, request(document)).await) });
    }
    while let Some(done) = calls.join_next().await {
        let (index, document_type) = done?;
        types[index] = document_type?;
    }
    Ok(types)
}

/// Makes all calls, whatever comes of them, and looks at the answers afterwards.
async fn right_all_then_error(address: String, documents: Vec<Document>) -> Types {
    let client = Client::connect(address).await?;
    let calls: Vec<_> = documents
        .into_iter()
        .map(|document| {
            let mut client = client.clone();
            tokio::spawn(async move { ask(&mut client, request(document)).await })
        })
        .collect();
    let mut types = Vec::new();
    for call in calls {
        types.push(call.await?);
    }
    types.into_iter().collect()
}

/// With errors in its own words, a deadline for all calls together, and the default of a field written out.
async fn right_own_words(address: String, documents: Vec<Document>) -> Types {
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut client = Client::connect(address)
        .await
        .map_err(|error| format!("nobody listens: {error}"))?;
    let mut types = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let mut request = tonic::Request::new(ClassifyRequest {
            model_version: String::new(),
            ..request(document.clone())
        });
        request.set_timeout(end - tokio::time::Instant::now());
        let span = format!("00-0af7651916cd43dd8448eb211c80319c-{:016x}-01", index + 1);
        request.metadata_mut().insert("traceparent", span.parse()?);
        let answer = match client.classify(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) => return Err(format!("{}: {}", document.id, status.message()).into()),
        };
        let Some(best) = answer.results.into_iter().next() else {
            return Err(format!("{} has no type", document.id).into());
        };
        let known = DocumentType::try_from(best.document_type);
        types.push(known.map_err(|_| format!("what is type {}?", best.document_type))?);
    }
    Ok(types)
}

/// Asks about the last document first, one after the other.
async fn right_reversed(address: String, mut documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    while let Some(document) = documents.pop() {
        types.push(ask(&mut client, request(document)).await?);
    }
    types.reverse();
    Ok(types)
}

async fn connection_per_call_1(address: String, documents: Vec<Document>) -> Types {
    let mut types = Vec::new();
    for document in documents {
        let mut client = Client::connect(address.clone()).await?;
        types.push(ask(&mut client, request(document)).await?);
    }
    Ok(types)
}

async fn connection_per_call_2(address: String, documents: Vec<Document>) -> Types {
    let mut calls = JoinSet::new();
    for (index, document) in documents.into_iter().enumerate() {
        let endpoint = Endpoint::from_shared(address.clone())?;
        calls.spawn(async move {
            let mut client = Client::new(endpoint.connect_lazy());
            (index, ask(&mut client, request(document)).await)
        });
    }
    let mut types = Vec::new();
    while let Some(done) = calls.join_next().await {
        types.push(done?);
    }
    types.sort_by_key(|(index, _)| *index);
    types
        .into_iter()
        .map(|(_, document_type)| document_type)
        .collect()
}

async fn no_call_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    for document in documents {
        // A future does nothing until it is awaited.
        drop(client.classify(request(document)));
    }
    Ok(Vec::new())
}

/// Connects, and makes up what the answers would be.
async fn no_call_2(address: String, documents: Vec<Document>) -> Types {
    let _client = Client::connect(address).await?;
    Ok(vec![DocumentType::Letter; documents.len()])
}

async fn address_changed_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(format!("http://{address}")).await?;
    let mut types = Vec::new();
    for document in documents {
        types.push(ask(&mut client, request(document)).await?);
    }
    Ok(types)
}

/// Without the scheme.
async fn address_changed_2(address: String, documents: Vec<Document>) -> Types {
    let bare = address.trim_start_matches("http://").to_owned();
    right_at_once(bare, documents).await
}

/// Awaits the call that it began last first.
async fn answers_out_of_order_1(address: String, documents: Vec<Document>) -> Types {
    let client = Client::connect(address).await?;
    let mut calls = Vec::new();
    for document in documents {
        let mut client = client.clone();
        calls.push(tokio::spawn(async move {
            ask(&mut client, request(document)).await
        }));
    }
    let mut types = Vec::new();
    while let Some(call) = calls.pop() {
        types.push(call.await??);
    }
    Ok(types)
}

async fn answers_out_of_order_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        types.insert(0, ask(&mut client, request(document)).await?);
    }
    Ok(types)
}

async fn call_repeated_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        if client.classify(request(document.clone())).await.is_ok() {
            types.push(ask(&mut client, request(document)).await?);
        }
    }
    Ok(types)
}

async fn call_repeated_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    // Asks about the first only, as often as there are documents.
    for _ in 0..documents.len() {
        types.push(ask(&mut client, request(documents[0].clone())).await?);
    }
    Ok(types)
}

async fn id_missing_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let request = ClassifyRequest {
            text: document.text,
            max_results: Some(1),
            ..Default::default()
        };
        types.push(ask(&mut client, request).await?);
    }
    Ok(types)
}

/// Takes the id out of the request, to name it later, and stops at an error.
async fn id_missing_2(address: String, documents: Vec<Document>) -> Types {
    let client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let mut request = request(document);
        let id = std::mem::take(&mut request.document_id);
        let asked = ask(&mut client.clone(), request).await;
        types.push(asked.map_err(|error| format!("{id}: {error}"))?);
    }
    Ok(types)
}

async fn result_count_missing_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let request = ClassifyRequest {
            max_results: None,
            ..request(document)
        };
        types.push(ask(&mut client, request).await?);
    }
    Ok(types)
}

async fn result_count_missing_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::new(Endpoint::from_shared(address)?.connect().await?);
    let mut types = Vec::new();
    for Document { id, text } in documents {
        let mut request = ClassifyRequest::default();
        (request.document_id, request.text) = (id, text);
        types.push(ask(&mut client, request).await?);
    }
    Ok(types)
}

async fn type_unspecified_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        ask(&mut client, request(document)).await?;
        types.push(DocumentType::default());
    }
    Ok(types)
}

async fn type_unspecified_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        // The second result of one.
        let number = response
            .results
            .get(1)
            .map_or(0, |result| result.document_type);
        types.push(DocumentType::try_from(number)?);
    }
    Ok(types)
}

async fn id_sent_as_text_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for Document { id, text } in documents {
        let (text, id) = (id, text);
        types.push(ask(&mut client, request(Document { id, text })).await?);
    }
    Ok(types)
}

/// The id in both fields.
async fn id_sent_as_text_2(address: String, documents: Vec<Document>) -> Types {
    let same = |document: Document| Document {
        text: document.id.clone(),
        ..document
    };
    right_lazy(address, documents.into_iter().map(same).collect()).await
}

/// The first document's id for all.
async fn id_of_another_document_1(address: String, documents: Vec<Document>) -> Types {
    let first = documents.first().map(|document| document.id.clone());
    let same = |document: Document| Document {
        id: first.clone().unwrap_or_default(),
        ..document
    };
    right_lazy(address, documents.into_iter().map(same).collect()).await
}

/// The ids in the other order.
async fn id_of_another_document_2(address: String, documents: Vec<Document>) -> Types {
    let ids = documents.iter().rev().map(|document| document.id.clone());
    let pairs = ids.zip(&documents);
    let with_id = |(id, document): (String, &Document)| Document {
        id,
        text: document.text.clone(),
    };
    let documents = pairs.map(with_id).collect();
    right_lazy(address, documents).await
}

/// Leaves out what failed.
async fn failed_call_hidden_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        if let Ok(document_type) = ask(&mut client, request(document)).await {
            types.push(document_type);
        }
    }
    Ok(types)
}

/// A default in place of what failed.
async fn failed_call_hidden_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let Ok(response) = client.classify(request(document)).await else {
            types.push(DocumentType::Unspecified);
            continue;
        };
        let response = response.into_inner();
        let best = response.results.first().ok_or("no result")?;
        types.push(DocumentType::try_from(best.document_type)?);
    }
    Ok(types)
}

/// All types of all results.
async fn missing_result_hidden_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        for result in response.results {
            types.push(DocumentType::try_from(result.document_type)?);
        }
    }
    Ok(types)
}

async fn missing_result_hidden_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        let best = response.results.into_iter().next().unwrap_or_default();
        types.push(DocumentType::try_from(best.document_type)?);
    }
    Ok(types)
}

/// With the accessor, which hides what it does not know.
async fn unknown_type_hidden_1(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        let best = response.results.first().ok_or("no result")?;
        types.push(best.document_type());
    }
    Ok(types)
}

/// Takes what it does not know for the last type that it knows.
async fn unknown_type_hidden_2(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        let best = response.results.first().ok_or("no result")?;
        let known = DocumentType::try_from(best.document_type);
        types.push(known.unwrap_or(DocumentType::Letter));
    }
    Ok(types)
}

async fn mutant_default(_: String, _: Vec<Document>) -> Types {
    Ok(Vec::new())
}

async fn mutant_error(_: String, _: Vec<Document>) -> Types {
    Err("always the same".into())
}

/// Right on the published seed, where the first document is of this type.
async fn mutant_hard_coded(address: String, documents: Vec<Document>) -> Types {
    let mut types = right_lazy(address, documents).await?;
    types[0] = DocumentType::Contract;
    Ok(types)
}

async fn mutant_one_more(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents.clone() {
        types.push(ask(&mut client, request(document)).await?);
    }
    ask(&mut client, request(documents[0].clone())).await?;
    Ok(types)
}

/// The server refuses what is sent, and the function returns that.
async fn mutant_text_lost(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let request = ClassifyRequest {
            document_id: document.id,
            max_results: Some(1),
            ..Default::default()
        };
        types.push(ask(&mut client, request).await?);
    }
    Ok(types)
}

/// Tries out whether the server is there before it asks.
async fn mutant_connects_twice(address: String, documents: Vec<Document>) -> Types {
    drop(Client::connect(address.clone()).await?);
    right_lazy(address, documents).await
}

async fn mutant_three(address: String, documents: Vec<Document>) -> Types {
    right_lazy(address, documents.into_iter().take(3).collect()).await
}

async fn mutant_sorted(address: String, documents: Vec<Document>) -> Types {
    let mut types = right_lazy(address, documents).await?;
    types.sort();
    Ok(types)
}

/// Panics where a call fails.
async fn mutant_unwrap(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        types.push(ask(&mut client, request(document)).await.expect("a type"));
    }
    Ok(types)
}

/// Panics where an answer has no result.
async fn mutant_index(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        types.push(DocumentType::try_from(response.results[0].document_type)?);
    }
    Ok(types)
}

/// The type of the last answer for all of them.
async fn mutant_last_type(address: String, documents: Vec<Document>) -> Types {
    let types = right_lazy(address, documents).await?;
    let last = types.last().copied().unwrap_or_default();
    Ok(vec![last; types.len()])
}

/// An error above the numbers of the contract, and none below.
async fn mutant_negative(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let response = client.classify(request(document)).await?.into_inner();
        let best = response.results.first().ok_or("no result")?;
        types.push(DocumentType::try_from(best.document_type.max(0))?);
    }
    Ok(types)
}

async fn mutant_trimmed(address: String, mut documents: Vec<Document>) -> Types {
    for document in &mut documents {
        document.text = document.text.trim().to_owned();
    }
    right_lazy(address, documents).await
}

/// Asks about each text once.
async fn mutant_cached(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut known = HashMap::new();
    let mut types = Vec::new();
    for document in documents {
        let text = document.text.clone();
        let document_type = match known.get(&text) {
            Some(document_type) => *document_type,
            None => ask(&mut client, request(document)).await?,
        };
        known.insert(text, document_type);
        types.push(document_type);
    }
    Ok(types)
}
