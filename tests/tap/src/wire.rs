//! Protobuf's wire format: the fields of a message as they stand in its bytes, whatever they mean.

use std::error::Error;
use std::fmt;

use prost::encoding::{WireType, decode_varint};

/// The largest number that a field can have, by the language's specification.
const LARGEST_NUMBER: u64 = (1 << 29) - 1;

/// One field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    /// Its number.
    pub number: u32,
    /// Its value.
    pub value: Value<'a>,
    /// All of its bytes, from the tag to the end of the value.
    pub bytes: &'a [u8],
}

impl<'a> Field<'a> {
    /// Its bytes without the content of a length-delimited value: the tag, and the length or the number after it.
    pub fn head(&self) -> &'a [u8] {
        let content = match self.value {
            Value::Len(content) => content.len(),
            _ => 0,
        };
        &self.bytes[..self.bytes.len() - content]
    }
}

/// A field's value. The cases have the names that the specification gives to the wire types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A number of variable width.
    Varint(u64),
    /// Eight bytes, the lowest first.
    I64(u64),
    /// Bytes behind their length.
    Len(&'a [u8]),
    /// Four bytes, the lowest first.
    I32(u32),
}

impl<'a> Value<'a> {
    /// What its absence means unless its field defines a default.
    pub(crate) fn zero(wire_type: WireType) -> Value<'static> {
        match wire_type {
            WireType::Varint => Value::Varint(0),
            WireType::SixtyFourBit => Value::I64(0),
            WireType::ThirtyTwoBit => Value::I32(0),
            _ => Value::Len(&[]),
        }
    }

    /// The bytes behind the length.
    pub(crate) fn content(&self) -> Option<&'a [u8]> {
        match self {
            Value::Len(content) => Some(content),
            _ => None,
        }
    }

    pub(crate) fn wire_type(&self) -> WireType {
        match self {
            Value::Varint(_) => WireType::Varint,
            Value::I64(_) => WireType::SixtyFourBit,
            Value::Len(_) => WireType::LengthDelimited,
            Value::I32(_) => WireType::ThirtyTwoBit,
        }
    }
}

/// Bytes that are not fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl Error for Malformed {}

/// The fields of a message, in their order. Where the bytes stop making sense, the last item says why.
pub fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields {
        rest: bytes,
        broken: false,
    }
}

/// Fields that are yet to be read.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Fields<'a> {
    /// The bytes that have not been read. After an error: from the tag of the field that does not make sense.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() || self.broken {
            return None;
        }
        let read = field(self.rest);
        match &read {
            Ok(field) => self.rest = &self.rest[field.bytes.len()..],
            Err(_) => self.broken = true,
        }
        Some(read)
    }
}

fn field(bytes: &[u8]) -> Result<Field<'_>, Malformed> {
    let mut rest = bytes;
    let key = varint(&mut rest, "not a tag: the varint does not end")?;
    let number = match key >> 3 {
        0 => return Err(Malformed("not a tag: no field has the number 0")),
        number @ 1..=LARGEST_NUMBER => number as u32,
        _ => return Err(Malformed("not a tag: the field number is too large")),
    };
    let wire_type =
        WireType::try_from(key & 7).map_err(|_| Malformed("not a tag: no such wire type"))?;
    let value = value(&mut rest, wire_type)?;
    Ok(Field {
        number,
        value,
        bytes: &bytes[..bytes.len() - rest.len()],
    })
}

fn value<'a>(rest: &mut &'a [u8], wire_type: WireType) -> Result<Value<'a>, Malformed> {
    Ok(match wire_type {
        WireType::Varint => Value::Varint(varint(rest, "the varint does not end")?),
        WireType::SixtyFourBit => Value::I64(u64::from_le_bytes(fixed(rest)?)),
        WireType::ThirtyTwoBit => Value::I32(u32::from_le_bytes(fixed(rest)?)),
        WireType::LengthDelimited => {
            let length = varint(rest, "the length does not end")?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let split = rest.split_at_checked(length);
            let (content, after) =
                split.ok_or(Malformed("the length goes past the end of the message"))?;
            *rest = after;
            Value::Len(content)
        }
        WireType::StartGroup | WireType::EndGroup => {
            return Err(Malformed("a group, a wire type that proto3 does not use"));
        }
    })
}

fn varint(rest: &mut &[u8], reason: &'static str) -> Result<u64, Malformed> {
    decode_varint(rest).map_err(|_| Malformed(reason))
}

fn fixed<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Malformed> {
    let (value, after) = rest
        .split_first_chunk()
        .ok_or(Malformed("the message ends inside a fixed-width number"))?;
    *rest = after;
    Ok(*value)
}

/// The numbers of a packed field: values of one wire type behind one another, without tags.
pub(crate) fn packed(mut content: &[u8], wire_type: WireType) -> Result<Vec<Value<'_>>, Malformed> {
    let mut values = Vec::new();
    while !content.is_empty() {
        values.push(value(&mut content, wire_type)?);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_type_is_read_with_its_bytes() {
        let bytes = [
            &[0x08, 0xac, 0x02][..],
            &[0x11, 1, 0, 0, 0, 0, 0, 0, 0],
            &[0x1a, 2, b'a', b'b'],
            &[0x25, 2, 0, 0, 0],
        ];
        let joined = bytes.concat();
        let read: Result<Vec<_>, _> = fields(&joined).collect();
        let read = read.expect("they are valid");
        let values = [
            Value::Varint(300),
            Value::I64(1),
            Value::Len(b"ab"),
            Value::I32(2),
        ];
        for (index, field) in read.iter().enumerate() {
            assert_eq!(field.number as usize, index + 1);
            assert_eq!(field.value, values[index]);
            assert_eq!(field.bytes, bytes[index]);
        }
        assert_eq!(read[2].head(), [0x1a, 2]);
        assert_eq!(read[3].head(), bytes[3]);
    }

    #[test]
    fn tags_with_invalid_numbers_are_rejected() {
        for (tag, reason) in [
            (&[0x00, 0][..], "no field has the number 0"),
            (&[0x80, 0x80, 0x80, 0x80, 0x10, 0], "too large"),
        ] {
            let first = fields(tag).next().expect("something is there");
            let error = first.expect_err("it is not a tag").to_string();
            assert!(error.contains(reason), "{error}");
        }
        let largest = [0xf8, 0xff, 0xff, 0xff, 0x0f, 1];
        let first = fields(&largest).next().expect("it is there");
        assert_eq!(first.map(|field| field.number), Ok(536_870_911));
    }

    #[test]
    fn nothing_is_read_behind_what_makes_no_sense() {
        let mut fields = fields(&[0x08, 1, 0x0b, 0x08, 2]);
        assert!(fields.next().is_some_and(|first| first.is_ok()));
        assert!(fields.next().is_some_and(|second| second.is_err()));
        assert_eq!(fields.next(), None);
    }
}
