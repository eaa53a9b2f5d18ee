//! The settings' file: what stands in it, and on which line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

pub(super) struct SettingsFile {
    pub(super) table: Table,
    path: PathBuf,
    /// By keys and sections, dotted.
    lines: BTreeMap<String, usize>,
}

impl SettingsFile {
    pub(super) fn read(path: PathBuf) -> Result<Self> {
        let bytes = std::fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let at = |line: usize| format!("{}, line {line}", path.display());
        let text = str::from_utf8(&bytes).map_err(|error| {
            anyhow!("{}: is not UTF-8; save the file as UTF-8", at(line(&bytes, error.valid_up_to())))
        })?;
        let table = toml::from_str(text).map_err(|error| {
            // Not the error's own display: that quotes the line, and a line may hold a key.
            let start = error.span().map_or(0, |span| span.start);
            anyhow!("{}: is not valid TOML: {}", at(line(&bytes, start)), error.message())
        })?;
        let mut lines = BTreeMap::new();
        note_lines(DeTable::parse(text)?.get_ref(), "", &|start| line(&bytes, start), &mut lines);
        Ok(Self { table, path, lines })
    }

    /// Where a key or section is, for people: `idiolect.toml, line 3`.
    pub(super) fn place(&self, key: &str) -> String {
        self.lines
            .get(key)
            .map_or(self.path.display().to_string(), |line| format!("{}, line {line}", self.path.display()))
    }

    /// Each key and section of the profiles, dotted, with its place.
    pub(super) fn profile_places(&self) -> impl Iterator<Item = (String, String)> {
        let keys = self.lines.keys().filter(|key| key.split('.').next() == Some("profiles"));
        keys.map(|key| (key.clone(), self.place(key)))
    }
}

fn note_lines(table: &DeTable, above: &str, line: &impl Fn(usize) -> usize, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let name = format!("{above}{}", key.get_ref());
        if let DeValue::Table(inner) = value.get_ref() {
            note_lines(inner, &format!("{name}."), line, lines);
        }
        lines.insert(name, line(Spanned::span(key).start));
    }
}

fn line(text: &[u8], position: usize) -> usize {
    1 + text[..position].iter().filter(|byte| **byte == b'\n').count()
}
