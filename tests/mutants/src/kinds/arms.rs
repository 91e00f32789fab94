//! The arms of a match.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use super::Collector;

impl Collector<'_> {
    pub(super) fn arms(&mut self, it: &syn::ExprMatch) {
        for (index, arm) in it.arms.iter().enumerate() {
            self.replace("arm-removed", arm, "");
            if let Some((token, guard)) = &arm.guard {
                self.replace_between("guard-removed", token.span(), guard.span(), "");
                let negated = format!("!({})", self.text(guard));
                self.replace("guard-negated", guard, negated);
            }
            let Some(next) = it.arms.get(index + 1) else {
                continue;
            };
            let (body, other) = (self.text(&arm.body), self.text(&next.body));
            self.replace("arm-as-next", &arm.body, other);
            self.replace("arm-as-previous", &next.body, body);
            let range = arm.body.span().byte_range().end..next.body.span().byte_range().start;
            let between = self.source.get(range).unwrap_or_default();
            let swapped = format!("{other}{between}{body}");
            self.replace_between("arms-swapped", arm.body.span(), next.body.span(), swapped);
        }
    }

    /// Each of the alternatives of a pattern left out.
    pub(super) fn alternatives(&mut self, it: &syn::PatOr) {
        self.without_each(&it.cases);
    }

    fn without_each<S>(&mut self, cases: &Punctuated<syn::Pat, S>) {
        let Some((first, last)) = cases.first().zip(cases.last()) else {
            return;
        };
        for left_out in 0..cases.len() {
            let kept = cases.iter().enumerate();
            let kept = kept.filter(|(index, _)| *index != left_out);
            let kept: Vec<_> = kept.map(|(_, case)| self.text(case)).collect();
            self.replace_between(
                "alternative-removed",
                first.span(),
                last.span(),
                kept.join(" | "),
            );
        }
    }
}
