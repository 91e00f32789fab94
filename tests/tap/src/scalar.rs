//! Values that are not messages, as text.
//!
//! One form for people and for comparison: enum values lose the prefix that repeats their type's name, and what is too long
//! to read keeps its beginning, its length and a hash of the whole, so that a difference past the cut still shows.

use crate::schema::{EnumType, Kind, Scalar};
use crate::transcript::unit;
use crate::wire::{Malformed, Value};

/// A string of up to this many characters is printed in full.
const SHOWN_CHARS: usize = 72;

/// How many characters are printed of a longer one. Its length and its hash take the rest of the room.
const SHOWN_CHARS_OF_LONGER: usize = SHOWN_CHARS - 12;

/// How many bytes are printed of those that no type explains.
const SHOWN_BYTES: usize = 12;

/// How fractions are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Floats {
    /// With two decimals, for what a model computed: the last bits differ from machine to machine.
    Rounded,
    /// With as many digits as tell them from their neighbours.
    Exact,
}

/// A value of this kind that is not a message.
pub(crate) fn scalar(
    kind: Kind<'_>,
    value: &Value<'_>,
    floats: Floats,
) -> Result<String, Malformed> {
    Ok(match (kind, value) {
        (Kind::Enum(of), Value::Varint(number)) => enum_value(of, *number as i32),
        (kind, Value::Len(bytes)) if kind.is_string() => string(&String::from_utf8_lossy(bytes)),
        (_, Value::Len(bytes)) => length_and_hash(bytes),
        (Kind::Scalar(Scalar::Double), Value::I64(bits)) => match floats {
            Floats::Rounded => float(f64::from_bits(*bits)),
            Floats::Exact => f64::from_bits(*bits).to_string(),
        },
        (Kind::Scalar(Scalar::Float), Value::I32(bits)) => match floats {
            Floats::Rounded => float(f64::from(f32::from_bits(*bits))),
            Floats::Exact => f32::from_bits(*bits).to_string(),
        },
        (Kind::Scalar(scalar), value) => number(scalar, value),
        _ => return Err(Malformed("a value of another wire type than its field has")),
    })
}

/// A value of a field that the type does not have: its wire type, and what is in it.
pub(crate) fn unknown(value: &Value<'_>) -> String {
    match value {
        Value::Varint(number) => format!("VARINT {number}"),
        Value::I64(bits) => format!("I64 0x{bits:016x}"),
        Value::I32(bits) => format!("I32 0x{bits:08x}"),
        Value::Len(content) => {
            let title = format!("LEN {} {}", content.len(), unit(content.len()));
            match content.len() {
                0 => title,
                _ => format!("{title} {}", hexadecimal(content)),
            }
        }
    }
}

/// The beginning of bytes in hexadecimal, and a hash of the whole where there is more.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let shown: Vec<_> = bytes.iter().take(SHOWN_BYTES).collect();
    let shown: Vec<_> = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = shown.join(" ");
    if bytes.len() <= SHOWN_BYTES {
        shown
    } else {
        format!("{shown}.. {}", digest(bytes))
    }
}

/// How many bytes there are, and their hash.
pub(crate) fn length_and_hash(bytes: &[u8]) -> String {
    format!("{} {} {}", bytes.len(), unit(bytes.len()), digest(bytes))
}

/// `#` and a hash.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("#{:08x}", hash(bytes))
}

/// A number that is neither a fraction nor an enum's value, as its type reads it: a narrow one keeps the low bits.
pub(crate) fn number(scalar: Scalar, value: &Value<'_>) -> String {
    let bits = match value {
        Value::Varint(bits) | Value::I64(bits) => *bits,
        Value::I32(bits) => u64::from(*bits),
        Value::Len(_) => 0,
    };
    match scalar {
        Scalar::Bool => (bits != 0).to_string(),
        Scalar::Int32 | Scalar::Sfixed32 => (bits as i32).to_string(),
        Scalar::Int64 | Scalar::Sfixed64 => (bits as i64).to_string(),
        Scalar::Uint32 => (bits as u32).to_string(),
        Scalar::Sint32 => zigzag(u64::from(bits as u32)).to_string(),
        Scalar::Sint64 => zigzag(bits).to_string(),
        _ => bits.to_string(),
    }
}

/// The number that a zigzag-encoded one stands for: 0, -1, 1, -2 ...
fn zigzag(bits: u64) -> i64 {
    (bits >> 1) as i64 ^ -((bits & 1) as i64)
}

/// A string in quotes, its beginning only where it is long.
pub fn string(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN_CHARS {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(SHOWN_CHARS_OF_LONGER).collect();
    format!(
        "{:?}.. {count} characters #{:08x}",
        head.trim_end(),
        hash(text.as_bytes())
    )
}

/// The name of an enum value without the prefix that repeats the type's name, or the bare number of a value that
/// the descriptor does not know.
pub(crate) fn enum_value(enum_type: EnumType<'_>, number: i32) -> String {
    let Some(name) = enum_type.value(number) else {
        return format!("{number} (unknown)");
    };
    let prefix = screaming(enum_type.name());
    name.strip_prefix(&prefix).unwrap_or(name).to_owned()
}

/// `DocumentType` to `DOCUMENT_TYPE_`.
fn screaming(name: &str) -> String {
    let mut prefix = String::new();
    for (index, character) in name.char_indices() {
        if index > 0 && character.is_ascii_uppercase() {
            prefix.push('_');
        }
        prefix.push(character.to_ascii_uppercase());
    }
    prefix + "_"
}

fn float(number: f64) -> String {
    let text = format!("{number:.2}");
    // What rounds to nothing has no sign.
    if text == "-0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

/// FNV-1a, the same on every machine and in every release.
fn hash(bytes: &[u8]) -> u32 {
    use std::hash::Hasher as _;
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(bytes);
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_string_shows_a_difference_behind_its_cut() {
        let text = |end: char| format!("{}{end}", "x".repeat(100));
        let (one, other) = (string(&text('1')), string(&text('2')));
        assert!(
            one.starts_with("\"xxxx") && one.contains("101 characters"),
            "{one}"
        );
        assert_ne!(one, other);
        assert_eq!(string("a\nb"), r#""a\nb""#, "one line whatever is in it");
    }
}
