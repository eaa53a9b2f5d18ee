use jiff::civil::date;

use super::*;

fn book(text: &str) -> Result<ProfileBook, ProfileError> {
    ProfileBook::new(&text.parse().unwrap())
}

fn at(time: &str) -> jiff::Timestamp {
    time.parse().unwrap()
}

#[test]
fn five_profiles_are_built_in() {
    let book = ProfileBook::default();
    let names: Vec<_> = book.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(names, ["azure", "local", "nebius", "openai", "openai-compatible"]);
    assert!(!book.get("local").unwrap().is_hosted());
    assert_eq!(book.get("openai").unwrap().key_env.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(book.get("azure").unwrap().status("canceling"), JobStatus::Running);
    assert_eq!(book.get("azure").unwrap().status("canceled"), JobStatus::Cancelled);
    assert_eq!(book.get("openai").unwrap().status("compressing"), JobStatus::Unknown("compressing".into()));
    let unknown = book.get("opnai").unwrap_err().to_string();
    assert_eq!(
        unknown,
        "there is no provider profile \"opnai\"; there are azure, local, nebius, openai, openai-compatible, and \
         [profiles.NAME] in idiolect.toml adds one"
    );
}

#[test]
fn settings_change_a_built_in_profile_and_add_new_ones() {
    let book = book(
        r#"
        [openai]
        max_concurrent_jobs = 9
        [openai.models."gpt-4o-mini-2024-07-18"]
        price.training = 4.0
        [mine]
        base_url = "http://127.0.0.1:8485/v1"
        key_env = "MINE"
        training_open_until = 2030-01-31
        [tuned]
        extends = "nebius"
        hyperparameters.lora_r = 16
        "#,
    )
    .unwrap();
    let openai = book.get("openai").unwrap();
    assert_eq!(openai.max_concurrent_jobs, Some(9));
    let price = openai.models["gpt-4o-mini-2024-07-18"].price.unwrap();
    assert_eq!((price.training, price.input), (Some(4.0), Some(0.30)));
    let mine = book.get("mine").unwrap();
    assert_eq!(mine.training_open_until, Some(date(2030, 1, 31)));
    assert_eq!((mine.labels, mine.auth, mine.name.as_str()), (Labels::Metadata, Auth::Bearer, "mine"));
    let lora =
        HyperparameterDialect::AbsoluteLora { learning_rate: 1e-5, lora_r: 16, lora_alpha: 8, lora_dropout: 0.0 };
    assert_eq!(book.get("tuned").unwrap().hyperparameters, lora);
}

#[test]
fn an_address_may_be_unencrypted_on_this_machine_only() {
    let taken =
        |url: &str| ProfileBook::new(&format!("[x]\nauth = \"none\"\nbase_url = \"{url}\"").parse().unwrap()).is_ok();
    for url in [
        "https://example.org/v1",
        "http://localhost:1/v1",
        "http://127.0.0.1/v1",
        "http://[::1]/v1",
        "http://[::1]:8080/v1",
    ] {
        assert!(taken(url), "{url}");
    }
    for url in [
        "http://example.org/v1",
        "http://[::2]/v1",
        "http://localhost.example.org/v1",
        "https://",
        "ftp://localhost/v1",
        "example.org/v1",
    ] {
        assert!(!taken(url), "{url}");
    }
}

#[test]
fn what_is_wrong_with_a_profile_is_named_and_no_value_of_it_quoted() {
    for (text, place, sentence) in [
        ("x = 1", "x.", "[profiles.x] must be a section, [profiles.NAME], with settings of its own"),
        (
            "[x]\nextends = \"y\"",
            "x.extends",
            "[profiles.x] extends must be one of openai, nebius, azure, local, openai-compatible",
        ),
        (
            "[x]\nauth = \"none\"\nplace = \"in_process\"",
            "x.place",
            "[profiles.x] place must be \"hosted\"; \"in_process\" is the profile local alone",
        ),
        (
            "[x]\nbase_url = \"http://example.org/v1\"",
            "x.base_url",
            "[profiles.x] base_url must begin with https://, or with http:// and a loopback address, because keys and words go there",
        ),
        (
            "[x]\nbase_url = \"https://key@example.org/v1\"",
            "x.base_url",
            "[profiles.x] base_url must be an address without user, query or fragment",
        ),
        (
            "[x]\nkey_env = \"sk-canary\"",
            "x.key_env",
            "[profiles.x] key_env must be the name of an environment variable, which holds the key; never the key itself",
        ),
        (
            "[x.header_env]\nx-tenant = \"my tenant\"",
            "x.header_env.x-tenant",
            "[profiles.x] header_env.x-tenant must be the name of an environment variable, which holds the value",
        ),
        ("[x]\nauth = \"sk-canary\"", "x.auth", "[profiles.x] auth must be one of bearer, api_key, none"),
        ("[x]\nkey_env = 7", "x.key_env", "[profiles.x] key_env must be text in quotes"),
        ("[x]\nbom = \"yes\"", "x.bom", "[profiles.x] bom must be true or false"),
        ("[x]\nalternatives = \"local\"", "x.alternatives", "[profiles.x] alternatives must be a list"),
        ("[x]\nmodels = 1", "x.models", "[profiles.x] models must be a section"),
        ("[x]\nmodels.m = 1", "x.models.m", "[profiles.x] models.m must be a section"),
        (
            "[x]\nauth = \"none\"\nstatuses.done = \"canary\"",
            "x.statuses.done",
            "[profiles.x] statuses.done must be validating_files, queued, running, paused, succeeded, failed or cancelled",
        ),
        (
            "[x.models.\"m\"]\nprice.training = -1.0",
            "x.models.m.price",
            "[profiles.x] models.m.price must be US dollars per million tokens, 0 or more",
        ),
        (
            "[x.models.\"m\"]\nprice.training = \"1\"",
            "x.models.m.price.training",
            "[profiles.x] models.m.price.training must be a number",
        ),
        (
            "[x]\nmax_file_bytes = \"lots\"",
            "x.max_file_bytes",
            "[profiles.x] max_file_bytes must be a whole number, 0 or more",
        ),
        (
            "[x]\nmax_file_bytes = -1",
            "x.max_file_bytes",
            "[profiles.x] max_file_bytes must be a whole number, 0 or more",
        ),
        (
            "[x.models.\"m\"]\nshutdown_date = \"soon\"",
            "x.models.m.shutdown_date",
            "[profiles.x] models.m.shutdown_date must be a date, such as 2027-01-31",
        ),
        (
            "[x]\nhyperparameters.style = \"absolute_lora\"",
            "x.hyperparameters",
            "[profiles.x] hyperparameters must have learning_rate, too",
        ),
        (
            "[x.models.\"m\"]\nchat.rnme = {}",
            "x.models.m.chat.rnme",
            "[profiles.x] models.m.chat.rnme is none of rename or drop",
        ),
    ] {
        let error = book(text).unwrap_err();
        assert_eq!((error.to_string(), error.place()), (sentence.to_owned(), Some(format!("profiles.{place}"))));
    }
    let unknown = book("[x]\nbase_ulr = \"https://example.org\"").unwrap_err();
    assert!(
        unknown.to_string().starts_with("[profiles.x] base_ulr is none of description, place, base_url"),
        "{unknown}"
    );
    assert_eq!(unknown.place().as_deref(), Some("profiles.x.base_ulr"));
}

#[test]
fn closed_training_is_refused_with_the_date_and_the_alternatives() {
    let book = ProfileBook::default();
    let openai = book.get("openai").unwrap();
    let mini = ModelId::new("gpt-4o-mini-2024-07-18");
    let open = openai.check_open(&mini, None, at("2026-11-25T12:00:00Z"), 30).unwrap();
    assert_eq!(open.closes, Some((date(2027, 1, 6), 42)));
    assert_eq!(open.shuts_down, Some((date(2027, 1, 14), 50)));
    assert!(openai.check_open(&mini, None, at("2027-01-05T23:59:59Z"), 7).is_ok());
    let closed = openai.check_open(&mini, None, at("2027-01-06T00:00:00Z"), 7).unwrap_err();
    assert_eq!(
        closed.to_string(),
        "openai has taken no new fine-tuning jobs since 2027-01-06; train with nebius or local instead (`idiolect train \
         --provider nebius`)"
    );
    assert_eq!(closed.code(), "provider_closed");
}

#[test]
fn training_for_a_model_that_soon_shuts_down_is_refused() {
    let book = ProfileBook::default();
    let openai = book.get("openai").unwrap();
    let refused = |model: &str, live, now: &str| {
        openai.check_open(&ModelId::new(model), live, at(now), 30).unwrap_err().to_string()
    };
    let instead = "train with nebius or local instead (`idiolect train --provider nebius`)";
    assert_eq!(
        refused("gpt-4.1-mini-2025-04-14", None, "2026-12-20T00:00:00Z"),
        format!(
            "gpt-4.1-mini-2025-04-14 shuts down at openai on 2027-01-14, in 25 days, and a model trained now should be of \
             use for 30; {instead}"
        )
    );
    assert_eq!(
        refused("gpt-4.1-nano-2025-04-14", None, "2026-11-25T00:00:00Z"),
        format!(
            "gpt-4.1-nano-2025-04-14 has been shut down at openai since 2026-10-23, with all that was trained on it; {instead}"
        )
    );
    let live = refused("gpt-4.1-mini-2025-04-14", Some(date(2026, 12, 1)), "2026-11-25T00:00:00Z");
    assert!(live.contains("on 2026-12-01, in 6 days"), "{live}");
    let untrainable = refused("gpt-6-luna", None, "2026-11-25T00:00:00Z");
    assert!(
        untrainable.starts_with("gpt-6-luna cannot be fine-tuned at openai; it can fine-tune gpt-4.1-"),
        "{untrainable}"
    );
}

#[test]
fn a_fine_tuned_model_is_known_by_its_base_with_or_without_the_date() {
    let book = ProfileBook::default();
    let openai = book.get("openai").unwrap();
    for id in
        ["ft:gpt-4o-mini-2024-07-18:org:x:abc", "ft:gpt-4o-mini:org::abc", "gpt-4o-mini", "gpt-4o-mini-2024-07-18"]
    {
        assert_eq!(openai.shutdown_date(&ModelId::new(id)), Some(date(2027, 1, 14)), "{id}");
    }
    for id in ["ft:gpt-9:org:x:abc", "gpt-4o-mini-tts", "gpt", "ft:", ""] {
        assert_eq!(openai.shutdown_date(&ModelId::new(id)), None, "{id}");
    }
}

/// By hand: 500 rows of 300 tokens, 3 epochs, 3 USD per million.
#[test]
fn training_costs_what_the_table_says() {
    let book = ProfileBook::default();
    let mini = ModelId::new("gpt-4o-mini-2024-07-18");
    let openai = book.get("openai").unwrap();
    assert_eq!(openai.training_usd(&mini, 500 * 300 * 3), Some(1.35));
    assert_eq!(openai.training_usd(&ModelId::new("gpt-9"), 1), None);
    assert_eq!(book.get("local").unwrap().training_usd(&mini, 1_000_000), Some(0.0));
    let usage = crate::Usage { prompt_tokens: 1_000_000, completion_tokens: 500_000 };
    assert_eq!(openai.model(&mini).unwrap().price.unwrap().answer_usd(usage), Some(0.90));
}

#[test]
fn a_reasoning_model_gets_its_own_field_names() {
    let book = ProfileBook::default();
    let dialect = &book.get("openai").unwrap().models["gpt-6-luna"].chat;
    let fields = serde_json::json!({"max_tokens": 5, "temperature": 0.3, "messages": [], "unknown": 1});
    let shaped = dialect.apply(fields.as_object().unwrap().clone());
    assert_eq!(Value::Object(shaped), serde_json::json!({"max_completion_tokens": 5, "messages": [], "unknown": 1}));
}
