//! The process's environment, with what a `.env` file here adds to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

/// Names from spec §11.4 and what they are for, as `idiolect doctor` lists them. Their values are never printed.
pub const NAMES: [(&str, &str); 4] = [
    ("OPENAI_API_KEY", "the key for OpenAI"),
    ("FIREBASE_PROJECT_ID", "the project whose Firestore holds the records"),
    ("GOOGLE_APPLICATION_CREDENTIALS", "the key file for Firestore"),
    ("FIRESTORE_EMULATOR_HOST", "an emulator instead of Firestore"),
];

/// Variables by name. The real environment is stronger than the file.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    from_file: BTreeSet<String>,
}

impl Environment {
    /// Reads `.env` in the working directory, if there is one, into the process's own environment too, because Google's
    /// libraries look for their variables there.
    ///
    /// Call it before any other thread runs.
    pub fn load() -> Result<Self> {
        Self::load_with(Path::new(".env"))
    }

    fn load_with(file: &Path) -> Result<Self> {
        let mut environment = Self::of(std::env::vars_os())?;
        // A folder of that name is Python's.
        if !file.is_dir()
            && let Some(text) = crate::files::read_if_there(file)?
        {
            // Windows' editors put one there.
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            environment.add(file, text)?;
            // Leaves alone what is set.
            let _ = dotenvy::from_read(text.as_bytes());
        }
        Ok(environment)
    }

    /// One of ours that is not UTF-8 is refused rather than passed over: the default would take its place.
    fn of(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Self> {
        let mut texts = Vec::new();
        for (name, value) in variables {
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => texts.push((name, value)),
                (Ok(name), Err(_)) if name.starts_with("IDIOLECT_") => bail!("environment {name}: is not UTF-8"),
                _ => {}
            }
        }
        Ok(texts.into_iter().collect())
    }

    /// What the file adds.
    fn add(&mut self, file: &Path, text: &str) -> Result<()> {
        for item in dotenvy::from_read_iter(text.as_bytes()) {
            match item {
                Ok((name, value)) => {
                    if !self.variables.contains_key(&name) {
                        self.from_file.insert(name.clone());
                        self.variables.insert(name, value);
                    }
                }
                Err(error) => {
                    // Not the error's own display: that quotes the line, and a line may hold a key.
                    let line = match &error {
                        dotenvy::Error::LineParse(bad, _) => text.lines().position(|line| is_bad(line, bad)),
                        _ => None,
                    };
                    let place = line.map_or(String::new(), |line| format!(", line {}", line + 1));
                    bail!("{}{place}: is not NAME=VALUE; put values with spaces or '#' into quotes", file.display());
                }
            }
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Where a variable comes from, for people: `environment HOME`.
    pub fn origin(&self, name: &str) -> String {
        if self.from_file.contains(name) { format!(".env {name}") } else { format!("environment {name}") }
    }
}

/// Whether a line is the one that cannot be read, of which the parser gives all or the value alone, and what stands below it where a
/// quotation mark is open.
fn is_bad(line: &str, bad: &str) -> bool {
    let bad = bad.lines().next().unwrap_or_default();
    let value = line.split_once('=').filter(|_| !line.trim_start().starts_with('#')).map(|(_, value)| value.trim());
    line == bad || value == Some(bad.trim())
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self { variables: variables.into_iter().collect(), from_file: BTreeSet::new() }
    }
}

/// Names only.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_environment_is_stronger_than_the_file() {
        let mut environment: Environment = [("A".to_owned(), "real".to_owned())].into_iter().collect();
        environment.add(Path::new(".env"), "# keys\nA=file\nexport B=\"two words\"\n\nEMPTY=\n").unwrap();
        assert_eq!((environment.get("A"), environment.get("B")), (Some("real"), Some("two words")));
        assert_eq!((environment.get("EMPTY"), environment.get("C")), (Some(""), None));
        assert_eq!(environment.origin("A"), "environment A");
        assert_eq!(environment.origin("B"), ".env B");
    }

    #[test]
    fn a_setting_that_is_no_text_is_refused_and_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;
        let of = |name: &str| Environment::of([(name.into(), OsString::from_vec(b"caf\xe9".to_vec()))].into_iter());
        assert_eq!(of("IDIOLECT_DATA_DIR").unwrap_err().to_string(), "environment IDIOLECT_DATA_DIR: is not UTF-8");
        assert_eq!(of("OTHER").unwrap().get("OTHER"), None);
    }

    #[test]
    fn a_folder_of_that_name_is_no_file_of_variables() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Environment::load_with(folder.path()).is_ok());
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "\u{feff}IDIOLECT_TEST_MARKED=1\r\n").unwrap();
        let environment = Environment::load_with(&file).unwrap();
        assert_eq!(environment.get("IDIOLECT_TEST_MARKED"), Some("1"));
    }

    #[test]
    fn a_broken_line_is_named_and_not_quoted() {
        let broken = "GOOD=1\nsk-secret without an equals sign\n";
        let error = Environment::default().add(Path::new(".env"), broken).unwrap_err().to_string();
        assert_eq!(error, ".env, line 2: is not NAME=VALUE; put values with spaces or '#' into quotes");
        for broken in ["#B=two words\nA=1\n export B = two words\n", "A=1\r\nC=\"2\"\r\nB=\"two\r\n"] {
            let error = Environment::default().add(Path::new(".env"), broken).unwrap_err().to_string();
            assert!(error.starts_with(".env, line 3: "), "{error}");
        }
        let known: Environment = [("OPENAI_API_KEY".to_owned(), "sk-secret".to_owned())].into_iter().collect();
        assert_eq!(format!("{known:?}"), "{\"OPENAI_API_KEY\"}");
    }
}
