//! Mends the pages that mdBook wrote.
//!
//! Its template has faults that hinder screen readers and keyboards. Overriding the template would mean keeping a copy
//! of it. A list of small replacements instead says what is wrong and why. Each must be found exactly once, so that a
//! new version of mdBook cannot silently undo one.

use std::fs;
use std::path::Path;

use crate::problem::Problem;
use crate::{cells, highlight};

/// What is replaced, and by what.
const TEMPLATE_PATCHES: [(&str, &str); 9] = [
    // Without it, a keyboard goes through the whole table of contents before it comes to the text.
    (
        "<body>\n",
        "<body>\n    <a class=\"skip\" href=\"#mdbook-content\">Skip to the text</a>\n",
    ),
    // A label cannot have focus, nor the aria-expanded that mdBook's script gives it. The label stays for a reader
    // without scripts.
    (
        "<label id=\"mdbook-sidebar-toggle\" class=\"icon-button\" for=\"mdbook-sidebar-toggle-anchor\" \
         title=\"Toggle Table of Contents\" aria-label=\"Toggle Table of Contents\" aria-controls=\"mdbook-sidebar\">",
        "<noscript><label class=\"icon-button\" for=\"mdbook-sidebar-toggle-anchor\">☰ Contents</label></noscript>\n\
         <button id=\"mdbook-sidebar-toggle\" class=\"icon-button\" type=\"button\" \
         title=\"Toggle Table of Contents\" aria-label=\"Toggle Table of Contents\" aria-controls=\"mdbook-sidebar\">",
    ),
    (
        "</label>\n                        <button id=\"mdbook-theme-toggle\"",
        "</button>\n                        <button id=\"mdbook-theme-toggle\"",
    ),
    // Whoever goes from landmark to landmark passes over what is outside of one.
    (
        "<div id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">",
        "<div id=\"mdbook-menu-bar\" class=\"menu-bar sticky\" role=\"banner\">",
    ),
    (
        "<div id=\"mdbook-search-wrapper\" class=\"hidden\">",
        "<div id=\"mdbook-search-wrapper\" class=\"hidden\" role=\"search\">",
    ),
    (
        "<div id=\"mdbook-help-popup\">",
        "<div id=\"mdbook-help-popup\" role=\"dialog\" aria-modal=\"true\" aria-label=\"Keyboard shortcuts\">",
    ),
    // mdBook's id of the header has a prefix.
    (
        "aria-describedby=\"searchresults-header\"",
        "aria-label=\"Search this book\" aria-describedby=\"mdbook-searchresults-header\"",
    ),
    // The page's heading is that of the chapter.
    ("<h1 class=\"menu-title\">", "<div class=\"menu-title\">"),
    (
        "</h1>\n\n                    <div class=\"right-buttons\">",
        "</div>\n\n                    <div class=\"right-buttons\">",
    ),
];

/// Mends one page and colours its code.
pub(crate) fn patch(page: &Path) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(
            format!("cannot mend the page: {error}"),
            "something else deletes or writes the folder that is built into",
            "build again, into another folder if need be",
        )
        .at(page, 0)
    };
    let html = fs::read_to_string(page).map_err(failed)?;
    let html = mend(html).map_err(|problem| problem.at(page, 0))?;
    fs::write(page, cells::page(&highlight::page(&html))).map_err(failed)
}

fn mend(mut html: String) -> Result<String, Problem> {
    for (from, to) in TEMPLATE_PATCHES {
        match html.matches(from).count() {
            1 => html = html.replacen(from, to, 1),
            count => {
                return Err(Problem::new(
                    format!("mdBook wrote {from:?} {count} times instead of once"),
                    "its template changed with a new version, and the fault mended here may be gone or elsewhere",
                    "compare its index.hbs with the list in book/builder/src/patch.rs",
                ));
            }
        }
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_changes_are_noticed() {
        let page: String = TEMPLATE_PATCHES.iter().map(|(from, _)| *from).collect();
        assert!(mend(page.clone()).is_ok());
        for (from, _) in TEMPLATE_PATCHES {
            let problem = mend(page.replace(from, "")).unwrap_err();
            assert!(problem.what.contains("0 times"), "{problem}");
        }
    }
}
