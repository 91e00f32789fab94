//! The parts of a transcript.

use super::model::{Content, Line, Transcript};

/// One part of a transcript: what one kind of record says of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub name: SectionName,
    /// Its lines as they stand in the transcript, without the heading. Below a heading none is at depth 0.
    pub lines: Vec<Line>,
}

/// What a section is about. Every section but the first two begins with its name as a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionName {
    /// Messages that crossed no network.
    Bytes,
    /// The calls, each with what happened in it.
    Calls,
    /// How many connections there were, and how many calls at a time.
    Connections,
    /// Requests that are not gRPC.
    Http,
    /// What was stored when the run was over.
    Store,
    /// What the program wrote to its log.
    Log,
    /// When things happened on a clock that the course moves.
    Clock,
    /// What the program reported of its results.
    Reported,
    /// The blocking jobs.
    Work,
    /// Another one, by its heading.
    Other(String),
}

/// Sections with a heading, and the heading.
const HEADINGS: [(SectionName, &str); 7] = [
    (SectionName::Connections, "connections"),
    (SectionName::Http, "HTTP"),
    (SectionName::Store, "store"),
    (SectionName::Log, "log"),
    (SectionName::Clock, "clock"),
    (SectionName::Reported, "reported"),
    (SectionName::Work, "work"),
];

impl SectionName {
    /// The section that this heading begins.
    pub fn of_heading(heading: &str) -> Self {
        let known = HEADINGS.into_iter().find(|(_, text)| *text == heading);
        known.map_or_else(|| Self::Other(heading.to_owned()), |(name, _)| name)
    }

    /// The heading that it begins with, if it has one.
    pub fn heading(&self) -> Option<&str> {
        match self {
            Self::Bytes | Self::Calls => None,
            Self::Other(heading) => Some(heading),
            known => {
                let headings = HEADINGS.iter();
                let mut heading = headings.filter(|(name, _)| name == known);
                heading.next().map(|(_, text)| *text)
            }
        }
    }
}

impl Section {
    /// A section with a line for each text, directly below its heading, and whether the line is compared.
    pub fn of_texts(name: SectionName, texts: impl IntoIterator<Item = (String, bool)>) -> Self {
        let line = |(text, compared)| Line {
            depth: 1,
            compared,
            content: Content::Detail(text),
        };
        Self {
            name,
            lines: texts.into_iter().map(line).collect(),
        }
    }
}

impl FromIterator<Section> for Transcript {
    /// The sections behind one another. One without lines is left out, heading and all.
    fn from_iter<I: IntoIterator<Item = Section>>(sections: I) -> Self {
        let mut lines = Vec::new();
        for mut section in sections {
            if section.lines.is_empty() {
                continue;
            }
            lines.extend(section.name.heading().map(|heading| Line {
                depth: 0,
                compared: true,
                content: Content::Heading(heading.to_owned()),
            }));
            lines.append(&mut section.lines);
        }
        Self { lines }
    }
}

impl Transcript {
    /// Its sections, top to bottom.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for line in &self.lines {
            let begins = match &line.content {
                Content::Heading(heading) => Some(SectionName::of_heading(heading)),
                Content::Call { .. } if line.depth == 0 => Some(SectionName::Calls),
                Content::Exchange { .. } => Some(SectionName::Bytes),
                _ => None,
            };
            if let Some(name) = begins {
                // One call after another is in one section; a heading always begins another.
                let goes_on = sections.last().is_some_and(|last| last.name == name);
                if !goes_on || name.heading().is_some() {
                    sections.push(Section {
                        name,
                        lines: Vec::new(),
                    });
                }
            }
            if let (Some(section), false) = (
                sections.last_mut(),
                matches!(line.content, Content::Heading(_)),
            ) {
                section.lines.push(line.clone());
            }
        }
        sections
    }

    /// The lines of one section, without its heading. None where there is no such section.
    pub fn section(&self, name: &SectionName) -> Vec<Line> {
        let mut sections = self.sections().into_iter();
        let section = sections.find(|section| section.name == *name);
        section.map_or_else(Vec::new, |section| section.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "wirebook-transcript 2
  program > peer  1 byte
    content: 78
  peer > program  2 bytes
    content: 78 78
  call 1  client > edge  /a.B/C
    call 2  edge > host  /a.B/C
      <- OK
    <- OK
  call 3  client > edge  /a.B/C
    <- OK
  connections
~   client > edge: 1
  HTTP
    GET /health: 200
  store
    doc-1: INVOICE
  log
~   INFO started
  clock
    at 1s: retry
  reported
    doc-1
  work
    1 job
  weather
    fair
";

    #[test]
    fn a_transcript_is_its_sections_and_back() {
        let transcript: Transcript = TEXT.parse().expect("it is one");
        let sections = transcript.sections();
        let names: Vec<_> = sections.iter().map(|section| &section.name).collect();
        let expected = [
            SectionName::Bytes,
            SectionName::Calls,
            SectionName::Connections,
            SectionName::Http,
            SectionName::Store,
            SectionName::Log,
            SectionName::Clock,
            SectionName::Reported,
            SectionName::Work,
            SectionName::Other("weather".to_owned()),
        ];
        assert_eq!(names, expected.iter().collect::<Vec<_>>());
        let lines: Vec<_> = sections.iter().map(|section| section.lines.len()).collect();
        assert_eq!(lines, [4, 6, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(sections.into_iter().collect::<Transcript>(), transcript);
    }

    #[test]
    fn every_heading_is_the_name_of_one_section() {
        for (name, heading) in HEADINGS {
            assert_eq!(SectionName::of_heading(heading), name);
            assert_eq!(name.heading(), Some(heading));
        }
        // A program cannot make one up that passes for another.
        assert_eq!(
            SectionName::of_heading("http").heading(),
            Some("http"),
            "another heading"
        );
    }

    #[test]
    fn a_section_without_lines_is_left_out() {
        let empty = Section::of_texts(SectionName::Store, []);
        let work = Section::of_texts(SectionName::Work, [("1 job".to_owned(), true)]);
        let transcript: Transcript = [empty, work.clone()].into_iter().collect();
        assert_eq!(
            transcript.to_string(),
            "wirebook-transcript 2\n  work\n    1 job\n"
        );
        assert_eq!(transcript.section(&SectionName::Work), work.lines);
        assert!(transcript.section(&SectionName::Store).is_empty());
    }
}
