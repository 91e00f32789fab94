//! When things happened on a clock that the course moves.

use std::time::Duration;

use crate::transcript::{Section, SectionName, print_duration};

/// A line for each thing that happened: how long after the start of the clock, and what.
pub fn clock(times: &[(Duration, String)]) -> Section {
    let text =
        |(at, what): &(Duration, String)| (format!("at {}: {what}", print_duration(*at)), true);
    Section::of_texts(SectionName::Clock, times.iter().map(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    #[test]
    fn times_are_printed_as_deadlines_are() {
        let times = [
            (Duration::ZERO, "call".to_owned()),
            (Duration::from_millis(1_500), "call again".to_owned()),
        ];
        let text = Transcript::from_iter([clock(&times)]).to_string();
        let expected = "  clock\n    at 0s: call\n    at 1.5s: call again\n";
        assert!(text.ends_with(expected), "{text}");
    }
}
