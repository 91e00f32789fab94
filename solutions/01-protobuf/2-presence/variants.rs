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
    right_table,
    right_parts,
    nothing_sent_1,
    nothing_sent_2,
    unset_taken_for_zero_1,
    unset_taken_for_zero_2,
    zero_taken_for_unset_1,
    zero_taken_for_unset_2,
    too_many_answered_1,
    too_many_answered_2,
    negative_answered_1,
    negative_answered_2,
    short_ranking_panic_1,
    short_ranking_panic_2,
    allowed_count_refused_1,
    allowed_count_refused_2,
    empty_ranking_not_answered_1,
    empty_ranking_not_answered_2,
    wrong_number_of_results_1,
    wrong_number_of_results_2,
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
    mutant_keywords_lost,
    mutant_byte,
    mutant_negative_type,
    mutant_sent_and_refused,
    mutant_empty_refused,
    mutant_id_lost_if_empty,
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

fn right_table(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    const ALLOWED: [i32; 5] = [1, 2, 3, 4, 5];
    let wanted = request.max_results.unwrap_or(ALLOWED[2]);
    let at = ALLOWED.iter().position(|count| *count == wanted);
    let count = at.map(|at| at + 1).ok_or(OutOfRange(wanted))?;
    let best = ranking.chunks(count).next().unwrap_or_default();
    std::thread::sleep(std::time::Duration::from_millis(5));
    let response = ClassifyResponse {
        results: best.to_vec(),
        document_id: request.document_id,
        ..Default::default()
    };
    peer.send(response.encode_to_vec());
    Ok(best.iter().map(label).collect())
}

/// A message for each result: behind each other, they are one.
fn right_parts(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let mut bytes = Vec::new();
    let mut labels = Vec::new();
    for result in ranking.iter().take(count) {
        let part = ClassifyResponse {
            results: vec![result.clone()],
            ..Default::default()
        };
        part.encode(&mut bytes).expect("a Vec grows");
        labels.push(label(result));
    }
    let last = ClassifyResponse {
        document_id: request.document_id,
        ..Default::default()
    };
    last.encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
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
    let count = match request.max_results.unwrap_or_default() {
        count @ 1..=5 => count as usize,
        count => return Err(OutOfRange(count)),
    };
    peer.send(response(request, ranking, count).encode_to_vec());
    Ok(ranking.iter().take(count).map(label).collect())
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
    let count = request.max_results.filter(|count| *count != 0).unwrap_or(3);
    if !(1..=5).contains(&count) {
        return Err(OutOfRange(count));
    }
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

/// A negative number becomes a huge one, and all results are sent.
fn negative_answered_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = match request.max_results {
        None => 3,
        Some(count) if count == 0 || count > 5 => return Err(OutOfRange(count)),
        Some(count) => count as usize,
    };
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn negative_answered_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = match request.max_results.map(i32::unsigned_abs) {
        None => 3,
        Some(count @ 1..=5) => count as usize,
        Some(_) => return Err(OutOfRange(request.max_results())),
    };
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn short_ranking_panic_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let best = &ranking[..count];
    peer.send(response(request, best, count).encode_to_vec());
    Ok(best.iter().map(label).collect())
}

fn short_ranking_panic_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let best: Vec<_> = (0..count).map(|index| ranking[index].clone()).collect();
    let response = response(request, &best, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn allowed_count_refused_1(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results.unwrap_or(3);
    if !(1..5).contains(&count) {
        return Err(OutOfRange(count));
    }
    let response = response(request, ranking, count as usize);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn allowed_count_refused_2(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = request.max_results.unwrap_or(3);
    if count <= 1 || count > 5 {
        return Err(OutOfRange(count));
    }
    let response = response(request, ranking, count as usize);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

/// Takes the most for what is not set.
fn wrong_number_of_results_1(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = request.max_results.map_or(Ok(5), |_| count(&request))?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn wrong_number_of_results_2(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count - 1);
    peer.send(response.encode_to_vec());
    Ok(ranking.iter().take(count).map(label).collect())
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

fn empty_ranking_not_answered_1(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    if !response.results.is_empty() {
        peer.send(response.encode_to_vec());
    }
    Ok(labels(&response))
}

fn empty_ranking_not_answered_2(
    request: ClassifyRequest,
    ranking: &Ranking,
    peer: &mut Peer,
) -> Answer {
    let count = count(&request)?;
    let Some(best) = ranking.first() else {
        return Ok(Vec::new());
    };
    let mut response = response(request, ranking, count);
    best.clone_into(&mut response.results[0]);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

/// Takes an empty ranking for one of which nothing may be asked.
fn mutant_empty_refused(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    if ranking.is_empty() {
        return Err(OutOfRange(request.max_results()));
    }
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn mutant_id_lost_if_empty(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let mut response = response(request, ranking, count);
    if response.results.is_empty() {
        response = ClassifyResponse::default();
    }
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
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

fn mutant_keywords_lost(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let mut response = response(request, ranking, count);
    for result in &mut response.results {
        result.keywords.clear();
    }
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

/// 257 is 1 in a byte.
fn mutant_byte(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = match request.max_results.map(|count| count as u8) {
        None => 3,
        Some(count @ 1..=5) => count.into(),
        Some(_) => return Err(OutOfRange(request.max_results())),
    };
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    Ok(labels(&response))
}

fn mutant_negative_type(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request)?;
    let response = response(request, ranking, count);
    peer.send(response.encode_to_vec());
    let label = |result: &ClassificationResult| match result.document_type {
        ..=0 => Label::NotSet,
        1..=5 => label(result),
        newer => Label::Newer(newer),
    };
    Ok(response.results.iter().map(label).collect())
}

fn mutant_sent_and_refused(request: ClassifyRequest, ranking: &Ranking, peer: &mut Peer) -> Answer {
    let count = count(&request);
    peer.send(response(request, ranking, *count.as_ref().unwrap_or(&0)).encode_to_vec());
    Ok(ranking.iter().take(count?).map(label).collect())
}
