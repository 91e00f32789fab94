//! A deadline as text: a number and its unit, `30s`, `250ms`, `1.5s`.
//!
//! The unit is the largest of `s`, `ms`, `us` and `ns` of which there is at least one, and `s` for no time at all. A
//! fraction has as many digits as it needs, down to the nanosecond, and none that are 0 at its end.

use std::time::Duration;

/// Units with their length in nanoseconds, the largest first.
const UNITS: [(&str, u128); 4] = [
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

pub(crate) fn print(deadline: Duration) -> String {
    let nanos = deadline.as_nanos();
    let fits = |(_, length): &&(&str, u128)| nanos >= *length;
    let (unit, length) = UNITS.iter().find(fits).unwrap_or(&UNITS[0]);
    let digits = length.ilog10() as usize;
    let fraction = match nanos % length {
        0 => String::new(),
        rest => format!(".{rest:0digits$}").trim_end_matches('0').to_owned(),
    };
    format!("{}{fraction}{unit}", nanos / length)
}

/// Reads what [`print`] writes, and forms of the same value that it does not.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(end);
    let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let nanos = integer(whole)?.checked_mul(*length)?;
    let digits = length.ilog10() as usize;
    let rest = match fraction.len() {
        0 => 0,
        length if length <= digits => integer(&format!("{fraction:0<digits$}"))?,
        _ => return None,
    };
    let nanos = nanos.checked_add(rest)?;
    let seconds = u64::try_from(nanos / UNITS[0].1).ok()?;
    Some(Duration::new(seconds, (nanos % UNITS[0].1) as u32))
}

fn integer(digits: &str) -> Option<u128> {
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_the_largest_that_fits() {
        for (deadline, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_nanos(7), "7ns"),
            (Duration::from_nanos(1_500), "1.5us"),
            (Duration::from_millis(250), "250ms"),
            (Duration::from_micros(1_001), "1.001ms"),
            (Duration::from_millis(1_500), "1.5s"),
            (Duration::new(1, 1), "1.000000001s"),
            (Duration::from_secs(30), "30s"),
            (Duration::from_secs(99_999_999 * 3600), "359999996400s"),
            (Duration::MAX, "18446744073709551615.999999999s"),
        ] {
            assert_eq!(print(deadline), text);
            assert_eq!(parse(text), Some(deadline), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_deadlines() {
        for text in [
            "",
            "s",
            "1",
            "1h",
            "-1s",
            "+1s",
            "1 s",
            "1s ",
            "1.s.s",
            ".",
            "1.0000000001s",
            "1.5ns",
            "99999999999999999999s",
            "1.-5s",
        ] {
            let parsed = parse(text);
            assert!(parsed.is_none(), "{text:?} is {parsed:?}");
        }
    }
}
