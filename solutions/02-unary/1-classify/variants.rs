//! Other programs for unary.1: right ones, known mistakes, mutants.

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
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
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
    Ok(response.results[0].document_type())
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
        client.classify(request(document)).await?;
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

async fn mutant_default(_: String, _: Vec<Document>) -> Types {
    Ok(Vec::new())
}

async fn mutant_error(_: String, _: Vec<Document>) -> Types {
    Err("always the same".into())
}

/// Right on the published seed, where the documents are of these types.
async fn mutant_hard_coded(address: String, documents: Vec<Document>) -> Types {
    right_lazy(address, documents).await?;
    Ok(HARD_CODED.to_vec())
}

const HARD_CODED: [DocumentType; 3] = [
    DocumentType::Contract,
    DocumentType::Receipt,
    DocumentType::Invoice,
];

async fn mutant_one_more(address: String, documents: Vec<Document>) -> Types {
    let mut client = Client::connect(address).await?;
    let mut types = Vec::new();
    for document in documents.clone() {
        types.push(ask(&mut client, request(document)).await?);
    }
    ask(&mut client, request(documents[0].clone())).await?;
    Ok(types)
}
