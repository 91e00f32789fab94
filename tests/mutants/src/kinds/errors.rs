//! Errors: swallowed, panicked on, or passed on as others.

use super::Collector;

/// What a `?` may become: it stands behind the expression.
const INSTEAD_OF_TRY: &[(&str, &str)] = &[
    ("try-removed", ""),
    ("try-unwrap", ".unwrap()"),
    ("try-default", ".unwrap_or_default()"),
    // The peer's status as another, or without a part of it.
    (
        "try-other-code",
        ".map_err(|error| tonic::Status::invalid_argument(error.to_string()))?",
    ),
    (
        "try-internal",
        ".map_err(|error| tonic::Status::internal(error.message()))?",
    ),
    (
        "try-message-lost",
        ".map_err(|error| tonic::Status::with_details_and_metadata(error.code(), \"\", \
         error.details().to_vec().into(), error.metadata().clone()))?",
    ),
    (
        "try-details-lost",
        ".map_err(|error| tonic::Status::with_metadata(error.code(), error.message(), error.metadata().clone()))?",
    ),
    (
        "try-metadata-lost",
        ".map_err(|error| tonic::Status::with_details(error.code(), error.message(), \
         error.details().to_vec().into()))?",
    ),
    ("try-other-text", ".map_err(|_| \"another text\")?"),
];

/// What stands around an expression whose error ends the function, or one round of a loop, as if all were well.
const SWALLOWED: &[(&str, &str)] = &[
    ("try-returns-default", "return Ok(Default::default())"),
    ("try-continue", "continue"),
    ("try-break", "break"),
];

impl Collector<'_> {
    pub(super) fn try_operator(&mut self, it: &syn::ExprTry) {
        for (kind, replacement) in INSTEAD_OF_TRY {
            self.replace(kind, &it.question_token, *replacement);
        }
        let expression = self.text(&it.expr);
        for (kind, otherwise) in SWALLOWED {
            let replacement =
                format!("(match {expression} {{ Ok(it) => it, Err(_) => {otherwise} }})");
            self.replace(kind, it, replacement);
        }
    }

    /// `Ok(x)`, `Err(x)` and `Some(x)`.
    pub(super) fn outcome(&mut self, name: &str, it: &syn::ExprCall) {
        match name {
            // There is one value of the empty type.
            "Ok" if self.text(&it.args) == "()" => {}
            "Ok" => self.replace("ok-default", it, "Ok(Default::default())"),
            "Err" => self.replace("err-swallowed", it, "Ok(Default::default())"),
            "Some" => self.replace("some-none", it, "None"),
            _ => {}
        }
    }
}
