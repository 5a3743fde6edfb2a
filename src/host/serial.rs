//! Conversions of whatever serde can: structures are association lists by symbol, enums are symbols or pairs that begin with one,
//! sequences are lists, bytes are bytevectors.
//!
//! Where serde has to find out itself what it has got (enums with a tag of their own or none, structures within a flattened one), a
//! list of pairs that begin with names is a structure, and any other list a sequence.

use super::{Data, Failure, FromScheme, IntoScheme};
use crate::value::Value;
use crate::vm::cx::Cx;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};
use serde::{Serialize, ser};
use std::fmt;

/// A value that serde converts.
///
/// ```
/// use sockeye::Serial;
/// #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
/// struct Server { host: String, port: u16, tags: Vec<String>, limit: Option<u32> }
/// let mut engine = sockeye::Engine::new()?;
/// let Serial(server) = engine.eval::<Serial<Server>>(
///     "'((host . \"localhost\") (port . 7007) (tags \"a\" \"b\") (limit . #f))")?;
/// assert_eq!(server.port, 7007);
/// engine.define("server", Serial(server))?;
/// assert_eq!(engine.eval::<String>("(cadr (assq 'tags server))")?, "a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serial<T>(pub T);

impl<T: Serialize> IntoScheme for Serial<T> {
    fn into_data(self) -> Result<Data, Failure> {
        self.0.serialize(Writer).map_err(|error| Failure::new(error.0))
    }
}

impl<T: DeserializeOwned> FromScheme for Serial<T> {
    const EXPECTED: &'static str = "data of the shape that the host wants";

    fn from_data(data: Data) -> Option<Serial<T>> {
        T::deserialize(Reader(data)).ok().map(Serial)
    }

    fn wanted(cx: &mut Cx, v: Value) -> String {
        match Data::of(cx, v).map(|data| T::deserialize(Reader(data))) {
            Some(Err(Trouble(trouble))) => format!("{} ({trouble})", Self::EXPECTED),
            _ => Self::EXPECTED.to_string(),
        }
    }
}

#[derive(Debug)]
struct Trouble(String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

impl ser::Error for Trouble {
    fn custom<T: fmt::Display>(message: T) -> Trouble {
        Trouble(message.to_string())
    }
}

impl de::Error for Trouble {
    fn custom<T: fmt::Display>(message: T) -> Trouble {
        Trouble(message.to_string())
    }
}

// ---- to data ---------------------------------------------------------------------------------------------------------

struct Writer;

/// Items, perhaps with a name in front.
struct Items {
    head: Option<&'static str>,
    items: Vec<Data>,
    key: Option<Data>,
}

impl Items {
    fn new(head: Option<&'static str>) -> Items {
        Items { head, items: Vec::new(), key: None }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
        self.items.push(value.serialize(Writer)?);
        Ok(())
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: Data, value: &T) -> Result<(), Trouble> {
        self.items.push(pair(key, value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Data, Trouble> {
        let list = Data::List(self.items);
        Ok(match self.head {
            Some(head) => pair(Data::Symbol(head.to_string()), list),
            None => list,
        })
    }
}

/// A pair whose second part is a list is a list.
fn pair(car: Data, cdr: Data) -> Data {
    match cdr {
        Data::List(mut items) => {
            items.insert(0, car);
            Data::List(items)
        }
        cdr => Data::Pair(Box::new((car, cdr))),
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(self, value: $type) -> Result<Data, Trouble> {
            Ok(Data::from(value))
        }
    )*};
}

impl ser::Serializer for Writer {
    type Ok = Data;
    type Error = Trouble;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Items;
    type SerializeStruct = Items;
    type SerializeStructVariant = Items;

    plain! {
        serialize_bool: bool;
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
        serialize_f32: f32;
        serialize_f64: f64;
        serialize_char: char;
        serialize_str: &str;
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Data, Trouble> {
        Ok(Data::Bytes(value.to_vec()))
    }

    fn serialize_none(self) -> Result<Data, Trouble> {
        Ok(Data::Bool(false))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Data, Trouble> {
        value.serialize(Writer)
    }

    fn serialize_unit(self) -> Result<Data, Trouble> {
        Ok(Data::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Data, Trouble> {
        Ok(Data::Nothing)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Data, Trouble> {
        Ok(Data::Symbol(variant.to_string()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Data, Trouble> {
        value.serialize(Writer)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Data, Trouble> {
        Ok(Data::List(vec![Data::Symbol(variant.to_string()), value.serialize(Writer)?]))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Trouble> {
        Ok(Items::new(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Trouble> {
        Ok(Items::new(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Trouble> {
        Ok(Items::new(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Trouble> {
        Ok(Items::new(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items, Trouble> {
        Ok(Items::new(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items, Trouble> {
        Ok(Items::new(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Trouble> {
        Ok(Items::new(Some(variant)))
    }
}

macro_rules! sequences {
    ($($which:ident $method:ident;)*) => {$(
        impl ser::$which for Items {
            type Ok = Data;
            type Error = Trouble;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
                self.push(value)
            }

            fn end(self) -> Result<Data, Trouble> {
                Items::end(self)
            }
        }
    )*};
}

sequences! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! structures {
    ($($which:ident)*) => {$(
        impl ser::$which for Items {
            type Ok = Data;
            type Error = Trouble;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Trouble> {
                self.entry(Data::Symbol(key.to_string()), value)
            }

            fn end(self) -> Result<Data, Trouble> {
                Items::end(self)
            }
        }
    )*};
}

structures! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Items {
    type Ok = Data;
    type Error = Trouble;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Trouble> {
        self.key = Some(key.serialize(Writer)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
        let key = self.key.take().unwrap_or_default();
        self.entry(key, value)
    }

    fn end(self) -> Result<Data, Trouble> {
        Items::end(self)
    }
}

// ---- from data -------------------------------------------------------------------------------------------------------

struct Reader(Data);

impl<'de> IntoDeserializer<'de, Trouble> for Reader {
    type Deserializer = Reader;

    fn into_deserializer(self) -> Reader {
        self
    }
}

/// The entries of an association list or hash table.
fn entries(data: Data) -> Result<Vec<(Reader, Reader)>, Trouble> {
    let split = |entry: Data| match entry {
        Data::Pair(pair) => Ok((Reader(pair.0), Reader(pair.1))),
        Data::List(mut items) if !items.is_empty() => {
            let key = items.remove(0);
            Ok((Reader(key), Reader(Data::List(items))))
        }
        other => Err(Trouble(format!("{other} is not an entry of an association list"))),
    };
    match data {
        Data::Map(entries) => Ok(entries.into_iter().map(|(key, value)| (Reader(key), Reader(value))).collect()),
        Data::List(items) => items.into_iter().map(split).collect(),
        other => Err(Trouble(format!("{other} is not an association list"))),
    }
}

/// Whether each item is a pair that begins with a name, and it is no list of lists of texts.
fn is_structure(items: &[Data]) -> bool {
    let mut sure = false;
    let is_entry = |item: &Data| {
        let (name, is_dotted) = match item {
            Data::Pair(pair) => (&pair.0, true),
            Data::List(items) => match items.first() {
                Some(first) => (first, false),
                None => return false,
            },
            _ => return false,
        };
        sure |= is_dotted || matches!(name, Data::Symbol(_));
        name.text().is_some()
    };
    items.iter().all(is_entry) && sure
}

fn sequence(data: Data) -> Result<Vec<Reader>, Trouble> {
    match data {
        Data::List(items) | Data::Vector(items) => Ok(items.into_iter().map(Reader).collect()),
        Data::Bytes(bytes) => Ok(bytes.into_iter().map(|byte| Reader(Data::Int(i64::from(byte)))).collect()),
        other => Err(Trouble(format!("{other} is not a list"))),
    }
}

impl<'de> de::Deserializer<'de> for Reader {
    type Error = Trouble;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match self.0 {
            Data::Nothing => visitor.visit_unit(),
            Data::Bool(b) => visitor.visit_bool(b),
            Data::Int(n) => visitor.visit_i64(n),
            Data::BigInt(text) => match (text.parse(), text.parse(), text.parse()) {
                (Ok(n), ..) => visitor.visit_u64(n),
                (_, Ok(n), _) => visitor.visit_i128(n),
                (.., Ok(n)) => visitor.visit_u128(n),
                _ => Err(Trouble(format!("{text} is too large"))),
            },
            Data::Number(_) => match f64::from_data(self.0) {
                Some(x) => visitor.visit_f64(x),
                None => Err(Trouble("a complex number is not one of serde's".to_string())),
            },
            Data::Float(x) => visitor.visit_f64(x),
            Data::Char(c) => visitor.visit_char(c),
            Data::String(text) | Data::Symbol(text) => visitor.visit_string(text),
            Data::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Data::List(items) if is_structure(&items) => Reader(Data::List(items)).deserialize_map(visitor),
            Data::List(_) | Data::Vector(_) => self.deserialize_seq(visitor),
            Data::Map(_) => self.deserialize_map(visitor),
            Data::Pair(pair) => visitor.visit_seq(SeqDeserializer::new([Reader(pair.0), Reader(pair.1)].into_iter())),
            Data::Handle(_) => Err(Trouble("an object of the program's is no data".to_string())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match self.0 {
            Data::Bool(false) => visitor.visit_none(),
            data => visitor.visit_some(Reader(data)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        let mut items = SeqDeserializer::new(sequence(self.0)?.into_iter());
        let answer = visitor.visit_seq(&mut items)?;
        // All of it was wanted.
        items.end()?;
        Ok(answer)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Trouble> {
        match self.0 {
            Data::Pair(pair) => Reader(Data::List(vec![pair.0, pair.1])).deserialize_seq(visitor),
            data => Reader(data).deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_map(MapDeserializer::new(entries(self.0)?.into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        match self.0 {
            Data::Symbol(name) | Data::String(name) => visitor.visit_enum(Variant { name, rest: Data::Nothing }),
            Data::List(mut items) if !items.is_empty() => match items.remove(0) {
                Data::Symbol(name) => visitor.visit_enum(Variant { name, rest: Data::List(items) }),
                other => Err(Trouble(format!("{other} does not name a variant"))),
            },
            other => Err(Trouble(format!("{other} is no variant"))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct identifier ignored_any
    }
}

struct Variant {
    name: String,
    rest: Data,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Trouble;
    type Variant = Variant;

    fn variant_seed<S: de::DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Variant), Trouble> {
        let name = std::mem::take(&mut self.name);
        seed.deserialize(Reader(Data::Symbol(name))).map(|value| (value, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant {
    type Error = Trouble;

    fn unit_variant(self) -> Result<(), Trouble> {
        match self.rest {
            Data::Nothing => Ok(()),
            Data::List(items) if items.is_empty() => Ok(()),
            other => Err(Trouble(format!("{other} is more than the variant has"))),
        }
    }

    fn newtype_variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Trouble> {
        match self.rest {
            Data::List(mut items) if items.len() == 1 => seed.deserialize(Reader(items.remove(0))),
            other => Err(Trouble(format!("{other} is not the one part of a variant"))),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Trouble> {
        de::Deserializer::deserialize_seq(Reader(self.rest), visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Trouble> {
        de::Deserializer::deserialize_map(Reader(self.rest), visitor)
    }
}
