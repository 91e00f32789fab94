//! Lets a name in a cell of a table break where a reader would break it.
//!
//! On a narrow screen a column is as wide as its longest word, and `FAILED_PRECONDITION` is one word. It may go on in
//! another line after a `_`, a `.` or `::`. An arrow, `->`, never breaks.

/// A page with places to break in the code of its tables.
pub(crate) fn page(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 50);
    for (place, part) in html.split("<table>").enumerate() {
        if place == 0 {
            out.push_str(part);
            continue;
        }
        out.push_str("<table>");
        let (table, rest) = part.split_once("</table>").unwrap_or((part, ""));
        codes(table, &mut out);
        if rest.len() < part.len() - table.len() {
            out.push_str("</table>");
        }
        out.push_str(rest);
    }
    out
}

fn codes(table: &str, out: &mut String) {
    for (place, part) in table.split("<code>").enumerate() {
        if place == 0 {
            out.push_str(part);
            continue;
        }
        out.push_str("<code>");
        let end = part.find("</code>").unwrap_or(0);
        let (code, rest) = part.split_at(end);
        // An entity, such as `&quot;`, has none of these. An arrow is one sign.
        let broken = code
            .replace("::", "::<wbr>")
            .replace("-&gt;", "<span class=\"whole\">-&gt;</span>");
        let broken = broken.replace('_', "_<wbr>");
        let mut letters = broken.chars().peekable();
        let mut signs = String::new();
        while let Some(letter) = letters.next() {
            signs.push(letter);
            // A number behind a point belongs to what stands before it: `unary.3`.
            if letter == '.' && letters.peek().is_some_and(char::is_ascii_alphabetic) {
                signs.push_str("<wbr>");
            }
        }
        out.push_str(&signs);
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_in_a_table_breaks() {
        let html = "<p><code>a_b</code></p><table><td>c_d <code>e_f::g.h.1</code> h_i</td></table><code>j_k</code>\
                    <table>";
        let expected = "<p><code>a_b</code></p><table><td>c_d <code>e_<wbr>f::<wbr>g.<wbr>h.1</code> h_i</td></table>\
                        <code>j_k</code><table>";
        assert_eq!(page(html), expected);
    }

    #[test]
    fn markup_within_code_is_kept() {
        let html = "<table><code>a&quot;/b -&gt; c</code></table>";
        let expected = html.replace("-&gt;", "<span class=\"whole\">-&gt;</span>");
        assert_eq!(page(html), expected);
    }
}
