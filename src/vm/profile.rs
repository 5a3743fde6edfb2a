//! Where a program spends its time: the calls that are under way, looked at every so many ticks.
//!
//! A look counts for the time since the one before, so that builtins which take long weigh what they took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub struct Profile {
    last: Instant,
    looks: usize,
    total: Duration,
    /// By procedure, as name and place: time as the innermost, time as any of the calls.
    times: BTreeMap<(String, String), (Duration, Duration)>,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile { last: Instant::now(), looks: 0, total: Duration::ZERO, times: BTreeMap::new() }
    }
}

impl Profile {
    /// Notes the calls that are under way, innermost first.
    pub fn look(&mut self, calls: impl Iterator<Item = (String, String)>) {
        let now = Instant::now();
        let time = now - std::mem::replace(&mut self.last, now);
        self.looks += 1;
        self.total += time;
        let mut seen = Vec::new();
        for (index, call) in calls.enumerate() {
            let entry = self.times.entry(call.clone()).or_default();
            if index == 0 {
                entry.0 += time;
            }
            if !seen.contains(&call) {
                entry.1 += time;
                seen.push(call);
            }
        }
    }

    /// A table, the most expensive first.
    pub fn table(&self) -> String {
        if self.looks == 0 {
            return "it was over before anybody could look: less than a tenth of a millisecond\n".to_string();
        }
        let mut rows: Vec<_> = self.times.iter().collect();
        rows.sort_by_key(|(_, (own, all))| std::cmp::Reverse((*own, *all)));
        let share = |time: &Duration| time.as_secs_f64() / self.total.as_secs_f64().max(1e-9) * 100.0;
        let mut out = format!("{:>7} {:>11} {:>11}  procedure\n", "% self", "self", "with calls");
        for ((name, place), (own, all)) in rows.iter().take(30) {
            out += &format!(
                "{:>7.1} {:>8.1} ms {:>8.1} ms  {name} {place}",
                share(own),
                own.as_secs_f64() * 1e3,
                all.as_secs_f64() * 1e3
            );
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
        out + &format!("{} looks in {:.1} ms\n", self.looks, self.total.as_secs_f64() * 1e3)
    }
}
