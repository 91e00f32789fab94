//! A page as sections: each heading with the text below it, as the search looks at them.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Deeper headings belong to the section that they stand in.
const DEEPEST: usize = 3;

/// What is printed in bold and has more words is a sentence, and no term.
const MAX_TERM_WORDS: usize = 4;

/// A heading with the text below it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// Where it is: the page, and the heading's id.
    pub(crate) url: String,
    /// The heading.
    pub(crate) title: String,
    /// The headings that it stands under, the page's first.
    pub(crate) trail: Vec<String>,
    /// Its text, without pictures and transcripts.
    pub(crate) body: String,
    /// The terms that it explains.
    pub(crate) terms: Vec<String>,
}

/// The sections of a page.
pub(crate) fn read(html: &str, url: &str) -> Vec<Section> {
    let reader = Reader {
        url: url.to_owned(),
        ..Reader::default()
    };
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink(RefCell::new(reader)), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut sections = tokenizer.sink.0.into_inner().sections;
    for section in &mut sections {
        for text in section
            .terms
            .iter_mut()
            .chain([&mut section.title, &mut section.body])
        {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        section.terms.retain(|term| is_term(term));
    }
    sections
}

/// A heading or the beginning of a paragraph may be bold without explaining anything. It is longer, or a sentence.
fn is_term(bold: &str) -> bool {
    let words = bold.split_whitespace().count();
    (1..=MAX_TERM_WORDS).contains(&words) && !bold.ends_with(['.', ':', '?', '!'])
}

#[derive(Default)]
struct Reader {
    url: String,
    sections: Vec<Section>,
    /// Whether the text of the page has begun, and not ended.
    in_main: bool,
    /// What is passed over: an element's name, and how many of that name are open.
    skipped: Option<(String, usize)>,
    /// The level of the heading that is open.
    heading: Option<usize>,
    /// The headings above, with their levels.
    above: Vec<(usize, String)>,
    in_term: bool,
    /// Whether an exercise's box is open. Its heading repeats the one above it.
    in_exercise: bool,
}

struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                match tag.kind {
                    TagKind::StartTag if !tag.self_closing => reader.open(&name, &tag),
                    TagKind::StartTag => {}
                    TagKind::EndTag => reader.close(&name),
                }
                match (tag.kind, name.as_str()) {
                    (TagKind::StartTag, "script") => {
                        return TokenSinkResult::RawData(RawKind::ScriptData);
                    }
                    (TagKind::StartTag, "style") => {
                        return TokenSinkResult::RawData(RawKind::Rawtext);
                    }
                    _ => {}
                }
            }
            Token::CharacterTokens(text) => reader.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn open(&mut self, name: &str, tag: &Tag) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(name == skipped);
            return;
        }
        if name == "main" {
            self.in_main = true;
        }
        if !self.in_main {
            return;
        }
        let attribute = |wanted| {
            let mut all = tag.attrs.iter();
            all.find(|attribute| &*attribute.name.local == wanted)
                .map(|attribute| attribute.value.to_string())
        };
        let class = attribute("class").unwrap_or_default();
        let has_class = |wanted| class.split_whitespace().any(|class| class == wanted);
        if matches!(name, "svg" | "script" | "style")
            || has_class("transcript")
            || has_class("strip")
            || has_class("pace")
        {
            self.skipped = Some((name.to_owned(), 1));
        } else if let (Some(level), Some(id), false) =
            (level(name), attribute("id"), self.in_exercise)
        {
            self.begin(level, &id);
        } else if matches!(name, "strong" | "dfn" | "dt") {
            self.in_term = true;
            if let Some(section) = self.sections.last_mut() {
                section.terms.push(String::new());
            }
        } else if name == "section" && has_class("exercise") {
            self.in_exercise = true;
        } else if !matches!(name, "a" | "code" | "em" | "span" | "wbr") {
            self.text(" ");
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= usize::from(name == skipped);
            if *depth == 0 {
                self.skipped = None;
                self.text(" ");
            }
            return;
        }
        match name {
            "main" => self.in_main = false,
            "section" => self.in_exercise = false,
            "strong" | "dfn" | "dt" => self.in_term = false,
            _ if level(name).is_some() => {
                if let (Some(level), Some(section)) = (self.heading.take(), self.sections.last()) {
                    self.above.push((level, section.title.trim().to_owned()));
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, level: usize, id: &str) {
        self.above.retain(|(above, _)| *above < level);
        self.heading = Some(level);
        self.sections.push(Section {
            url: format!("{}#{id}", self.url),
            trail: self.above.iter().map(|(_, title)| title.clone()).collect(),
            ..Section::default()
        });
    }

    fn text(&mut self, text: &str) {
        if !self.in_main || self.skipped.is_some() {
            return;
        }
        let Some(section) = self.sections.last_mut() else {
            return;
        };
        if self.heading.is_some() {
            section.title.push_str(text);
            return;
        }
        section.body.push_str(text);
        if let (true, Some(term)) = (self.in_term, section.terms.last_mut()) {
            term.push_str(text);
        }
    }
}

/// The level of a heading that begins a section.
fn level(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=DEEPEST).contains(&level).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_text_and_terms_but_no_pictures() {
        let html = "<body><p>menu</p><main><h1 id=\"top\"><a>Page</a></h1>\n<p>A <strong>half-close</strong>, \
                    <strong>at last.</strong></p><dl><dt><code>varint</code></dt><dd>b</dd></dl><svg><text>drawn</text><svg></svg><desc>too</desc></svg>after\
                    <pre class=\"transcript\">-&gt; <span>shown</span></pre><h2 id=\"s\">Sub</h2><p>b<code>c</code>\
                    <h4 id=\"deep\">deep</h4></p></main><p>foot</p>";
        let sections = read(html, "p.html");
        let [page, sub] = sections.as_slice() else {
            panic!("two headings, two sections: {sections:?}");
        };
        assert_eq!(
            (page.url.as_str(), page.title.as_str()),
            ("p.html#top", "Page")
        );
        assert_eq!(page.body, "A half-close, at last. varint b after");
        assert_eq!(page.terms, ["half-close", "varint"]);
        assert_eq!((sub.title.as_str(), sub.body.as_str()), ("Sub", "bc deep"));
        assert_eq!(sub.trail, ["Page"]);
    }

    #[test]
    fn exercise_is_one_section() {
        let html = "<main><h2 id=\"exercise-1\">Exercise 1: ask</h2><section class=\"exercise\"><h3 id=\"e\">Exercise \
                    unary.1: ask</h3><p>Do it.</p></section><h2 id=\"n\">Next</h2></main>";
        let sections = read(html, "p.html");
        let titles: Vec<_> = sections
            .iter()
            .map(|section| section.title.as_str())
            .collect();
        assert_eq!(titles, ["Exercise 1: ask", "Next"]);
        assert!(sections[0].body.contains("unary.1"), "{sections:?}");
    }
}
