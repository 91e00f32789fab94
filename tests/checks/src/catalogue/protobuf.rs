//! The exercises of lesson 1.

use crate::catalogue::Exercise;
use crate::scenarios::protobuf;

/// In order.
pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        id: "protobuf.1",
        title: "your first message, there and back",
        page: "01-protobuf.md",
        file: "ex1_round_trip.rs",
        minutes: 5,
        points: 1,
        hints: [
            "A message is a plain struct: name the fields that you set, and let `..Default::default()` fill in the \
                 rest. Two methods of the imported trait `Message` turn it into bytes and back.",
            "`Message::encode_to_vec` and `Message::decode`: https://docs.rs/prost/latest/prost/trait.Message.html",
            "peer.send(ClassifyRequest { text: ..., document_id: ..., max_results: Some(3), ..Default::default() \
                 }.encode_to_vec()), then ClassifyRequest::decode(peer.receive().as_slice()).",
        ],
        note: "`message.encode(&mut buffer)` writes into a buffer that you own, and `decode` reads from anything that is \
                   a `Buf`. That is how tonic does it: one growing `BytesMut` for each stream, and no new `Vec` for every \
                   message.",
        scenario: &protobuf::RoundTrip,
        diagnoses: protobuf::ROUND_TRIP,
    },
    Exercise {
        id: "protobuf.2",
        title: "not set, set to zero, and not known",
        page: "01-protobuf-fields.md",
        file: "ex2_presence.rs",
        minutes: 10,
        points: 2,
        hints: [
            "Look at the types of two fields: `max_results` is an `Option<i32>`, so None and Some(0) are two cases; \
             `document_type` is an `i32`, so a number may come that the enum has no name for. The methods of the same \
             names hide both differences.",
            "`DocumentType::try_from(i32)` gives a Result whose Err is `UnknownEnumValue(number)`: \
             https://docs.rs/prost/latest/prost/struct.UnknownEnumValue.html and \
             https://docs.rs/prost/latest/prost/#enumerations",
            "let count = match request.max_results { None => 3, Some(count @ 1..=5) => count as usize, Some(count) => \
             return Err(OutOfRange(count)) }; send a ClassifyResponse with results \
             ranking.iter().take(count).cloned().collect(); then for each result: match \
             DocumentType::try_from(result.document_type) { Ok(DocumentType::Unspecified) => Label::NotSet, Ok(known) => \
             Label::Known(known), Err(UnknownEnumValue(number)) => Label::Newer(number) }.",
        ],
        note: "Where 0 is no sensible value, a contract can do without `optional` and say \"0 means the default\", as many of \
               Google's do; the price is that nobody can ever ask for 0. And a match on the result of `try_from` that ends \
               in `Err(_)` is the Rust form of the advice that every reader must expect values from a newer enum.",
        scenario: &protobuf::Presence,
        diagnoses: protobuf::PRESENCE,
    },
    Exercise {
        id: "protobuf.3",
        title: "messages in messages, lists, maps, and one of several",
        page: "01-protobuf-fields.md",
        file: "ex3_events.rs",
        minutes: 15,
        points: 3,
        hints: [
            "Build from the inside out: the request, then the event around it. The kind is an enum in an `Option`, so one \
             match over the answer's `event_type` has a case for each kind, and None. A map has no order: give it one.",
            "The enum is `classification_event::EventType`; `flat_map` joins lists of lists, and a `HashMap` becomes a \
             `Vec` of pairs with `into_iter().collect()`, which has `sort()`: \
             https://docs.rs/prost/latest/prost/#oneof-fields",
            "peer.send(ClassificationEvent { correlation_id: document.id, event_type: \
             Some(EventType::ClassificationStarted(request)) }.encode_to_vec()); then match \
             ClassificationEvent::decode(peer.receive().as_slice())?.event_type { \
             Some(EventType::ClassificationComplete(response)) => Outcome::Complete(response.results.into_iter() \
             .flat_map(|result| result.keywords).collect()), Some(EventType::ClassificationFailed(error)) => sort \
             error.metadata into a Vec and Outcome::Failed(error.code, metadata), _ => Outcome::Unknown }.",
        ],
        note: "prost-build can make a `BTreeMap` of a map: `config.btree_map([\".\"])`. Then it comes sorted, and the same \
               message is the same bytes at every run. Still no contract: other languages write their maps as they like, so \
               never compare or sign a message by its bytes unless you keep the bytes that came.",
        scenario: &protobuf::Events,
        diagnoses: protobuf::EVENTS,
    },
    Exercise {
        id: "protobuf.4",
        title: "a varint, both ways",
        page: "01-protobuf-numbers.md",
        file: "ex4_varint.rs",
        minutes: 15,
        points: 1,
        hints: [
            "Reading: the lowest 7 bits of each byte, the first byte's at the bottom, gathered in 64 bits. Writing: the \
             lowest 7 bits go out first, with the top bit set as long as more follow. The key is written the same way as \
             the number.",
            "`u64::from(byte & 0x7f) << (7 * index)`, `as i32`, and in writing `left >= 0x80`, `left as u8 | 0x80`, \
             `left >>= 7`; zigzag is `(number << 1) ^ (number >> 31)`: \
             https://protobuf.dev/programming-guides/encoding/#varints",
            "for (index, byte) in bytes.iter().enumerate() { read |= u64::from(byte & 0x7f) << (7 * index); } let number = \
             read as i32; for mut left in [ZIGZAG << 3, ((number << 1) ^ (number >> 31)) as u32] { while left >= 0x80 { \
             out.push(left as u8 | 0x80); left >>= 7; } out.push(left as u8); } peer.send(out);",
        ],
        note: "`prost::encoding` has all of this as functions: `encode_varint`, `decode_varint`, `encode_key`. What to take \
               along is the price list: int32 for numbers that are never negative, sint32 where both signs are usual, and \
               fixed32 for what is usually above 2^28, such as hashes, where a varint takes five bytes.",
        scenario: &protobuf::Varint,
        diagnoses: protobuf::VARINT,
    },
    Exercise {
        id: "protobuf.5",
        title: "an old program among newer ones",
        page: "01-protobuf-change.md",
        file: "ex5_evolution.rs",
        minutes: 10,
        points: 2,
        hints: [
            "What `decode` gives you has lost the fields that version 1 does not know, so it is for reading only. What goes \
             out are the bytes that came, and after them a second, tiny message that holds your field.",
            "`Message::decode` with `?` first, then `encode_to_vec` of a ReviewTask in which only `handled_by` is set; \
             `[one, other].concat()` joins two Vecs. Why that is allowed: \
             https://protobuf.dev/programming-guides/encoding/#last-one-wins",
            "let task = ReviewTask::decode(bytes.as_slice())?; let stamp = ReviewTask { handled_by: program, \
             ..Default::default() }; peer.send([bytes, stamp.encode_to_vec()].concat()); Ok(task)",
        ],
        note: "Look at the third task in the transcript again: somebody gave the reviewer's number to the reason, and your \
               program read a reason as a name without any error. No reader can defend itself against that; `reserved` in \
               the contract and `buf breaking` before the merge can. A program that must change what it passes on can also \
               use prost-reflect's `DynamicMessage`, which keeps the fields that it does not know.",
        scenario: &protobuf::Evolution,
        diagnoses: protobuf::EVOLUTION,
    },
    Exercise {
        id: "protobuf.6",
        title: "an ONNX file is a protobuf message",
        page: "01-protobuf-change.md",
        file: "ex6_onnx.rs",
        minutes: 20,
        points: 3,
        hints: [
            "Go down one level at a time, and read proto/onnx/onnx.proto beside it: every nested message is an `Option`, \
             every oneof an enum in an `Option`. What is None is left out (an input that is no tensor) or a case of its own \
             (a side without size or name). The metadata is a list in any order.",
            "`ModelProto::decode(file)?`, `Option::unwrap_or_default`, `Option::and_then`, `Iterator::find`, \
             `DataType::try_from(i32)?`: https://docs.rs/prost/latest/prost/#fields",
            "let graph = model.graph.unwrap_or_default(); the version is model.metadata_props.into_iter().find(|own| own.key \
             == \"version\").unwrap_or_default().value; for input in graph.input { let Some(TensorType(tensor)) = \
             input.r#type.and_then(|own| own.value) else { continue; }; let shape = \
             tensor.shape.unwrap_or_default().dim.into_iter().map(|side| match side.value { Some(DimValue(size)) => \
             Side::Exactly(size), Some(DimParam(name)) => Side::Named(name), None => Side::Any }); \
             inputs.push(Input::new(input.name, DataType::try_from(tensor.elem_type)?, shape.collect())); }",
        ],
        note: "Of 650 KB you read a few dozen bytes, and prost skipped the weights without copying them. With `bytes` fields \
               declared as `prost::bytes::Bytes` (`config.bytes([\".\"])` in prost-build) and the file in a `Bytes`, even \
               the weights that you do declare would be slices of the file and no copies.",
        scenario: &protobuf::Onnx,
        diagnoses: protobuf::ONNX,
    },
];
