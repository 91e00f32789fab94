//! Other programs for protobuf.2: right ones, known mistakes, mutants.

use kit::Peer;
use prost::Message;
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};

use crate::run::{Label, OutOfRange};

type Answer = Result<Vec<Label>, OutOfRange>;
type Ranking = [ClassificationResult];

kit::variants! {
    crate::run::presence;
    right_steps,
    right_contains,
    nothing_sent_1,
    nothing_sent_2,
    unset_taken_for_zero_1,
    unset_taken_for_zero_2,
    zero_taken_for_unset_1,
    zero_taken_for_unset_2,
    too_many_answered_1,
    too_many_answered_2,
    newer_type_hidden_1,
    newer_type_hidden_2,
    newer_type_unwrapped_1,
    newer_type_unwrapped_2,
    unspecified_taken_for_known_1,
    unspecified_taken_for_known_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
}

fn count(request: &ClassifyRequest) -> Result<usize, OutOfRange> {
    match request.max_results {
        None => Ok(3),
        Some(count @ 1..=5) => Ok(count as usize),
        Some(count) => Err(OutOfRange(count)),
    }
}

fn response(request: ClassifyRequest, ranking: &Ranking, count: usize) -> ClassifyResponse {
    ClassifyResponse {
        document_id: request.document_id,
        results: ranking.iter().take(count).cloned().collect(),
        ..Default::default()
    }
}

fn label(result: &ClassificationResult) -> Label {
    match DocumentType::try_from(result.document_type) {
        Ok(DocumentType::Unspecified) => Label::NotSet,
        Ok(known) => Label::Known(known),
        Err(_) => Label::Newer(result.document_type),
    }
}

fn labels(response: &ClassifyResponse) -> Vec<Label> {
    response.results.iter().map(label).collect()
}

fn right_steps(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let wanted = request.max_results.unwrap_or(3);
    if !(1..=5).contains(&wanted) {
        return Err(OutOfRange(wanted));
    }
    let mut response = ClassifyResponse::default();
    response.document_id.push_str(&request.document_id);
    let mut labels = Vec::new();
    for result in &ranking[..ranking.len().min(wanted as usize)] {
        labels.push(if result.document_type == 0 {
            Label::NotSet
        } else if DocumentType::is_valid(result.document_type) {
            Label::Known(result.document_type())
        } else {
            Label::Newer(result.document_type)
        });
        response.results.push(result.clone());
    }
    let mut bytes = Vec::new();
    response.encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
    Ok(labels)
}

fn right_contains(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let labels = ranking.iter().take(count).map(label).collect();
    peer.send(response(request, ranking, count).encode_to_vec());
    Ok(labels)
}

fn nothing_sent_1(request: ClassifyRequest, ranking: &Ranking, _: &mut Peer) -> Answer {
    let count = count(&request)?;
    Ok(labels(&response(request, ranking, count)))
}

fn nothing_sent_2(request: ClassifyRequest, ranking: &Ranking, _: &mut Peer) -> Answer {
    let count = request.max_results.unwrap_or(3);
    let _bytes = response(request, ranking, count as usize).encode_to_vec();
    if count == 0 {
        return Err(OutOfRange(count));
    }
    Ok(ranking.iter().take(count as usize).map(label).collect())
}

fn unset_taken_for_zero_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results();
    if !(1..=5).contains(&count) {
        return Err(OutOfRange(count));
    }
    let response = response(request, ranking, count as usize);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn unset_taken_for_zero_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results.unwrap_or_default() as usize;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn zero_taken_for_unset_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = match request.max_results() {
        0 => 3,
        count @ 1..=5 => count as usize,
        count => return Err(OutOfRange(count)),
    };
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn zero_taken_for_unset_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results.filter(|count| *count > 0).unwrap_or(3);
    peer.send(response(request, ranking, count as usize).encode_to_vec());
    Ok(ranking.iter().take(count as usize).map(label).collect())
}

fn too_many_answered_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = match request.max_results {
        None => 3,
        Some(count) if count < 1 => return Err(OutOfRange(count)),
        Some(count) => count as usize,
    };
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

/// Gives as many as the contract allows, and does not refuse.
fn too_many_answered_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results.unwrap_or(3).min(5);
    if count <= 0 {
        return Err(OutOfRange(count));
    }
    peer.send(response(request, ranking, count as usize).encode_to_vec());
    Ok(ranking.iter().take(count as usize).map(label).collect())
}

fn newer_type_hidden_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    let label = |result: &ClassificationResult| match result.document_type() {
        DocumentType::Unspecified => Label::NotSet,
        known => Label::Known(known),
    };
    Ok(response.results.iter().map(label).collect())
}

fn newer_type_hidden_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let mut response = response(request, ranking, count);
    for result in &mut response.results {
        let known = DocumentType::try_from(result.document_type).unwrap_or_default();
        result.set_document_type(known);
    }
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn newer_type_unwrapped_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    let label = |result: &ClassificationResult| match DocumentType::try_from(result.document_type)
        .unwrap()
    {
        DocumentType::Unspecified => Label::NotSet,
        known => Label::Known(known),
    };
    Ok(response.results.iter().map(label).collect())
}

fn newer_type_unwrapped_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let label = |result: &ClassificationResult| match result.document_type {
        0 => Label::NotSet,
        1 => Label::Known(DocumentType::Invoice),
        2 => Label::Known(DocumentType::Contract),
        3 => Label::Known(DocumentType::Report),
        4 => Label::Known(DocumentType::Receipt),
        5 => Label::Known(DocumentType::Letter),
        other => unreachable!("no document type {other}"),
    };
    let labels = ranking.iter().take(count).map(label).collect();
    peer.send(response(request, ranking, count).encode_to_vec());
    Ok(labels)
}

fn unspecified_taken_for_known_1(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    let label = |result: &ClassificationResult| match DocumentType::try_from(result.document_type) {
        Ok(known) => Label::Known(known),
        Err(_) => Label::Newer(result.document_type),
    };
    Ok(response.results.iter().map(label).collect())
}

fn unspecified_taken_for_known_2(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    let mut labels = Vec::new();
    for result in response.results {
        labels.push(if DocumentType::is_valid(result.document_type) {
            Label::Known(result.document_type())
        } else {
            Label::Newer(result.document_type)
        });
    }
    Ok(labels)
}

fn mutant_default(_: ClassifyRequest, _: &Ranking, _: &mut Peer) -> Answer {
    Ok(Vec::new())
}

fn mutant_error(_: ClassifyRequest, _: &Ranking, _: &mut Peer) -> Answer {
    Err(OutOfRange(0))
}

/// Right on the published seed, where the types have these numbers and stand in this order.
fn mutant_hard_coded(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    peer.send(response(request, ranking, count).encode_to_vec());
    let all = [
        Label::Newer(27),
        Label::NotSet,
        Label::Known(DocumentType::Contract),
        Label::Known(DocumentType::Invoice),
        Label::Known(DocumentType::Report),
    ];
    Ok(all[..count].to_vec())
}

fn mutant_one_more(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}
