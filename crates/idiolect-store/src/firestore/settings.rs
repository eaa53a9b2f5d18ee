//! Which database, and what its collections are called.

use std::fmt;

/// Where the records are.
///
/// How to authenticate is not said here but where every Google program looks for it: a key file named by
/// `GOOGLE_APPLICATION_CREDENTIALS`, the user's own credentials, the metadata server. `FIRESTORE_EMULATOR_HOST` names an
/// emulator instead, which asks for no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirestoreSettings {
    /// The Firebase project, such as `my-app-1234`.
    pub project_id: String,
    /// The database in it; nearly always `(default)`.
    pub database_id: String,
    pub collections: Collections,
}

/// The names of the collections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collections {
    pub users: String,
    pub llm_models: String,
    pub erasures: String,
    pub spend_runs: String,
    pub spend_user_months: String,
    pub spend_days: String,
}

impl Default for Collections {
    /// The names of spec §5, and the others in its manner.
    fn default() -> Self {
        Self {
            users: "users".into(),
            llm_models: "llmModels".into(),
            erasures: "erasures".into(),
            spend_runs: "spendRuns".into(),
            spend_user_months: "spendUserMonths".into(),
            spend_days: "spendDays".into(),
        }
    }
}

impl FirestoreSettings {
    /// The default database of the project, with the collections of spec §5.
    pub fn new(project_id: impl Into<String>) -> Self {
        Self { project_id: project_id.into(), database_id: "(default)".into(), collections: Collections::default() }
    }

    /// Says what Firestore would refuse with each request, once and before any.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.project_id.is_empty() {
            return Err("no project is named".into());
        }
        for (default, name) in self.collections.all() {
            if name.is_empty() || name.contains('/') || name == "." || name == ".." || name.starts_with("__") {
                return Err(format!(
                    "the collection for {default} is called {name:?}, but a name is not empty, has no '/' and does not \
                     begin with two underscores"
                ));
            }
        }
        let names: std::collections::BTreeSet<_> = self.collections.all().map(|(_, name)| name).into();
        if names.len() < self.collections.all().len() {
            return Err("two collections have the same name".into());
        }
        Ok(())
    }
}

impl Collections {
    /// Each with its default name.
    fn all(&self) -> [(&'static str, &str); 6] {
        [
            ("users", &self.users),
            ("llmModels", &self.llm_models),
            ("erasures", &self.erasures),
            ("spendRuns", &self.spend_runs),
            ("spendUserMonths", &self.spend_user_months),
            ("spendDays", &self.spend_days),
        ]
    }

    /// What the collection with this default name is called.
    pub(super) fn named(&self, default: &str) -> &str {
        self.all().into_iter().find(|(name, _)| *name == default).map_or("", |(_, name)| name)
    }
}

/// As errors name the place.
impl fmt::Display for FirestoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Firestore project {:?}", self.project_id)?;
        if self.database_id != "(default)" {
            write!(f, " database {:?}", self.database_id)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_firestore_refuses_are_refused_first() {
        let named = |users: &str| {
            let collections = Collections { users: users.into(), ..Collections::default() };
            FirestoreSettings { collections, ..FirestoreSettings::new("p") }.check()
        };
        assert_eq!(named("people"), Ok(()));
        for bad in ["", "a/b", "..", "__x__", "llmModels"] {
            assert!(named(bad).is_err(), "{bad:?}");
        }
        assert_eq!(FirestoreSettings::new("").check(), Err("no project is named".into()));
    }
}
