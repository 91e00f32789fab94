//! Statements left out, or not waited for.

use super::Collector;

impl Collector<'_> {
    pub(super) fn statements(&mut self, block: &syn::Block) {
        for statement in &block.stmts {
            self.replace("statement-removed", statement, "");
            let waits = match statement {
                syn::Stmt::Expr(expression, Some(_)) => waits(expression),
                _ => false,
            };
            if waits {
                let text = self.text(statement);
                let spawned = format!(
                    "tokio::spawn(async move {{ let _ = async {{ {text} Ok::<_, Box<dyn std::error::Error + Send + Sync>>(()) }}.await; }});"
                );
                self.replace("statement-spawned", statement, spawned);
            }
        }
    }
}

/// Whether the last thing that an expression does is to wait.
fn waits(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Await(_) => true,
        syn::Expr::Try(it) => waits(&it.expr),
        syn::Expr::MethodCall(it) => waits(&it.receiver),
        _ => false,
    }
}
