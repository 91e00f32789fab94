//! Other programs for protobuf.1: right ones, known mistakes, mutants.

use kit::{Document, Peer};
use prost::bytes::BytesMut;
use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

type Answer = Result<ClassifyRequest, DecodeError>;

kit::variants! {
    crate::run::round_trip;
    right_buffer,
    right_fields,
    nothing_sent_1,
    nothing_sent_2,
    length_in_front_1,
    length_in_front_2,
    answer_not_decoded_1,
    answer_not_decoded_2,
    result_count_missing_1,
    result_count_missing_2,
    id_missing_1,
    id_missing_2,
    fields_swapped_1,
    fields_swapped_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
}

fn request(document: Document) -> ClassifyRequest {
    ClassifyRequest {
        text: document.text,
        document_id: document.id,
        max_results: Some(3),
        ..Default::default()
    }
}

fn right_buffer(document: Document, peer: &mut Peer) -> Answer {
    let mut buffer = BytesMut::new();
    request(document)
        .encode(&mut buffer)
        .expect("a BytesMut grows");
    peer.send(buffer.to_vec());
    let answer = peer.receive();
    let mut decoded = ClassifyRequest::default();
    decoded.merge(answer.as_slice())?;
    Ok(decoded)
}

fn right_fields(document: Document, peer: &mut Peer) -> Answer {
    let mut request = ClassifyRequest::default();
    request.max_results.replace(3);
    request.text.push_str(&document.text);
    request.document_id = document.id;
    let mut bytes = Vec::with_capacity(request.encoded_len());
    request.encode_raw(&mut bytes);
    peer.send(bytes);
    ClassifyRequest::decode(&*peer.receive())
}

fn nothing_sent_1(document: Document, _: &mut Peer) -> Answer {
    let bytes = request(document).encode_to_vec();
    ClassifyRequest::decode(bytes.as_slice())
}

fn nothing_sent_2(document: Document, _: &mut Peer) -> Answer {
    Ok(request(document))
}

fn length_in_front_1(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_length_delimited_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn length_in_front_2(document: Document, peer: &mut Peer) -> Answer {
    let mut bytes = Vec::new();
    request(document)
        .encode_length_delimited(&mut bytes)
        .expect("a Vec grows");
    peer.send(bytes);
    ClassifyRequest::decode_length_delimited(peer.receive().as_slice())
}

fn answer_not_decoded_1(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    peer.receive();
    Ok(request)
}

fn answer_not_decoded_2(document: Document, peer: &mut Peer) -> Answer {
    let bytes = request(document).encode_to_vec();
    peer.send(bytes.clone());
    ClassifyRequest::decode(bytes.as_slice())
}

fn result_count_missing_1(document: Document, peer: &mut Peer) -> Answer {
    let request = ClassifyRequest {
        max_results: None,
        ..request(document)
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn result_count_missing_2(document: Document, peer: &mut Peer) -> Answer {
    let mut request = ClassifyRequest {
        document_id: document.id,
        ..Default::default()
    };
    request.text = document.text;
    peer.send(request.encode_to_vec());
    let mut answer = ClassifyRequest::decode(peer.receive().as_slice())?;
    answer.max_results = Some(3);
    Ok(answer)
}

fn id_missing_1(document: Document, peer: &mut Peer) -> Answer {
    let request = ClassifyRequest {
        text: document.text,
        max_results: Some(3),
        ..Default::default()
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn id_missing_2(document: Document, peer: &mut Peer) -> Answer {
    let mut request = request(document);
    let id = std::mem::take(&mut request.document_id);
    peer.send(request.encode_to_vec());
    let answer = ClassifyRequest::decode(peer.receive().as_slice())?;
    Ok(ClassifyRequest {
        document_id: id,
        ..answer
    })
}

fn fields_swapped_1(document: Document, peer: &mut Peer) -> Answer {
    let Document { id, text } = document;
    let request = ClassifyRequest {
        text: id,
        document_id: text,
        max_results: Some(3),
        ..Default::default()
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

/// Swaps them back in the answer. What crossed the wire is wrong all the same.
fn fields_swapped_2(document: Document, peer: &mut Peer) -> Answer {
    let mut request = request(document);
    std::mem::swap(&mut request.text, &mut request.document_id);
    peer.send(request.encode_to_vec());
    let mut answer = ClassifyRequest::decode(peer.receive().as_slice())?;
    std::mem::swap(&mut answer.text, &mut answer.document_id);
    Ok(answer)
}

fn mutant_default(_: Document, _: &mut Peer) -> Answer {
    Ok(ClassifyRequest::default())
}

fn mutant_error(_: Document, _: &mut Peer) -> Answer {
    // A tag of field 0, which does not exist.
    ClassifyRequest::decode([0].as_slice())
}

/// Right on the published seed, where the peer stamps this version.
fn mutant_hard_coded(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    Ok(ClassifyRequest {
        model_version: "2026.5".to_owned(),
        ..request
    })
}

fn mutant_one_more(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    let answer = ClassifyRequest::decode(peer.receive().as_slice());
    peer.send(request.encode_to_vec());
    answer
}
