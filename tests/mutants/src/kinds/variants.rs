//! Which names are taken for which: status codes, the variants of other enums, the ways to make a status.

use syn::visit::{self, Visit};

/// The status codes, each beside those that it is taken for.
pub(super) const CODES: [&str; 17] = [
    "Ok",
    "Cancelled",
    "DeadlineExceeded",
    "Aborted",
    "Unavailable",
    "ResourceExhausted",
    "FailedPrecondition",
    "InvalidArgument",
    "OutOfRange",
    "NotFound",
    "AlreadyExists",
    "Unauthenticated",
    "PermissionDenied",
    "Unimplemented",
    "Internal",
    "DataLoss",
    "Unknown",
];

/// tonic's functions that make a status of a message.
pub(super) const STATUS_FUNCTIONS: [&str; 16] = [
    "cancelled",
    "deadline_exceeded",
    "aborted",
    "unavailable",
    "resource_exhausted",
    "failed_precondition",
    "invalid_argument",
    "out_of_range",
    "not_found",
    "already_exists",
    "unauthenticated",
    "permission_denied",
    "unimplemented",
    "internal",
    "data_loss",
    "unknown",
];

/// The variants of enums that a file names, each once, in the order of its text. What only looks like one costs a program
/// that does not compile.
pub(super) fn variants(file: &syn::File) -> Vec<(String, String)> {
    struct Names(Vec<(String, String)>);

    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            if let Some(pair) = variant(path)
                && !self.0.contains(&pair)
            {
                self.0.push(pair);
            }
            visit::visit_path(self, path);
        }
    }

    let mut names = Names(Vec::new());
    names.visit_file(file);
    names.0
}

/// An enum and its variant, where a path may be one.
fn variant(path: &syn::Path) -> Option<(String, String)> {
    let mut segments = path.segments.iter().rev();
    let variant = segments.next()?.ident.to_string();
    let of = segments.next()?.ident.to_string();
    let is_type = |name: &str| name.starts_with(char::is_uppercase);
    (is_type(&of) && is_type(&variant)).then_some((of, variant))
}

/// Those before and after a name in a list that is a circle.
pub(super) fn neighbours(list: &[&str], name: &str) -> impl Iterator<Item = String> {
    let place = list.iter().position(|known| *known == name);
    let count = list.len();
    let both = place.map(|place| [(place + 1) % count, (place + count - 1) % count]);
    let mut names: Vec<_> = both
        .into_iter()
        .flatten()
        .map(|it| list[it].to_owned())
        .collect();
    names.dedup();
    names.retain(|other| other != name);
    names.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_next_to_a_name() {
        let of = |name| neighbours(&["a", "b", "c"], name).collect::<Vec<_>>();
        assert_eq!(of("b"), ["c", "a"]);
        assert_eq!(of("c"), ["a", "b"]);
        assert_eq!(of("d"), Vec::<String>::new());
        assert_eq!(neighbours(&["a", "b"], "a").collect::<Vec<_>>(), ["b"]);
        assert_eq!(neighbours(&["a"], "a").count(), 0);
    }

    #[test]
    fn paths_that_may_be_variants_are_found() {
        let file =
            syn::parse_file("fn f() { a::Kind::One; Kind::Two; Kind::Two; std::mem::drop(C) }");
        let pair = |variant: &str| ("Kind".to_owned(), variant.to_owned());
        assert_eq!(variants(&file.expect("Rust")), [pair("One"), pair("Two")]);
    }
}
