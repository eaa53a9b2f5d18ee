//! The daily look at everybody: who gets a turn by it, and what stands in its way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::{Host, Next};
use idiolect_provider::{ChatCompletion, ChatProvider, ChatRequest, ChatStream, ProviderError};
use idiolect_registry::{
    Change, Clock, MetadataStore, ModelStatus, ModelVersion, Purpose, Trigger, User, VersionId, grant, suspect,
};
use jiff::SignedDuration;

use crate::turns::{WEEK, advance, between_turns};
use crate::world::World;

async fn scheduled(world: &World) -> usize {
    world.machine().look_at_everybody().await.unwrap().scheduled
}

#[tokio::test]
async fn who_gave_consent_before_there_was_a_schedule_gets_a_turn_of_their_own_hour_when_there_is_one() {
    let mut world = World::ready().await;
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert_eq!((scheduled(&world).await, world.user().await.dispatch.next_at), (0, None), "there is none yet");
    world.cadence.every = Some(WEEK);
    assert_eq!(scheduled(&world).await, 1);
    let turn = world.user().await.dispatch.next_at;
    assert_eq!(turn, world.cadence.next_turn(&world.user_id, world.clock.now()));
    let before = world.user().await;
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!((scheduled(&world).await, world.user().await), (0, before), "a second look moves nothing");

    world.clock.set(turn.unwrap());
    advance(&world).await;
    assert_eq!(world.run().await.run.trigger, Trigger::OptIn);
}

#[tokio::test]
async fn a_schedule_that_is_switched_off_lets_the_turn_lapse_and_one_that_is_switched_on_again_brings_it_back() {
    let mut world = between_turns().await;
    let (turn, trained) = (world.user().await.dispatch.next_at.unwrap(), world.user().await.latest_model_version);
    world.cadence.every = None;
    assert_eq!(scheduled(&world).await, 0);
    world.clock.set(turn);
    world.add_messages(200);
    assert_eq!(advance(&world).await, Next::Done);
    assert_eq!((world.user().await.dispatch.next_at, world.user().await.latest_model_version), (None, trained));
    assert_eq!(scheduled(&world).await, 0);

    world.cadence.every = Some(WEEK);
    assert_eq!(scheduled(&world).await, 1);
    world.clock.set(world.user().await.dispatch.next_at.unwrap());
    advance(&world).await;
    assert_eq!((world.run().await.id.version, world.run().await.run.trigger), (trained + 1, Trigger::Schedule));
}

#[tokio::test]
async fn nobody_gets_a_turn_who_revoked_was_disabled_never_agreed_or_is_being_erased() {
    let mut world = World::ready().await;
    world.cadence.every = Some(WEEK);
    let granted = world.user().await;
    let now = world.clock.now();
    let mut disabled = granted.clone();
    disabled.model_status = idiolect_registry::ModelStatus::Disabled;
    let mut erasing = granted.clone();
    erasing.erasure_id = Some("receipt".into());
    let never = idiolect_registry::User { consent: Default::default(), ..granted.clone() };
    for user in [idiolect_registry::revoke(&granted, now), disabled, erasing, never] {
        let user = idiolect_registry::User { revision: world.user().await.revision, ..user };
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        assert_eq!((scheduled(&world).await, world.user().await.dispatch.next_at), (0, None));
    }
}

#[tokio::test]
async fn a_turn_that_is_given_while_a_run_is_under_way_is_there_when_the_run_is_over() {
    let mut world = World::ready().await;
    world.request().await;
    world.step().await;
    world.cadence.every = Some(WEEK);
    assert_eq!(scheduled(&world).await, 1);
    let turn = world.user().await.dispatch.next_at;
    world.until_run_ends().await;
    assert_eq!(world.user().await.dispatch.next_at, turn);
}

#[tokio::test]
async fn whoever_is_at_work_on_the_user_wins_over_the_daily_look_and_a_store_that_is_away_is_said() {
    let mut world = World::ready().await;
    world.cadence.every = Some(WEEK);
    world.store.fail_next_commit(idiolect_testkit::CommitFault::Conflict);
    assert_eq!((scheduled(&world).await, world.user().await.dispatch.next_at), (0, None));
    world.store.fail_next_commit(idiolect_testkit::CommitFault::Unavailable);
    assert!(world.machine().look_at_everybody().await.is_err());
    assert_eq!(scheduled(&world).await, 1, "next time");
}

#[tokio::test]
async fn one_users_unreadable_records_keep_nobody_else_from_their_turn() {
    let mut world = World::ready().await;
    let now = world.clock.now();
    // Of abe the record itself, of ben the served version's; both are looked at before the others.
    let granted = |name: &str| grant(&User::new(name.parse().unwrap(), now), Purpose::ALL, now);
    let mut ben = granted("ben");
    (ben.active_model_version, ben.latest_model_version, ben.active_model_id) = (1, 1, Some("ft:ben".into()));
    let id = VersionId { user_id: ben.user_id.clone(), version: 1 };
    let version = ModelVersion::requested(id.clone(), world.run_request(now), now);
    let users = vec![granted("abe"), ben, granted("zoe")];
    let changes = users.into_iter().map(Change::PutUser).chain([Change::CreateVersion(version)]).collect();
    world.store.commit(changes).await.unwrap();
    world.store.spoil("abe");
    world.store.spoil(&id);

    world.cadence.every = Some(WEEK);
    let report = world.machine().look_at_everybody().await.unwrap();
    assert_eq!((report.scheduled, report.passed_over), (3, 2), "ana, ben and zoe have a turn; two were passed over");
    let zoe = world.store.user(&"zoe".parse().unwrap()).await.unwrap().unwrap();
    assert!(zoe.dispatch.next_at.is_some());
}

#[tokio::test]
async fn what_a_wrong_clock_put_off_for_a_year_is_brought_back_by_the_daily_look() {
    let world = between_turns().await;
    let now = world.clock.now();
    let (turn, next_year) = (world.user().await.dispatch.next_at.unwrap(), now + SignedDuration::from_hours(365 * 24));
    let put_off = async |until| {
        let mut user = world.user().await;
        user.dispatch.next_at = Some(until);
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    };
    put_off(now + WEEK + SignedDuration::from_hours(48)).await;
    assert_eq!(world.machine().look_at_everybody().await.unwrap().scheduled, 0, "late, and not out of the question");
    put_off(next_year).await;
    assert_eq!(world.machine().look_at_everybody().await.unwrap().scheduled, 1);
    assert!(world.user().await.dispatch.next_at.unwrap() <= turn + WEEK);

    let run = world.request().await;
    for (until, expected) in [(now + SignedDuration::from_hours(48), None), (next_year, Some(now))] {
        let mut strayed = world.run().await;
        assert_eq!(strayed.id, run.id);
        strayed.run.dispatch.claim("elsewhere", until);
        world.store.commit(vec![Change::UpdateVersion(strayed)]).await.unwrap();
        world.machine().look_at_everybody().await.unwrap();
        assert_eq!(world.run().await.run.dispatch.next_at, expected.or(Some(until)));
    }
}

/// Answers nobody before two have asked.
struct Meeting(tokio::sync::Barrier);

#[async_trait]
impl ChatProvider for Meeting {
    async fn complete(&self, _: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        self.0.wait().await;
        Err(ProviderError::unavailable("met"))
    }

    async fn stream(&self, _: ChatRequest) -> Result<ChatStream, ProviderError> {
        Err(ProviderError::unavailable("nobody streams"))
    }
}

#[tokio::test]
async fn the_daily_look_does_not_wait_for_one_user_before_it_comes_to_the_next() {
    let world = World::ready().await;
    let now = world.clock.now();
    for name in ["abe", "ben"] {
        let mut user = grant(&User::new(name.parse().unwrap(), now), Purpose::ALL, now);
        (user.active_model_version, user.latest_model_version) = (1, 1);
        (user.active_model_id, user.model_status) = (Some(format!("ft:{name}")), ModelStatus::Ready);
        let id = VersionId { user_id: user.user_id.clone(), version: 1 };
        let version = ModelVersion::requested(id, world.run_request(now), now);
        // Which is asked after.
        let doubted = suspect(&version, "scripted".into(), None).unwrap();
        world.store.commit(vec![Change::PutUser(user), Change::CreateVersion(doubted)]).await.unwrap();
    }
    let mut machine = world.machine();
    let host = Host { chat: Arc::new(Meeting(tokio::sync::Barrier::new(2))), ..world.host() };
    machine.hosts = Arc::new(BTreeMap::from([("fake".to_owned(), Arc::new(host))]));
    let looked = tokio::time::timeout(Duration::from_secs(20), machine.look_at_everybody()).await;
    looked.expect("both are asked after at the same time").unwrap();
}

#[tokio::test]
async fn an_erasure_that_a_wrong_clock_put_off_is_brought_back_by_the_daily_look() {
    let world = World::ready().await;
    world.machine().request_erasure(&world.user_id, "receipt").await.unwrap().unwrap();
    let now = world.clock.now();
    for (hours, expected) in [(48, now + SignedDuration::from_hours(48)), (365 * 24, now)] {
        let mut user = world.user().await;
        user.dispatch.release(Some(now + SignedDuration::from_hours(hours)));
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        world.machine().look_at_everybody().await.unwrap();
        assert_eq!(world.user().await.dispatch.next_at, Some(expected));
    }
}
