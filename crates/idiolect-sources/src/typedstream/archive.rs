//! The objects of a typedstream, as a flat table: what is nested or referred to in the stream is a number here.

use super::Damage;
use super::bytes::{Bytes, END_OF_OBJECT, FLOAT, NEW, NIL, Sign};

/// Objects within objects and structures within structures; attributed strings need five.
const MAX_DEPTH: usize = 64;
/// Type encodings are read again at each use, so their length is bounded to keep reading linear. Real ones are under 20.
const MAX_ENCODING: usize = 256;

/// Whatever of a stream could be read.
#[derive(Default)]
pub(super) struct Archive<'a> {
    /// Objects, classes and C strings in order of appearance, which is how the stream numbers them.
    /// The first is the root object.
    pub(super) entries: Vec<Entry<'a>>,
}

pub(super) enum Entry<'a> {
    Class { name: &'a [u8], superclass: Option<usize> },
    Object { class: Option<usize>, values: Vec<Value<'a>> },
    CString(&'a [u8]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Nil,
    Integer(i64),
    Bytes(&'a [u8]),
    /// The number of an entry that is an object.
    Object(usize),
    /// A value of no interest here: a floating-point number or a class.
    Other,
}

impl<'a> Archive<'a> {
    /// Reads as much of `data` as can be read; the damage says where it stopped, if it did not reach the end.
    pub(super) fn read(data: &'a [u8]) -> (Self, Result<(), Damage>) {
        match Bytes::open(data) {
            Ok(bytes) => {
                let mut reader = Reader { bytes, strings: Vec::new(), archive: Self::default(), depth: 0 };
                let outcome = reader.read_groups();
                (reader.archive, outcome)
            }
            Err(damage) => (Self::default(), Err(damage)),
        }
    }

    /// The values of the object `number`; none when it is something else.
    pub(super) fn values(&self, number: usize) -> &[Value<'a>] {
        match self.entries.get(number) {
            Some(Entry::Object { values, .. }) => values,
            _ => &[],
        }
    }

    /// Whether the object `number` is of the class `name` or of one derived from it.
    pub(super) fn is_kind_of(&self, number: usize, name: &[u8]) -> bool {
        let Some(Entry::Object { class, .. }) = self.entries.get(number) else { return false };
        let mut next = *class;
        // A superclass has always been written before or within the chain that names it, so this cannot go round.
        while let Some(Entry::Class { name: found, superclass }) = next.and_then(|class| self.entries.get(class)) {
            if *found == name {
                return true;
            }
            next = *superclass;
        }
        false
    }
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    /// Type encodings and class names.
    strings: Vec<&'a [u8]>,
    archive: Archive<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn read_groups(&mut self) -> Result<(), Damage> {
        while !self.bytes.is_at_end() {
            let head = self.bytes.byte()?;
            self.group(head, None)?;
        }
        Ok(())
    }

    /// One group of values, which belong to the object `owner` or, without one, to the stream itself.
    fn group(&mut self, head: u8, owner: Option<usize>) -> Result<(), Damage> {
        let Some(mut types) = self.shared_string(head)? else { return Err(self.bytes.damage("a group without types")) };
        if types.len() > MAX_ENCODING {
            return Err(self.bytes.damage("an overlong type encoding"));
        }
        while !types.is_empty() {
            types = self.typed_value(types, owner)?;
        }
        Ok(())
    }

    /// Reads the value of the first type in `types` and returns the types after it.
    fn typed_value(&mut self, types: &'a [u8], owner: Option<usize>) -> Result<&'a [u8], Damage> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.bytes.damage("nested too deeply"));
        }
        let rest = match types {
            [b'[', array @ ..] => self.array(array, owner)?,
            [b'{', structure @ ..] => self.structure(structure, owner)?,
            [simple, rest @ ..] => {
                let value = self.simple_value(*simple)?;
                self.push(value, owner);
                rest
            }
            [] => return Err(self.bytes.damage("a type encoding ends early")),
        };
        self.depth -= 1;
        Ok(rest)
    }

    /// `[12c]`, the bracket already read.
    fn array(&mut self, array: &'a [u8], owner: Option<usize>) -> Result<&'a [u8], Damage> {
        let digits = array.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (count, element) = array.split_at(digits);
        let count = std::str::from_utf8(count).ok().and_then(|count| count.parse::<usize>().ok());
        let count = count.ok_or_else(|| self.bytes.damage("an array without a length"))?;
        let rest = match element {
            [b'c' | b'C', rest @ ..] => {
                let data = self.bytes.take(count)?;
                self.push(Value::Bytes(data), owner);
                rest
            }
            // The type of an empty array's elements could only be skipped by reading one of them.
            _ if count == 0 => return Err(self.bytes.damage("an empty array")),
            _ => {
                let mut rest = element;
                for _ in 0..count {
                    let before = self.bytes.at();
                    rest = self.typed_value(element, owner)?;
                    if self.bytes.at() == before {
                        return Err(self.bytes.damage("an array of nothing"));
                    }
                }
                rest
            }
        };
        rest.strip_prefix(b"]").ok_or_else(|| self.bytes.damage("an array without an end"))
    }

    /// `{name=types}`, the brace already read.
    fn structure(&mut self, structure: &'a [u8], owner: Option<usize>) -> Result<&'a [u8], Damage> {
        let equals = structure.iter().position(|byte| *byte == b'=');
        let equals = equals.ok_or_else(|| self.bytes.damage("a structure without fields"))?;
        let mut types = &structure[equals + 1..];
        loop {
            match types {
                [b'}', rest @ ..] => return Ok(rest),
                _ => types = self.typed_value(types, owner)?,
            }
        }
    }

    fn simple_value(&mut self, encoding: u8) -> Result<Value<'a>, Damage> {
        let head = self.bytes.byte()?;
        Ok(match encoding {
            // A char is always its one byte, even where that byte would be a tag.
            b'c' => Value::Integer(i64::from(head.cast_signed())),
            b'C' | b'B' => Value::Integer(i64::from(head)),
            b's' | b'i' | b'l' | b'q' => Value::Integer(self.bytes.integer(head, Sign::Signed)?),
            b'S' | b'I' | b'L' | b'Q' => Value::Integer(self.bytes.integer(head, Sign::Unsigned)?),
            b'f' => self.float(head, 4)?,
            b'd' => self.float(head, 8)?,
            b'+' if head == NIL => Value::Nil,
            b'+' => {
                let length = self.bytes.length(head)?;
                Value::Bytes(self.bytes.take(length)?)
            }
            b'%' | b':' => self.shared_string(head)?.map_or(Value::Nil, Value::Bytes),
            b'*' => self.c_string(head)?,
            b'#' => {
                self.class(head)?;
                Value::Other
            }
            b'@' => self.object(head)?,
            _ => return Err(self.bytes.damage("an unknown type")),
        })
    }

    fn float(&mut self, head: u8, size: usize) -> Result<Value<'a>, Damage> {
        if head == FLOAT {
            self.bytes.take(size)?;
        } else {
            self.bytes.integer(head, Sign::Signed)?;
        }
        Ok(Value::Other)
    }

    fn shared_string(&mut self, head: u8) -> Result<Option<&'a [u8]>, Damage> {
        match head {
            NIL => Ok(None),
            NEW => {
                let head = self.bytes.byte()?;
                let length = self.bytes.length(head)?;
                let string = self.bytes.take(length)?;
                self.strings.push(string);
                Ok(Some(string))
            }
            head => {
                let number = self.bytes.reference(head)?;
                let string = self.strings.get(number).copied();
                string.map(Some).ok_or_else(|| self.bytes.damage("a reference to a string yet to come"))
            }
        }
    }

    fn c_string(&mut self, head: u8) -> Result<Value<'a>, Damage> {
        match head {
            NIL => Ok(Value::Nil),
            NEW => {
                let head = self.bytes.byte()?;
                let Some(string) = self.shared_string(head)? else { return Ok(Value::Nil) };
                self.archive.entries.push(Entry::CString(string));
                Ok(Value::Bytes(string))
            }
            head => match self.archive.entries.get(self.bytes.reference(head)?) {
                Some(Entry::CString(string)) => Ok(Value::Bytes(string)),
                _ => Err(self.bytes.damage("a reference to no C string")),
            },
        }
    }

    /// A class and the chain of classes it derives from: its entry's number.
    fn class(&mut self, mut head: u8) -> Result<Option<usize>, Damage> {
        let chain_start = self.archive.entries.len();
        while head == NEW {
            let name_head = self.bytes.byte()?;
            let name = self.shared_string(name_head)?;
            let name = name.ok_or_else(|| self.bytes.damage("a class without a name"))?;
            let version_head = self.bytes.byte()?;
            self.bytes.integer(version_head, Sign::Signed)?;
            self.link_superclass(chain_start, self.archive.entries.len());
            self.archive.entries.push(Entry::Class { name, superclass: None });
            head = self.bytes.byte()?;
        }
        if head != NIL {
            let number = self.bytes.reference(head)?;
            if number >= chain_start || !matches!(self.archive.entries[number], Entry::Class { .. }) {
                return Err(self.bytes.damage("a reference to no class"));
            }
            self.link_superclass(chain_start, number);
            return Ok(Some(if self.archive.entries.len() > chain_start { chain_start } else { number }));
        }
        Ok((self.archive.entries.len() > chain_start).then_some(chain_start))
    }

    /// Makes the entry `superclass` the parent of the last class of the chain being read, if it has begun.
    fn link_superclass(&mut self, chain_start: usize, superclass: usize) {
        if let Some(Entry::Class { superclass: link, .. }) = self.archive.entries[chain_start..].last_mut() {
            *link = Some(superclass);
        }
    }

    fn object(&mut self, head: u8) -> Result<Value<'a>, Damage> {
        match head {
            NIL => Ok(Value::Nil),
            NEW => {
                // An object is numbered before its class.
                let number = self.archive.entries.len();
                self.archive.entries.push(Entry::Object { class: None, values: Vec::new() });
                let class_head = self.bytes.byte()?;
                let its_class = self.class(class_head)?;
                if let Entry::Object { class, .. } = &mut self.archive.entries[number] {
                    *class = its_class;
                }
                loop {
                    match self.bytes.byte()? {
                        END_OF_OBJECT => return Ok(Value::Object(number)),
                        head => self.group(head, Some(number))?,
                    }
                }
            }
            head => {
                let number = self.bytes.reference(head)?;
                match self.archive.entries.get(number) {
                    Some(Entry::Object { .. }) => Ok(Value::Object(number)),
                    _ => Err(self.bytes.damage("a reference to no object")),
                }
            }
        }
    }

    fn push(&mut self, value: Value<'a>, owner: Option<usize>) {
        if let Some(Entry::Object { values, .. }) = owner.map(|owner| &mut self.archive.entries[owner]) {
            values.push(value);
        }
    }
}
