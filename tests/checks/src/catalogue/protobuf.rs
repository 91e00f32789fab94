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
        minutes: 8,
        points: 1,
        hints: [
            "A message is a plain struct: name the fields that you set, and let `..Default::default()` fill in the \
                 rest. Two methods of the imported trait `Message` turn it into bytes and back.",
            "`Message::encode_to_vec` and `Message::decode`: https://docs.rs/prost/latest/prost/trait.Message.html",
            concat!(
                "Fill in the three fields at the dots:\n",
                "    let request = ClassifyRequest {\n",
                "        text: ...,\n",
                "        document_id: ...,\n",
                "        max_results: ...,\n",
                "        ..Default::default()\n",
                "    };\n",
                "    peer.send(request.encode_to_vec());\n",
                "    ClassifyRequest::decode(peer.receive().as_slice())",
            ),
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
            concat!(
                "First how many, then the answer, then the labels. Fill in the dots:\n",
                "    let count = match request.max_results {\n",
                "        None => 3,\n",
                "        Some(count @ 1..=5) => count as usize,\n",
                "        Some(count) => return Err(OutOfRange(count)),\n",
                "    };\n",
                "    let response = ClassifyResponse {\n",
                "        document_id: ...,\n",
                "        results: ranking.iter().take(count).cloned().collect(),\n",
                "        ..Default::default()\n",
                "    };\n",
                "    peer.send(...);\n",
                "    let label = |result: &ClassificationResult| match DocumentType::try_from(result.document_type) {\n",
                "        Ok(DocumentType::Unspecified) => Label::NotSet,\n",
                "        Ok(known) => ...,\n",
                "        Err(UnknownEnumValue(number)) => ...,\n",
                "    };\n",
                "    Ok(response.results.iter().map(label).collect())",
            ),
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
            concat!(
                "Fill in the dots:\n",
                "    let request = ClassifyRequest { ... };\n",
                "    let event = ClassificationEvent {\n",
                "        correlation_id: ...,\n",
                "        event_type: Some(EventType::ClassificationStarted(request)),\n",
                "    };\n",
                "    peer.send(event.encode_to_vec());\n",
                "    let answer = ClassificationEvent::decode(peer.receive().as_slice())?;\n",
                "    Ok(match answer.event_type {\n",
                "        Some(EventType::ClassificationComplete(response)) => {\n",
                "            let results = response.results.into_iter();\n",
                "            Outcome::Complete(results.flat_map(|result| result.keywords).collect())\n",
                "        }\n",
                "        Some(EventType::ClassificationFailed(error)) => {\n",
                "            let mut metadata: Vec<_> = error.metadata.into_iter().collect();\n",
                "            ... // put it in order\n",
                "            Outcome::Failed(error.code, metadata)\n",
                "        }\n",
                "        _ => Outcome::Unknown,\n",
                "    })",
            ),
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
        minutes: 20,
        points: 1,
        hints: [
            "Two loops. Reading: each byte holds 7 bits, and those of each byte belong above those of the byte before; of a \
             negative number there are more than 32. Writing: the lowest 7 bits go out first, with the top bit set as long \
             as more follow, and also 0 has a last byte. The tag is written in the same way as the number.",
            "`Iterator::enumerate` (https://doc.rust-lang.org/std/iter/trait.Iterator.html#method.enumerate) counts the \
             bytes, and `u64::from(byte)` has room for a shift. `as i32` keeps the lowest 32 bits \
             (https://doc.rust-lang.org/reference/expressions/operator-expr.html#numeric-cast). `>>` brings in zeros in \
             a u32, and copies of the sign in an i32. The steps: \
             https://protobuf.dev/programming-guides/encoding/#varints",
            concat!(
                "Fill in the dots:\n",
                "    let mut read = 0u64;\n",
                "    for (index, byte) in bytes.iter().enumerate() {\n",
                "        read |= u64::from(byte & 0x7f) << ...;\n",
                "    }\n",
                "    let number = read as i32;\n",
                "    let zigzag = ((number << 1) ^ (number >> 31)) as u32;\n",
                "    let mut out = Vec::new();\n",
                "    for mut left in [ZIGZAG << 3, zigzag] {\n",
                "        while left >= 0x80 {\n",
                "            out.push(left as u8 | 0x80);\n",
                "            left >>= ...;\n",
                "        }\n",
                "        out.push(...);\n",
                "    }\n",
                "    peer.send(out);\n",
                "    number",
            ),
        ],
        note: "`prost::encoding` has all of this as functions: `encode_varint`, `decode_varint`, and `encode_key` for the tag. \
               What to remember is the price list: int32 for numbers that are never negative, sint32 where both signs are usual, and \
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
            concat!(
                "Fill in the dots:\n",
                "    let task = ReviewTask::decode(bytes.as_slice())?;\n",
                "    let stamp = ReviewTask {\n",
                "        handled_by: ...,\n",
                "        ..Default::default()\n",
                "    };\n",
                "    peer.send([bytes, ...].concat());\n",
                "    Ok(task)",
            ),
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
            concat!(
                "Fill in the dots:\n",
                "    let model = ModelProto::decode(file)?;\n",
                "    let graph = model.graph.unwrap_or_default();\n",
                "    let mut properties = model.metadata_props.into_iter();\n",
                "    let version = properties.find(|property| property.key == \"version\");\n",
                "    let metadata = ModelMetadata {\n",
                "        model_name: graph.name,\n",
                "        version: version.unwrap_or_default().value,\n",
                "        ..Default::default()\n",
                "    };\n",
                "    peer.send(metadata.encode_to_vec());\n",
                "    let mut inputs = Vec::new();\n",
                "    for input in graph.input {\n",
                "        let Some(TensorType(tensor)) = input.r#type.and_then(|own| own.value) else {\n",
                "            continue;\n",
                "        };\n",
                "        let sides = tensor.shape.unwrap_or_default().dim.into_iter();\n",
                "        let shape = sides.map(|side| match side.value {\n",
                "            Some(DimValue(size)) => ...,\n",
                "            Some(DimParam(name)) => ...,\n",
                "            None => ...,\n",
                "        });\n",
                "        let element = DataType::try_from(tensor.elem_type)?;\n",
                "        inputs.push(Input::new(input.name, element, shape.collect()));\n",
                "    }\n",
                "    Ok(inputs)",
            ),
        ],
        note: "Of 650 KB you read a few dozen bytes, and prost skipped the weights without copying them. With `bytes` fields \
               declared as `prost::bytes::Bytes` (`config.bytes([\".\"])` in prost-build) and the file in a `Bytes`, even \
               the weights that you do declare would be slices of the file and no copies.",
        scenario: &protobuf::Onnx,
        diagnoses: protobuf::ONNX,
    },
];
