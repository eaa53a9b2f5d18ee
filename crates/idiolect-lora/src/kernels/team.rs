//! A few threads that stay ready to share the outputs of one product.
//!
//! Shares are claimed, not dealt: a thread that the machine has no core for leaves its share to the others. Between products
//! of one token the members spin; a moment after the last one they sleep.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

/// How long a member looks for the next product before it sleeps: longer than attention takes between two products, and
/// shorter than a thread is worth waking for.
const SPIN: Duration = Duration::from_micros(60);

/// Threads beside the caller's, and the callers that may use them: only one that is alone does, so that answers written at
/// the same time do not wait for each other's cores.
pub(crate) struct Team {
    shared: Arc<Shared>,
    members: Vec<JoinHandle<()>>,
    threads: Vec<Thread>,
    callers: AtomicUsize,
    lead: Mutex<()>,
}

/// One who may lead a team while nobody else may.
pub(crate) struct Caller<'a>(&'a Team);

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.0.callers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The right to give a team work, or nobody to give it to.
pub(crate) struct Lead<'a>(Option<Leading<'a>>);

struct Leading<'a> {
    team: &'a Team,
    _only: MutexGuard<'a, ()>,
}

/// Work to share: called with the number of each share.
type Work<'a> = &'a (dyn Fn(usize) + Sync + 'a);

#[derive(Default)]
struct Shared {
    ticket: AtomicU64,
    /// Points to the [`Work`] of the ticket's round on the leader's stack.
    work: AtomicPtr<Work<'static>>,
    done: AtomicUsize,
    failed: AtomicBool,
    closed: AtomicBool,
    /// Whether each member sleeps, or is about to.
    asleep: Vec<AtomicBool>,
}

/// The round, the shares it has and the next one to claim, in one number, so that a claim is never for another round.
#[derive(Clone, Copy)]
struct Ticket(u64);

impl Ticket {
    fn new(round: u64, shares: usize) -> Self {
        Self(round << 32 | (shares as u64) << 16)
    }

    fn round(self) -> u64 {
        self.0 >> 32
    }

    fn next(self) -> Option<usize> {
        let (next, shares) = (self.0 & 0xffff, self.0 >> 16 & 0xffff);
        (next < shares).then_some(next as usize)
    }
}

/// Counts a share as done however its work ends.
struct Claimed<'a>(&'a Shared);

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.failed.store(true, Ordering::Relaxed);
        }
        self.0.done.fetch_add(1, Ordering::Release);
    }
}

impl Shared {
    /// Claims a share of the current round.
    fn claim(&self) -> Option<usize> {
        let mut ticket = self.ticket.load(Ordering::Acquire);
        loop {
            let share = Ticket(ticket).next()?;
            match self.ticket.compare_exchange_weak(ticket, ticket + 1, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Some(share),
                Err(actual) => ticket = actual,
            }
        }
    }

    fn help(&self) {
        while let Some(share) = self.claim() {
            let _claimed = Claimed(self);
            // SAFETY: the leader stored the pointer before the ticket, and does not return from `share` before this share
            // is counted as done.
            unsafe { (*self.work.load(Ordering::Acquire))(share) };
        }
    }

    /// A member's life.
    fn serve(&self, member: usize) {
        let mut since = Instant::now();
        while !self.closed.load(Ordering::Acquire) {
            if Ticket(self.ticket.load(Ordering::Acquire)).next().is_some() {
                self.help();
                since = Instant::now();
            } else if since.elapsed() < SPIN {
                (0..16).for_each(|_| hint::spin_loop());
            } else {
                self.sleep(member);
                since = Instant::now();
            }
        }
    }

    /// Sleeps unless there is work. Says so first and looks again after, as the leader does in the other order: one of the
    /// two sees the other.
    fn sleep(&self, member: usize) {
        self.asleep[member].store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let needed =
            || Ticket(self.ticket.load(Ordering::Acquire)).next().is_some() || self.closed.load(Ordering::Acquire);
        while self.asleep[member].load(Ordering::Acquire) && !needed() {
            thread::park();
        }
        self.asleep[member].store(false, Ordering::Relaxed);
    }
}

impl Team {
    /// A team of `threads` in all, the leader's among them. With fewer than two, or where threads cannot be started, the
    /// leader works alone.
    pub(crate) fn new(threads: usize) -> Self {
        let wanted = threads.saturating_sub(1);
        let asleep = (0..wanted).map(|_| AtomicBool::new(false)).collect();
        let shared = Arc::new(Shared { asleep, ..Shared::default() });
        let start = |member| {
            let shared = shared.clone();
            thread::Builder::new().name("idiolect-generate".to_owned()).spawn(move || shared.serve(member)).ok()
        };
        let members: Vec<_> = (0..wanted).map_while(start).collect();
        let threads = members.iter().map(|member| member.thread().clone()).collect();
        Self { shared, members, threads, callers: AtomicUsize::new(0), lead: Mutex::new(()) }
    }

    /// Counts another caller until the answer is dropped.
    pub(crate) fn join(&self) -> Caller<'_> {
        self.callers.fetch_add(1, Ordering::Relaxed);
        Caller(self)
    }

    fn wake(&self) {
        fence(Ordering::SeqCst);
        for (asleep, thread) in self.shared.asleep.iter().zip(&self.threads) {
            if asleep.swap(false, Ordering::AcqRel) {
                thread.unpark();
            }
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Release);
        self.wake();
        for member in self.members.drain(..) {
            // A member that panicked has said so to its leader.
            let _ = member.join();
        }
    }
}

/// Waits until the others are done, even when the leader's own work panics: they use what is on its stack.
struct Round<'a> {
    shared: &'a Shared,
    shares: usize,
}

impl Drop for Round<'_> {
    fn drop(&mut self) {
        while self.shared.claim().is_some() {
            self.shared.done.fetch_add(1, Ordering::Release);
        }
        let mut turns = 0u32;
        while self.shared.done.load(Ordering::Acquire) < self.shares {
            turns += 1;
            // A member that lost its core in the middle of a share may need this one.
            if turns.is_multiple_of(4096) { thread::yield_now() } else { hint::spin_loop() }
        }
    }
}

impl Caller<'_> {
    /// The lead for a while: of the whole team for a caller that is alone, of nobody for one among several.
    pub(crate) fn lead(&self) -> Lead<'_> {
        let alone = !self.0.members.is_empty() && self.0.callers.load(Ordering::Relaxed) == 1;
        Lead(alone.then(|| self.0.lead.try_lock().ok()).flatten().map(|only| Leading { team: self.0, _only: only }))
    }
}

impl Lead<'_> {
    /// Calls `work` for pieces of `y`, each `len` long but for the last, with the place in `y` where the piece starts.
    pub(crate) fn share(&self, y: &mut [f32], len: usize, work: &(dyn Fn(usize, &mut [f32]) + Sync)) {
        let Some(Leading { team, .. }) = &self.0 else { return work(0, y) };
        if y.len() <= len {
            return work(0, y);
        }
        let (start, end) = (Start(y.as_mut_ptr()), y.len());
        team.run(end.div_ceil(len), &|share| {
            let at = share * len;
            let piece = len.min(end - at);
            // SAFETY: shares are apart, and each is claimed once; `y` is borrowed until all are done.
            work(at, unsafe { std::slice::from_raw_parts_mut(start.at(at), piece) });
        });
    }
}

impl Team {
    fn run(&self, shares: usize, work: Work<'_>) {
        assert!(shares < 1 << 16, "shares are counted in sixteen bits");
        let shared = &*self.shared;
        // SAFETY: only the lifetime changes. Nobody follows the pointer after `round` is dropped.
        let work: Work<'static> = unsafe { std::mem::transmute(work) };
        shared.done.store(0, Ordering::Relaxed);
        shared.work.store(std::ptr::from_ref(&work).cast_mut(), Ordering::Release);
        let round = Ticket(shared.ticket.load(Ordering::Relaxed)).round().wrapping_add(1) & 0xffff_ffff;
        shared.ticket.store(Ticket::new(round, shares).0, Ordering::Release);
        let ending = Round { shared, shares };
        self.wake();
        shared.help();
        drop(ending);
        assert!(!shared.failed.load(Ordering::Relaxed), "a thread that shared a product panicked");
    }
}

/// Where a buffer starts, for threads that write to parts of it that are apart.
struct Start(*mut f32);

// SAFETY: see the one use of it.
unsafe impl Sync for Start {}

impl Start {
    fn at(&self, offset: usize) -> *mut f32 {
        self.0.wrapping_add(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_worked_on_once() {
        let team = Team::new(3);
        let caller = team.join();
        let lead = caller.lead();
        for round in 0..2_000 {
            let mut y = vec![0.0; 1 + round % 97];
            lead.share(&mut y, 1 + round % 7, &|at, piece| {
                piece.iter_mut().enumerate().for_each(|(i, y)| *y += (at + i + 1) as f32);
            });
            assert!(y.iter().zip(1..).all(|(y, i)| *y == i as f32));
        }
    }

    #[test]
    fn a_team_that_slept_wakes() {
        let team = Team::new(2);
        for _ in 0..3 {
            while !team.shared.asleep[0].load(Ordering::Relaxed) {
                thread::yield_now();
            }
            let mut y = vec![0.0; 8];
            team.join().lead().share(&mut y, 1, &|_, piece| piece.fill(1.0));
            assert_eq!(y, [1.0; 8]);
        }
    }

    #[test]
    fn only_a_caller_that_is_alone_leads_others() {
        let team = Team::new(2);
        let first = team.join();
        assert!(first.lead().0.is_some());
        let second = team.join();
        assert!(first.lead().0.is_none() && second.lead().0.is_none());
        drop(first);
        assert!(second.lead().0.is_some());
        assert!(Team::new(1).join().lead().0.is_none());
    }

    #[test]
    fn callers_at_the_same_time_all_finish() {
        let team = Team::new(2);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let mut y = vec![0.0; 40];
                        // Who is not alone works on all of it in one piece.
                        team.join().lead().share(&mut y, 3, &|at, piece| {
                            piece.iter_mut().enumerate().for_each(|(i, y)| *y = (at + i) as f32);
                        });
                        assert!(y.iter().enumerate().all(|(i, y)| *y == i as f32));
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_in_a_share_reaches_the_leader() {
        let team = Team::new(2);
        let share = || team.join().lead().share(&mut [0.0; 64], 1, &|at, _| assert!(at != 13, "a test's panic"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(share)).is_err());
    }
}
