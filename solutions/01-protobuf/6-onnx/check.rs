//! The course's own model, weights and all, as another exporter might have written it: unordered lists are in a different
//! order, free sides have other names, and there are two more inputs, one of which is not a tensor. After it come small
//! models with what that one does not have: sides of any size and sign, what is not set, and two that are to be refused.

use anyhow::{Context, Result};
use prost::Message;
use proto::classification::v1::ModelMetadata;
use proto::onnx::tensor_proto::DataType;
use proto::onnx::tensor_shape_proto::dimension::Value::{DimParam, DimValue};
use proto::onnx::type_proto::Value::TensorType;
use proto::onnx::{ModelProto, ValueInfoProto};
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

mod models;

/// The scenario.
pub(crate) struct Onnx;

#[stage::async_trait]
impl Scenario for Onnx {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, _: usize) -> View {
        match from {
            Side::Client => View::Fields("classification.v1.ModelMetadata"),
            Side::Server => View::ExactBytes("onnx.ModelProto"),
        }
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(60);
        let varied =
            models::vary(models::MODEL, &mut generator).context("vary the course's model")?;
        let mut peer_sent = vec![(0, varied)];
        let mut answers = 1;
        for file in models::small_models(&mut generator) {
            let answered = read(&file).is_ok();
            peer_sent.push((answers, file));
            answers += usize::from(answered);
        }
        Ok(Inputs {
            settings: [("files".to_owned(), peer_sent.len().to_string())].into(),
            peer_sent,
            ..Inputs::default()
        })
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "received-in-function",
        seen: |evidence| {
            let results: Vec<_> = headers(evidence).collect();
            let files = evidence.peer_sent().step_by(2).take(results.len());
            let every_second = files
                .map(|file| read(file).map_or(REFUSED.to_owned(), |read| count(read.inputs.len())));
            let shows = evidence.did_not_finish() && results.len() > 1;
            (shows && every_second.eq(results.iter().copied())).then(|| {
                format!(
                    "Your function returned {} times and then no more, and its results are those of every second file.",
                    results.len()
                )
            })
        },
        usually: "Usually the function calls `peer.receive()` itself, and waits in the end for a file that never comes. It \
                 is given each file in `file`, and the peer sends no answer.",
    },
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let returned = headers(evidence).count();
            let shows = !evidence.stopped() && returned > 0 && evidence.sent().next().is_none();
            shows.then(|| {
                format!(
                    "Your function returned {returned} times, and nothing was sent to the peer."
                )
            })
        },
        usually: "Usually a message is made and not sent. Fill a ModelMetadata and pass its bytes to \
                  `peer.send(...)`.",
    },
    Diagnosis {
        name: "none-unwrapped",
        seen: |evidence| {
            let panic = evidence.panic()?;
            let shows = panic.contains("on a `None` value") || panic.contains("unreachable code");
            let number = headers(evidence).count() + 1;
            shows.then(|| format!("Your program panicked at file {number}: {panic}."))
        },
        usually: "Usually something that is not set was unwrapped; the line of the panic says what. A file may have no \
                 graph, no entry \"version\" and no shape: each counts as empty. The `value` of a type is None where the \
                 input is not a tensor: leave that input out. The `value` of a side is None where the side has neither a \
                 size nor a name: that is `Side::Any`.",
    },
    Diagnosis {
        name: "outputs-read",
        seen: |evidence| {
            listed(evidence, |model| model.graph.unwrap_or_default().output).map(
                |(number, name)| {
                    format!(
                        "{name:?} of file {number} is an output, and your function returned it."
                    )
                },
            )
        },
        usually: "The graph's inputs are its field 11, `input`; field 12 is `output`.",
    },
    Diagnosis {
        name: "not-a-tensor-listed",
        seen: |evidence| {
            listed(evidence, |model| {
                let inputs = model.graph.unwrap_or_default().input.into_iter();
                inputs.filter(|input| tensor_type(input).is_none()).collect()
            })
            .map(|(number, name)| format!("Input {name:?} of file {number} is not a tensor, and your function returned it."))
        },
        usually: "The `value` of its type is None, since it is of a kind that this contract does not declare, or of none; \
                 a default in its place would be wrong. Leave the input out.",
    },
    Diagnosis {
        name: "error-swallowed",
        seen: |evidence| {
            files(evidence).find_map(|file| {
                let reason = file.read.as_ref().err()?;
                let header = file.header.filter(|header| *header != REFUSED)?;
                Some(format!(
                    "File {} {reason}, and your function returned {header}.",
                    file.number
                ))
            })
        },
        usually: "Usually a default took the place of an error. Whoever calls your function cannot tell it from what a file \
                 says. Both `decode` and `DataType::try_from` return an error: pass it on with `?`.",
    },
    Diagnosis {
        name: "sent-before-error",
        seen: |evidence| {
            let refused = files(evidence).filter(|file| file.header == Some(REFUSED));
            refused.into_iter().find_map(|file| {
                let reason = file.read.err()?;
                let name = file.model?.graph?.name;
                let about = |sent: &ModelMetadata| sent.model_name == name;
                let index = metadata(evidence).iter().flatten().position(about)?;
                Some(format!(
                    "File {} {reason}, and your function returned an error; but your message {} has its name, {name:?}.",
                    file.number,
                    index + 1
                ))
            })
        },
        usually: "Usually the message is sent before all inputs are read. What is sent cannot be taken back: make the list \
                 first, and send at the end.",
    },
    Diagnosis {
        name: "file-refused",
        seen: |evidence| {
            files(evidence).find_map(|file| {
                let read = file
                    .read
                    .as_ref()
                    .ok()
                    .filter(|_| file.header == Some(REFUSED))?;
                let without = match &file.model {
                    Some(model) if model.graph.is_none() => ", which has no graph",
                    _ => "",
                };
                Some(format!(
                    "Of file {}{without}, {} is due, and your function returned an error.",
                    file.number,
                    count(read.inputs.len())
                ))
            })
        },
        usually: "Usually something that is not set was taken for an error, or `DataType` was given another number than the \
                  file's. A graph, an entry or a shape that is not there \
                 counts as an empty one, and an input that is not a tensor is left out.",
    },
    Diagnosis {
        name: "another-order",
        seen: |evidence| {
            files(evidence).find_map(|file| {
                let due = &file.read.as_ref().ok()?.inputs;
                let (mut sorted, mut returned) = (due.clone(), file.inputs.clone());
                sorted.sort();
                returned.sort();
                let shows = sorted == returned && *due != file.inputs;
                shows.then(|| {
                    format!(
                        "The inputs of file {} are all there, in another order than in the file.",
                        file.number
                    )
                })
            })
        },
        usually: "Usually they were sorted, or put into a map. Return them in the order in which they stand in the file.",
    },
    Diagnosis {
        name: "free-side-lost",
        seen: |evidence| {
            wrong_sides(evidence, |due, returned| {
                let named = |side: &&String| side.starts_with('"');
                due.iter()
                    .filter(named)
                    .any(|side| !returned.contains(side))
            })
        },
        usually: "Usually a side that has a name was left out or replaced. A side is a oneof: `DimValue` is a size, \
                 `DimParam` a name that stands for any size, None any size without a name. Each is a case of `Side`.",
    },
    Diagnosis {
        name: "any-side-lost",
        seen: |evidence| {
            let any = |sides: &[String]| sides.iter().filter(|side| *side == "any").count();
            wrong_sides(evidence, |due, returned| any(returned) < any(due))
        },
        usually: "Usually a side that may have any size was left out or replaced. Its `value` is None: it has neither a \
                 size nor a name. It is a side all the same, so give it its own case, `Side::Any`.",
    },
    Diagnosis {
        name: "size-changed",
        seen: |evidence| {
            let is_size = |side: &&String| side.parse::<i64>().is_ok();
            wrong_sides(evidence, |due, returned| {
                due.iter()
                    .filter(is_size)
                    .any(|side| !returned.contains(side))
            })
        },
        usually: "Usually a size that looks odd was taken for another case. What is set in the oneof decides: a side with \
                 a `DimValue` has this very size, also if it is 0 or negative.",
    },
    Diagnosis {
        name: "element-type-changed",
        seen: |evidence| {
            wrong_input(evidence).find_map(|(number, due, returned)| {
                let shows = due.sides == returned.sides && due.element != returned.element;
                shows.then(|| {
                    format!(
                        "Input {} of file {number} has elements of the type {}, and your function returned {}.",
                        due.name, due.element, returned.element
                    )
                })
            })
        },
        usually: "`elem_type` holds the number that the enum `DataType` gives to the type, and some numbers are left out \
                 there. `DataType::try_from` knows which number is which.",
    },
    Diagnosis {
        name: "input-missing",
        seen: |evidence| {
            files(evidence).find_map(|file| {
                let due = file.read.as_ref().ok()?;
                let named = |inputs: &[Line], name: &str| {
                    inputs.iter().filter(|input| input.name == name).count()
                };
                file.header?;
                let missing = |input: &&Line| {
                    named(&file.inputs, &input.name) < named(&due.inputs, &input.name)
                };
                let missing = due.inputs.iter().find(missing)?;
                Some(format!(
                    "Input {} of file {} is missing in what your function returned.",
                    missing.name, file.number
                ))
            })
        },
        usually: "Usually a condition left it out. Only inputs that are not a tensor are left out: one without a shape, or \
                 with the name of another, is a tensor too.",
    },
    Diagnosis {
        name: "message-count",
        seen: |evidence| {
            let (files, sent): (Vec<_>, _) = (files(evidence).collect(), evidence.sent().count());
            let answers = files.iter().filter(|file| file.read.is_ok()).count();
            let all_returned = files.iter().all(|file| file.header.is_some());
            (all_returned && sent != answers).then(|| {
                format!("Of {} files {answers} are to be answered, and your program sent {sent} messages.", files.len())
            })
        },
        usually: "One `send` is due for each file for which you return a list, also if all in it is empty, and none for the \
                 others. To the peer, each `peer.send` is a separate message.",
    },
    Diagnosis {
        name: "model-name-differs",
        seen: |evidence| {
            let (sent, answers) = (
                metadata(evidence),
                files(evidence).filter(|file| file.read.is_ok()),
            );
            answers.zip(sent).enumerate().find_map(|(index, (file, sent))| {
                let (sent, due) = (sent?.model_name, file.read.ok()?.name);
                (sent != due).then(|| {
                    format!(
                        "The graph of file {} has the name {due:?}, and your message {} has the name {sent:?}.",
                        file.number,
                        index + 1
                    )
                })
            })
        },
        usually: "`model_name` is the graph's field `name`. Without a graph it is empty.",
    },
    Diagnosis {
        name: "version-from-elsewhere",
        seen: |evidence| {
            answered(evidence).find_map(|(file, index, sent)| {
                let (due, model) = (file.read.ok()?.version, file.model?);
                let version = &sent.version;
                if *version == due {
                    return None;
                }
                let mut entries = model.metadata_props.iter();
                let entry = entries.find(|entry| entry.value == *version && !version.is_empty());
                let source = match entry {
                    Some(entry) => format!(", the value of its entry {:?}", entry.key),
                    None if !version.is_empty() && model.producer_version == *version => {
                        ", its `producer_version`".to_owned()
                    }
                    None => String::new(),
                };
                let number = file.number;
                let due = match due.as_str() {
                    "" => format!("File {number} has no entry \"version\""),
                    due => format!("The entry \"version\" of file {number} is {due:?}"),
                };
                Some(format!(
                    "{due}, and your message {} has the version {version:?}{source}.",
                    index + 1
                ))
            })
        },
        usually: "`metadata_props` is a list of keys and values in any order, older than protobuf's maps: look for the \
                 entry whose key is \"version\", no more and no less. Without one, the version is empty. \
                 (`producer_version` is that of the program which wrote the file.)",
    },
];

/// What is reported of a file for which an error was returned.
const REFUSED: &str = "an error";

/// What is reported of one for which inputs were returned.
fn count(inputs: usize) -> String {
    format!("a list of {inputs}")
}

/// An input as it is reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    /// In quotes.
    name: String,
    element: String,
    /// A number, a name in quotes, or `any`.
    sides: Vec<String>,
}

impl Line {
    /// The part of a reported line after the file's number.
    fn parse(text: &str) -> Option<Self> {
        let (head, sides) = text.strip_suffix(']')?.rsplit_once(" [")?;
        let (name, element) = head.rsplit_once(": ")?;
        let sides = sides.split(", ").filter(|side| !side.is_empty());
        Some(Self {
            name: name.to_owned(),
            element: element.to_owned(),
            sides: sides.map(str::to_owned).collect(),
        })
    }
}

/// What is to be read of a file.
struct Read {
    name: String,
    version: String,
    inputs: Vec<Line>,
}

/// Reads a file. The error says what is wrong with it.
fn read(file: &[u8]) -> Result<Read, String> {
    let model = ModelProto::decode(file).map_err(|error| format!("does not decode ({error})"))?;
    let graph = model.graph.unwrap_or_default();
    let mut properties = model.metadata_props.into_iter();
    let version = properties.find(|property| property.key == "version");
    let mut inputs = Vec::new();
    for input in graph.input {
        let Some(tensor) = tensor_type(&input) else {
            continue;
        };
        let element = DataType::try_from(tensor.elem_type).map_err(|_| {
            format!(
                "has the element type {}, which `DataType` does not have",
                tensor.elem_type
            )
        })?;
        let sides = tensor.shape.iter().flat_map(|shape| &shape.dim);
        let sides = sides.map(|side| match &side.value {
            Some(DimValue(size)) => size.to_string(),
            Some(DimParam(name)) => format!("{name:?}"),
            None => "any".to_owned(),
        });
        inputs.push(Line {
            name: format!("{:?}", input.name),
            element: element.as_str_name().to_owned(),
            sides: sides.collect(),
        });
    }
    Ok(Read {
        name: graph.name,
        version: version.unwrap_or_default().value,
        inputs,
    })
}

fn tensor_type(input: &ValueInfoProto) -> Option<&proto::onnx::type_proto::Tensor> {
    let TensorType(tensor) = input.r#type.as_ref()?.value.as_ref()?;
    Some(tensor)
}

/// A file that the peer sent, with what was reported of it.
struct File<'a> {
    /// Counted from 1.
    number: usize,
    /// `None` where it does not decode.
    model: Option<ModelProto>,
    /// What is to be read, or why it is to be refused.
    read: Result<Read, String>,
    /// How many inputs were returned, or that there was an error. `None` where the function did not return.
    header: Option<&'a str>,
    /// The inputs that were returned.
    inputs: Vec<Line>,
}

fn files<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = File<'a>> {
    // Who receives in the function gets the files out of step, and waits in the end.
    let in_step = !evidence.did_not_finish();
    let reported: Vec<_> = evidence.reported().filter(|_| in_step).collect();
    let files: Vec<_> = evidence.peer_sent().enumerate().collect();
    files.into_iter().map(move |(index, bytes)| {
        let number = index + 1;
        let prefix = format!("file {number}: ");
        let mut lines = reported
            .iter()
            .filter_map(|line| line.strip_prefix(&prefix));
        File {
            number,
            model: ModelProto::decode(bytes).ok(),
            read: read(bytes),
            header: lines.next(),
            inputs: lines.filter_map(Line::parse).collect(),
        }
    })
}

/// The first lines that were reported of each file.
fn headers<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a str> {
    let of_file = |line: &'a str| Some(line.split_once(": ")?.1);
    let texts = evidence.reported().filter_map(of_file);
    texts.filter(|text| Line::parse(text).is_none())
}

/// The messages that were sent. `None` for what is not a `ModelMetadata`.
fn metadata(evidence: &Evidence<'_>) -> Vec<Option<ModelMetadata>> {
    let sent = evidence.sent();
    sent.map(|bytes| ModelMetadata::decode(bytes).ok())
        .collect()
}

/// The files that are to be answered, each with the message that was sent in its turn, counted from 0, where that has the
/// file's name.
fn answered<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = (File<'a>, usize, ModelMetadata)> {
    let in_step = !evidence.did_not_finish();
    let answers = files(evidence).filter(move |file| in_step && file.read.is_ok());
    let pairs = answers.zip(metadata(evidence)).enumerate();
    pairs.filter_map(|(index, (file, sent))| {
        let sent = sent?;
        let name = &file.read.as_ref().ok()?.name;
        (sent.model_name == *name).then_some((file, index, sent))
    })
}

/// The first of these inputs or outputs that was returned, with the number of its file.
fn listed(
    evidence: &Evidence<'_>,
    values: fn(ModelProto) -> Vec<ValueInfoProto>,
) -> Option<(usize, String)> {
    files(evidence).find_map(|file| {
        let returned = |value: &ValueInfoProto| {
            let name = format!("{:?}", value.name);
            file.inputs.iter().any(|input| input.name == name)
        };
        let found = values(file.model.clone()?).into_iter().find(returned)?;
        Some((file.number, found.name))
    })
}

/// The inputs of which something else was returned in their place: the file's number, what is due, what was returned.
fn wrong_input(evidence: &Evidence<'_>) -> impl Iterator<Item = (usize, Line, Line)> {
    files(evidence).flat_map(|file| {
        let due = file.read.map(|read| read.inputs).unwrap_or_default();
        let pairs: Vec<_> = due.into_iter().zip(file.inputs).collect();
        let wrong = pairs
            .into_iter()
            .filter(|(due, returned)| due.name == returned.name && due != returned);
        wrong
            .map(move |(due, returned)| (file.number, due, returned))
            .collect::<Vec<_>>()
    })
}

/// The first input whose sides are wrong in this way.
fn wrong_sides(
    evidence: &Evidence<'_>,
    wrong: impl Fn(&[String], &[String]) -> bool,
) -> Option<String> {
    wrong_input(evidence)
        .filter(|(_, due, returned)| wrong(&due.sides, &returned.sides))
        .map(|(number, due, returned)| {
            format!(
                "Input {} of file {number} has the sides [{}], and your function returned [{}].",
                due.name,
                due.sides.join(", "),
                returned.sides.join(", ")
            )
        })
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_small_models_are_to_be_refused_and_only_they() {
        for seed in 1..20 {
            let files = models::small_models(&mut fastrand::Rng::with_seed(seed));
            let read: Vec<_> = files.iter().map(|file| read(file)).collect();
            let refused: Vec<_> = read.iter().filter_map(|read| read.as_ref().err()).collect();
            assert_eq!(refused.len(), 2);
            assert!(refused[0].contains("element type"), "{}", refused[0]);
            assert!(refused[1].contains("does not decode"), "{}", refused[1]);
        }
    }

    #[test]
    fn reported_line_is_read_back() {
        let line = Line::parse("\"m\": INT64 [\"n\", 3, any]");
        let line = line.expect("it is one");
        assert_eq!(
            (line.name.as_str(), line.element.as_str()),
            ("\"m\"", "INT64")
        );
        assert_eq!(line.sides, ["\"n\"", "3", "any"]);
        assert!(Line::parse("\"\": BOOL []").is_some_and(|line| line.sides.is_empty()));
        assert_eq!(Line::parse("a list of 3"), None);
    }
}
