//! Loops, and what is waited for.

use syn::spanned::Spanned;

use super::Collector;

impl Collector<'_> {
    pub(super) fn for_loop(&mut self, it: &syn::ExprForLoop) {
        let all = self.text(&it.expr);
        for (kind, part) in [
            ("loop-first-only", "take(1)"),
            ("loop-without-first", "skip(1)"),
            ("loop-reversed", "rev()"),
        ] {
            self.replace(kind, &it.expr, format!("({all}).into_iter().{part}"));
        }
    }

    pub(super) fn while_loop(&mut self, it: &syn::ExprWhile) {
        self.replace("while-once", &it.while_token, "if");
        self.condition(&it.cond);
    }

    pub(super) fn await_point(&mut self, it: &syn::ExprAwait) {
        self.replace_between(
            "await-removed",
            it.dot_token.span(),
            it.await_token.span(),
            "",
        );
        let future = self.text(&it.base);
        let spawned = format!("tokio::spawn({future})");
        self.replace("await-spawned", it, spawned);
    }
}
