//! The search index, made of the finished pages.
//!
//! mdBook makes one too, of everything that it finds: the letters of the pictures, each transcript as often as it is
//! shown, each exercise under both of its headings. A reader who looks for a word then finds where it is drawn, and not
//! where it is explained. This index is written in the place of mdBook's. It leaves pictures and transcripts out, and it
//! has a field of its own for the terms that a section explains: those that it prints in bold.

use std::fs;
use std::path::{Path, PathBuf};

use elasticlunr::IndexBuilder;
use serde_json::json;

use crate::problem::Problem;
use crate::section::{self, Section};

/// How much a word counts, by where it stands: where it is explained, then a heading, then the text.
const BOOSTS: [(&str, u8); 4] = [("terms", 8), ("title", 4), ("body", 1), ("breadcrumbs", 1)];

/// How many results are shown, and how many words of each.
const RESULTS: (u32, u32) = (30, 30);

/// Longer words are no words: a hash, the digits of a file.
const MAX_WORD_BYTES: usize = 80;

/// Writes the index of these pages, in their order, over mdBook's.
pub(crate) fn write(out: &Path, pages: &[PathBuf]) -> Result<(), Problem> {
    let file = find(out)?;
    let failed = |error: std::io::Error| {
        Problem::new(
            format!("cannot make the search index: {error}"),
            "something else deletes or writes the folder that is built into",
            "build again, into another folder if need be",
        )
        .at(out, 0)
    };
    let mut sections = Vec::new();
    for page in pages {
        let html = fs::read_to_string(out.join(page)).map_err(failed)?;
        let url = page.to_string_lossy().replace('\\', "/");
        sections.extend(section::read(&html, &url));
    }
    fs::write(&file, script(&sections)).map_err(failed)
}

/// mdBook's index. Its name has a hash in it.
fn find(out: &Path) -> Result<PathBuf, Problem> {
    let is_index = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("searchindex") && name.ends_with(".js")
    };
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(is_index).collect();
    match (found.pop(), found.len()) {
        (Some(file), 0) => Ok(file),
        (file, more) => Err(Problem::new(
            format!(
                "there are {} search indexes instead of one",
                more + usize::from(file.is_some())
            ),
            "mdBook names the file in another way with a new version, or its search was switched off",
            "compare what it writes with book/builder/src/search.rs",
        )
        .at(out, 0)),
    }
}

/// The script that mdBook's own search reads.
fn script(sections: &[Section]) -> String {
    let mut index = BOOSTS
        .iter()
        .fold(IndexBuilder::new(), |builder, (field, _)| {
            builder.add_field_with_tokenizer(field, Box::new(words))
        })
        .build();
    for (place, section) in sections.iter().enumerate() {
        let terms = section.terms.join(" ");
        let trail = section.trail.iter().chain([&section.title]);
        // What a result is called.
        let trail = trail.cloned().collect::<Vec<_>>().join(" » ");
        let fields = [&terms, &section.title, &section.body, &trail];
        index.add_doc(&place.to_string(), fields);
    }
    let fields: serde_json::Map<_, _> = BOOSTS
        .iter()
        .map(|(field, boost)| ((*field).to_owned(), json!({ "boost": boost })))
        .collect();
    let urls: Vec<_> = sections.iter().map(|section| &section.url).collect();
    let index = json!({
        "doc_urls": urls,
        "index": index,
        "results_options": { "limit_results": RESULTS.0, "teaser_word_count": RESULTS.1 },
        // Each word that is looked for must be there. With OR, a name with a hyphen finds all that has half of it.
        "search_options": { "bool": "AND", "expand": true, "fields": fields },
    });
    let text = index.to_string().replace('\\', "\\\\").replace('\'', "\\'");
    format!("window.search = Object.assign(window.search, JSON.parse('{text}'));")
}

/// The words of a text, divided as the search in the browser divides what is looked for, and the parts of a path besides:
/// who looks for `spawn_blocking` means `tokio::task::spawn_blocking` too.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == '-') {
        let parts = word.split("::").flat_map(|part| part.split(['/', '.']));
        let parts = parts.filter(|part| *part != word);
        let all = std::iter::once(word).chain(parts);
        words.extend(
            all.filter(|word| !word.is_empty() && word.len() <= MAX_WORD_BYTES)
                .map(str::to_lowercase),
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_has_what_the_browser_reads() {
        let sections = section::read(
            "<main><h1 id=\"a\">It's \\ one</h1><p>A <strong>half-close</strong> ends it.</main>",
            "a/b.html",
        );
        let script = script(&sections);
        let json = script
            .strip_prefix("window.search = Object.assign(window.search, JSON.parse('")
            .and_then(|rest| rest.strip_suffix("'));"))
            .expect("the form that mdBook's script reads");
        let json = json.replace("\\'", "'").replace("\\\\", "\\");
        let index: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(index["doc_urls"][0], "a/b.html#a");
        assert_eq!(index["search_options"]["fields"]["terms"]["boost"], 8);
        let stored = &index["index"]["documentStore"]["docs"]["0"];
        assert_eq!(stored["title"], "It's \\ one");
        assert_eq!(stored["terms"], "half-close");
        assert_eq!(stored["breadcrumbs"], "It's \\ one", "a result has a name");
        assert_eq!(stored["body"], "A half-close ends it.");
    }

    #[test]
    fn part_of_a_path_is_a_word() {
        let expected = [
            "half",
            "close",
            "tokio::task::spawn",
            "tokio",
            "task",
            "spawn",
        ];
        assert_eq!(words("Half-close tokio::task::spawn"), expected);
    }
}
