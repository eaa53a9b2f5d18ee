//! Random walks: what people, workers, providers, stores and clocks do, in any order and cut off anywhere, and what must be so
//! after each step and once everything has come to rest.
//!
//! The walks are the same each time, so that what fails was changed; `PROPTEST_CASES=5000` walks others. One that fails is printed as
//! short as it can be made.

mod invariants;
mod operation;
mod surroundings;
mod town;

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use operation::{Setup, Step, setup, step};
use town::Town;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_happens_in_whatever_order_what_the_documents_promise_is_so(
        setup in setup(),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        if let Err(broken) = runtime.block_on(walk(setup, &steps)) {
            return Err(TestCaseError::fail(broken));
        }
    }
}

fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() };
    let others = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig { rng_seed: if others { config.rng_seed } else { RngSeed::Fixed(17) }, ..config }
}

/// The first promise that was broken, with what had happened by then.
async fn walk(setup: Setup, steps: &[Step]) -> Result<(), String> {
    let town = Town::new(setup).await;
    let mut story = String::new();
    for step in steps {
        let _ = writeln!(story, "  {step:?}");
        town.take(step).await;
        town.check().await.map_err(|broken| format!("{broken}\nafter\n{story}"))?;
    }
    let at_rest = async {
        town.come_to_rest().await?;
        town.check_at_rest().await?;
        town.look_at_everybody().await;
        town.check_turns()?;
        town.erase_everybody().await;
        town.come_to_rest().await?;
        town.check_nothing_is_left().await
    };
    at_rest.await.map_err(|broken: String| format!("{broken}\nat rest after\n{story}"))
}
