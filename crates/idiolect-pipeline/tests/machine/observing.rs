//! What a progress bar is told of a run.

use std::sync::{Arc, Mutex};

use idiolect_pipeline::{Machine, Next, Notice, Observer};
use idiolect_registry::Purpose;
use idiolect_testkit::{Fault, Method};

use crate::world::World;

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Observer for Told {
    fn notice(&self, notice: Notice<'_>) {
        let told = match notice {
            Notice::Extracting { kept, fraction: Some(1.0) } => format!("read all {kept}"),
            Notice::Extracting { kept, .. } => format!("read {kept}"),
            Notice::Step { step, .. } => step.as_str().to_owned(),
            Notice::Training(_) => return,
            Notice::Trouble { failure, .. } => failure.code.as_str().to_owned(),
            Notice::Evaluating { model, examples } => {
                assert!(examples > 0);
                format!("measuring {}", model.split(':').next().unwrap())
            }
            _ => return,
        };
        self.0.lock().unwrap().push(told);
    }
}

#[tokio::test]
async fn an_observer_hears_of_the_reading_of_every_step_of_trouble_and_of_the_measuring() {
    let world = World::with_messages(600, Purpose::ALL).await;
    let told = Arc::new(Told::default());
    world.request().await;
    world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
    loop {
        let mut machine = world.machine();
        machine.observer = told.clone();
        match machine.advance(&world.user_id).await.unwrap() {
            Next::Done => break,
            Next::WaitUntil(at) => world.clock.set(at),
        }
    }
    let reading = ["read 256", "read 512", "read all 600"];
    let before = ["dataset_built", "file_uploaded", "file_uploaded", "provider_unavailable", "file_uploaded"];
    // That it is seen running is a record of its own within the step.
    let job = ["job_created", "job_created", "job_ended", "file_deleted", "probed"];
    let end = ["measuring base-model", "measuring ft", "evaluated", "not_activated"];
    let expected: Vec<_> = [&reading[..], &before, &job, &reading, &end].concat();
    assert_eq!(*told.0.lock().unwrap(), expected);
}
