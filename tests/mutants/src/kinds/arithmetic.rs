//! Operators and casts.

use super::Collector;

/// Types through which a cast may lose what it should keep.
const NARROW: [&str; 3] = ["i8", "u8", "i32"];

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
        for narrow in NARROW.iter().filter(|narrow| **narrow != to) {
            let narrowed = format!("({value}) as {narrow} as {to}");
            self.replace("cast-narrowed", it, narrowed);
        }
    }
}
