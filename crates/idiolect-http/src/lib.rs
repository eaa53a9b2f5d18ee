#![doc = include_str!("../README.md")]

mod bearer;
mod hosts;
mod pace;
mod panicked;
mod refusal;
mod request_id;
mod serve;

pub use bearer::{bearer_token, is_key};
pub use hosts::{Hosts, check_loopback};
pub use pace::check_pace;
pub use panicked::answer_panics;
pub use refusal::{Refusal, RequestError};
pub use request_id::{RequestId, attach_request_id};
pub use serve::{BindError, bind_loopback, serve};
