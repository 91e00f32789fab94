//! What macros are called with: tokens, which are read as far as they can be.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::visit::Visit;

use super::Collector;

impl Collector<'_> {
    pub(super) fn in_macro(&mut self, call: &syn::Macro) {
        let name = call.path.segments.last().map(|it| it.ident.to_string());
        if name.as_deref() == Some("matches")
            && let Ok((value, pattern)) = matches_arguments(call)
        {
            self.visit_expr(&value);
            self.visit_pat(&pattern);
            return;
        }
        let arguments = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        match arguments.parse2(call.tokens.clone()) {
            Ok(arguments) => arguments.iter().for_each(|it| self.visit_expr(it)),
            Err(_) => self.tokens(call.tokens.clone()),
        }
    }

    /// The literals among tokens that are not read.
    fn tokens(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Literal(literal) => self.visit_lit(&syn::Lit::new(literal)),
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

/// The value and the pattern of `matches!`.
fn matches_arguments(call: &syn::Macro) -> syn::Result<(syn::Expr, syn::Pat)> {
    let read = |input: syn::parse::ParseStream<'_>| {
        let value = input.parse()?;
        input.parse::<syn::Token![,]>()?;
        let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
        // A guard is left as it is.
        input.parse::<TokenStream>()?;
        Ok((value, pattern))
    };
    read.parse2(call.tokens.clone())
}

#[cfg(test)]
mod tests {
    use crate::mutant::of;

    #[test]
    fn patterns_and_values_in_macros_are_edited() {
        let source = "fn f() {\n// gap\nmatches!(a, Code::Ok | Code::Aborted); format!(\"{} b\", 7);\n// end of gap\n}";
        let mutants = of(source).expect("Rust");
        for text in [
            "matches!(a, Code::Ok)",
            "matches!(a, Code::Aborted)",
            "Code::DeadlineExceeded)",
            "\"{} bx\"",
            ", 8)",
        ] {
            assert!(mutants.iter().any(|it| it.text.contains(text)), "{text}");
        }
    }
}
