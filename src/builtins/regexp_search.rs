//! Searches with regular expressions that can be given up at any moment.
//!
//! The automata are those of regex-automata; the walks are made here, since a walk of the library's ends only at the text's end.
//! Two of them share the work:
//!
//! - `Scan` goes over the text with a DFA whose states are made as they are needed, forward for where a leftmost match ends, then
//!   backward for where it begins. It knows nothing of groups, nor of word boundaries beside characters beyond ASCII.
//! - `Threads` goes over the text with all states of the NFA at once, each with its groups (Pike's machine). It knows everything.
//!
//! Time is the length of the text times the states of the NFA at the worst. What a walk keeps is reused by the next.

use crate::value::Heap;
use crate::value::stop::Stop;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::{self, NFA, State, WhichCaptures};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};
use std::ops::Range;

/// The memory that an automaton may take: no reasonable one comes near, and it is made within some 30 milliseconds.
const LARGEST: usize = 2 << 20;
/// What reading an expression may cost; see `cost`.
const LONGEST: usize = 30_000_000;
/// What the states that a DFA keeps may take, if they are not larger each.
const KEPT: usize = 2 << 20;
/// Places of groups that may be noted at once, over all states.
const PLACES: usize = 4 << 20;

/// A text, or the end of one, and whether a line begins and ends with it.
pub struct Text<'t> {
    pub bytes: &'t [u8],
    pub begins: bool,
    pub ends: bool,
}

/// What stands beside a text that is no whole line.
const BESIDE: u8 = b' ';

impl Text<'_> {
    fn before(&self, at: usize) -> Option<u8> {
        if at > 0 { Some(self.bytes[at - 1]) } else { (!self.begins).then_some(BESIDE) }
    }

    fn behind(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied().or((!self.ends).then_some(BESIDE))
    }

    fn is_boundary(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|&byte| byte as i8 >= -0x40)
    }

    fn sees(&self, nfa: &NFA, look: Look, at: usize) -> bool {
        let matcher = nfa.look_matcher();
        if 0 < at && at < self.bytes.len() {
            return matcher.matches(look, self.bytes, at);
        }
        // No assertion looks farther than a character.
        let before =
            if at > 0 { &self.bytes[at.saturating_sub(4)..at] } else { &[BESIDE][..usize::from(!self.begins)] };
        let behind = match self.bytes.get(at..) {
            Some(rest) if !rest.is_empty() => &rest[..rest.len().min(4)],
            _ => &[BESIDE][..usize::from(!self.ends)],
        };
        matcher.matches(look, &[before, behind].concat(), before.len())
    }
}

/// Looks from time to time whether to go on.
pub struct Watch<'h> {
    heap: &'h Heap,
    fuel: isize,
}

/// Steps of some ten nanoseconds between two looks.
const FUEL: isize = 1 << 15;

impl Watch<'_> {
    pub fn new(heap: &Heap) -> Watch<'_> {
        Watch { heap, fuel: FUEL }
    }

    #[inline]
    fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        self.fuel = self.fuel.saturating_sub_unsigned(steps);
        if self.fuel > 0 {
            return Ok(());
        }
        self.fuel = FUEL;
        self.heap.go_on(0)
    }
}

/// Where a match and its groups begin and end, by turns: one more than the place in the text, or 0.
type Slots = Vec<usize>;

/// About how many nanoseconds it takes to read an expression. Classes of characters are dear, most of all where case does not
/// count: for each character of theirs, and of a range, its other cases are looked up.
fn cost(pattern: &str, folds: bool) -> usize {
    let folds = folds || pattern.contains("(?i");
    let (byte, wide, narrow, character) = if folds { (320, 250_000, 100_000, 9) } else { (200, 16_000, 16_000, 0) };
    let mut cost = pattern.len() * byte;
    // The end of a range, or what may be its beginning; and whether it is.
    let (mut last, mut range) = (0, false);
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        let element = match c {
            '-' => {
                range = true;
                continue;
            }
            '\\' => match rest.next() {
                Some('p' | 'P') => {
                    cost += wide;
                    0
                }
                Some('w' | 'W' | 's' | 'S' | 'd' | 'D') => {
                    cost += narrow;
                    0
                }
                Some('x') if rest.as_str().starts_with('{') => {
                    let digits = rest.as_str()[1..].split('}').next().unwrap_or_default();
                    usize::from_str_radix(digits, 16).unwrap_or(0)
                }
                other => other.map_or(0, |c| c as usize),
            },
            c => c as usize,
        };
        if std::mem::take(&mut range) {
            cost = cost.saturating_add(element.saturating_sub(last) * character);
        }
        last = element;
    }
    cost
}

/// A compiled expression.
pub struct Search {
    nfa: NFA,
    /// Forward and backward, unless they were too large.
    scans: Option<[Scan; 2]>,
    threads: Threads,
    /// Whether the longest of the leftmost matches counts, or the one that the expression names first.
    longest: bool,
}

impl Search {
    /// None when the automaton would be too large. The library makes it in three steps, none of which can be given up.
    pub fn new(pattern: &str, syntax: syntax::Config, longest: bool, heap: &Heap) -> Result<Option<Search>, Stop> {
        let cost = cost(pattern, syntax.get_case_insensitive());
        if cost > LONGEST {
            return Ok(None);
        }
        // That many bytes, too.
        heap.go_on(cost)?;
        let Ok(hir) = syntax::parse_with(pattern, &syntax) else { return Ok(None) };
        heap.go_on(0)?;
        let config = thompson::Config::new().nfa_size_limit(Some(LARGEST));
        let Ok(nfa) = NFA::compiler().configure(config.clone()).build_from_hir(&hir) else { return Ok(None) };
        if nfa.states().len().saturating_mul(nfa.group_info().slot_len()) > PLACES {
            return Ok(None);
        }
        heap.go_on(0)?;
        let config = config.reverse(true).which_captures(WhichCaptures::None).nfa_size_limit(Some(2 * LARGEST));
        let reverse = NFA::compiler().configure(config).build_from_hir(&hir).ok();
        let forward = Scan::new(nfa.clone(), MatchKind::LeftmostFirst);
        let backward = reverse.and_then(|nfa| Scan::new(nfa, MatchKind::All));
        let scans = forward.zip(backward).map(|(forward, backward)| [forward, backward]);
        Ok(Some(Search { nfa, scans, threads: Threads::default(), longest }))
    }

    pub fn weight(&self) -> usize {
        let scans: usize = self.scans.iter().flatten().map(Scan::weight).sum();
        self.nfa.memory_usage() + scans + self.threads.weight()
    }

    /// The first match in `text`, and its groups.
    pub fn find(&mut self, text: &Text, watch: &mut Watch) -> Result<Option<Slots>, Stop> {
        let Some(found) = self.bounds(text, watch)? else { return Ok(None) };
        let count = self.nfa.group_info().slot_len();
        if count == 2 && !self.longest {
            return Ok(Some(vec![found.start + 1, found.end + 1]));
        }
        let range = if self.longest { found.start..text.bytes.len() } else { found };
        self.threads.run(Way { nfa: &self.nfa, text, anchored: true, longest: self.longest }, range, count, watch)
    }

    /// Where the leftmost match begins, and where the one that the expression names first ends.
    fn bounds(&mut self, text: &Text, watch: &mut Watch) -> Result<Option<Range<usize>>, Stop> {
        let whole = 0..text.bytes.len();
        if let Some([forward, backward]) = &mut self.scans {
            let found = match forward.forward(text, watch)? {
                Found::At(end) => match backward.backward(text, end, watch)? {
                    Found::At(start) => Found::At(start..end),
                    Found::Nowhere | Found::Unknown => Found::Unknown,
                },
                Found::Nowhere => Found::Nowhere,
                Found::Unknown => Found::Unknown,
            };
            match found {
                Found::Nowhere => return Ok(None),
                // What is empty may seem to match inside of a character.
                Found::At(bounds) if text.is_boundary(bounds.end) => return Ok(Some(bounds)),
                Found::At(_) | Found::Unknown => {}
            }
        }
        let way = Way { nfa: &self.nfa, text, anchored: false, longest: false };
        let slots = self.threads.run(way, whole, 2, watch)?;
        Ok(slots.map(|slots| slots[0] - 1..slots[1] - 1))
    }
}

/// What a DFA can tell.
enum Found<T> {
    At(T),
    Nowhere,
    Unknown,
}

/// A DFA whose states are made when they are first needed.
struct Scan {
    dfa: DFA,
    cache: Option<dfa::Cache>,
    /// What making a state costs, in steps.
    cost: usize,
}

impl Scan {
    fn new(nfa: NFA, kind: MatchKind) -> Option<Scan> {
        let cost = nfa.states().len();
        let config = DFA::config()
            .match_kind(kind)
            .unicode_word_boundary(true)
            .cache_capacity(KEPT)
            .skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Scan { dfa, cache: None, cost })
    }

    fn weight(&self) -> usize {
        self.dfa.memory_usage() + self.cache.as_ref().map_or(0, dfa::Cache::memory_usage)
    }

    /// Where the first match ends.
    fn forward(&mut self, text: &Text, watch: &mut Watch) -> Result<Found<usize>, Stop> {
        let start = start::Config::new().look_behind(text.before(0)).anchored(Anchored::No);
        let found = self.walk(start, text.bytes.iter(), text.behind(text.bytes.len()), watch)?;
        Ok(found)
    }

    /// Where the longest match begins that ends at `end`.
    fn backward(&mut self, text: &Text, end: usize, watch: &mut Watch) -> Result<Found<usize>, Stop> {
        let start = start::Config::new().look_behind(text.behind(end)).anchored(Anchored::Yes);
        Ok(match self.walk(start, text.bytes[..end].iter().rev(), text.before(0), watch)? {
            Found::At(steps) => Found::At(end - steps),
            other => other,
        })
    }

    /// After how many of the bytes the last match ended. The DFA tells of a match one byte late: `last` comes behind the bytes.
    fn walk<'b>(
        &mut self,
        start: start::Config,
        mut bytes: impl ExactSizeIterator<Item = &'b u8>,
        last: Option<u8>,
        watch: &mut Watch,
    ) -> Result<Found<usize>, Stop> {
        let Scan { dfa, cache, cost } = self;
        let cache = cache.get_or_insert_with(|| dfa.create_cache());
        let length = bytes.len();
        let Ok(mut state) = dfa.start_state(cache, &start) else { return Ok(Found::Unknown) };
        let mut found = Found::Nowhere;
        loop {
            let mut byte = None;
            let mut next = state;
            // As long as there is nothing to see but known states.
            if !state.is_tagged() {
                let budget = watch.fuel.max(1) as usize;
                let before = bytes.len();
                for &b in bytes.by_ref().take(budget) {
                    next = dfa.next_state_untagged(cache, state, b);
                    byte = Some(b);
                    if next.is_tagged() {
                        break;
                    }
                    state = next;
                }
                watch.spend(before - bytes.len())?;
                if byte.is_some() && !next.is_tagged() {
                    continue;
                }
            }
            let made = if byte.is_some() && !next.is_unknown() {
                Ok(next)
            } else {
                watch.spend(*cost)?;
                match byte.or_else(|| bytes.next().copied()) {
                    Some(byte) => dfa.next_state(cache, state, byte),
                    None => {
                        let end = match last {
                            Some(last) => dfa.next_state(cache, state, last),
                            None => dfa.next_eoi_state(cache, state),
                        };
                        return Ok(match end {
                            Ok(end) if end.is_match() => Found::At(length),
                            Ok(end) if !end.is_quit() => found,
                            _ => Found::Unknown,
                        });
                    }
                }
            };
            let Ok(made) = made else { return Ok(Found::Unknown) };
            state = made;
            if state.is_match() {
                found = Found::At(length - bytes.len() - 1);
            } else if state.is_dead() {
                return Ok(found);
            } else if state.is_quit() {
                return Ok(Found::Unknown);
            }
        }
    }
}

/// States of the NFA, in the order of their importance, and the slots of each.
#[derive(Default)]
struct States {
    order: Vec<u32>,
    /// Where in `order` a state would be; what stands for others is of no account.
    places: Vec<u32>,
    slots: Slots,
}

impl States {
    fn prepare(&mut self, states: usize, slots: usize) {
        self.order.clear();
        self.order.reserve_exact(states);
        if self.places.len() < states {
            self.places = vec![0; states];
        }
        if self.slots.len() < states * slots {
            self.slots = vec![0; states * slots];
        }
    }

    /// False if it was there.
    #[inline]
    fn insert(&mut self, state: StateID) -> bool {
        let place = self.places[state.as_usize()] as usize;
        if self.order.get(place) == Some(&state.as_u32()) {
            return false;
        }
        self.places[state.as_usize()] = self.order.len() as u32;
        self.order.push(state.as_u32());
        true
    }

    fn weight(&self) -> usize {
        (self.order.capacity() + self.places.capacity()) * size_of::<u32>() + self.slots.capacity() * size_of::<usize>()
    }
}

/// What is left to do while following what costs no byte.
enum Task {
    Explore(StateID),
    /// This slot was so before.
    Restore(usize, usize),
}

/// Pike's machine.
#[derive(Default)]
struct Threads {
    now: States,
    next: States,
    tasks: Vec<Task>,
    /// The slots of the thread that is followed.
    slots: Slots,
}

/// How a machine goes over a text.
#[derive(Clone, Copy)]
struct Way<'w> {
    nfa: &'w NFA,
    text: &'w Text<'w>,
    /// A match begins where the walk does.
    anchored: bool,
    longest: bool,
}

impl Threads {
    fn weight(&self) -> usize {
        self.now.weight() + self.next.weight() + self.tasks.capacity() * size_of::<Task>()
    }

    /// The first `count` slots of the match in this part of the text, if there is one.
    fn run(&mut self, way: Way, range: Range<usize>, count: usize, watch: &mut Watch) -> Result<Option<Slots>, Stop> {
        let states = way.nfa.states().len();
        watch.heap.go_on(2 * states * (count + 1) * size_of::<usize>())?;
        self.now.prepare(states, count);
        self.next.prepare(states, count);
        self.slots.clear();
        self.slots.resize(count, 0);
        let mut found = None;
        for at in range.clone() {
            if !self.begin(way, &range, at, found.is_some(), watch)? {
                return Ok(found);
            }
            self.step(way, at, Some(way.text.bytes[at]), &mut found, watch)?;
        }
        if self.begin(way, &range, range.end, found.is_some(), watch)? {
            self.step(way, range.end, None, &mut found, watch)?;
        }
        Ok(found)
    }

    /// Lets a match begin at `at`, if one may. False if nothing is to be found any more.
    #[inline]
    fn begin(
        &mut self,
        way: Way,
        range: &Range<usize>,
        at: usize,
        found: bool,
        watch: &mut Watch,
    ) -> Result<bool, Stop> {
        let closed = found || way.anchored && at > range.start;
        if closed {
            return Ok(!self.now.order.is_empty());
        }
        if way.text.is_boundary(at) {
            self.slots.fill(0);
            std::mem::swap(&mut self.now, &mut self.next);
            let followed = self.follow(way, at, way.nfa.start_anchored(), watch);
            std::mem::swap(&mut self.now, &mut self.next);
            followed?;
        }
        Ok(true)
    }

    /// Takes all threads over a byte, or tells which of them match at the end.
    #[inline]
    fn step(
        &mut self,
        way: Way,
        at: usize,
        byte: Option<u8>,
        found: &mut Option<Slots>,
        watch: &mut Watch,
    ) -> Result<(), Stop> {
        let count = self.slots.len();
        watch.spend(1)?;
        for index in 0..self.now.order.len() {
            let state = self.now.order[index] as usize;
            let next = match (&way.nfa.states()[state], byte) {
                (State::ByteRange { trans }, Some(byte)) => trans.matches_byte(byte).then_some(trans.next),
                (State::Sparse(sparse), Some(byte)) => sparse.matches_byte(byte),
                (State::Dense(dense), Some(byte)) => dense.matches_byte(byte),
                (State::Match { .. }, _) => {
                    let slots = &self.now.slots[state * count..][..count];
                    match found {
                        Some(found) => found.copy_from_slice(slots),
                        None => *found = Some(slots.to_vec()),
                    }
                    if !way.longest {
                        break;
                    }
                    None
                }
                _ => None,
            };
            if let Some(next) = next {
                self.slots.copy_from_slice(&self.now.slots[state * count..][..count]);
                self.follow(way, at + 1, next, watch)?;
            }
        }
        watch.spend(self.now.order.len())?;
        std::mem::swap(&mut self.now, &mut self.next);
        self.next.order.clear();
        Ok(())
    }

    /// Adds to `next` all states that can be reached without a byte, with the slots of this thread.
    #[inline]
    fn follow(&mut self, way: Way, at: usize, state: StateID, watch: &mut Watch) -> Result<(), Stop> {
        let count = self.slots.len();
        self.tasks.clear();
        self.tasks.push(Task::Explore(state));
        while let Some(task) = self.tasks.pop() {
            let mut state = match task {
                Task::Explore(state) => state,
                Task::Restore(slot, place) => {
                    self.slots[slot] = place;
                    continue;
                }
            };
            while self.next.insert(state) {
                watch.spend(1 + count / 4)?;
                match way.nfa.state(state) {
                    State::Look { look, next } if way.text.sees(way.nfa, *look, at) => state = *next,
                    State::Union { alternates } if !alternates.is_empty() => {
                        self.tasks.extend(alternates[1..].iter().rev().map(|&state| Task::Explore(state)));
                        state = alternates[0];
                    }
                    State::BinaryUnion { alt1, alt2 } => {
                        self.tasks.push(Task::Explore(*alt2));
                        state = *alt1;
                    }
                    State::Capture { next, slot, .. } => {
                        if let Some(place) = self.slots.get_mut(slot.as_usize()) {
                            self.tasks.push(Task::Restore(slot.as_usize(), *place));
                            *place = at + 1;
                        }
                        state = *next;
                    }
                    State::Look { .. } | State::Union { .. } | State::Fail => break,
                    State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) | State::Match { .. } => {
                        self.next.slots[state.as_usize() * count..][..count].copy_from_slice(&self.slots);
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The library's own searches give the same answers.
#[cfg(test)]
mod tests {
    use super::*;
    use regex_automata::nfa::thompson::pikevm::{self, PikeVM};
    use regex_automata::{Input, meta};

    /// What the library finds; a blank stands for what is beside the text.
    fn expected(pattern: &str, syntax: syntax::Config, longest: bool, text: &Text) -> Option<Slots> {
        let blank = |edge: bool| if edge { &b""[..] } else { b" " };
        let joined = [blank(text.begins), text.bytes, blank(text.ends)].concat();
        let offset = blank(text.begins).len();
        let span = offset..offset + text.bytes.len();
        let leftmost = meta::Regex::builder().syntax(syntax).build(pattern).unwrap();
        let first = leftmost.find(Input::new(&joined).span(span.clone()))?;
        let input = Input::new(&joined).span(first.start()..span.end).anchored(Anchored::Yes);
        let mut captures = leftmost.create_captures();
        if longest {
            let config = pikevm::Config::new().match_kind(MatchKind::All);
            let machine = PikeVM::builder().syntax(syntax).configure(config).build(pattern).unwrap();
            machine.captures(&mut machine.create_cache(), input, &mut captures);
        } else {
            leftmost.search_captures(&input, &mut captures);
        }
        Some(captures.slots().iter().map(|slot| slot.map_or(0, |at| at.get() - offset + 1)).collect())
    }

    struct Dice(u64);

    impl Dice {
        fn below(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 33) as usize % sides
        }

        fn choose<'c>(&mut self, of: &[&'c str]) -> &'c str {
            of[self.below(of.len())]
        }

        fn pattern(&mut self, depth: usize) -> String {
            match self.below(if depth == 0 { 2 } else { 8 }) {
                0 | 1 => self
                    .choose(&[
                        "a",
                        "b",
                        "ä",
                        "ab",
                        "[a-c]",
                        "[^a]",
                        "(?s:.)",
                        "\\w",
                        "\\W",
                        "\\s",
                        "𝒳",
                        "(?i:Ä)",
                        "\n",
                        "\\b",
                        "\\B",
                        "^",
                        "$",
                        "\\A",
                        "\\z",
                        "(?m:^)",
                        "(?m:$)",
                        "\\b{start}",
                        "\\b{end}",
                        "",
                        "\\PL",
                    ])
                    .into(),
                2 => format!("({})", self.pattern(depth - 1)),
                3 => format!("(?:{}|{})", self.pattern(depth - 1), self.pattern(depth - 1)),
                4 => format!(
                    "(?:{}){}",
                    self.pattern(depth - 1),
                    self.choose(&["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?"])
                ),
                _ => format!("{}{}", self.pattern(depth - 1), self.pattern(depth - 1)),
            }
        }

        fn text(&mut self) -> String {
            let length = self.below(12);
            (0..length).map(|_| self.choose(&["a", "a", "b", "c", "ä", "Ä", " ", "\n", "𝒳", "\u{301}"])).collect()
        }
    }

    fn check(pattern: &str, syntax: syntax::Config, text: &Text, heap: &Heap) -> usize {
        let mut known = 0;
        for longest in [false, true] {
            let mut search = Search::new(pattern, syntax, longest, heap).unwrap().unwrap();
            let expected = expected(pattern, syntax, longest, text);
            known += usize::from(expected.is_some());
            for scans in [true, false] {
                if !scans {
                    search.scans = None;
                }
                // The second time with what the first has kept.
                for _ in 0..2 {
                    let found = search.find(text, &mut Watch { heap, fuel: 3 }).unwrap();
                    let shown = String::from_utf8_lossy(text.bytes);
                    let edges = (text.begins, text.ends);
                    assert_eq!(
                        found, expected,
                        "{pattern:?} in {shown:?} {edges:?}, longest: {longest}, scans: {scans}"
                    );
                }
            }
        }
        known
    }

    #[test]
    fn the_library_agrees() {
        let heap = Heap::new();
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut matches = 0;
        for _ in 0..2_000 {
            let pattern = dice.pattern(4);
            let syntax = syntax::Config::new().case_insensitive(dice.below(4) == 0).multi_line(dice.below(4) == 0);
            let text = dice.text();
            let text = Text { bytes: text.as_bytes(), begins: dice.below(3) > 0, ends: dice.below(3) > 0 };
            matches += check(&pattern, syntax, &text, &heap);
        }
        assert!(matches > 1_000, "{matches}");
    }
}
