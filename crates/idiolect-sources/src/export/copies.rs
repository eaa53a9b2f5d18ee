//! Names of files that were saved a second time under the same name, to which browsers and systems put a number.

/// `Ana` of `Ana (1)`, `Ana(1)` and, as the Finder has it, `Ana 2`.
pub(crate) fn without_number(name: &str) -> Option<&str> {
    let in_brackets = || name.strip_suffix(')')?.rsplit_once('(');
    let (name, number) = in_brackets().or_else(|| name.rsplit_once(' '))?;
    let is_number = !number.is_empty() && number.len() < 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    Some(name.trim_end()).filter(|name| is_number && !name.is_empty())
}
