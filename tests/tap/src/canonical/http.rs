//! Requests that are not gRPC.

use crate::rules::Order;
use crate::transcript::{Section, SectionName};

/// One request with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET` and so on.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The status code of the answer. `None`: there was no answer.
    pub status: Option<u16>,
    /// What is compared of the answer beyond that, a line each.
    pub answer: Vec<String>,
}

/// A line for each request, and below it those of its answer.
pub fn http(requests: &[HttpRequest], order: Order) -> Section {
    let mut blocks: Vec<_> = requests
        .iter()
        .map(|request| {
            let HttpRequest { method, path, .. } = request;
            let status = match request.status {
                Some(status) => status.to_string(),
                None => "no answer".to_owned(),
            };
            let first = format!("{method} {path}: {status}");
            let answer = request
                .answer
                .iter()
                .map(|line| format!("{method} {path}, {line}"));
            std::iter::once(first).chain(answer).collect::<Vec<_>>()
        })
        .collect();
    if order == Order::Set {
        blocks.sort();
    }
    let texts = blocks.into_iter().flatten().map(|text| (text, true));
    Section::of_texts(SectionName::Http, texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn request(path: &str, status: Option<u16>, answer: &[&str]) -> HttpRequest {
        HttpRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            status,
            answer: answer.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn requests_have_their_answers_in_either_order() {
        let (one, other) = (
            request("/b", Some(200), &["content-type: text/html"]),
            request("/a?x=1", None, &[]),
        );
        let text = |requests: &[HttpRequest], order| {
            Transcript::from_iter([http(requests, order)]).to_string()
        };
        let sorted = text(&[one.clone(), other.clone()], Order::Set);
        assert_eq!(sorted, text(&[other.clone(), one.clone()], Order::Set));
        let expected = "  HTTP
    GET /a?x=1: no answer
    GET /b: 200
    GET /b, content-type: text/html
";
        assert!(sorted.ends_with(expected), "{sorted}");
        assert_ne!(
            text(&[one.clone(), other.clone()], Order::Exact),
            text(&[other, one], Order::Exact)
        );
    }
}
