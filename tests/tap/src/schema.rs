//! The types of a contract, by their names.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use prost::Message as _;
use prost::encoding::WireType;

use crate::descriptor::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
};

/// Messages, enums and methods.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    messages: Vec<Message>,
    enums: Vec<Enum>,
    /// Request and response, by `/package.Service/Method`.
    methods: BTreeMap<String, (usize, usize)>,
    /// Places in `messages` and `enums`, by the full name with a point before it, as descriptors have it.
    names: BTreeMap<String, Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Message(usize),
    Enum(usize),
}

#[derive(Clone, Debug)]
struct Message {
    full_name: String,
    fields: Vec<Field>,
    map_entry: bool,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    full_name: String,
    number: u32,
    kind: KindOf,
    repeated: bool,
    explicit: bool,
    oneof: Option<i32>,
}

/// A kind, with places for types.
#[derive(Clone, Copy, Debug)]
enum KindOf {
    Scalar(Scalar),
    Message(usize),
    Enum(usize),
}

#[derive(Clone, Debug)]
struct Enum {
    name: String,
    values: BTreeMap<i32, String>,
}

/// A field's type that is neither a message nor an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

/// Descriptors that do not make a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for SchemaError {}

impl Schema {
    /// Reads a serialised `google.protobuf.FileDescriptorSet`. A type may stand before or behind what refers to it.
    ///
    /// # Errors
    ///
    /// When the bytes are not a descriptor set, or are one that refers to what it does not hold.
    pub fn new(file_descriptor_set: &[u8]) -> Result<Self, SchemaError> {
        let set = FileDescriptorSet::decode(file_descriptor_set)
            .map_err(|error| SchemaError(format!("not a descriptor set: {error}")))?;
        let mut schema = Self::default();
        let mut found = Vec::new();
        for file in &set.file {
            let scope = match file.package.as_str() {
                "" => String::new(),
                package => format!(".{package}"),
            };
            let explicit = file.syntax != "proto3";
            for message in &file.message_type {
                schema.enter(&scope, message, explicit, &mut found);
            }
            for declared in &file.enum_type {
                schema.enter_enum(&scope, declared);
            }
        }
        for (place, message, explicit) in found {
            schema.messages[place].fields = schema.fields(place, message, explicit)?;
        }
        for file in &set.file {
            for service in &file.service {
                for method in &service.method {
                    let package = match file.package.as_str() {
                        "" => String::new(),
                        package => format!("{package}."),
                    };
                    let path = format!("/{package}{}/{}", service.name, method.name);
                    let types = (
                        schema.place(&path, &method.input_type)?,
                        schema.place(&path, &method.output_type)?,
                    );
                    schema.methods.insert(path, types);
                }
            }
        }
        Ok(schema)
    }

    /// Gives a message, and all that is declared in it, a place. Fields come later: what they refer to may have none yet.
    fn enter<'a>(
        &mut self,
        scope: &str,
        message: &'a DescriptorProto,
        explicit: bool,
        found: &mut Vec<(usize, &'a DescriptorProto, bool)>,
    ) {
        let name = format!("{scope}.{}", message.name);
        let place = self.messages.len();
        self.messages.push(Message {
            full_name: name.trim_start_matches('.').to_owned(),
            fields: Vec::new(),
            map_entry: message.options.is_some_and(|options| options.map_entry),
        });
        found.push((place, message, explicit));
        for nested in &message.nested_type {
            self.enter(&name, nested, explicit, found);
        }
        for nested in &message.enum_type {
            self.enter_enum(&name, nested);
        }
        self.names.insert(name, Place::Message(place));
    }

    fn enter_enum(&mut self, scope: &str, declared: &EnumDescriptorProto) {
        let name = format!("{scope}.{}", declared.name);
        self.names.insert(name, Place::Enum(self.enums.len()));
        let mut values = BTreeMap::new();
        for value in &declared.value {
            // Of two names for one number, the first is the name and the others are aliases.
            values
                .entry(value.number)
                .or_insert_with(|| value.name.clone());
        }
        self.enums.push(Enum {
            name: declared.name.clone(),
            values,
        });
    }

    fn fields(
        &self,
        place: usize,
        message: &DescriptorProto,
        explicit: bool,
    ) -> Result<Vec<Field>, SchemaError> {
        const REPEATED: i32 = 3;
        let owner = &self.messages[place].full_name;
        let fields = message.field.iter().map(|field| {
            let full_name = format!("{owner}.{}", field.name);
            let number = u32::try_from(field.number)
                .map_err(|_| SchemaError(format!("{full_name} has the number {}", field.number)))?;
            Ok(Field {
                number,
                kind: self.kind(&full_name, field)?,
                repeated: field.label == REPEATED,
                // An `optional` of proto3 is the only member of a oneof that has no name.
                explicit: explicit || field.oneof_index.is_some(),
                oneof: field.oneof_index,
                name: field.name.clone(),
                full_name,
            })
        });
        fields.collect()
    }

    fn kind(&self, owner: &str, field: &FieldDescriptorProto) -> Result<KindOf, SchemaError> {
        // `google.protobuf.FieldDescriptorProto.Type`. 10 is a group.
        let scalar = match field.r#type {
            1 => Scalar::Double,
            2 => Scalar::Float,
            3 => Scalar::Int64,
            4 => Scalar::Uint64,
            5 => Scalar::Int32,
            6 => Scalar::Fixed64,
            7 => Scalar::Fixed32,
            8 => Scalar::Bool,
            9 => Scalar::String,
            11 => {
                return Ok(KindOf::Message(self.place(owner, &field.type_name)?));
            }
            12 => Scalar::Bytes,
            13 => Scalar::Uint32,
            14 => {
                return match self.names.get(&field.type_name) {
                    Some(Place::Enum(place)) => Ok(KindOf::Enum(*place)),
                    _ => Err(unknown(owner, "enum", &field.type_name)),
                };
            }
            15 => Scalar::Sfixed32,
            16 => Scalar::Sfixed64,
            17 => Scalar::Sint32,
            18 => Scalar::Sint64,
            other => return Err(SchemaError(format!("{owner} is of a type {other}"))),
        };
        Ok(KindOf::Scalar(scalar))
    }

    fn place(&self, owner: &str, message: &str) -> Result<usize, SchemaError> {
        match self.names.get(message) {
            Some(Place::Message(place)) => Ok(*place),
            _ => Err(unknown(owner, "message", message)),
        }
    }

    /// The message type of a full name, `package.Message`.
    pub fn message(&self, full_name: &str) -> Option<MessageType<'_>> {
        match self.names.get(&format!(".{full_name}"))? {
            Place::Message(place) => Some(self.message_at(*place)),
            Place::Enum(_) => None,
        }
    }

    /// The request and the response type of a method given as `/package.Service/Method`.
    pub fn method(&self, path: &str) -> Option<(MessageType<'_>, MessageType<'_>)> {
        let (input, output) = self.methods.get(path)?;
        Some((self.message_at(*input), self.message_at(*output)))
    }

    fn message_at(&self, place: usize) -> MessageType<'_> {
        MessageType {
            schema: self,
            message: &self.messages[place],
        }
    }
}

fn unknown(owner: &str, what: &str, name: &str) -> SchemaError {
    SchemaError(format!("{owner} is of {name}, and there is no such {what}"))
}

/// The type of a message.
#[derive(Clone, Copy, Debug)]
pub struct MessageType<'a> {
    schema: &'a Schema,
    message: &'a Message,
}

impl<'a> MessageType<'a> {
    /// Its name without what it is declared in.
    pub fn name(self) -> &'a str {
        let name = &self.message.full_name;
        name.rsplit('.').next().unwrap_or(name)
    }

    /// Its fields, in the order in which they are declared.
    pub(crate) fn fields(self) -> impl Iterator<Item = FieldType<'a>> {
        self.message.fields.iter().map(move |field| FieldType {
            schema: self.schema,
            field,
        })
    }

    /// The field of a number.
    pub(crate) fn field(self, number: u32) -> Option<FieldType<'a>> {
        self.fields().find(|field| field.number() == number)
    }
}

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldType<'a> {
    schema: &'a Schema,
    field: &'a Field,
}

impl<'a> FieldType<'a> {
    pub(crate) fn name(self) -> &'a str {
        &self.field.name
    }

    /// `package.Message.field`.
    pub(crate) fn full_name(self) -> &'a str {
        &self.field.full_name
    }

    pub(crate) fn number(self) -> u32 {
        self.field.number
    }

    pub(crate) fn kind(self) -> Kind<'a> {
        match self.field.kind {
            KindOf::Scalar(scalar) => Kind::Scalar(scalar),
            KindOf::Message(place) => Kind::Message(self.schema.message_at(place)),
            KindOf::Enum(place) => Kind::Enum(EnumType(&self.schema.enums[place])),
        }
    }

    /// Whether it may stand in a message more than once. A map's entries do.
    pub(crate) fn repeated(self) -> bool {
        self.field.repeated
    }

    pub(crate) fn is_message(self) -> bool {
        matches!(self.field.kind, KindOf::Message(_))
    }

    /// The type of an entry with its key and its value, if it is a map.
    pub(crate) fn map(self) -> Option<(MessageType<'a>, FieldType<'a>, FieldType<'a>)> {
        match self.kind() {
            Kind::Message(entry) if entry.message.map_entry => {
                Some((entry, entry.field(1)?, entry.field(2)?))
            }
            _ => None,
        }
    }

    /// Whether its default and its absence are different.
    pub(crate) fn explicit(self) -> bool {
        self.field.explicit || self.is_message()
    }

    /// Whether at most one of the two may be in a message.
    pub(crate) fn excludes(self, other: FieldType<'_>) -> bool {
        self.field.oneof.is_some()
            && self.field.oneof == other.field.oneof
            && self.field.number != other.field.number
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Scalar(Scalar),
    Message(MessageType<'a>),
    Enum(EnumType<'a>),
}

impl Kind<'_> {
    pub(crate) fn is_string(self) -> bool {
        matches!(self, Kind::Scalar(Scalar::String))
    }

    /// How one value stands in the bytes.
    pub(crate) fn wire_type(self) -> WireType {
        match self {
            Kind::Message(_) | Kind::Scalar(Scalar::String | Scalar::Bytes) => {
                WireType::LengthDelimited
            }
            Kind::Scalar(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => {
                WireType::SixtyFourBit
            }
            Kind::Scalar(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => {
                WireType::ThirtyTwoBit
            }
            Kind::Enum(_) | Kind::Scalar(_) => WireType::Varint,
        }
    }
}

/// The type of an enum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EnumType<'a>(&'a Enum);

impl<'a> EnumType<'a> {
    /// Its name without what it is declared in.
    pub(crate) fn name(self) -> &'a str {
        &self.0.name
    }

    /// The name of a value.
    pub(crate) fn value(self, number: i32) -> Option<&'a str> {
        self.0.values.get(&number).map(String::as_str)
    }
}
