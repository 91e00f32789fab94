//! A program that takes its time.

use syn::visit::{self, Visit};

use crate::gap;

/// A solution that does nothing for two seconds before it does what it does. It waits as such code waits: an asynchronous
/// function on the runtime's timer, a plain one by sleeping.
pub fn paused(solution: &str) -> String {
    let gap = gap::range(solution);
    let (begin, is_async) = match gap::function(solution).and_then(|name| body(solution, name)) {
        Some(body) => body,
        None => {
            let before = &solution[..gap.start];
            let function = before.rfind("fn ").unwrap_or(0);
            (gap.start, before[..function].trim_end().ends_with("async"))
        }
    };
    let (before, after) = solution.split_at(begin);
    let pause = match is_async {
        true => "tokio::time::sleep(std::time::Duration::from_secs(2)).await;",
        false => "std::thread::sleep(std::time::Duration::from_secs(2));",
    };
    format!("{before}{pause}\n{after}")
}

/// Where the body of the function of this name begins, and whether it is asynchronous.
fn body(source: &str, name: &str) -> Option<(usize, bool)> {
    let file = syn::parse_file(source).ok()?;
    let mut found = Body { name, place: None };
    found.visit_file(&file);
    found.place
}

struct Body<'a> {
    name: &'a str,
    place: Option<(usize, bool)>,
}

impl Body<'_> {
    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if signature.ident == self.name {
            let begin = block.brace_token.span.open().byte_range().end;
            self.place = Some((begin, signature.asyncness.is_some()));
        }
    }
}

impl<'ast> Visit<'ast> for Body<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_of_its_functions_kind() {
        let plain = "fn f() {\n    // gap\n    a();\n    // end of gap\n}\n";
        assert!(paused(plain).contains("// gap\nstd::thread::sleep"));
        let asynchronous = format!("pub async {plain}");
        assert!(paused(&asynchronous).contains("// gap\ntokio::time::sleep"));
    }

    #[test]
    fn a_pause_is_inside_of_a_function_that_is_a_gap() {
        let begin = "// gap\n// uses: A; async fn f(a)\nfn g() {}\n";
        let end = "    g();\n}\n// end of gap\n";
        let function = format!("{begin}pub async fn f(a: A) -> u8 {{\n{end}");
        let paused_function = paused(&function);
        let pause = "pub async fn f(a: A) -> u8 {tokio::time::sleep";
        assert!(paused_function.contains(pause), "{paused_function}");
        let begin = "impl A for B {\n// gap\n// uses: ; async fn f(&self, request); self.a\n";
        let method = format!("{begin}async fn f(&self, a: A) -> u8 {{\n{end}}}\n");
        let paused_method = paused(&method);
        let pause = "async fn f(&self, a: A) -> u8 {tokio::time::sleep";
        assert!(paused_method.contains(pause), "{paused_method}");
    }
}
