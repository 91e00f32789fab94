//! Names taken for their neighbours.

use super::Collector;
use super::variants::{CODES, STATUS_FUNCTIONS, neighbours};

impl Collector<'_> {
    pub(super) fn path(&mut self, path: &syn::Path) {
        let Some(last) = path.segments.last() else {
            return;
        };
        let name = last.ident.to_string();
        let mut before = path.segments.iter().rev().skip(1);
        let of = before.next().map(|segment| segment.ident.to_string());
        for (kind, other) in self.others(of.as_deref(), &name) {
            self.replace(kind, &last.ident, other);
        }
    }

    /// The neighbours of a name that stands behind another.
    pub(super) fn others(&self, of: Option<&str>, name: &str) -> Vec<(&'static str, String)> {
        let mut others = Vec::new();
        match of {
            Some("Code") => others.extend(neighbours(&CODES, name).map(|it| ("code", it))),
            Some("Status") => {
                let codes = neighbours(&STATUS_FUNCTIONS, name);
                others.extend(codes.map(|it| ("status-code", it)));
            }
            Some(of) => {
                let same = self.variants.iter().filter(|(known, _)| known == of);
                let same: Vec<_> = same.map(|(_, variant)| variant.as_str()).collect();
                if same.contains(&name) {
                    others.extend(neighbours(&same, name).map(|it| ("variant", it)));
                }
            }
            None => {}
        }
        others
    }
}
