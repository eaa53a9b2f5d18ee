//! Reading what is on record about a user.

use idiolect_registry::{MetadataStore, ModelVersion, StoreError, User, UserId};
use jiff::Timestamp;

/// The user and their run that is under way, which is their newest if it is any: no run begins beside another. The versions before
/// it are not read, of which there are more with each week.
pub(crate) async fn user_and_run(
    store: &dyn MetadataStore,
    user_id: &UserId,
) -> Result<(Option<User>, Option<ModelVersion>), StoreError> {
    let user = store.user(user_id).await?;
    let newest = match &user {
        Some(user) if user.latest_model_version == 0 => None,
        Some(user) => store.version(&user.version(user.latest_model_version)).await?,
        // Whoever shares the store may have deleted the user's record.
        None => store.versions(user_id).await?.into_iter().next(),
    };
    Ok((user, newest.filter(|version| version.run.step.is_under_way())))
}

/// The user's record, or what it begins with. Whoever shares the store may have deleted one and left its versions, whose numbers are
/// not given out again.
pub(super) async fn user_or_new(
    store: &dyn MetadataStore,
    user_id: &UserId,
    now: Timestamp,
) -> Result<User, StoreError> {
    if let Some(user) = store.user(user_id).await? {
        return Ok(user);
    }
    let latest = store.versions(user_id).await?.first().map_or(0, |newest| newest.id.version);
    Ok(User { latest_model_version: latest, ..User::new(user_id.clone(), now) })
}
