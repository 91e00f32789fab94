//! What a built page holds that others refer to, and what it refers to.

use std::cell::RefCell;
use std::collections::HashSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::prediction::Predictions;

/// A page, read.
#[derive(Default)]
pub(crate) struct Page {
    /// Every id.
    pub(crate) ids: HashSet<String>,
    /// Ids that an earlier element has already, with their lines.
    pub(crate) repeated: Vec<(String, usize)>,
    /// What it leads to and what it loads.
    pub(crate) links: Vec<Link>,
    /// Its `<base href>`.
    pub(crate) base: Option<String>,
    /// Its predictions, and what follows them.
    pub(crate) predictions: Predictions,
}

/// One reference.
pub(crate) struct Link {
    /// As written.
    pub(crate) url: String,
    /// The line in the HTML, from 1.
    pub(crate) line: usize,
    /// Whether the browser fetches it by itself.
    pub(crate) loads: bool,
}

/// Reads a page.
pub(crate) fn read(html: &str) -> Page {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        self.0.borrow_mut().predictions.tag(&tag);
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        self.0.borrow_mut().tag(&tag, line as usize);
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Page {
    fn tag(&mut self, tag: &Tag, line: usize) {
        for attribute in &tag.attrs {
            let value = attribute.value.trim().to_owned();
            match (&*tag.name, &*attribute.name.local) {
                ("base", "href") => self.base = Some(value),
                (_, "id") | ("a", "name") => self.id(value, line),
                ("a" | "area", "href") => self.link(value, line, false),
                (_, "srcset") => {
                    for candidate in value.split(',') {
                        let url = candidate.split_whitespace().next().unwrap_or_default();
                        self.link(url.to_owned(), line, true);
                    }
                }
                // The other elements with a href are style sheets, icons, and images in an SVG.
                (_, "href" | "src" | "poster" | "xlink:href") | ("object", "data") => {
                    self.link(value, line, true);
                }
                (_, "style") => {
                    for url in urls_in_css(&value) {
                        self.link(url, line, true);
                    }
                }
                _ => {}
            }
        }
    }

    fn id(&mut self, id: String, line: usize) {
        if !self.ids.insert(id.clone()) {
            self.repeated.push((id, line));
        }
    }

    fn link(&mut self, url: String, line: usize, loads: bool) {
        self.links.push(Link { url, line, loads });
    }
}

/// What a style sheet fetches.
pub(crate) fn urls_in_css(css: &str) -> Vec<String> {
    let unquote = |url: &str| url.trim().trim_matches(['"', '\'']).to_owned();
    let in_parentheses = css.split("url(").skip(1);
    let mut urls: Vec<_> = in_parentheses
        .map(|rest| unquote(rest.split(')').next().unwrap_or_default()))
        .collect();
    for import in css.split("@import").skip(1) {
        let import = import.split(';').next().unwrap_or_default().trim();
        if !import.starts_with("url(") {
            urls.push(unquote(
                import.split_whitespace().next().unwrap_or_default(),
            ));
        }
    }
    urls
}
