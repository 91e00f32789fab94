//! Reading the fields of a JSON object.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{FORMAT, PUBLISHED_SEED};

/// Parses one line, which is an object of this format.
pub(crate) fn object(line: &str) -> Result<Value> {
    let value: Value = serde_json::from_str(line).context("read a line of JSON")?;
    match value["format"].as_str() {
        Some(FORMAT) => Ok(value),
        Some(other) => bail!("the format is {other:?}, and {FORMAT:?} is wanted"),
        None => bail!("a line of {FORMAT:?} is wanted, and this has no format: {line}"),
    }
}

/// A field with a text.
pub(crate) fn text(value: &Value, key: &str) -> Result<String> {
    let text = value[key].as_str().map(str::to_owned);
    text.with_context(|| format!("the field {key:?} has no text"))
}

/// A field with a text, or null.
pub(crate) fn optional_text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

/// A field with a whole number.
pub(crate) fn number(value: &Value, key: &str) -> Result<u64> {
    let number = value[key].as_u64();
    number.with_context(|| format!("the field {key:?} has no whole number"))
}

/// A field with a seed: a text of digits, since many readers of JSON keep only 53 bits of a number. Where there is none,
/// it is the published one, as it was for all before there were others.
pub(crate) fn seed(value: &Value) -> Result<u64> {
    match &value["seed"] {
        Value::Null => Ok(PUBLISHED_SEED),
        Value::String(digits) => digits
            .parse()
            .with_context(|| format!("the seed {digits:?} is not a number")),
        other => bail!("the seed {other} is not a text of digits"),
    }
}

/// A field with true or false.
pub(crate) fn boolean(value: &Value, key: &str) -> Result<bool> {
    let boolean = value[key].as_bool();
    boolean.with_context(|| format!("the field {key:?} is neither true nor false"))
}

/// A field with a list.
pub(crate) fn list<T>(
    value: &Value,
    key: &str,
    read: impl Fn(&Value) -> Result<T>,
) -> Result<Vec<T>> {
    let items = value[key].as_array();
    let items = items.with_context(|| format!("the field {key:?} has no list"))?;
    items.iter().map(read).collect()
}

/// An element of a list of texts.
pub(crate) fn element(value: &Value) -> Result<String> {
    value
        .as_str()
        .map(str::to_owned)
        .context("a list of texts has an element that is not a text")
}
