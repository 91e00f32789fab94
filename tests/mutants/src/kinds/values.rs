//! Constants and the fields of messages.

use syn::spanned::Spanned;

use super::Collector;

impl Collector<'_> {
    pub(super) fn literal(&mut self, literal: &syn::Lit) {
        match literal {
            syn::Lit::Int(it) => self.integer(it),
            syn::Lit::Str(it) if !it.value().is_empty() => {
                self.replace("text-changed", it, format!("{:?}", it.value() + "x"));
            }
            syn::Lit::Bool(it) => self.replace("bool-negated", it, (!it.value).to_string()),
            _ => {}
        }
    }

    /// A number one up and one down.
    fn integer(&mut self, it: &syn::LitInt) {
        let Ok(value) = it.base10_parse::<u64>() else {
            return;
        };
        let text = self.text(it);
        let write = |value: u64| match text.starts_with("0x") {
            true => format!("{value:#x}{}", it.suffix()),
            false => format!("{value}{}", it.suffix()),
        };
        self.replace("number-up", it, write(value.saturating_add(1)));
        if let Some(less) = value.checked_sub(1) {
            self.replace("number-down", it, write(less));
        }
    }

    /// The fields of a struct: not set, or set to what belongs to the next.
    pub(super) fn fields(&mut self, it: &syn::ExprStruct) {
        for (index, field) in it.fields.iter().enumerate() {
            let name = self.text(&field.member);
            self.replace(
                "field-default",
                field,
                format!("{name}: Default::default()"),
            );
            let Some(next) = it.fields.iter().nth(index + 1) else {
                continue;
            };
            let (value, other) = (self.text(&field.expr), self.text(&next.expr));
            let swapped = format!("{name}: {other}, {}: {value}", self.text(&next.member));
            self.replace_between("fields-swapped", field.span(), next.span(), swapped);
        }
    }
}
