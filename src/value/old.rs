//! Old space: where objects stay that have survived. A major collection marks them in place and frees what it has not reached,
//! line by line; only the few that are left in nearly empty blocks are moved. (Mark-region collection; after Blackburn and
//! McKinley's Immix, with a line's state read off the mark bits instead of kept beside them.)
//!
//! ```text
//! block, 2 MiB, aligned:  head: a mark bit for each word | lines of 32 words ...
//! ```
//!
//! Invariants:
//! - outside of collections, all objects lie in lines that are not part of a hole in `holes`; each line above the head is in
//!   at most one hole, and `top`..`end` is the rest of the hole that is being filled;
//! - a mark bit is set for the first word of each object that the last major collection has reached, and, so that each line
//!   it touches shows it, for the first word of each further line of an object longer than a line. A shorter object may
//!   reach into one more line: that line counts as used, too;
//! - `used` counts the bytes of the lines in use, and of holes taken to be filled; it is part of the ledger's heap.
#![allow(unsafe_code)]

use crate::ledger::{Ledger, out_of_memory};
use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap_anonymous, munmap};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::rc::Rc;

/// A huge page: what the system gives and takes at once, where it can.
const BLOCK_BYTES: usize = 2 << 20;
const BLOCK_WORDS: usize = BLOCK_BYTES / 8;
/// As many as a mark bit has in a `u32`: so each of these is one line's marks.
const LINE_WORDS: usize = 32;
const LINES: usize = BLOCK_WORDS / LINE_WORDS;
/// Lines the head takes.
const HEAD_LINES: usize = size_of::<Head>().div_ceil(LINE_WORDS * 8);
/// Holes of fewer lines are left alone until their surroundings are free, too.
const LEAST_HOLE: usize = 2;
/// How many holes are tried for an object that is longer than a line, before it gets a block of its own.
const TRIED: usize = 8;
/// Blocks are asked of the system by so many.
const REGION_BLOCKS: usize = 16;
/// From this region on the system may use its large pages: a small program should not take more than it needs.
const HUGE_FROM: usize = 2;
/// Blocks kept for reuse, beyond as many as are in use.
const SPARE_BLOCKS: usize = 16;
/// A block with at most this many lines in use is emptied by the next major collection.
const SPARSE: u32 = LINES as u32 / 4;

/// Sparse blocks are emptied where so many would hold all that is alive, as far as known: a collection that has moved something
/// cannot be given up, so it has to be soon done.
const FEW: usize = 24;

#[repr(C)]
struct Head {
    marks: [u32; LINES],
    /// Lines in use after the last major collection.
    used: u32,
    /// Something was put into it since.
    filled: bool,
    /// The objects in it move to other blocks in this collection.
    leaving: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct BlockRef(*mut Head);

impl BlockRef {
    fn of(address: *const u64) -> BlockRef {
        BlockRef((address as usize & !(BLOCK_BYTES - 1)) as *mut Head)
    }

    /// # Safety
    /// The block is in use, and no other reference to its head lives.
    unsafe fn head<'a>(self) -> &'a mut Head {
        // SAFETY: as promised by the caller; the head stands at the start of the block.
        unsafe { &mut *self.0 }
    }

    fn line(self, number: usize) -> *mut u64 {
        (self.0 as *mut u64).wrapping_add(number * LINE_WORDS)
    }
}

/// Free lines, from the first word to behind the last.
#[derive(Clone, Copy)]
struct Hole {
    start: *mut u64,
    end: *mut u64,
}

impl Hole {
    fn words(self) -> usize {
        (self.end as usize - self.start as usize) / 8
    }
}

pub(super) struct OldSpace {
    ledger: Rc<Ledger>,
    top: Cell<*mut u64>,
    end: Cell<*mut u64>,
    /// Where what was put here and not yet scanned begins, in the hole that is being filled.
    unscanned: Cell<*mut u64>,
    /// The same for holes that are full: whole objects from one address to the other.
    closed: RefCell<Vec<(*mut u64, *mut u64)>>,
    holes: RefCell<Vec<Hole>>,
    blocks: RefCell<Vec<BlockRef>>,
    /// Empty blocks that have memory, and those whose memory the system has got back.
    spare: RefCell<Vec<BlockRef>>,
    bare: RefCell<Vec<BlockRef>>,
    regions: RefCell<Vec<(NonNull<c_void>, usize)>>,
    used: Cell<usize>,
    /// A region kept for when the system refuses another one.
    reserve: Cell<Option<Region>>,
    /// It has done so.
    refused: Cell<bool>,
}

/// What was asked of the system at once: where it begins, and how many bytes it has.
type Region = (NonNull<c_void>, NonZeroUsize);

/// Asks the system for a region. One block more than wanted leaves room to align.
fn new_region() -> Option<Region> {
    let size = NonZeroUsize::new((REGION_BLOCKS + 1) * BLOCK_BYTES).expect("not zero");
    let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at a place that the system chooses.
    let base = unsafe { mmap_anonymous(None, size, access, flags) }.ok()?;
    Some((base, size))
}

impl OldSpace {
    pub fn new(ledger: Rc<Ledger>) -> OldSpace {
        let null = || Cell::new(std::ptr::null_mut());
        OldSpace {
            ledger,
            top: null(),
            end: null(),
            unscanned: null(),
            closed: RefCell::default(),
            holes: RefCell::default(),
            blocks: RefCell::default(),
            spare: RefCell::default(),
            bare: RefCell::default(),
            regions: RefCell::default(),
            used: Cell::new(0),
            reserve: Cell::new(new_region()),
            refused: Cell::new(false),
        }
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.get()
    }

    fn set_used(&self, bytes: usize) {
        self.ledger.set_heap(self.ledger.heap() - self.used.replace(bytes) + bytes);
    }

    // ---- allocation ----------------------------------------------------------------------------------------------

    /// Memory for an object of this many words, far fewer than a block has.
    #[inline(always)]
    pub fn allocate(&self, words: usize) -> *mut u64 {
        let at = self.top.get();
        if (self.end.get() as usize).wrapping_sub(at as usize) < words * 8 {
            self.take_hole(words);
        }
        let at = self.top.get();
        self.top.set(at.wrapping_add(words));
        at
    }

    /// Goes on in another hole, one with room for this many words.
    #[cold]
    #[inline(never)]
    fn take_hole(&self, words: usize) {
        let mut used = self.used.get();
        let rest = Hole { start: self.top.get(), end: self.end.get() };
        if self.unscanned.get() != rest.start {
            self.closed.borrow_mut().push((self.unscanned.get(), rest.start));
        }
        let mut holes = self.holes.borrow_mut();
        let fits = |hole: &Hole| hole.words() >= words;
        let hole = if words <= LINE_WORDS {
            holes.pop()
        } else {
            let found = holes.iter().rev().take(TRIED).position(fits).map(|back| holes.len() - 1 - back);
            found.map(|index| holes.swap_remove(index))
        };
        if rest.words() >= LEAST_HOLE * LINE_WORDS {
            used -= rest.words() * 8;
            holes.push(rest);
        }
        drop(holes);
        let hole = hole.unwrap_or_else(|| self.fresh_block());
        // SAFETY: blocks of holes are in use, and nobody else looks at their heads now.
        unsafe { BlockRef::of(hole.start).head() }.filled = true;
        self.set_used(used + hole.words() * 8);
        self.top.set(hole.start);
        self.end.set(hole.end);
        self.unscanned.set(hole.start);
    }

    fn fresh_block(&self) -> Hole {
        if self.refused.get() && self.spare_blocks() <= REGION_BLOCKS {
            self.ledger.set_refused(true);
        }
        let spare = self.spare.borrow_mut().pop().or_else(|| self.bare.borrow_mut().pop());
        let block = spare.unwrap_or_else(|| self.map_region());
        self.blocks.borrow_mut().push(block);
        // SAFETY: the block is ours, and was not in use.
        let head = unsafe { block.head() };
        // Marks may be left from an earlier life.
        *head = Head { marks: [0; LINES], used: 0, filled: true, leaving: false };
        Hole { start: block.line(HEAD_LINES), end: block.line(LINES) }
    }

    /// Blocks that are there without asking the system.
    fn spare_blocks(&self) -> usize {
        self.spare.borrow().len() + self.bare.borrow().len()
    }

    /// The system gives no more: from now on the last few blocks are for who is told so.
    #[cold]
    fn take_reserve(&self) -> Option<Region> {
        self.refused.set(true);
        self.ledger.set_refused(true);
        self.reserve.take()
    }

    /// After a major collection: whether there is as good as nothing left, and nothing more to get.
    pub fn is_exhausted(&self) -> bool {
        self.refused.get() && self.spare_blocks() < REGION_BLOCKS && self.holes.borrow().len() < REGION_BLOCKS
    }

    /// Asks the system for more blocks; returns one of them.
    fn map_region(&self) -> BlockRef {
        let Some((base, size)) = new_region().or_else(|| self.take_reserve()) else { out_of_memory() };
        let mut regions = self.regions.borrow_mut();
        regions.push((base, size.get()));
        if regions.len() > HUGE_FROM {
            // SAFETY: the mapping just made. Refused advice costs speed only.
            let _ = unsafe { madvise(base, size.get(), MmapAdvise::MADV_HUGEPAGE) };
        }
        let first = (base.as_ptr() as usize).next_multiple_of(BLOCK_BYTES);
        let mut bare = self.bare.borrow_mut();
        bare.extend((0..REGION_BLOCKS).rev().map(|n| BlockRef((first + n * BLOCK_BYTES) as *mut Head)));
        bare.pop().expect("a region has blocks")
    }

    // ---- what a collection does ----------------------------------------------------------------------------------

    /// Whether holes have been filled since anybody has looked.
    pub fn has_closed(&self) -> bool {
        !self.closed.borrow().is_empty()
    }

    /// What was put into such holes.
    pub fn take_closed(&self) -> Vec<(*mut u64, *mut u64)> {
        self.closed.take()
    }

    /// Begins a collection: what is put here from now on will be scanned. Returns the stretches of whole objects put here since
    /// the last one.
    pub fn begin(&self) -> Vec<(*mut u64, *mut u64)> {
        std::iter::from_fn(|| self.next_unscanned()).collect()
    }

    /// Ends a major collection that has moved nothing, and has not come to its end: all blocks stay as they are.
    pub fn give_up_major(&self) {
        for block in self.blocks.borrow().iter() {
            // SAFETY: a block in use.
            unsafe { block.head() }.leaving = false;
        }
    }

    /// Begins a major collection: nothing is marked, and nearly empty blocks (or all) are chosen to be left. Answers whether
    /// there are any.
    pub fn begin_major(&self, leave_all: bool) -> bool {
        let current = BlockRef::of(self.top.get());
        // SAFETY: blocks in use.
        let is_sparse = |block: &BlockRef| unsafe { !block.head().filled && block.head().used <= SPARSE };
        // SAFETY: likewise.
        let used = |block: &BlockRef| unsafe { block.head() }.used as usize;
        let blocks = self.blocks.borrow();
        // What was put into blocks since may be alive, too.
        let few = blocks.len() <= 4 * FEW && blocks.iter().map(used).sum::<usize>() <= FEW * LINES;
        let mut any_leaves = false;
        for block in blocks.iter() {
            let sparse = few && is_sparse(block);
            // SAFETY: a block in use.
            let head = unsafe { block.head() };
            head.marks.fill(0);
            head.leaving = *block != current && (leave_all || sparse);
            any_leaves |= head.leaving;
        }
        // SAFETY: as above.
        self.holes.borrow_mut().retain(|hole| unsafe { !BlockRef::of(hole.start).head().leaving });
        any_leaves
    }

    /// The next stretch of whole objects that were put here and not scanned.
    pub fn next_unscanned(&self) -> Option<(*mut u64, *mut u64)> {
        let (from, to) = (self.unscanned.get(), self.top.get());
        if from != to {
            self.unscanned.set(to);
            return Some((from, to));
        }
        self.closed.borrow_mut().pop()
    }

    /// Whether the object at `at` has to move.
    ///
    /// # Safety
    /// An address in old space.
    #[inline(always)]
    pub unsafe fn is_leaving(&self, at: *const u64) -> bool {
        // SAFETY: promised by the caller; only this one field is looked at.
        unsafe { (*BlockRef::of(at).0).leaving }
    }

    /// Where the mark of an object in old space stands, or will be asked for; for other addresses, nowhere.
    #[inline(always)]
    pub fn mark_word(&self, at: *const u64) -> *const u64 {
        let line = (at as usize % BLOCK_BYTES) / 8 / LINE_WORDS;
        (BlockRef::of(at).0 as *const u32).wrapping_add(line).cast()
    }

    /// # Safety
    /// The address of an object in old space.
    #[inline(always)]
    pub unsafe fn is_marked(&self, at: *const u64) -> bool {
        let word = (at as usize % BLOCK_BYTES) / 8;
        // SAFETY: promised by the caller; the word's number is below that of words in a block.
        unsafe { (*BlockRef::of(at).0).marks[word / LINE_WORDS] & 1 << (word % LINE_WORDS) != 0 }
    }

    /// Marks the object of this many words at `at`; returns whether it was not marked yet.
    ///
    /// # Safety
    /// The address of such an object in old space.
    #[inline(always)]
    pub unsafe fn mark(&self, at: *const u64, words: usize) -> bool {
        let word = (at as usize % BLOCK_BYTES) / 8;
        // SAFETY: promised by the caller; the object lies within its block.
        unsafe {
            let marks = &mut (*BlockRef::of(at).0).marks;
            let line = word / LINE_WORDS;
            let bit = 1 << (word % LINE_WORDS);
            if marks[line] & bit != 0 {
                return false;
            }
            marks[line] |= bit;
            if words > LINE_WORDS {
                let last = (word + words - 1) / LINE_WORDS;
                marks[line + 1..=last].iter_mut().for_each(|marks| *marks |= 1);
            }
        }
        true
    }

    /// Ends a major collection: finds the holes between what is marked. `poison` fills them, so that whoever still reads what was
    /// there reads nonsense.
    pub fn sweep(&self, poison: bool) {
        let mut holes = self.holes.borrow_mut();
        let mut spare = self.spare.borrow_mut();
        holes.clear();
        let mut used = 0;
        self.blocks.borrow_mut().retain(|&block| {
            // SAFETY: a block in use.
            let head = unsafe { block.head() };
            let first = holes.len();
            let mut free = 0;
            let mut number = HEAD_LINES;
            while number < LINES {
                if head.leaving || head.marks[number] == 0 {
                    let start = number;
                    let rest = &head.marks[start..];
                    let length =
                        if head.leaving { rest.len() } else { rest.iter().take_while(|&&marks| marks == 0).count() };
                    number += length;
                    // The object before may reach into the first line.
                    let start = if start == HEAD_LINES { start } else { start + 1 };
                    if number >= start + LEAST_HOLE {
                        free += number - start;
                        holes.push(Hole { start: block.line(start), end: block.line(number) });
                    }
                }
                number += 1;
            }
            if poison {
                for hole in &holes[first..] {
                    // SAFETY: free lines.
                    unsafe { std::slice::from_raw_parts_mut(hole.start, hole.words()) }.fill(POISON);
                }
            }
            head.used = (LINES - HEAD_LINES - free) as u32;
            head.filled = false;
            head.leaving = false;
            used += head.used as usize * LINE_WORDS * 8;
            if head.used == 0 {
                holes.truncate(first);
                spare.push(block);
            }
            head.used > 0
        });
        // The last one is filled first: keep to one end, so that blocks at the other have a chance to empty.
        holes.reverse();
        drop((holes, spare));
        let null = std::ptr::null_mut();
        self.top.set(null);
        self.end.set(null);
        self.unscanned.set(null);
        self.set_used(used);
        self.give_back();
    }

    /// Shows `visit` each object marked in the last major collection; it answers how many words the object has. Nothing may have
    /// been put here since. Before each block `go_on` is asked; answers whether it was true to the end.
    pub fn walk_marked(&self, go_on: impl Fn() -> bool, mut visit: impl FnMut(*mut u64) -> usize) -> bool {
        for block in self.blocks.borrow().iter() {
            if !go_on() {
                return false;
            }
            // SAFETY: a block in use.
            let marks = unsafe { &block.head().marks };
            let mut word = HEAD_LINES * LINE_WORDS;
            while word < BLOCK_WORDS {
                let rest = marks[word / LINE_WORDS] >> (word % LINE_WORDS);
                if rest == 0 {
                    word = (word / LINE_WORDS + 1) * LINE_WORDS;
                } else {
                    word += rest.trailing_zeros() as usize;
                    // What is marked inside of a long object is none.
                    word += visit(block.line(0).wrapping_add(word));
                }
            }
        }
        true
    }

    /// Of the spare blocks beyond what the next stretch of work will take, half go back to the system.
    fn give_back(&self) {
        let wanted = self.blocks.borrow().len() + SPARE_BLOCKS;
        let mut spare = self.spare.borrow_mut();
        let mut bare = self.bare.borrow_mut();
        let left = spare.len().min(wanted) + spare.len().saturating_sub(wanted) / 2;
        while spare.len() > left {
            let Some(block) = spare.pop() else { break };
            // SAFETY: a whole block that nothing uses; when it is used again it reads as zero, which its head may.
            let _ = unsafe {
                madvise(NonNull::new(block.0).expect("a block").cast(), BLOCK_BYTES, MmapAdvise::MADV_DONTNEED)
            };
            bare.push(block);
        }
    }
}

/// What free words hold when the collector is under test: no value.
pub(super) const POISON: u64 = 0x6b6b_6b6b_6b6b_6b6b;

impl Drop for OldSpace {
    fn drop(&mut self) {
        let reserve = self.reserve.take().map(|(base, size)| (base, size.get()));
        for (base, size) in self.regions.get_mut().drain(..).chain(reserve) {
            // SAFETY: mapped by `map_region`; the heap is going, and with it all that points here.
            let _ = unsafe { munmap(base, size) };
        }
    }
}
