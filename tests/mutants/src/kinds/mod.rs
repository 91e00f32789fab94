//! The kinds of edits, by what they are about. Each is a slip that people make.

mod arithmetic;
mod arms;
mod bounds;
mod calls;
mod errors;
mod flow;
mod in_macros;
mod names;
mod statements;
mod values;
mod variants;

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::edit::Edit;

/// Gathers the edits of a source within its gap.
pub(crate) struct Collector<'a> {
    source: &'a str,
    gap: Range<usize>,
    /// The variants of enums that the source names, as pairs of both names.
    variants: Vec<(String, String)>,
    edits: Vec<Edit>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(source: &'a str, gap: Range<usize>) -> Self {
        Self {
            source,
            gap,
            variants: Vec::new(),
            edits: Vec::new(),
        }
    }

    pub(crate) fn into_edits(self) -> Vec<Edit> {
        self.edits
    }

    /// The text of a part of the source.
    fn text(&self, part: &impl Spanned) -> &'a str {
        &self.source[part.span().byte_range()]
    }

    /// Adds an edit that replaces a part.
    fn replace(&mut self, kind: &'static str, part: &impl Spanned, replacement: impl Into<String>) {
        self.replace_range(kind, part.span().byte_range(), replacement);
    }

    /// Adds an edit that replaces from the beginning of one part to the end of another.
    fn replace_between(
        &mut self,
        kind: &'static str,
        first: Span,
        last: Span,
        replacement: impl Into<String>,
    ) {
        let range = first.byte_range().start..last.byte_range().end;
        self.replace_range(kind, range, replacement);
    }

    fn replace_range(
        &mut self,
        kind: &'static str,
        range: Range<usize>,
        replacement: impl Into<String>,
    ) {
        let inside = self.gap.start <= range.start && range.end <= self.gap.end;
        if inside {
            self.edits.push(Edit {
                kind,
                range,
                replacement: replacement.into(),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.variants = variants::variants(file);
        visit::visit_file(self, file);
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        match expression {
            syn::Expr::Try(it) => self.try_operator(it),
            syn::Expr::Match(it) => self.arms(it),
            syn::Expr::If(it) => self.condition(&it.cond),
            syn::Expr::While(it) => self.while_loop(it),
            syn::Expr::ForLoop(it) => self.for_loop(it),
            syn::Expr::Break(_) => self.replace("break-continue", expression, "continue"),
            syn::Expr::Continue(_) => self.replace("continue-break", expression, "break"),
            syn::Expr::Binary(it) => self.binary(it),
            syn::Expr::Unary(it) => self.replace("operator-dropped", it, self.text(&it.expr)),
            syn::Expr::Range(it) => self.range(it.limits),
            syn::Expr::Cast(it) => self.cast(it),
            syn::Expr::Struct(it) => self.fields(it),
            syn::Expr::Call(it) => self.call(it),
            syn::Expr::MethodCall(it) => self.method_call(it),
            syn::Expr::Await(it) => self.await_point(it),
            _ => {}
        }
        visit::visit_expr(self, expression);
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        match pattern {
            syn::Pat::Or(it) => self.alternatives(it),
            syn::Pat::Range(it) => self.range(it.limits),
            _ => {}
        }
        visit::visit_pat(self, pattern);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.statements(block);
        visit::visit_block(self, block);
    }

    fn visit_lit(&mut self, literal: &'ast syn::Lit) {
        self.literal(literal);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.in_macro(call);
    }
}
