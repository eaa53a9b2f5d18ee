//! What stands behind the word for a password in a program: the type of a value, or where the value comes from, but not the value.

use crate::word_set::word_set;

word_set! {
    /// A type, or nothing at all.
    is_type:
    "str" "&str" "string" "string?" "string[]" "int" "integer" "bool" "boolean" "varchar" "nvarchar" "bytea" "bytes" "secretstr" "null" "nil" "none" "undefined" "unknown" "await"
    "u32" "u64" "i32" "i64" "option<string>" "optional[str]" "std::string" "tinytext";

    /// What holds values in a program, before a full stop.
    is_holder:
    "process" "os" "env" "environ" "self" "this" "req" "request" "config" "conf" "cfg" "settings" "props" "args" "argv" "params" "opts" "options" "body" "form" "formdata" "event" "data"
    "user" "credentials" "creds" "secrets" "vars" "var" "local" "session" "input" "document" "window" "app" "ctx" "context" "state" "std" "sys" "import" "values" "model" "payload" "resp" "response";
}

/// Whether the word that `rest` begins with is one of a program, such as "String;", "getPassword()", "process.env.PASSWORD", "${DB_PASS}".
pub(super) fn stands_at(rest: &str) -> bool {
    /// In bytes; a word without spaces may be as long as the text.
    const LONGEST: usize = 128;
    let rest = &rest[..rest.floor_char_boundary(rest.len().min(LONGEST))];
    let word = rest.split_whitespace().next().unwrap_or_default().trim_end_matches([';', ',']);
    let small = word.to_lowercase();
    is_type(small.as_str()) || is_call(word) || is_reference(word)
}

/// "input()", "VARCHAR(64)", "hash(password)", "os.getenv('PW')".
fn is_call(word: &str) -> bool {
    let Some((name, rest)) = word.split_once('(') else { return false };
    let Some((given, _)) = rest.split_once(')') else { return false };
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':'));
    let of_password = || {
        let given = given.to_ascii_lowercase();
        ["pass", "pw", "secret", "token", "key"].iter().any(|word| given.contains(word))
    };
    let empty = || given.is_empty() && (is_of_program(name) || name.contains('.') || is_holder(name));
    named && (empty() || of_password() || is_type(name.to_lowercase().as_str()) || is_held(name))
}

/// "${DB_PASS}", "$DB_PASS", "{{password}}", "process.env.PASSWORD".
fn is_reference(word: &str) -> bool {
    let variable = word.strip_prefix('$').unwrap_or_default();
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    word.starts_with("${")
        || word.starts_with("{{")
        || variable.len() >= 3 && is_name(variable) && is_of_program(variable)
        || is_held(word)
}

fn is_held(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ')']);
    let Some((holder, name)) = word.split_once('.') else { return false };
    is_holder(holder.to_lowercase().as_str()) && is_of_program(name) && !name.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether `name` is written as names in programs are: "DB_PASS", "getPassword", "environ['DB']". "this.is.fine" is a password.
fn is_of_program(name: &str) -> bool {
    let camel = || name.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let small = name.to_ascii_lowercase();
    let spoken = || ["pass", "pw", "secret", "token", "key", "env"].iter().any(|word| small.contains(word));
    name.contains(['_', '[', '(']) || camel() || spoken()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_programs_are_told_from_passwords() {
        for word in [
            "string",
            "await hash(pw)",
            "String;",
            "&str,",
            "VARCHAR(64) NOT NULL",
            "input()",
            "getPassword()",
            "os.getcwd()",
            "os.environ['DB']",
            "hash(password)",
            "process.env.API_KEY",
            "self.password",
            "${DB_PASS}",
            "$PGPASSWORD psql",
            "{{password}}",
        ] {
            assert!(stands_at(word), "{word:?}");
        }
        for word in [
            "sunshine",
            "Sun(shine9)",
            "Sun$hine",
            "$unshine",
            "$HADOW",
            "Sunshine()",
            "this.is.fine",
            "event.horizon",
            "any",
            "$UN5HINE",
            "data.center9",
            "jo.lee",
            "strings9",
            "",
            "(sunshine)",
            "u32x",
        ] {
            assert!(!stands_at(word), "{word:?}");
        }
    }
}
