//! Templates: `{slot}` is filled by the scene, `[one|other|]` is one of its alternatives. Both may nest.

use crate::scene::Scene;

/// Writes a template out.
///
/// Panics on an unknown slot or an unclosed bracket: templates are constants, and a test writes out every one.
pub(crate) fn fill(template: &str, scene: &mut Scene) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    fill_into(&mut out, template, scene);
    out
}

fn fill_into(out: &mut String, template: &str, scene: &mut Scene) {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '[']) {
        out.push_str(&rest[..at]);
        let close = closing(&rest[at..]) + at;
        let inner = &rest[at + 1..close];
        if rest[at..].starts_with('{') {
            let filled = scene.slot(inner);
            out.push_str(&filled);
        } else {
            let choices = alternatives(inner);
            let choice = choices[scene.draw.index(choices.len())];
            fill_into(out, choice, scene);
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
}

/// Where the bracket that opens `text` closes.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    panic!("a bracket is not closed in the template {text:?}")
}

/// The parts between the `|` of the outermost level.
fn alternatives(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    parts
}
