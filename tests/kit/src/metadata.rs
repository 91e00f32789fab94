//! What tonic leaves to its users to read out of metadata.

use std::time::Duration;

use tonic::metadata::MetadataMap;

/// The deadline that the caller sent, as the time that it left when it sent it. `None` where there is none, or where
/// the header is malformed.
///
/// tonic obeys the header and has no accessor for it. Its form is up to eight digits and a unit:
/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.
pub fn grpc_timeout(metadata: &MetadataMap) -> Option<Duration> {
    let value = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeout(value: &'static str) -> Option<Duration> {
        let mut metadata = MetadataMap::new();
        metadata.insert("grpc-timeout", value.parse().unwrap());
        grpc_timeout(&metadata)
    }

    #[test]
    fn every_unit_is_read() {
        assert_eq!(timeout("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(timeout("2M"), Some(Duration::from_secs(120)));
        assert_eq!(timeout("2S"), Some(Duration::from_secs(2)));
        assert_eq!(timeout("2m"), Some(Duration::from_millis(2)));
        assert_eq!(timeout("2000000u"), Some(Duration::from_secs(2)));
        assert_eq!(timeout("2n"), Some(Duration::from_nanos(2)));
    }

    #[test]
    fn malformed_value_is_not_a_deadline() {
        for value in ["", "S", "2", "2x", "-2S", "123456789S", "+2S"] {
            assert_eq!(timeout(value), None, "{value:?}");
        }
        assert_eq!(grpc_timeout(&MetadataMap::new()), None);
    }
}
