//! Chance, drawn so that it is the same everywhere.
//!
//! Only 32-bit and 64-bit draws are used: one of `usize` would give other documents on a 32-bit machine.

/// Which entries of a list may be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them.
    Whole,
    /// Four in five.
    Training,
    /// The one in five that `Training` leaves out.
    HeldOut,
}

/// Lists shorter than this are not split: too few wordings would be left on either side.
const SMALLEST_SPLIT: usize = 5;

/// A stream of choices that depends on its seed alone.
pub(crate) struct Draw {
    rng: fastrand::Rng,
    part: Part,
}

impl Draw {
    pub(crate) fn new(seed: u64, part: Part) -> Draw {
        Draw {
            rng: fastrand::Rng::with_seed(seed),
            part,
        }
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        self.rng.u32(low..=high)
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.between(0, 99) < percent
    }

    /// One of `entries`, kept to this stream's part of a list that is long enough to be split.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, entries: &[&'a T]) -> &'a T {
        loop {
            let index = self.index(entries.len());
            if self.may_draw(index, entries.len()) {
                return entries[index];
            }
        }
    }

    /// `wanted` different entries in a drawn order, or all of this stream's part when it has fewer.
    pub(crate) fn some<'a, T: ?Sized>(&mut self, entries: &[&'a T], wanted: usize) -> Vec<&'a T> {
        let mut part: Vec<&T> = (0..entries.len())
            .filter(|&at| self.may_draw(at, entries.len()))
            .map(|at| entries[at])
            .collect();
        self.shuffle(&mut part);
        part.truncate(wanted);
        part
    }

    /// Whether the entry at `index` of a list is in this stream's part of it.
    fn may_draw(&self, index: usize, len: usize) -> bool {
        let held_out = index % SMALLEST_SPLIT == SMALLEST_SPLIT - 1;
        match self.part {
            Part::Whole => true,
            _ if len < SMALLEST_SPLIT => true,
            Part::Training => !held_out,
            Part::HeldOut => held_out,
        }
    }

    /// An index below `len`, of the whole list whatever the part. Panics when `len` is 0.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.between(0, len as u32 - 1) as usize
    }

    /// Puts `entries` in a drawn order.
    pub(crate) fn shuffle<T>(&mut self, entries: &mut [T]) {
        for last in (1..entries.len()).rev() {
            let other = self.index(last + 1);
            entries.swap(last, other);
        }
    }
}

/// Spreads a seed over all 64 bits (the finaliser of SplitMix64), so that neighbouring seeds give unlike documents.
pub(crate) fn mix(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_and_held_out_wordings_are_apart() {
        let wordings: Vec<String> = (0..23).map(|n| n.to_string()).collect();
        let wordings: Vec<&str> = wordings.iter().map(String::as_str).collect();
        let drawn = |part| {
            let mut draw = Draw::new(1, part);
            let mut drawn = draw.some(&wordings, 100);
            drawn.extend((0..200).map(|_| draw.pick(&wordings)));
            drawn.sort();
            drawn.dedup();
            drawn
        };
        let (training, held_out) = (drawn(Part::Training), drawn(Part::HeldOut));
        assert_eq!((training.len(), held_out.len()), (19, 4));
        assert!(!training.iter().any(|wording| held_out.contains(wording)));
        assert_eq!(drawn(Part::Whole).len(), 23);
    }

    #[test]
    fn neighbouring_seeds_are_spread() {
        assert_ne!(mix(1) >> 32, mix(2) >> 32);
        assert_eq!(
            mix(0),
            0xe220_a839_7b1d_cdaf,
            "the first number of SplitMix64 seeded with 0"
        );
    }
}
