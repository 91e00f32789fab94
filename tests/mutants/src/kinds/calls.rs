//! Calls: dropped, made in another way, or with other arguments.

use syn::spanned::Spanned;

use super::Collector;

/// Methods without which a program that compiles does the same.
const CONVERSIONS: &[&str] = &[
    "as_ref",
    "as_slice",
    "as_str",
    "clone",
    "cloned",
    "collect",
    "copied",
    "into",
    "into_iter",
    "iter",
    "to_owned",
    "to_string",
];

/// Methods that are taken for each other.
const NEIGHBOURS: &[(&str, &str)] = &[
    ("all", "any"),
    ("any", "all"),
    ("filter", "take_while"),
    ("filter_map", "map_while"),
    ("first", "last"),
    ("insert", "append"),
    ("is_err", "is_ok"),
    ("is_none", "is_some"),
    ("is_ok", "is_err"),
    ("is_some", "is_none"),
    ("last", "first"),
    ("max", "min"),
    ("min", "max"),
    ("saturating_add", "saturating_sub"),
    ("saturating_sub", "saturating_add"),
    ("skip", "take"),
    ("take", "skip"),
];

/// What a call's result may be used for besides itself: what stands behind it in place of its arguments.
const WITH_OTHER_ARGUMENTS: &[(&str, &str)] = &[
    ("unwrap_or", "unwrap_or_default()"),
    ("unwrap_or_else", "unwrap_or_default()"),
    ("ok_or", "ok_or_else(|| panic!())"),
    (
        "map_err",
        "map_err(|error| -> tonic::Status { panic!(\"{error}\") })",
    ),
    (
        "map_err",
        "map_err(|_| tonic::Status::unavailable(\"another\"))",
    ),
];

impl Collector<'_> {
    pub(super) fn method_call(&mut self, it: &syn::ExprMethodCall) {
        let (receiver, name) = (self.text(&it.receiver), it.method.to_string());
        let all = it.span();
        if !CONVERSIONS.contains(&name.as_str()) {
            self.replace("call-dropped", it, receiver);
        }
        for (_, other) in NEIGHBOURS.iter().filter(|(known, _)| *known == name) {
            self.replace("method-neighbour", &it.method, *other);
        }
        for (_, other) in WITH_OTHER_ARGUMENTS
            .iter()
            .filter(|(known, _)| *known == name)
        {
            self.replace_between("method-neighbour", it.method.span(), all, *other);
        }
        match name.as_str() {
            "is_empty" => self.replace("condition-negated", it, format!("!{}", self.text(it))),
            "find" => {
                let arguments = self.text(&it.args);
                let last = format!("filter({arguments}).last()");
                self.replace_between("find-last", it.method.span(), all, last);
            }
            "sort" => self.replace_between(
                "sort-reversed",
                it.method.span(),
                all,
                "sort_by(|a, b| b.cmp(a))",
            ),
            "count" => self.count(it),
            _ => {}
        }
        self.arguments(&it.args);
    }

    pub(super) fn call(&mut self, it: &syn::ExprCall) {
        let function = self.text(&it.func).rsplit("::").next().unwrap_or_default();
        self.outcome(function, it);
        if let Some(work) = it.args.first() {
            let work = self.text(work);
            match function {
                "spawn" => {
                    let done = format!("({work}).await");
                    self.replace("spawn-in-place", it, finished(&done));
                }
                "spawn_blocking" => {
                    self.replace("spawn-in-place", it, finished(&format!("({work})()")));
                    let task = format!("tokio::spawn(async move {{ ({work})() }})");
                    self.replace("spawn-as-task", it, task);
                }
                _ => {}
            }
        }
        self.arguments(&it.args);
    }

    /// Characters taken for bytes.
    fn count(&mut self, it: &syn::ExprMethodCall) {
        if let syn::Expr::MethodCall(chars) = &*it.receiver
            && chars.method == "chars"
        {
            let bytes = format!("{}.len()", self.text(&chars.receiver));
            self.replace("characters-as-bytes", it, bytes);
        }
    }

    fn arguments<S>(&mut self, arguments: &syn::punctuated::Punctuated<syn::Expr, S>) {
        for (index, argument) in arguments.iter().enumerate() {
            self.replace("argument-default", argument, "Default::default()");
            if let Some(next) = arguments.iter().nth(index + 1) {
                let swapped = format!("{}, {}", self.text(next), self.text(argument));
                self.replace_between("arguments-swapped", argument.span(), next.span(), swapped);
            }
        }
    }
}

/// What can be awaited as a task can, and is done already.
fn finished(done: &str) -> String {
    format!("std::future::ready(Ok::<_, tokio::task::JoinError>({done}))")
}
