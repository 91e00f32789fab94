//! gRPC messages out of a stream of bytes.
//!
//! A message is one byte of flags, its length in four bytes, big-endian, and then that many bytes. HTTP/2 knows nothing
//! of this: a DATA frame may carry half a message or ten of them.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// Bytes before each message: flags and length.
const PREFIX_BYTES: usize = 5;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) compressed: bool,
    pub(crate) bytes: Bytes,
}

/// Puts messages together from pieces of any size.
///
/// A message that came in one piece is a view of it. One that came in several is copied once, when it is whole, so a
/// length that is a lie costs no memory.
#[derive(Debug, Default)]
pub(crate) struct MessageReader {
    pieces: VecDeque<Bytes>,
    buffered: usize,
    /// The prefix of the message that is coming in.
    prefix: Option<(bool, usize)>,
}

impl MessageReader {
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.buffered += piece.len();
        if !piece.is_empty() {
            self.pieces.push_back(piece);
        }
    }

    /// The next whole message. `Err` says what is wrong: nothing can be read after it, since nobody knows where the
    /// next message begins.
    pub(crate) fn next(&mut self) -> Result<Option<Message>, String> {
        let (compressed, length) = match self.prefix {
            Some(prefix) => prefix,
            None if self.buffered < PREFIX_BYTES => return Ok(None),
            None => {
                let mut prefix = self.take(PREFIX_BYTES);
                let flags = prefix.get_u8();
                if flags > 1 {
                    return Err(format!(
                        "a message begins with the flags {flags:#04x}: only 0x00 and 0x01 are defined"
                    ));
                }
                *self.prefix.insert((flags == 1, prefix.get_u32() as usize))
            }
        };
        if self.buffered < length {
            return Ok(None);
        }
        self.prefix = None;
        Ok(Some(Message {
            compressed,
            bytes: self.take(length),
        }))
    }

    /// Bytes that belong to no whole message yet.
    pub(crate) fn buffered(&self) -> usize {
        self.buffered
    }

    /// What is wrong if nothing comes any more.
    pub(crate) fn finish(&self) -> Result<(), String> {
        match self.prefix {
            Some((_, length)) => Err(format!(
                "the last message has {} of {length} bytes",
                self.buffered
            )),
            None if self.buffered > 0 => Err(format!(
                "the last message has {} of the {PREFIX_BYTES} bytes of its prefix",
                self.buffered
            )),
            None => Ok(()),
        }
    }

    /// Takes bytes that are there.
    fn take(&mut self, count: usize) -> Bytes {
        self.buffered -= count;
        if count == 0 {
            return Bytes::new();
        }
        let first = &mut self.pieces[0];
        if first.len() > count {
            return first.split_to(count);
        }
        if first.len() == count {
            return self.pieces.pop_front().unwrap_or_default();
        }
        let mut whole = BytesMut::with_capacity(count);
        while whole.len() < count {
            let missing = count - whole.len();
            let first = &mut self.pieces[0];
            if first.len() > missing {
                whole.extend_from_slice(&first.split_to(missing));
            } else {
                whole.extend_from_slice(first);
                self.pieces.pop_front();
            }
        }
        whole.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(messages: &[(bool, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (compressed, message) in messages {
            bytes.push(u8::from(*compressed));
            bytes.extend((message.len() as u32).to_be_bytes());
            bytes.extend_from_slice(message);
        }
        bytes
    }

    fn read(reader: &mut MessageReader, piece: &[u8]) -> Vec<(bool, Vec<u8>)> {
        reader.push(Bytes::copy_from_slice(piece));
        let mut messages = Vec::new();
        while let Some(message) = reader.next().unwrap() {
            messages.push((message.compressed, message.bytes.to_vec()));
        }
        messages
    }

    const MESSAGES: [(bool, &[u8]); 5] = [
        (false, b"one"),
        (true, b""),
        (false, b""),
        (true, b"a longer message"),
        (false, b"end"),
    ];

    #[test]
    fn pieces_of_any_size_make_the_same_messages() {
        let bytes = encoded(&MESSAGES);
        for size in 1..=bytes.len() {
            let mut reader = MessageReader::default();
            let messages: Vec<_> = bytes
                .chunks(size)
                .flat_map(|piece| read(&mut reader, piece))
                .collect();
            let expected = MESSAGES.map(|(flag, message)| (flag, message.to_vec()));
            assert_eq!(messages, expected, "pieces of {size} bytes");
            assert_eq!(reader.finish(), Ok(()));
            assert_eq!(reader.buffered(), 0);
        }
    }

    #[test]
    fn a_message_in_one_piece_is_not_copied() {
        let piece = Bytes::from(encoded(&[(false, b"first"), (false, b"second")]));
        let mut reader = MessageReader::default();
        reader.push(piece.clone());
        for start in [5, 15] {
            let message = reader.next().unwrap().unwrap();
            assert_eq!(message.bytes.as_ptr(), piece[start..].as_ptr());
        }
    }

    #[test]
    fn a_message_counts_only_when_it_is_whole() {
        let mut reader = MessageReader::default();
        assert_eq!(read(&mut reader, &[0, 0, 0, 0, 2, b'a']), []);
        assert_eq!(
            reader.finish().unwrap_err(),
            "the last message has 1 of 2 bytes"
        );
        assert_eq!(read(&mut reader, b"b"), [(false, b"ab".to_vec())]);
        assert_eq!(read(&mut reader, &[0, 0]), []);
        assert!(reader.finish().unwrap_err().contains("2 of the 5 bytes"));
    }

    #[test]
    fn a_length_that_is_a_lie_takes_no_memory() {
        let mut reader = MessageReader::default();
        assert_eq!(read(&mut reader, &[0, 0xff, 0xff, 0xff, 0xff, b'a']), []);
        assert_eq!(reader.buffered(), 1);
    }

    #[test]
    fn flags_that_do_not_exist_are_an_error() {
        let mut reader = MessageReader::default();
        reader.push(Bytes::from_static(b"{\"text\""));
        assert!(reader.next().unwrap_err().contains("0x7b"));
    }
}
