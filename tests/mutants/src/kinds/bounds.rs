//! Bounds and conditions.

use super::Collector;

impl Collector<'_> {
    pub(super) fn range(&mut self, limits: syn::RangeLimits) {
        match limits {
            syn::RangeLimits::Closed(token) => self.replace("range-open", &token, ".."),
            syn::RangeLimits::HalfOpen(token) => self.replace("range-closed", &token, "..="),
        }
    }

    /// What decides whether something happens. One that binds names can only be made to fail.
    pub(super) fn condition(&mut self, condition: &syn::Expr) {
        let text = self.text(condition);
        self.replace("condition-false", condition, format!("false && {text}"));
        if !binds(condition) {
            self.replace("condition-true", condition, "true");
            self.replace("condition-negated", condition, format!("!({text})"));
        }
    }

    pub(super) fn comparison(&mut self, operator: &syn::BinOp) {
        let others: &[&str] = match operator {
            syn::BinOp::Lt(_) => &["<=", ">="],
            syn::BinOp::Le(_) => &["<", ">"],
            syn::BinOp::Gt(_) => &[">=", "<="],
            syn::BinOp::Ge(_) => &[">", "<"],
            syn::BinOp::Eq(_) => &["!="],
            syn::BinOp::Ne(_) => &["=="],
            _ => &[],
        };
        for other in others {
            self.replace("comparison", operator, *other);
        }
    }

    /// `and` and `or`, and either side alone.
    pub(super) fn connective(&mut self, it: &syn::ExprBinary) {
        let other = match it.op {
            syn::BinOp::And(_) => "||",
            syn::BinOp::Or(_) => "&&",
            _ => return,
        };
        if binds(&it.left) || binds(&it.right) {
            return;
        }
        self.replace("connective", &it.op, other);
        self.replace("condition-dropped", it, self.text(&it.left));
        self.replace("condition-dropped", it, self.text(&it.right));
    }
}

fn binds(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(it) => binds(&it.left) || binds(&it.right),
        _ => false,
    }
}
