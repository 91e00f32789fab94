//! Operators and casts.

use super::Collector;

impl Collector<'_> {
    pub(super) fn binary(&mut self, it: &syn::ExprBinary) {
        self.comparison(&it.op);
        self.connective(it);
        let others: &[&str] = match it.op {
            syn::BinOp::Add(_) => &["-"],
            syn::BinOp::Sub(_) => &["+"],
            syn::BinOp::Mul(_) => &["+", "/"],
            syn::BinOp::Div(_) | syn::BinOp::Rem(_) => &["*"],
            syn::BinOp::Shl(_) => &[">>"],
            syn::BinOp::Shr(_) => &["<<"],
            syn::BinOp::BitAnd(_) => &["|"],
            syn::BinOp::BitOr(_) => &["&"],
            syn::BinOp::BitXor(_) => &["|", "&"],
            syn::BinOp::AddAssign(_) => &["-=", "="],
            syn::BinOp::SubAssign(_) => &["+=", "="],
            syn::BinOp::BitOrAssign(_) => &["&=", "="],
            syn::BinOp::ShlAssign(_) => &[">>="],
            syn::BinOp::ShrAssign(_) => &["<<="],
            _ => &[],
        };
        for other in others {
            self.replace("operator", &it.op, *other);
        }
        let computes = !others.is_empty() && !self.text(&it.op).ends_with('=');
        if computes {
            self.replace("operand-dropped", it, self.text(&it.left));
            self.replace("operand-dropped", it, self.text(&it.right));
        }
    }

    pub(super) fn cast(&mut self, it: &syn::ExprCast) {
        let (value, to) = (self.text(&it.expr), self.text(&it.ty));
        self.replace("cast-dropped", it, value);
        // Through a type that may lose what the cast should keep.
        if !matches!(to, "u8" | "i8") {
            self.replace("cast-narrowed", it, format!("({value}) as u8 as {to}"));
        }
    }
}
