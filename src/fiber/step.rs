//! Fibers on behalf of a host that has a loop of its own: it starts *tasks*, runs fibers in *steps*, none of which waits, and asks
//! in between which tasks have ended. What it waits for meanwhile is a descriptor and a time.

use super::Scheduler;
use super::object::{State, fiber};
use crate::net::Net;
use crate::value::Value;
use std::io;
use std::os::fd::RawFd;
use std::time::Instant;

/// A fiber that the host has started and not yet asked for its end. Objects move, so the host knows it by number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Task(usize);

/// By number; those of tasks that are gone are used again.
#[derive(Default)]
pub struct Tasks(Vec<Option<Value>>);

impl Tasks {
    pub(super) fn each(&mut self, visit: impl FnMut(&mut Value)) {
        self.0.iter_mut().flatten().for_each(visit);
    }
}

impl Scheduler {
    /// The host keeps this fiber, and hears of its end.
    pub fn adopt(&mut self, fiber: Value) -> Task {
        let free = self.tasks.0.iter().position(Option::is_none).unwrap_or_else(|| {
            self.tasks.0.push(None);
            self.tasks.0.len() - 1
        });
        self.tasks.0[free] = Some(fiber);
        Task(free)
    }

    /// The fiber of a task, if nobody has taken its end.
    pub fn fiber_of(&self, task: Task) -> Option<Value> {
        self.tasks.0.get(task.0).copied().flatten()
    }

    /// The task that this fiber is.
    pub fn task_of(&self, fiber: Value) -> Option<Task> {
        self.tasks.0.iter().position(|task| *task == Some(fiber)).map(Task)
    }

    /// Tasks that have not ended.
    pub fn going_tasks(&self) -> impl Iterator<Item = Task> {
        let is_going = |found: Value| !fiber::state(found).is_over();
        self.tasks.0.iter().enumerate().filter(move |(_, found)| found.is_some_and(is_going)).map(|(at, _)| Task(at))
    }

    /// What the host waits for, if anything: the fiber of a task, or the main line.
    pub fn awaited_fiber(&self) -> Value {
        self.going_tasks().find_map(|task| self.fiber_of(task)).unwrap_or(self.main)
    }

    /// How the task has ended, and with what; None as long as it has not. The task is then gone.
    pub fn take_end(&mut self, task: Task) -> Option<(State, Value)> {
        let ended = self.fiber_of(task).filter(|found| fiber::state(*found).is_over())?;
        self.tasks.0[task.0] = None;
        Some((fiber::state(ended), ended.field(fiber::VALUE)))
    }

    /// The host does not want to hear of the task any more; the fiber goes on.
    pub fn disown(&mut self, task: Task) {
        if let Some(slot) = self.tasks.0.get_mut(task.0) {
            *slot = None;
        }
    }

    /// Steps end at this time; None: fibers run until the main line has ended.
    pub fn set_until(&mut self, until: Option<Instant>) {
        self.until = until;
    }

    /// Whether the host wants to go on itself.
    pub fn is_step_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// When the first timer is due.
    pub fn next_timer(&self) -> Option<Instant> {
        self.timers.first()
    }

    /// Readable when fibers may have something to do before the first timer is due.
    pub fn wait_descriptor(&mut self, net: &mut Net) -> io::Result<RawFd> {
        self.poller(net);
        net.poller.ok_or_else(|| io::ErrorKind::Unsupported.into())
    }
}
