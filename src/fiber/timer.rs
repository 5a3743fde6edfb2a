//! Deadlines: a binary heap that knows where each of its members is, so that any can be taken out.

use crate::value::Value;
use std::time::Instant;

#[derive(Default)]
pub struct Timers {
    /// Numbers of entries, the soonest first: each before its children at 2n+1 and 2n+2.
    order: Vec<usize>,
    /// By number; those of timers that are gone are used again.
    entries: Vec<Entry>,
    free: Vec<usize>,
    /// Of two equal deadlines the older is due first.
    made: u64,
}

struct Entry {
    deadline: Instant,
    made: u64,
    target: Value,
    /// Its place in `order`; None when it is gone.
    place: Option<usize>,
}

impl Timers {
    pub fn count(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Every deadline and who it is for, in no order.
    pub fn all(&self) -> impl Iterator<Item = (Instant, Value)> {
        self.order.iter().map(|id| (self.entries[*id].deadline, self.entries[*id].target))
    }

    /// The number by which the timer can be removed, until it is due.
    pub fn insert(&mut self, deadline: Instant, target: Value) -> usize {
        let place = self.order.len();
        self.made += 1;
        let entry = Entry { deadline, made: self.made, target, place: Some(place) };
        let id = match self.free.pop() {
            Some(id) => {
                self.entries[id] = entry;
                id
            }
            None => {
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        self.order.push(id);
        self.rise(place);
        id
    }

    /// Whoever removes a timer that was due already may hit the next owner of its number: so those who keep numbers
    /// forget them when they are woken.
    pub fn remove(&mut self, id: usize) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        entry.target = Value::FALSE;
        let Some(place) = entry.place.take() else { return };
        self.free.push(id);
        self.order.swap_remove(place);
        if place < self.order.len() {
            self.entries[self.order[place]].place = Some(place);
            self.sink(place);
            self.rise(place);
        }
    }

    pub fn first(&self) -> Option<Instant> {
        self.order.first().map(|&id| self.entries[id].deadline)
    }

    /// What belongs to the soonest timer, if that is due.
    pub fn pop_due(&mut self, now: Instant) -> Option<Value> {
        let id = *self.order.first()?;
        if self.entries[id].deadline > now {
            return None;
        }
        let target = self.entries[id].target;
        self.remove(id);
        Some(target)
    }

    /// Removes all timers with such targets: how many there were.
    pub fn remove_those(&mut self, is_one: impl Fn(Value) -> bool) -> usize {
        let found: Vec<usize> = self.order.iter().copied().filter(|id| is_one(self.entries[*id].target)).collect();
        found.iter().for_each(|id| self.remove(*id));
        found.len()
    }

    pub fn each(&mut self, mut visit: impl FnMut(&mut Value)) {
        for &id in &self.order {
            visit(&mut self.entries[id].target);
        }
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        let key = |place: usize| {
            let entry = &self.entries[self.order[place]];
            (entry.deadline, entry.made)
        };
        key(a) < key(b)
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.order.swap(a, b);
        self.entries[self.order[a]].place = Some(a);
        self.entries[self.order[b]].place = Some(b);
    }

    fn rise(&mut self, mut place: usize) {
        while place > 0 && self.is_before(place, (place - 1) / 2) {
            self.swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    fn sink(&mut self, mut place: usize) {
        loop {
            let children = 2 * place + 1..(2 * place + 3).min(self.order.len());
            let Some(least) = children.reduce(|a, b| if self.is_before(b, a) { b } else { a }) else { return };
            if !self.is_before(least, place) {
                return;
            }
            self.swap(place, least);
            place = least;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn timers_come_due_in_order_whatever_was_removed() {
        let start = Instant::now();
        let at = |n: u64| start + Duration::from_millis(n);
        let mut timers = Timers::default();
        // A permutation of 0..100, since 37 and 101 have no common divisor.
        let ids: Vec<(u64, usize)> =
            (1..101u64).map(|n| n * 37 % 101).map(|n| (n, timers.insert(at(n), Value::fixnum(n as i64)))).collect();
        for &(n, id) in &ids {
            if n % 3 == 0 {
                timers.remove(id);
            }
        }
        assert_eq!(timers.first(), Some(at(1)));
        let mut seen = Vec::new();
        while let Some(target) = timers.pop_due(at(50)) {
            seen.push(target.fixnum_value() as u64);
        }
        assert_eq!(seen, (1..=50).filter(|n| n % 3 != 0).collect::<Vec<_>>());
        while timers.pop_due(at(200)).is_some() {}
        assert!(timers.is_empty());
    }

    #[test]
    fn of_equal_deadlines_the_older_is_first() {
        let now = Instant::now();
        let mut timers = Timers::default();
        for n in 0..20 {
            timers.insert(now, Value::fixnum(n));
        }
        let order: Vec<i64> = std::iter::from_fn(|| timers.pop_due(now)).map(|v| v.fixnum_value()).collect();
        assert_eq!(order, (0..20).collect::<Vec<_>>());
    }
}
