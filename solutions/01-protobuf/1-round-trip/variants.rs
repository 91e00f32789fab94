//! Other programs for protobuf.1: right ones, known mistakes, mutants.

use kit::{Document, Peer};
use prost::bytes::{Buf, Bytes, BytesMut};
use prost::encoding::encode_varint;
use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

type Answer = Result<ClassifyRequest, DecodeError>;

kit::variants! {
    crate::run::round_trip;
    right_buffer,
    right_fields,
    right_by_hand,
    right_parts,
    right_match,
    nothing_sent_1,
    nothing_sent_2,
    empty_answer_not_taken_1,
    empty_answer_not_taken_2,
    length_in_front_1,
    length_in_front_2,
    own_request_returned_1,
    own_request_returned_2,
    error_hidden_1,
    error_hidden_2,
    not_a_request_1,
    not_a_request_2,
    encoded_twice_1,
    encoded_twice_2,
    result_count_missing_1,
    result_count_missing_2,
    id_missing_1,
    id_missing_2,
    field_not_asked_for_1,
    field_not_asked_for_2,
    fields_swapped_1,
    fields_swapped_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_searched,
    mutant_version_only,
    mutant_two_byte_length,
    mutant_keywords_set,
    mutant_panics,
    mutant_empty_is_own,
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

/// Fields may stand in any order.
fn right_by_hand(document: Document, peer: &mut Peer) -> Answer {
    let mut bytes = vec![0x20, 3];
    for (tag, text) in [(0x12, &document.id), (0x0a, &document.text)] {
        bytes.push(tag);
        encode_varint(text.len() as u64, &mut bytes);
        bytes.extend(text.as_bytes());
    }
    peer.send(bytes);
    ClassifyRequest::decode(peer.receive().as_slice())
}

/// Messages behind each other are one.
fn right_parts(document: Document, peer: &mut Peer) -> Answer {
    let mut bytes = Vec::new();
    let empty = ClassifyRequest::default;
    let parts = [
        ClassifyRequest {
            document_id: document.id,
            ..empty()
        },
        ClassifyRequest {
            max_results: Some(3),
            ..empty()
        },
        ClassifyRequest {
            text: document.text,
            ..empty()
        },
    ];
    for part in parts {
        part.encode(&mut bytes).expect("a Vec grows");
    }
    peer.send(bytes);
    let answer = peer.receive();
    let (head, tail) = answer.split_at(answer.len() / 2);
    ClassifyRequest::decode(head.chain(tail))
}

fn right_match(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    match ClassifyRequest::decode(Bytes::from(peer.receive())) {
        Ok(answer) => Ok(answer),
        Err(error) => {
            eprintln!("the answer is broken: {error}");
            Err(error)
        }
    }
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

fn own_request_returned_1(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    peer.receive();
    Ok(request)
}

fn own_request_returned_2(document: Document, peer: &mut Peer) -> Answer {
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

fn field_not_asked_for_1(document: Document, peer: &mut Peer) -> Answer {
    let request = ClassifyRequest {
        text: document.text,
        document_id: document.id,
        model_version: String::new(),
        max_results: Some(3),
        include_keywords: Some(false),
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn field_not_asked_for_2(document: Document, peer: &mut Peer) -> Answer {
    let mut request = request(document);
    request.model_version = "latest".to_owned();
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
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

fn error_hidden_1(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    Ok(ClassifyRequest::decode(peer.receive().as_slice()).unwrap_or_default())
}

/// Keeps what was merged until the bytes broke off.
fn error_hidden_2(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    let mut answer = ClassifyRequest::default();
    if let Err(error) = answer.merge(peer.receive().as_slice()) {
        eprintln!("{error}");
    }
    Ok(answer)
}

fn not_a_request_1(document: Document, peer: &mut Peer) -> Answer {
    peer.send(document.text.into_bytes());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn not_a_request_2(document: Document, peer: &mut Peer) -> Answer {
    let Document { id, text } = document;
    let json = format!("{{\"text\":{text:?},\"documentId\":{id:?},\"maxResults\":3}}");
    peer.send(json.into_bytes());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn encoded_twice_1(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    let mut bytes = request.encode_to_vec();
    request.encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn encoded_twice_2(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec().repeat(2));
    ClassifyRequest::decode(peer.receive().as_slice())
}

/// Right on the published seed, where the peer stamps these versions.
fn mutant_hard_coded(document: Document, peer: &mut Peer) -> Answer {
    let stamp = match document.id.as_str() {
        "doc-478" => "2026.19",
        "doc-287" => "2026.69",
        _ => "",
    };
    peer.send(request(document).encode_to_vec());
    let answer = ClassifyRequest::decode(peer.receive().as_slice())?;
    Ok(ClassifyRequest {
        model_version: stamp.to_owned(),
        ..answer
    })
}

/// Takes what follows the first byte of field 3's tag, wherever it stands.
fn mutant_searched(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    let answer = peer.receive();
    let found = answer.iter().position(|byte| *byte == 0x1a);
    let version = found.map_or(&[][..], |at| &answer[at + 2..]);
    let version = version.iter().take_while(|byte| byte.is_ascii_graphic());
    Ok(ClassifyRequest {
        model_version: version.map(|byte| char::from(*byte)).collect(),
        ..request
    })
}

fn mutant_version_only(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    let answer = ClassifyRequest::decode(peer.receive().as_slice())?;
    Ok(ClassifyRequest {
        model_version: answer.model_version,
        ..request
    })
}

/// Writes a length of two bytes at most.
fn mutant_two_byte_length(document: Document, peer: &mut Peer) -> Answer {
    let mut bytes = Vec::new();
    for (tag, text) in [(0x0a, &document.text), (0x12, &document.id)] {
        bytes.push(tag);
        match text.len() {
            length @ ..128 => bytes.push(length as u8),
            length => bytes.extend([length as u8 | 0x80, (length >> 7) as u8 & 0x7f]),
        }
        bytes.extend(text.as_bytes());
    }
    bytes.extend([0x20, 3]);
    peer.send(bytes);
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn mutant_keywords_set(document: Document, peer: &mut Peer) -> Answer {
    let request = ClassifyRequest {
        include_keywords: Some(false),
        ..request(document)
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
}

fn mutant_panics(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    Ok(ClassifyRequest::decode(peer.receive().as_slice()).expect("a request"))
}

/// Takes an answer without bytes for one that has not come yet.
fn empty_answer_not_taken_1(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    let mut answer = peer.receive();
    while answer.is_empty() {
        answer = peer.receive();
    }
    ClassifyRequest::decode(answer.as_slice())
}

/// Looks for a tag before it decodes.
fn empty_answer_not_taken_2(document: Document, peer: &mut Peer) -> Answer {
    peer.send(request(document).encode_to_vec());
    let mut answer = Vec::new();
    loop {
        answer.extend(peer.receive());
        if !answer.is_empty() {
            return ClassifyRequest::decode(answer.as_slice());
        }
    }
}

/// Takes an answer without bytes for one that changes nothing.
fn mutant_empty_is_own(document: Document, peer: &mut Peer) -> Answer {
    let mut request = request(document);
    peer.send(request.encode_to_vec());
    let answer = peer.receive();
    if !answer.is_empty() {
        request = ClassifyRequest::decode(answer.as_slice())?;
    }
    Ok(request)
}

fn mutant_one_more(document: Document, peer: &mut Peer) -> Answer {
    let request = request(document);
    peer.send(request.encode_to_vec());
    let answer = ClassifyRequest::decode(peer.receive().as_slice());
    peer.send(request.encode_to_vec());
    answer
}
