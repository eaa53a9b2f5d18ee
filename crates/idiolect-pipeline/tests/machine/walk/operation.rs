//! What can happen, and how often it is drawn.

use idiolect_testkit::{CommitFault, Fault, JobOutcome, JobScript, Method};
use proptest::prelude::*;

pub const USERS: [&str; 3] = ["ana", "ben", "cleo"];

/// One of [`USERS`].
pub type Who = usize;

/// What does not change during a walk.
#[derive(Clone, Debug)]
pub struct Setup {
    pub hosted: bool,
    pub scores: bool,
    pub after_review: bool,
    pub every_week: bool,
    pub on_opt_in: bool,
    /// US dollars of the whole installation on a day.
    pub day_cap: Option<u32>,
    /// Jobs that the profile says the provider takes at a time.
    pub places: Option<u32>,
    pub has_successor: bool,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub operation: Operation,
    pub cut: Option<Cut>,
}

/// Something that happens at the n-th call to the store or the provider within an operation.
#[derive(Clone, Debug)]
pub struct Cut {
    pub at: u8,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// The process dies before the call.
    Dies,
    /// The call goes wrong before it takes effect, or after.
    Fails { after: bool },
    /// Somebody else does something just before it.
    Meanwhile(Operation),
}

#[derive(Clone, Debug)]
pub enum Operation {
    Grant {
        who: Who,
        all: bool,
    },
    Revoke(Who),
    Request(Who),
    Cancel(Who),
    Erase(Who),
    Approve(Who),
    Reject(Who),
    /// Counted back from the newest.
    Activate {
        who: Who,
        back: usize,
    },
    RollBack(Who),
    Chat(Who),
    /// Somebody drives their run at a terminal for so long.
    Train {
        who: Who,
        minutes: u16,
    },
    Work {
        worker: u8,
        minutes: u16,
    },
    LookAtEverybody,
    /// Time passes, or a clock is set back.
    Wait {
        minutes: i32,
    },
    NextJob(JobScript),
    NextCallFails(Method, Fault),
    NextCommitFails(CommitFault),
    SomeCallsFail {
        percent: u8,
        seed: u64,
    },
    /// It can, or cannot, be opened here: its key or profile is missing.
    ProviderIsHere(bool),
    StoreIsUp(bool),
    LoseJobs,
    /// The model that the user is served does not answer any more.
    LoseModel(Who),
    BringModelsBack,
    /// Tenths of a bit per character; fine-tuned models have 4 bits.
    BaseHas {
        tenths: u8,
    },
    /// How many messages everybody has in any window.
    Messages(usize),
    BaseEndsIn {
        days: i32,
    },
}

use Operation as Op;

pub fn setup() -> impl Strategy<Value = Setup> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let day_cap = prop_oneof![Just(None), Just(Some(20)), Just(Some(1))];
    (flags, day_cap, prop_oneof![Just(None), Just(Some(1))]).prop_map(
        |((hosted, scores, after_review, every_week, on_opt_in, has_successor), day_cap, places)| Setup {
            hosted,
            scores,
            after_review,
            every_week,
            on_opt_in,
            day_cap,
            places,
            has_successor,
        },
    )
}

pub fn step() -> impl Strategy<Value = Step> {
    let cut = prop_oneof![
        3 => Just(None),
        2 => (0..30_u8, what()).prop_map(|(at, what)| Some(Cut { at, what })),
    ];
    (operation(), cut).prop_map(|(operation, cut)| Step { operation, cut })
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        2 => Just(What::Dies),
        1 => any::<bool>().prop_map(|after| What::Fails { after }),
        2 => operation().prop_map(What::Meanwhile),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let who = || 0..USERS.len();
    let people = prop_oneof![
        4 => (who(), prop::bool::weighted(0.9)).prop_map(|(who, all)| Op::Grant { who, all }),
        1 => who().prop_map(Op::Revoke),
        6 => who().prop_map(Op::Request),
        1 => who().prop_map(Op::Cancel),
        1 => who().prop_map(Op::Erase),
        2 => who().prop_map(Op::Approve),
        1 => who().prop_map(Op::Reject),
        1 => (who(), 0..3_usize).prop_map(|(who, back)| Op::Activate { who, back }),
        1 => who().prop_map(Op::RollBack),
        1 => who().prop_map(Op::Chat),
    ];
    let engines = prop_oneof![
        2 => (who(), 1..600_u16).prop_map(|(who, minutes)| Op::Train { who, minutes }),
        5 => (0..2_u8, 1..600_u16).prop_map(|(worker, minutes)| Op::Work { worker, minutes }),
        1 => Just(Op::LookAtEverybody),
        2 => prop_oneof![-30..0, 1..300, 1000..200_000].prop_map(|minutes| Op::Wait { minutes }),
    ];
    let world = prop_oneof![
        2 => job().prop_map(Op::NextJob),
        3 => (method(), fault()).prop_map(|(method, fault)| Op::NextCallFails(method, fault)),
        2 => commit_fault().prop_map(Op::NextCommitFails),
        1 => (0..60_u8, any::<u64>()).prop_map(|(percent, seed)| Op::SomeCallsFail { percent, seed }),
        1 => any::<bool>().prop_map(Op::ProviderIsHere),
        1 => any::<bool>().prop_map(Op::StoreIsUp),
        1 => Just(Op::LoseJobs),
        1 => who().prop_map(Op::LoseModel),
        1 => Just(Op::BringModelsBack),
        2 => (30..50_u8).prop_map(|tenths| Op::BaseHas { tenths }),
        1 => prop_oneof![Just(3), Just(40), Just(41)].prop_map(Op::Messages),
        1 => (1..100).prop_map(|days| Op::BaseEndsIn { days }),
    ];
    prop_oneof![5 => people, 4 => engines, 3 => world]
}

fn job() -> impl Strategy<Value = JobScript> {
    let outcome = prop_oneof![
        4 => Just(JobOutcome::Succeeds),
        1 => Just(JobOutcome::SucceedsWithoutModel),
        1 => Just(JobOutcome::Cancelled),
        1 => Just(JobOutcome::Fails { code: "server_error".into(), message: "it broke".into() }),
    ];
    (prop_oneof![1..6_u32, Just(u32::MAX)], outcome)
        .prop_map(|(ends_at_poll, outcome)| JobScript { ends_at_poll, outcome })
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(METHODS.to_vec())
}

/// What the machine calls.
pub const METHODS: [Method; 14] = [
    Method::UploadFile,
    Method::FindFiles,
    Method::DeleteFile,
    Method::CreateJob,
    Method::Job,
    Method::FindJobs,
    Method::CancelJob,
    Method::MakeServable,
    Method::DeleteModel,
    Method::DeleteResults,
    Method::ForgetJob,
    Method::Models,
    Method::Complete,
    Method::Score,
];

fn fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![Fault::Unavailable, Fault::RateLimited, Fault::CutAfter, Fault::Refused, Fault::Broken])
}

fn commit_fault() -> impl Strategy<Value = CommitFault> {
    prop::sample::select(vec![CommitFault::Unavailable, CommitFault::CutAfter, CommitFault::Conflict])
}
