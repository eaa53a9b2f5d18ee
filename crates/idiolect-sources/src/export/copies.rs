//! Names of files that were saved a second time: to these browsers and systems put a number, or say that it is a copy.

/// What the Finder and Windows put behind a copy's name, in small letters.
const BEHIND: &[&str] = &[
    " - copy",
    " copy",
    " - kopie",
    " kopie",
    " - copie",
    " copie",
    " - copia",
    " copia",
    " - cópia",
    " cópia",
    " - kopia",
    " kopia",
];
/// And what Google Drive puts before it.
const BEFORE: &[&str] =
    &["Copy of ", "Kopie von ", "Copie de ", "Copia de ", "Cópia de ", "Copia di ", "Kopie van ", "Kopia av "];

/// `Ana` of `Ana (1)`, `Ana(1)`, `Ana 2` as the Finder has it, `Ana - Copy (2)` and `Copy of Ana`. `None` of what nothing says to be
/// a copy.
pub(crate) fn original(name: &str) -> Option<&str> {
    let mut rest = name;
    while let Some(less) = without_one_mark(rest) {
        rest = less;
    }
    (rest.len() < name.len()).then_some(rest)
}

fn without_one_mark(name: &str) -> Option<&str> {
    let behind = || {
        let is_behind = |mark: &&&str| {
            let end = name.len().checked_sub(mark.len()).and_then(|start| name.get(start..));
            end.is_some_and(|end| end.to_lowercase() == **mark)
        };
        BEHIND.iter().find(is_behind).map(|mark| &name[..name.len() - mark.len()])
    };
    let before = || BEFORE.iter().find_map(|mark| name.strip_prefix(mark));
    let less = without_number(name).or_else(behind).or_else(before)?;
    Some(less.trim()).filter(|less| !less.is_empty())
}

fn without_number(name: &str) -> Option<&str> {
    let in_brackets = || name.strip_suffix(')')?.rsplit_once('(');
    let (name, number) = in_brackets().or_else(|| name.rsplit_once(' '))?;
    let is_number = !number.is_empty() && number.len() < 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::original;

    #[test]
    fn copies_have_the_name_of_what_they_are_of() {
        for copy in [
            "Ana (1)",
            "Ana(12)",
            "Ana 2",
            "Ana (1) (1)",
            "Ana - Copy",
            "Ana - Copy (2)",
            "Ana copy 3",
            "Ana - Kopie",
            "Copy of Ana",
            "Copy of Copy of Ana",
        ] {
            assert_eq!(original(copy), Some("Ana"), "{copy}");
        }
        for name in ["Ana", "Anacopy", "(1)", "Ana (b)", "Ana 2026", "Copy of ", " copy", "ΣΑΣ"] {
            assert_eq!(original(name), None, "{name}");
        }
    }
}
