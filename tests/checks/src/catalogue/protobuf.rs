//! The exercises of lesson 1.

use crate::catalogue::Exercise;
use crate::scenarios::protobuf;

/// In order.
pub(super) const EXERCISES: &[Exercise] = &[Exercise {
    id: "protobuf.1",
    title: "your first message, there and back",
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
}];
