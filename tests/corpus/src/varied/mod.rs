//! Documents for training: many layouts, registers and lengths, words shared between the kinds, marks of a bad scan.
//!
//! A kind is data: [`Layout`]s, each a row of [`Piece`]s drawn from lists of wordings. This module is the one engine
//! that writes them out, slips in what other kinds are about, and hands some of the result to [`noise`].

mod common;
mod contract;
mod invoice;
mod letter;
mod noise;
mod receipt;
mod report;

use crate::Kind;
use crate::scene::Scene;
use crate::template::fill;

/// One way to lay a kind out.
pub(crate) struct Layout {
    pieces: &'static [Piece],
    /// What stands between pieces.
    between: &'static str,
}

/// A part of a layout: some wordings of a list, none twice.
pub(crate) struct Piece {
    wordings: &'static [&'static str],
    least: u32,
    most: u32,
    /// What stands between the wordings.
    between: &'static str,
}

const fn layout(between: &'static str, pieces: &'static [Piece]) -> Layout {
    Layout { pieces, between }
}

/// `least` to `most` wordings, each on a line.
const fn lines(least: u32, most: u32, wordings: &'static [&'static str]) -> Piece {
    Piece {
        wordings,
        least,
        most,
        between: "\n",
    }
}

/// `least` to `most` wordings as sentences of one paragraph.
const fn prose(least: u32, most: u32, wordings: &'static [&'static str]) -> Piece {
    Piece {
        wordings,
        least,
        most,
        between: " ",
    }
}

/// Writes one document of the given kind.
pub(crate) fn write(kind: Kind, scene: &mut Scene) -> String {
    scene.loosen();
    let layouts = layouts(kind);
    let layout = &layouts[scene.draw.index(layouts.len())];
    let mut blocks: Vec<String> = layout
        .pieces
        .iter()
        .map(|piece| write_piece(piece, scene))
        .collect();
    mention_others(kind, &mut blocks, scene);
    blocks.retain(|block| !block.is_empty());
    noise::apply(blocks.join(layout.between), &mut scene.draw)
}

fn layouts(kind: Kind) -> &'static [Layout] {
    match kind {
        Kind::Invoice => invoice::LAYOUTS,
        Kind::Contract => contract::LAYOUTS,
        Kind::Report => report::LAYOUTS,
        Kind::Receipt => receipt::LAYOUTS,
        Kind::Letter => letter::LAYOUTS,
    }
}

fn write_piece(piece: &Piece, scene: &mut Scene) -> String {
    let wanted = scene.draw.between(piece.least, piece.most) as usize;
    let wordings = scene.draw.some(piece.wordings, wanted);
    let written: Vec<String> = wordings
        .into_iter()
        .map(|wording| fill(wording, scene))
        .collect();
    written.join(piece.between)
}

/// Slips in sentences that could stand anywhere and sentences about documents of other kinds: an invoice that cites
/// its contract, a letter about a receipt. Words like these must not decide alone.
fn mention_others(kind: Kind, blocks: &mut [String], scene: &mut Scene) {
    let mut extra = Vec::new();
    if scene.draw.chance(40) {
        extra.push(scene.draw.pick(common::ANYWHERE));
    }
    // What a document mentions must not outweigh what it says: a mention in a slip of three words would be a riddle.
    let length: usize = blocks.iter().map(String::len).sum();
    if length > 150 && scene.draw.chance(50) {
        let others: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|&other| other != kind)
            .collect();
        let other = others[scene.draw.index(others.len())];
        extra.push(scene.draw.pick(common::mentions(other)));
    }
    for template in extra {
        let sentence = fill(template, scene);
        let place = scene.draw.index(blocks.len());
        let block = &mut blocks[place];
        if !block.is_empty() {
            block.push(if scene.draw.chance(50) { ' ' } else { '\n' });
        }
        block.push_str(&sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Draw, Part};

    #[test]
    fn every_wording_can_be_written() {
        let pieces = Kind::ALL
            .into_iter()
            .flat_map(layouts)
            .flat_map(|layout| layout.pieces);
        let wordings: Vec<&str> = pieces
            .flat_map(|piece| piece.wordings)
            .chain(common::ANYWHERE)
            .chain(Kind::ALL.into_iter().flat_map(common::mentions))
            .copied()
            .collect();
        assert!(wordings.len() > 1_000, "only {} wordings", wordings.len());
        for wording in wordings {
            // Often enough for every alternative to come up: a slot that does not exist panics.
            for seed in 0..40 {
                let text = fill(wording, &mut Scene::new(Draw::new(seed, Part::Whole)));
                assert!(
                    !text.contains(['{', '}', '[', ']', '|']) || wording.contains(" | "),
                    "{wording}: {text}"
                );
            }
        }
    }
}
