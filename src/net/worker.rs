//! Work that can neither be interrupted nor made to wait elsewhere, on threads of its own: look-ups of names.
//!
//! A job's descriptor becomes readable when it is done, so it is waited for as a socket is. Threads are made when work
//! finds no idle one, up to a limit past which work queues; an idle thread leaves after a while. A thread knows nothing of
//! the engine: if nobody wants the answer any more, it is dropped.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::signal::SigSet;
use nix::unistd::{Pid, getpid};

/// Enough for any one program's names; each takes a stack.
const MOST: usize = 16;
const PATIENCE: Duration = Duration::from_secs(2);

type Work = Box<dyn FnOnce() + Send>;

/// An engine's threads.
#[derive(Default)]
pub struct Workers {
    /// Made at the first job; again in a forked child, where the parent's threads are not.
    pool: Option<(Pid, Arc<Pool>)>,
}

#[derive(Default)]
struct Pool {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Work>,
    threads: usize,
    idle: usize,
}

/// Work under way.
pub struct Job<T> {
    answer: Arc<Mutex<Option<T>>>,
    done: Arc<EventFd>,
}

impl<T> Job<T> {
    /// Readable when the answer is there.
    pub fn fd(&self) -> RawFd {
        self.done.as_raw_fd()
    }

    /// The answer, once.
    pub fn take(&self) -> Option<T> {
        held(&self.answer).take()
    }
}

/// The lock's content; a thread that panicked has left it whole, since work runs outside of all locks.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workers {
    pub fn start<T: Send + 'static>(&mut self, work: impl FnOnce() -> T + Send + 'static) -> io::Result<Job<T>> {
        let done = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let answer = Arc::new(Mutex::new(None));
        let job = Job { answer: Arc::clone(&answer), done: Arc::clone(&done) };
        let work = Box::new(move || {
            *held(&answer) = Some(work());
            // The one failure is a counter at its limit; this one is written once.
            let _ = done.write(1);
        });
        self.pool().submit(work)?;
        Ok(job)
    }

    fn pool(&mut self) -> &Arc<Pool> {
        let pid = getpid();
        if self.pool.as_ref().is_none_or(|(owner, _)| *owner != pid) {
            self.pool = Some((pid, Arc::new(Pool::default())));
        }
        &self.pool.as_ref().expect("made above").1
    }
}

impl Pool {
    fn submit(self: &Arc<Pool>, work: Work) -> io::Result<()> {
        let mut state = held(&self.state);
        state.queue.push_back(work);
        if state.idle >= state.queue.len() || state.threads == MOST {
            self.more.notify_one();
            return Ok(());
        }
        let pool = Arc::clone(self);
        match std::thread::Builder::new().name("lookup".into()).spawn(move || pool.serve()) {
            Ok(_) => state.threads += 1,
            // Somebody else will come to it.
            Err(_) if state.threads > 0 => {}
            Err(error) => {
                state.queue.pop_back();
                return Err(error);
            }
        }
        Ok(())
    }

    fn serve(&self) {
        // Signals are for the engine's thread.
        let _ = SigSet::all().thread_block();
        let mut state = held(&self.state);
        loop {
            if let Some(work) = state.queue.pop_front() {
                drop(state);
                work();
                state = held(&self.state);
                continue;
            }
            state.idle += 1;
            let (next, waited) = self.more.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = next;
            state.idle -= 1;
            if waited.timed_out() && state.queue.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::poller::{Interest, is_ready};
    use std::time::Instant;

    #[test]
    fn jobs_are_done_side_by_side_and_waited_for_by_descriptor() {
        let mut workers = Workers::default();
        let jobs: Vec<Job<usize>> = (0..2 * MOST).map(|n| workers.start(move || n * n).unwrap()).collect();
        let until = Instant::now() + Duration::from_secs(10);
        for (n, job) in jobs.iter().enumerate() {
            while !is_ready(job.fd(), Interest::Read) {
                assert!(Instant::now() < until);
                std::thread::yield_now();
            }
            assert_eq!((job.take(), job.take()), (Some(n * n), None));
        }
        // An answer nobody waits for is dropped.
        drop(workers.start(|| vec![1]).unwrap());
    }
}
