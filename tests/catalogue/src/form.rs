//! The line below a gap's beginning: what the gap uses, and whether it is a whole function.
//!
//! ```text
//! // uses: Imported, Names; variables                          in a function's body
//! // uses: Imported, Names; async fn name(parameters); ITEMS    a function, not indented
//! // uses: Imported, Names; async fn name(&self, request); self.fields
//!                                                               a service's method, indented
//! ```

/// What a gap stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A part of a function's body.
    Body,
    /// A whole function, and what else a learner likes: `async fn upload(client, file)`.
    Function(String),
    /// A whole method of a service, in its `impl`: `async fn classify(&self, request)`.
    Method(String),
}

impl Form {
    /// The name of the function or method that the gap stands for.
    pub fn name(&self) -> Option<&str> {
        let (Self::Function(function) | Self::Method(function)) = self else {
            return None;
        };
        let (_, name) = function.split_once("fn ")?;
        Some(name.split('(').next().unwrap_or(name))
    }
}

/// What the line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Uses {
    pub(crate) imports: String,
    pub(crate) variables: String,
    pub(crate) form: Form,
}

impl Uses {
    /// Reads what stands behind the mark. `indent`: of the gap, in columns.
    ///
    /// # Errors
    ///
    /// In words, when it does not fit the place of the gap.
    pub(crate) fn read(text: &str, indent: usize) -> Result<Self, String> {
        let parts: Vec<_> = text.split(';').map(str::trim).collect();
        let (imports, function, variables) = match parts[..] {
            [imports] => (imports, "", ""),
            [imports, part] if is_function(part) => (imports, part, ""),
            [imports, part] => (imports, "", part),
            [imports, function, variables] if is_function(function) => {
                (imports, function, variables)
            }
            _ => {
                return Err(
                    "at most `Imported, Names; fn name(parameters); variables` is wanted"
                        .to_owned(),
                );
            }
        };
        let form = match (function, indent) {
            ("", 0) => {
                return Err(
                    "a gap that is not indented stands for a function, `; fn name(parameters)`"
                        .to_owned(),
                );
            }
            ("", _) => Form::Body,
            (function, 0) => Form::Function(function.to_owned()),
            (function, _)
                if function.starts_with("async fn ") && function.ends_with("(&self, request)") =>
            {
                Form::Method(function.to_owned())
            }
            _ => {
                return Err(
                    "a gap that is indented stands for a method, `; async fn name(&self, request)`, or has no function"
                        .to_owned(),
                );
            }
        };
        Ok(Self {
            imports: imports.to_owned(),
            variables: variables.to_owned(),
            form,
        })
    }
}

/// Whether this is a function's name with its parameters, and perhaps `async`.
fn is_function(text: &str) -> bool {
    let text = text.strip_prefix("async ").unwrap_or(text);
    let Some(text) = text
        .strip_prefix("fn ")
        .and_then(|text| text.strip_suffix(')'))
    else {
        return false;
    };
    text.split_once('(').is_some_and(|(name, _)| is_name(name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_gap_is_that_of_its_place() {
        let read = |text: &str, indent: usize| {
            let uses = Uses::read(text, indent).unwrap();
            (uses.imports, uses.form, uses.variables)
        };
        let is = |imports: &str, form: Form, variables: &str| {
            (imports.to_owned(), form, variables.to_owned())
        };
        assert_eq!(
            read("A, b; c, self.d", 4),
            is("A, b", Form::Body, "c, self.d")
        );
        assert_eq!(read("A", 4), is("A", Form::Body, ""));
        let function = "async fn upload(client, &mut file)";
        let form = || Form::Function(function.to_owned());
        assert_eq!(read(&format!("A; {function}"), 0), is("A", form(), ""));
        assert_eq!(
            read(&format!("; {function}; B, C"), 0),
            is("", form(), "B, C")
        );
        let method = "async fn classify(&self, request)";
        let form = Form::Method(method.to_owned());
        assert_eq!(
            read(&format!("A; {method}; self.d"), 4),
            is("A", form, "self.d")
        );
    }

    #[test]
    fn a_form_that_does_not_fit_is_rejected() {
        for (text, indent) in [
            ("A; b", 0),
            ("A", 0),
            ("A; fn a(b)", 4),
            ("A; async fn a(b)", 4),
            ("A; fn a(&self, request)", 4),
            ("A; b; c", 4),
            ("A; fn a(); b; c", 0),
            ("A; fn a b(); c", 0),
        ] {
            assert!(Uses::read(text, indent).is_err(), "{text:?}");
        }
    }
}
