//! Which items fit on the screen.

use std::ops::Range;

/// The items around the anchor whose lines, as many as `heights` says, fit into this many, and at least the anchor.
pub(crate) fn window(heights: &[usize], anchor: usize, lines: usize) -> Range<usize> {
    let Some(first) = heights.get(anchor) else {
        return 0..heights.len();
    };
    let mut left = lines.saturating_sub(*first);
    let mut range = anchor..anchor + 1;
    let take = |index: Option<usize>, left: &mut usize| {
        let height = index.and_then(|index| heights.get(index));
        match height {
            Some(height) if height <= left => {
                *left -= height;
                true
            }
            _ => false,
        }
    };
    let (mut up, mut down) = (true, true);
    while up || down {
        down = down && take(Some(range.end), &mut left);
        range.end += usize::from(down);
        up = up && take(range.start.checked_sub(1), &mut left);
        range.start -= usize::from(up);
    }
    range
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn what_fits_around_the_anchor_is_shown() {
        assert_eq!(window(&[1; 20], 10, 7), 7..14);
        assert_eq!(window(&[1; 20], 0, 5), 0..5);
        assert_eq!(window(&[1; 20], 19, 5), 15..20);
        assert_eq!(window(&[1; 3], 1, 9), 0..3);
        assert_eq!(window(&[1, 1, 9, 1], 2, 4), 2..3);
        assert_eq!(window(&[1, 1, 3, 5, 1], 2, 5), 0..3);
        assert_eq!(window(&[5, 1, 1, 1, 1], 1, 4), 1..5);
        assert_eq!(window(&[], 0, 6), 0..0);
    }
}
