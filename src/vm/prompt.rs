//! Prompts, and the dynamic states that frames put back when they return.
//!
//! Frames are walked and moved as the head of machine.rs describes them; the unsafe code rests on the invariants given there.
#![allow(unsafe_code)]

use super::cx::Answer;
use super::machine::{Machine, Next, SEGMENT_HEAD};
use super::stubs::{DYNAMIC_STATE, PROMPT_STATE};
use crate::opcode::*;
use crate::value::{Kind, Value};
use rustc_hash::FxHashMap;

impl Machine {
    /// Finds the innermost prompt of this tag below the (captured) frames: segment, offset of the link into the prompt's
    /// frame, index of that frame's procedure.
    fn find_prompt(&self, tag: Value) -> Option<(Value, usize, usize)> {
        let (mut segment, mut offset) = (self.under, self.under_offset);
        while segment.is_true() {
            let link = self.segment_word(segment, offset).0 as *const u64;
            // SAFETY: a link.
            let frame = offset + 1 - a_of(unsafe { *link.sub(1) });
            if link == self.links.prompt && self.segment_word(segment, frame + 1) == tag {
                return Some((segment, offset, frame));
            }
            if frame == 1 {
                (segment, offset) = (segment.field(0), segment.field(1).fixnum_value() as usize);
            } else {
                offset = frame - 1;
            }
        }
        None
    }

    /// The dynamic state in which the innermost prompt of this tag was set up.
    pub fn prompt_dynamic(&mut self, tag: Value) -> Option<Value> {
        self.find_prompt(tag).map(|(segment, _, frame)| self.segment_word(segment, frame + 4))
    }

    /// Drops the frames down to the prompt, and calls its handler with the dropped continuation and the values.
    pub(super) fn abort(&mut self, fp: *mut Value, tag: Value, list: Value) -> Answer<Next> {
        self.fp = self.capture_below(fp, 3);
        let Some((prompt_segment, prompt_offset, frame)) = self.find_prompt(tag) else {
            let shown = self.cx.show(tag);
            return self.cx.fail(|make| make.misc("abort-to-prompt", &format!("no prompt of tag {shown} is waiting")));
        };
        // The continuation comes first; and nothing has happened yet if these are too many.
        let (mut arguments, _) = self.gather(vec![Value::FALSE], list)?;
        // The dropped frames, oldest first, as one run of words that starts right above the prompt's frame and ends in the link to
        // return to.
        let mut slices = Vec::new();
        let (mut segment, mut offset) = (self.under, self.under_offset);
        loop {
            if segment == prompt_segment {
                slices.push((segment, prompt_offset + 1, offset));
                break;
            }
            slices.push((segment, 1, offset));
            (segment, offset) = (segment.field(0), segment.field(1).fixnum_value() as usize);
        }
        let total: usize = slices.iter().map(|&(_, from, to)| (to + 1).saturating_sub(from)).sum();
        let words = self.cx.heap.make_filled(Kind::Segment, SEGMENT_HEAD + total, Value::FALSE);
        self.cx.heap.set_field(words, 1, Value::fixnum(0));
        self.cx.heap.set_field(words, 2, Value::fixnum(0));
        let mut at = 0;
        for &(segment, from, to) in slices.iter().rev() {
            for index in from..=to {
                let word = self.segment_word(segment, index);
                self.cx.heap.store(words, 1 + SEGMENT_HEAD + at, word);
                at += 1;
            }
        }
        let partial = self.cx.heap.make(Kind::Tagged, &[words, self.cx.dynamic]);
        let handler = self.segment_word(prompt_segment, frame + 3);
        let dynamic = self.segment_word(prompt_segment, frame + 4);
        // The handler runs in place of the prompt's frame.
        if frame == 1 {
            self.under_offset = prompt_segment.field(1).fixnum_value() as usize;
            self.under = prompt_segment.field(0);
        } else {
            self.under = prompt_segment;
            self.under_offset = frame - 1;
        }
        self.cx.dynamic = dynamic;
        arguments[0] = partial;
        let (fp, count) = self.place(self.bottom(), handler, &arguments);
        Ok(Next::Apply(fp, count))
    }

    /// Puts the frames of a partial continuation on top of this one, and hands them the values. The present dynamic state
    /// is made of `base` and as many entries as the frames were left with: states that the frames will go back to are
    /// those of here, too.
    pub(super) fn compose(&mut self, fp: *mut Value, partial: Value, list: Value, base: Value) -> Answer<Next> {
        let valid =
            partial.is_kind(Kind::Tagged) && partial.field_count() == 2 && partial.field(0).is_kind(Kind::Segment);
        if !valid {
            let shown = self.cx.show(partial);
            return self.cx.fail(|make| make.wrong_type("%compose", 1, "k", "a partial continuation", partial, &shown));
        }
        let value = self.values_of_list(list)?;
        let words = partial.field(0);
        let count = words.field_count() - SEGMENT_HEAD;
        let fp = self.ensure(fp, 3, count + 1);
        for index in 0..count {
            // SAFETY: `ensure` made room.
            unsafe { *fp.add(index) = self.segment_word(words, index) };
        }
        self.rebase(fp, count, partial.field(1), base);
        Ok(Next::Deliver(fp.wrapping_add(count), value))
    }

    /// Replaces the states kept in the frames that make up the `count` words at `start`: each tail of the state `then`, in
    /// which they were left, by the tail of the present one with as many entries less, but none of `base`.
    fn rebase(&mut self, start: *mut Value, count: usize, then: Value, base: Value) {
        let mut moved = FxHashMap::default();
        let (mut old, mut new) = (then, self.cx.dynamic);
        while let Some((_, rest)) = old.as_pair() {
            moved.insert(old, new);
            old = rest;
            new = if new == base { base } else { new.as_pair().map_or(base, |(_, rest)| rest) };
        }
        let mut link_at = count.wrapping_sub(1);
        while link_at < count {
            // SAFETY: the words were copied to `start`; they are whole frames, the last of them a link.
            unsafe {
                let link = (*start.add(link_at)).0 as *const u64;
                let frame = (link_at + 1).wrapping_sub(a_of(*link.sub(1)));
                let state = match link {
                    _ if link == self.links.prompt => Some(PROMPT_STATE),
                    _ if link == self.links.dynamic => Some(DYNAMIC_STATE),
                    _ => None,
                };
                if let Some(slot) = state.map(|slot| start.add(frame + slot)) {
                    *slot = moved.get(&*slot).copied().unwrap_or(base);
                }
                link_at = frame.wrapping_sub(1);
            }
        }
    }

    /// The dynamic state that is put back as soon as the frame at `fp` has returned, if one is.
    pub(super) fn state_put_back(&self, fp: *mut Value) -> Option<Value> {
        // SAFETY: `fp` is a frame, so its link is one; see the head of this file.
        unsafe {
            let link = (*fp.sub(1)).0 as *const u64;
            if link == self.links.dynamic {
                return Some(*fp.sub(a_of(*link.sub(1))).add(DYNAMIC_STATE));
            }
            if link != self.underflow || !self.under.is_true() {
                return None;
            }
            let link = self.segment_word(self.under, self.under_offset).0 as *const u64;
            let frame = self.under_offset + 1 - a_of(*link.sub(1));
            (link == self.links.dynamic).then(|| self.segment_word(self.under, frame + DYNAMIC_STATE))
        }
    }

    /// `state` without the entry below its first, if that was made for a frame that is left and put `outer` back, and both are
    /// handlers: so those who raise again from within handlers leave nothing behind.
    pub(super) fn shed(&self, state: Value, outer: Value) -> Value {
        let is_handler = |entry: Value| entry.as_pair().is_some_and(|(key, _)| key == Value::HANDLER_KEY);
        match (state.as_pair(), self.cx.dynamic.as_pair()) {
            (Some((entry, below)), Some((dropped, rest)))
                if below == self.cx.dynamic && rest == outer && is_handler(entry) && is_handler(dropped) =>
            {
                self.cx.heap.cons(entry, outer)
            }
            _ => state,
        }
    }
}
