//! The heap: where values live, how they are made, and how their parts are read and changed.
//!
//! Allocation never collects and never fails for small objects: it asks for a collection at the next safepoint and
//! goes on. Memory is in four places:
//! - the young half in use: new objects, bump-allocated; those below `age_mark` have survived one collection;
//! - the other young half, empty until the next collection copies into it;
//! - old space (see old.rs): what survived two collections, and what no longer fitted into the young half;
//! - large objects, one allocation each, never moved.
//!
//! A store of a young pointer into something old is remembered (`remember`), so that a minor collection needs to look at
//! young objects only. Everything that changes a field goes through `store`.
#![allow(unsafe_code)]

use super::code::Code;
use super::control::Control;
use super::external::{ExternalEntry, Panic};
use super::old::OldSpace;
use super::stop::{PIECE, STRIDE, Stop, pieces};
use super::word::*;
use crate::ledger::{Ledger, out_of_memory};
use crate::symbol::Found;
use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap_anonymous, munmap};
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::ptr::NonNull;
use std::rc::Rc;
use std::time::Duration;

/// 16 MiB of address space, touched as far as used. What a builtin makes beyond goes to old space: to move it would make one long
/// pause of it.
pub(super) const HALF_WORDS: usize = 2 << 20;
pub const NURSERY_WORDS: usize = 64 << 10; // half a MiB: together with what it points to it fits into a processor's own cache
/// Objects past this size (32 KiB) stand alone and do not move.
pub(super) const LARGE_WORDS: usize = 4096;
pub(super) const FIRST_MAJOR: usize = 64 << 20;
/// Rust objects may grow by so much until they ask for a collection of the young.
pub(super) const OBJECTS_STEP: usize = 16 << 20;

/// A raw piece of memory, freed with its owner.
pub(super) struct Piece {
    pub base: *mut u64,
    pub words: usize,
    /// What was asked of the system for it, if the memory is not the allocator's.
    mapping: Option<(NonNull<c_void>, usize)>,
}

/// A huge page, where the system has them: to touch and return memory in small ones takes longer than to fill it.
const HUGE_PAGE: usize = 2 << 20;

/// From this size on the system is asked whether it would give memory before somebody relies on it.
const PROBED: usize = 8 << 20;

/// Whether the system would give this many bytes now, and what they are likely to be needed with.
fn system_admits(bytes: usize) -> bool {
    let Some(length) = bytes.checked_add(2 * HUGE_PAGE).and_then(NonZeroUsize::new) else { return false };
    let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
    // SAFETY: a new mapping, which nothing else knows.
    let probe = unsafe { mmap_anonymous(None, length, ProtFlags::PROT_READ | ProtFlags::PROT_WRITE, flags) };
    // SAFETY: that very mapping, which nobody has used.
    probe.is_ok_and(|start| unsafe { munmap(start, length.get()) }.is_ok())
}

impl Piece {
    /// Memory of zeros. From the size of a huge page on it is asked of the system itself, in huge pages.
    pub fn new(words: usize) -> Piece {
        if words * 8 < HUGE_PAGE { Piece::allocated(words) } else { Piece::mapped(words) }
    }

    /// The same in small pages only, for what is touched little by little.
    fn allocated(words: usize) -> Piece {
        let layout = Layout::array::<u64>(words).expect("a piece has a layout");
        // SAFETY: the layout is not empty.
        let base = unsafe { std::alloc::alloc_zeroed(layout) } as *mut u64;
        if base.is_null() {
            out_of_memory();
        }
        Piece { base, words, mapping: None }
    }

    fn mapped(words: usize) -> Piece {
        // With a huge page more there is room to begin at the start of one.
        let length = (words * 8).next_multiple_of(HUGE_PAGE) + HUGE_PAGE;
        let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        let whole = NonZeroUsize::new(length).expect("not empty");
        let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
        // SAFETY: a new mapping, which nothing else knows.
        let Ok(start) = (unsafe { mmap_anonymous(None, whole, access, flags) }) else {
            return Piece::allocated(words);
        };
        let skipped = start.addr().get().next_multiple_of(HUGE_PAGE) - start.addr().get();
        let base = start.as_ptr().wrapping_byte_add(skipped);
        // Without huge pages it only takes longer. The last one is left out: more of it might be empty than not.
        let whole_pages = words * 8 / HUGE_PAGE * HUGE_PAGE;
        // SAFETY: advice on a part of that mapping.
        let _ = unsafe { madvise(start.byte_add(skipped), whole_pages, MmapAdvise::MADV_HUGEPAGE) };
        Piece { base: base as *mut u64, words, mapping: Some((start, length)) }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Some((start, length)) = self.mapping {
            // SAFETY: the mapping that `mapped` made, and the collector has left nothing that points here.
            unsafe { munmap(start, length) }.expect("a mapping can be undone");
            return;
        }
        // SAFETY: the memory came from `allocated` with this very layout, and the collector has left nothing that points here.
        unsafe { std::alloc::dealloc(self.base as *mut u8, Layout::array::<u64>(self.words).expect("a layout")) }
    }
}

pub struct Heap {
    pub(super) top: Cell<*mut u64>,
    pub(super) limit: Cell<*mut u64>,
    pub(super) young: Piece,
    /// Which half is in use: 0 or 1.
    pub(super) half: usize,
    pub(super) age_mark: *mut u64,
    pub(super) old: OldSpace,
    pub(super) large: RefCell<Vec<Piece>>,
    /// Large objects made since the last collection: they may point to young objects without being remembered.
    pub(super) new_large: RefCell<Vec<*mut u64>>,
    pub(super) remembered: RefCell<Vec<*mut u64>>,
    /// What was put straight into old space, with so many young values in it that it is all to be scanned.
    pub(super) unremembered: RefCell<Vec<(*mut u64, *mut u64)>>,
    /// Large objects that are to go with the next collection.
    pub(super) discarded: RefCell<Vec<*mut u64>>,
    /// Somebody wants the next collection to be a major one.
    pub(super) force_major: Cell<bool>,
    /// Boxed, as closures and links hold addresses of parts of them.
    #[allow(clippy::vec_box)]
    pub(super) codes: RefCell<Vec<Box<Code>>>,
    pub(super) new_codes: RefCell<Vec<*mut Code>>,
    pub(super) externals: RefCell<Vec<ExternalEntry>>,
    pub(super) free_externals: RefCell<Vec<usize>>,
    /// Rust objects whose owners are young.
    pub(super) young_externals: RefCell<Vec<usize>>,
    /// Rust objects with visits to come.
    pub(super) touched_externals: RefCell<Vec<usize>>,
    /// What is held: old blocks and large objects, Rust objects, tables.
    pub ledger: Rc<Ledger>,
    /// What the Rust objects held after the last collection.
    pub(super) objects_then: usize,
    pub(super) next_major: usize,
    /// What was alive when the limit was last reported, and somewhat more.
    pub(super) reported: usize,
    /// How often it was reported again since, because whoever handled that has let nothing go.
    pub(super) ignored: u32,
    /// More than half of what was young survived the last collection.
    pub(super) most_survive: bool,
    /// Where the next major collection enters the symbols it finds, if that is wanted. It leaves it to the owner of the symbols
    /// to plan the next one.
    pub found_symbols: Option<Found>,
    pub stress: bool,
    pub control: Control,
    /// A Rust object of the host's panicked when it was dropped: for whoever has asked for the collection to pass on.
    pub panic: Option<Panic>,
    /// Rust objects that were dropped because their values died.
    pub dropped: u64,
    /// Collections so far; address-hashed tables compare it.
    pub epoch: u64,
    pub minor_collections: u64,
    pub major_collections: u64,
    /// How long they have taken.
    pub collecting: Duration,
    /// Bytes that had ever been taken by the last one, and those that were in use after it.
    pub taken: u64,
    pub(super) used_then: usize,
    /// How often the program has asked for none, and not taken that back.
    pub pauses: Cell<u32>,
    /// Collections that have moved old objects; likewise.
    pub old_moves: u64,
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}

impl Heap {
    pub fn new() -> Heap {
        Heap::with_ledger(Rc::default())
    }

    /// A heap that shares its limit with others who keep the program's data.
    pub fn with_ledger(ledger: Rc<Ledger>) -> Heap {
        let young = Piece::allocated(2 * HALF_WORDS);
        let base = young.base;
        Heap {
            top: Cell::new(base),
            limit: Cell::new(base.wrapping_add(NURSERY_WORDS)),
            young,
            half: 0,
            age_mark: base,
            old: OldSpace::new(ledger.clone()),
            large: RefCell::new(Vec::new()),
            new_large: RefCell::new(Vec::new()),
            remembered: RefCell::new(Vec::new()),
            unremembered: RefCell::new(Vec::new()),
            discarded: RefCell::new(Vec::new()),
            force_major: Cell::new(false),
            codes: RefCell::new(Vec::new()),
            new_codes: RefCell::new(Vec::new()),
            externals: RefCell::new(Vec::new()),
            free_externals: RefCell::new(Vec::new()),
            young_externals: RefCell::new(Vec::new()),
            touched_externals: RefCell::new(Vec::new()),
            ledger,
            objects_then: 0,
            next_major: FIRST_MAJOR,
            reported: 0,
            ignored: 0,
            most_survive: false,
            found_symbols: None,
            stress: false,
            control: Control::default(),
            panic: None,
            dropped: 0,
            epoch: 0,
            minor_collections: 0,
            major_collections: 0,
            collecting: Duration::ZERO,
            taken: 0,
            used_then: 0,
            pauses: Cell::new(0),
            old_moves: 0,
        }
    }

    pub(super) fn half_base(&self, half: usize) -> *mut u64 {
        self.young.base.wrapping_add(half * HALF_WORDS)
    }

    #[inline(always)]
    pub(super) fn is_young(&self, address: *const u64) -> bool {
        (address as usize).wrapping_sub(self.young.base as usize) < 2 * HALF_WORDS * 8
    }

    // ---- allocation ----------------------------------------------------------------------------------------------

    /// Memory for an object of this many words, header included. The caller fills all of it before anything else.
    #[inline(always)]
    pub(crate) fn allocate(&self, words: usize) -> *mut u64 {
        let at = self.top.get();
        let next = at.wrapping_add(words);
        if next <= self.limit.get() && words <= LARGE_WORDS {
            self.top.set(next);
            at
        } else {
            self.allocate_slowly(words)
        }
    }

    #[cold]
    #[inline(never)]
    fn allocate_slowly(&self, words: usize) -> *mut u64 {
        if words > LARGE_WORDS {
            let piece = Piece::new(words);
            let base = piece.base;
            self.ledger.set_heap(self.ledger.heap() + words * 8);
            self.ask_when_due();
            self.large.borrow_mut().push(piece);
            self.new_large.borrow_mut().push(base);
            return base;
        }
        self.control.request_collection();
        let at = self.top.get();
        let end = self.half_base(self.half).wrapping_add(HALF_WORDS);
        if at.wrapping_add(words) <= end {
            self.limit.set(end);
            self.top.set(at.wrapping_add(words));
            return at;
        }
        let at = self.old.allocate(words);
        if self.old.has_closed() {
            self.remember_closed();
        }
        at
    }

    /// Asks for a collection if a major one is due.
    pub fn ask_when_due(&self) {
        if self.is_major_due() {
            self.control.request_collection();
        }
    }

    /// Whether so much has been made since the last major collection that another one should come.
    pub fn is_major_due(&self) -> bool {
        let held = self.ledger.held();
        // The first one was planned without knowing the limit.
        held > self.next_major || self.ledger.is_refused() || self.major_collections == 0 && held > self.ledger.limit()
    }

    /// How many of the innermost handlers the error of too much data goes past: those that may have had it already, and have let
    /// nothing go. One at first, then 63, and soon millions: as many as there may be.
    pub fn handlers_to_pass(&self) -> i64 {
        let ignored = self.ignored.min(5);
        (1 << (2 * ignored * ignored - ignored)) - 1
    }

    /// Whether a minor collection may move this value.
    pub fn is_young_value(&self, v: Value) -> bool {
        v.is_pointer() && self.is_young(v.address())
    }

    /// Asks for a major collection at the next safepoint.
    pub fn request_major(&self) {
        self.force_major.set(true);
        self.control.request_collection();
    }

    /// Whether an object of this many bytes may be made. Builtins ask before they make anything whose size a script
    /// chose; small things need no asking.
    pub fn admits(&self, bytes: usize) -> bool {
        bytes < 1 << 20 || self.ledger.admits(bytes) && (bytes < PROBED || system_admits(bytes))
    }

    /// Whether no collection is to be made now. The limit of memory holds all the same.
    pub fn is_paused(&self) -> bool {
        self.pauses.get() > 0 && self.ledger.held() < self.ledger.limit() && !self.ledger.is_refused()
    }

    /// Bytes that were taken since the last collection.
    pub fn fresh_bytes(&self) -> usize {
        self.used_bytes().saturating_sub(self.used_then)
    }

    /// Bytes in use, as far as known without collecting.
    pub fn used_bytes(&self) -> usize {
        let young = (self.top.get() as usize).saturating_sub(self.half_base(self.half) as usize);
        self.ledger.held() + young
    }

    fn object(&self, kind: Kind, size: usize, words: usize) -> *mut u64 {
        let at = self.allocate(words + 1);
        let flags = if words + 1 > LARGE_WORDS { FLAG_LARGE } else { 0 };
        // SAFETY: `allocate` gave `words + 1` words.
        unsafe { *at = header(kind, size) | flags };
        at
    }

    fn tag_for(kind: Kind) -> u64 {
        if kind as u8 >= Kind::Closure as u8 { TAG_PROCEDURE } else { TAG_OBJECT }
    }

    /// An object of values with these fields.
    #[inline]
    pub fn make(&self, kind: Kind, fields: &[Value]) -> Value {
        debug_assert!(!kind.holds_no_values());
        let at = self.object(kind, fields.len(), fields.len());
        // SAFETY: the object has room for the fields behind its header.
        unsafe { std::ptr::copy_nonoverlapping(fields.as_ptr() as *const u64, at.add(1), fields.len()) };
        Value::from_address(at, Self::tag_for(kind))
    }

    /// The same with the fields in two parts.
    pub(crate) fn make_of_parts(&self, kind: Kind, first: &[Value], rest: &[Value]) -> Value {
        debug_assert!(!kind.holds_no_values());
        let count = first.len() + rest.len();
        let at = self.object(kind, count, count);
        // SAFETY: the object has room for both parts behind its header. It is new, so nothing needs to be remembered.
        unsafe {
            std::ptr::copy_nonoverlapping(first.as_ptr() as *const u64, at.add(1), first.len());
            std::ptr::copy_nonoverlapping(rest.as_ptr() as *const u64, at.add(1 + first.len()), rest.len());
        }
        Value::from_address(at, Self::tag_for(kind))
    }

    /// An object of `count` fields, all `fill`.
    pub fn make_filled(&self, kind: Kind, count: usize, fill: Value) -> Value {
        debug_assert!(!kind.holds_no_values());
        let at = self.object(kind, count, count);
        for index in 1..=count {
            // SAFETY: the object has `count` words behind its header.
            unsafe { *at.add(index) = fill.0 };
        }
        Value::from_address(at, Self::tag_for(kind))
    }

    #[inline(always)]
    pub fn cons(&self, car: Value, cdr: Value) -> Value {
        let at = self.allocate(2);
        // SAFETY: `allocate` gave two words.
        unsafe {
            *at = car.0;
            *at.add(1) = cdr.0;
        }
        Value::from_address(at, TAG_PAIR)
    }

    /// The list of these values, ending in `tail`.
    pub fn list_with_tail(&self, items: &[Value], tail: Value) -> Value {
        items.iter().rev().fold(tail, |rest, &item| self.cons(item, rest))
    }

    pub fn list(&self, items: &[Value]) -> Value {
        self.list_with_tail(items, Value::NIL)
    }

    #[inline(always)]
    pub fn flonum(&self, x: f64) -> Value {
        let at = self.allocate(2);
        // SAFETY: `allocate` gave two words.
        unsafe {
            *at = header(Kind::Flonum, 1);
            *at.add(1) = x.to_bits();
        }
        Value::from_address(at, TAG_OBJECT)
    }

    pub fn vector(&self, items: &[Value]) -> Value {
        self.make(Kind::Vector, items)
    }

    pub fn boxed(&self, value: Value) -> Value {
        self.make(Kind::Box, &[value])
    }

    pub fn bytevector(&self, bytes: &[u8]) -> Value {
        let words = bytes.len().div_ceil(8);
        let at = self.object(Kind::Bytevector, bytes.len(), words);
        // SAFETY: the object has so many words behind its header, of which the last may not be full.
        unsafe {
            if words > 0 {
                *at.add(words) = 0;
            }
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), at.add(1) as *mut u8, bytes.len());
        }
        Value::from_address(at, TAG_OBJECT)
    }

    pub fn bytevector_filled(&self, len: usize, fill: u8) -> Value {
        let at = self.object(Kind::Bytevector, len, len.div_ceil(8));
        // SAFETY: the object has `len` bytes, rounded up to words, behind its header.
        unsafe { std::ptr::write_bytes(at.add(1) as *mut u8, fill, len.div_ceil(8) * 8) };
        Value::from_address(at, TAG_OBJECT)
    }

    /// A bitvector of `len` bits, all the same.
    pub fn bitvector_filled(&self, len: usize, fill: bool) -> Value {
        let words = len.div_ceil(64);
        let at = self.object(Kind::Bitvector, len, words);
        for index in 1..=words {
            // SAFETY: the object has `words` words behind its header.
            unsafe { *at.add(index) = if fill { u64::MAX } else { 0 } };
        }
        Value::from_address(at, TAG_OBJECT)
    }

    /// The words of a bitvector, lowest bit first, and how many bits count.
    pub fn bits(&self, v: Value) -> Option<(&[u64], usize)> {
        v.is_kind(Kind::Bitvector).then(|| {
            let len = header_size(v.header());
            // SAFETY: a live bitvector of that many bits; changing it needs `&mut Heap`, moving it a collection.
            (unsafe { std::slice::from_raw_parts(v.address().add(1), len.div_ceil(64)) }, len)
        })
    }

    /// Writes all words of a bitvector that was just made.
    pub fn fill_bits(&self, v: Value, words: &[u64]) {
        assert!(self.bits(v).is_some_and(|(own, _)| own.len() == words.len()), "as many words as the bitvector has");
        // SAFETY: the object has so many words; no slice of them is borrowed while the caller has only just made it.
        unsafe { std::ptr::copy_nonoverlapping(words.as_ptr(), v.address().add(1), words.len()) };
    }

    pub fn bits_mut(&mut self, v: Value) -> Option<&mut [u64]> {
        v.is_kind(Kind::Bitvector).then(|| {
            let words = header_size(v.header()).div_ceil(64);
            // SAFETY: as for `bits`; the exclusive borrow of the heap makes this the only way to the words.
            unsafe { std::slice::from_raw_parts_mut(v.address().add(1), words) }
        })
    }

    /// What the bytes of a bytevector are as a uniform vector: a number that only value/uniform gives a meaning.
    pub fn element_code(&self, v: Value) -> u8 {
        if v.is_bytevector() { ((v.header() & ELEMENT_MASK) >> ELEMENT_SHIFT) as u8 } else { 0 }
    }

    pub fn set_element_code(&self, v: Value, code: u8) {
        assert!(v.is_bytevector() && code < 16, "a bytevector and a code of four bits");
        // SAFETY: a live header; flags may change at any time.
        unsafe { *v.address() = *v.address() & !ELEMENT_MASK | (code as u64) << ELEMENT_SHIFT };
    }

    // ---- what may be long: made in pieces, so that Ctrl-C ends it ---------------------------------------------------

    /// A new object with room for so many words, all zero: as values, the number 0.
    fn zeroed(&self, kind: Kind, size: usize, words: usize) -> Value {
        let at = self.object(kind, size, words);
        if words < LARGE_WORDS {
            // SAFETY: the object has so many words behind its header. Those of a large one are zero from the start.
            unsafe { std::ptr::write_bytes(at.add(1), 0, words) };
        }
        Value::from_address(at, Self::tag_for(kind))
    }

    /// Like `bytevector`, for any length.
    pub fn long_bytevector(&self, bytes: &[u8]) -> Result<Value, Stop> {
        let v = self.bytevector_room(bytes.len());
        for range in pieces(bytes.len(), PIECE) {
            self.go_on(0)?;
            // SAFETY: the object was made with room for these bytes, and nothing else knows it yet.
            unsafe {
                let at = (v.address().add(1) as *mut u8).add(range.start);
                std::ptr::copy_nonoverlapping(bytes[range.clone()].as_ptr(), at, range.len());
            }
        }
        Ok(v)
    }

    /// A bytevector of zeros.
    pub fn bytevector_room(&self, len: usize) -> Value {
        self.zeroed(Kind::Bytevector, len, len.div_ceil(8))
    }

    /// Like `make_filled`, for any length.
    pub fn long_filled(&self, kind: Kind, count: usize, fill: Value) -> Result<Value, Stop> {
        let v = self.zeroed(kind, count, count);
        // Whether there is anything young in it is seen when it is filled.
        self.new_large.borrow_mut().pop_if(|at| *at == v.address());
        if fill != Value::fixnum(0) {
            self.fill_fields(v, 0, count, fill)?;
        }
        Ok(v)
    }

    /// Like `vector`, for any length.
    pub fn long_vector(&self, items: &[Value]) -> Result<Value, Stop> {
        self.long_make(Kind::Vector, items)
    }

    /// Like `make`, for any number of fields.
    pub fn long_make(&self, kind: Kind, items: &[Value]) -> Result<Value, Stop> {
        let v = self.zeroed(kind, items.len(), items.len());
        for range in pieces(items.len(), PIECE / 8) {
            self.go_on(0)?;
            // SAFETY: the object was made with room for these items. It is new, so nothing needs to be remembered.
            unsafe {
                let from = items[range.clone()].as_ptr() as *const u64;
                std::ptr::copy_nonoverlapping(from, v.address().add(1 + range.start), range.len());
            }
        }
        Ok(v)
    }

    /// Like `list_with_tail`, for any length.
    pub fn long_list(&self, items: impl DoubleEndedIterator<Item = Value>, tail: Value) -> Result<Value, Stop> {
        let mut list = tail;
        for (index, item) in items.rev().enumerate() {
            if index.is_multiple_of(STRIDE) {
                self.go_on(0)?;
            }
            list = self.cons(item, list);
        }
        Ok(list)
    }

    /// Copies bytes within or between bytevectors, as memmove does. Ranges are checked.
    pub fn move_bytes(&mut self, to: Value, at: usize, from: Value, start: usize, count: usize) -> Result<(), Stop> {
        let room = |v: Value, start: usize| self.bytes(v).is_some_and(|bytes| start + count <= bytes.len());
        assert!(room(to, at) && room(from, start), "ranges inside the bytevectors");
        let copy = |range: Range<usize>| {
            self.go_on(0)?;
            // SAFETY: both ranges are inside their objects; `copy` allows overlap, and no slice of them is alive.
            unsafe {
                let source = (from.address().add(1) as *const u8).add(start + range.start);
                std::ptr::copy(source, (to.address().add(1) as *mut u8).add(at + range.start), range.len());
            }
            Ok(())
        };
        // Where they overlap, no piece may write what another has yet to read.
        let mut ranges = pieces(count, PIECE);
        if at > start { ranges.rev().try_for_each(copy) } else { ranges.try_for_each(copy) }
    }

    // ---- cells -----------------------------------------------------------------------------------------------------

    /// So many words, all 0.
    pub(super) fn make_cells(&self, count: usize) -> Value {
        self.zeroed(Kind::Cells, count, count)
    }

    pub(super) fn cells(&self, v: Value) -> Option<&[Cell<u64>]> {
        v.is_kind(Kind::Cells).then(|| {
            // SAFETY: a live object of so many words, which nobody reaches by another way than this; moving or freeing it needs
            // `&mut Heap`.
            unsafe { std::slice::from_raw_parts(v.address().add(1) as *const Cell<u64>, header_size(v.header())) }
        })
    }

    /// Has cells go with the next collection if they are many. The caller gives up the only reference to them that there is.
    pub(super) fn discard(&self, v: Value) {
        if v.is_kind(Kind::Cells) && v.header() & FLAG_LARGE != 0 {
            self.discarded.borrow_mut().push(v.address());
        }
    }

    // ---- bytes and numbers -----------------------------------------------------------------------------------------

    /// A big integer's limbs, least significant first. The number layer keeps them normalised.
    pub fn bignum(&self, negative: bool, limbs: &[u64]) -> Value {
        let at = self.object(Kind::Bignum, limbs.len(), limbs.len());
        // SAFETY: the object has room for the limbs; the sign flag is part of the header.
        unsafe {
            if negative {
                *at |= FLAG_NEGATIVE;
            }
            std::ptr::copy_nonoverlapping(limbs.as_ptr(), at.add(1), limbs.len());
        }
        Value::from_address(at, TAG_OBJECT)
    }

    pub fn bignum_limbs(&self, v: Value) -> Option<(bool, &[u64])> {
        v.is_kind(Kind::Bignum).then(|| {
            let header = v.header();
            // SAFETY: a live bignum of that many limbs; it is never changed, and does not move while the heap is borrowed.
            let limbs = unsafe { std::slice::from_raw_parts(v.address().add(1), header_size(header)) };
            (header & FLAG_NEGATIVE != 0, limbs)
        })
    }

    pub fn bytes(&self, v: Value) -> Option<&[u8]> {
        v.is_kind(Kind::Bytevector).then(|| {
            // SAFETY: a live bytevector of that many bytes; changing it needs `&mut Heap`, moving it a collection.
            unsafe { std::slice::from_raw_parts(v.address().add(1) as *const u8, header_size(v.header())) }
        })
    }

    pub fn bytes_mut(&mut self, v: Value) -> Option<&mut [u8]> {
        v.is_kind(Kind::Bytevector).then(|| {
            // SAFETY: as for `bytes`; the exclusive borrow of the heap makes this the only way to the bytes.
            unsafe { std::slice::from_raw_parts_mut(v.address().add(1) as *mut u8, header_size(v.header())) }
        })
    }

    /// The fields of a vector (or any object of values) as a slice.
    pub fn slice(&self, v: Value) -> Option<&[Value]> {
        v.kind().filter(|kind| !kind.holds_no_values()).map(|_| {
            // SAFETY: a live object of that many values; changing it needs `&mut Heap`, moving it a collection.
            unsafe { std::slice::from_raw_parts(v.address().add(1) as *const Value, header_size(v.header())) }
        })
    }

    // ---- stores --------------------------------------------------------------------------------------------------

    /// Puts a value into a word of an object: the only way anything in the heap changes.
    #[inline(always)]
    pub(crate) fn store(&self, object: Value, index: usize, value: Value) {
        // SAFETY: callers have checked that the object owns this word and that it holds a value.
        let slot = unsafe { object.address().add(index) };
        unsafe { *slot = value.0 };
        if value.is_pointer() && self.is_young(value.address()) && !self.is_young(slot) {
            self.remembered.borrow_mut().push(slot);
        }
    }

    /// Puts values into words of an object, from word `index` on; nothing is done about what stays the same.
    pub(crate) fn store_all(&self, object: Value, index: usize, values: &[Value]) {
        // SAFETY: as for `store`.
        let words = unsafe { std::slice::from_raw_parts_mut(object.address().add(index), values.len()) };
        for (word, value) in words.iter_mut().zip(values) {
            if *word != value.0 {
                *word = value.0;
                if value.is_pointer() && self.is_young(value.address()) && !self.is_young(word) {
                    self.remembered.borrow_mut().push(word);
                }
            }
        }
    }

    pub fn set_car(&self, pair: Value, value: Value) {
        assert!(pair.is_pair(), "set-car! of a pair");
        self.store(pair, 0, value);
    }

    pub fn set_cdr(&self, pair: Value, value: Value) {
        assert!(pair.is_pair(), "set-cdr! of a pair");
        self.store(pair, 1, value);
    }

    /// Changes field `index` (from 0) of an object whose words are all values. Panics when there is none.
    #[inline]
    pub fn set_field(&self, object: Value, index: usize, value: Value) {
        assert!(index < object.field_count(), "field {index} of an object of {}", object.field_count());
        self.store(object, index + 1, value);
    }

    pub fn set_immutable(&self, v: Value) {
        assert!(v.kind().is_some(), "an object");
        // SAFETY: a live header; flags may change at any time.
        unsafe { *v.address() |= FLAG_IMMUTABLE };
    }

    /// Copies `count` fields within or between vectors, as memmove does. Ranges are checked.
    pub fn copy_fields(&self, to: Value, at: usize, from: Value, start: usize, count: usize) -> Result<(), Stop> {
        assert!(at + count <= to.field_count() && start + count <= from.field_count(), "ranges inside the vectors");
        let mut copy = |range: Range<usize>| {
            self.go_on(0)?;
            let (source, target) = (start + range.start, at + range.start);
            // SAFETY: both ranges are inside their objects; `copy` allows overlap.
            unsafe { std::ptr::copy(from.address().add(1 + source), to.address().add(1 + target), range.len()) };
            self.remember_range(to, target, range.len());
            Ok(())
        };
        // Where they overlap, no piece may write what another has yet to read.
        let mut ranges = pieces(count, PIECE / 8);
        if at > start { ranges.rev().try_for_each(copy) } else { ranges.try_for_each(&mut copy) }
    }

    pub fn fill_fields(&self, v: Value, start: usize, end: usize, value: Value) -> Result<(), Stop> {
        assert!(start <= end && end <= v.field_count(), "a range inside the vector");
        for range in pieces(end - start, PIECE / 8) {
            self.go_on(0)?;
            // SAFETY: the range is inside the object.
            let fields =
                unsafe { std::slice::from_raw_parts_mut(v.address().add(1 + start + range.start), range.len()) };
            fields.fill(value.0);
            self.remember_range(v, start + range.start, range.len());
        }
        Ok(())
    }

    /// Remembers what young values have come into these fields.
    fn remember_range(&self, v: Value, start: usize, count: usize) {
        if self.is_young(v.address()) {
            return;
        }
        let young = |index: usize| {
            let value = v.word(index + 1);
            value.is_pointer() && self.is_young(value.address())
        };
        if v.header() & FLAG_LARGE != 0 {
            // All of it is looked at once, as if it were new.
            let mut new_large = self.new_large.borrow_mut();
            if new_large.last() != Some(&v.address()) && (start..start + count).any(young) {
                new_large.push(v.address());
            }
            return;
        }
        let mut remembered = self.remembered.borrow_mut();
        remembered.extend(
            (start..start + count).filter(|&index| young(index)).map(|index| v.address().wrapping_add(index + 1)),
        );
    }

    // ---- closures and code ---------------------------------------------------------------------------------------

    /// Takes over compiled code. It lives as long as a closure of it can be reached.
    pub fn add_code(&self, code: Code) -> *const Code {
        let mut code = Box::new(code);
        code.settle();
        let address: *mut Code = &mut *code;
        self.ledger.add_table(code.weight());
        self.codes.borrow_mut().push(code);
        self.new_codes.borrow_mut().push(address);
        address
    }

    /// A procedure of this code with `free` variables, all unbound so far.
    pub(crate) fn closure(&self, code: *const Code, free: usize) -> Value {
        let at = self.object(Kind::Closure, free + 1, free + 1);
        // SAFETY: the object has `free + 1` words behind its header; an aligned address reads as a fixnum.
        unsafe {
            *at.add(1) = (*code).entry() as u64;
            for index in 0..free {
                *at.add(2 + index) = Value::UNBOUND.0;
            }
        }
        Value::from_address(at, TAG_PROCEDURE)
    }

    /// A procedure of the same code as `template`, with `free` variables.
    #[inline]
    pub(crate) fn closure_like(&self, template: Value, free: usize) -> Value {
        let at = self.object(Kind::Closure, free + 1, free + 1);
        // SAFETY: as for `closure`; the template is a closure.
        unsafe {
            *at.add(1) = template.word(1).0;
            for index in 0..free {
                *at.add(2 + index) = Value::UNBOUND.0;
            }
        }
        Value::from_address(at, TAG_PROCEDURE)
    }

    /// Puts a constant into code that was just added, before any collection.
    pub(crate) fn set_constant(&self, code: *const Code, index: usize, value: Value) {
        // SAFETY: the heap owns the code, in a box that does not move, and nobody else looks at it now.
        unsafe { (&mut *(code as *mut Code)).constant_words()[index] = value.0 };
    }

    pub fn closure_code(&self, v: Value) -> Option<&Code> {
        // SAFETY: a live closure's first word is the entry of code that the heap keeps as long as the closure; right
        // before the entry stands the address of the code itself.
        v.is_kind(Kind::Closure).then(|| unsafe { &*(*(v.word(1).0 as *const u64).sub(1) as *const Code) })
    }
}

/// A global variable's cell: its value (`UNBOUND` before its definition has run), its name, and a fixnum of facts about it.
pub mod cell {
    use super::{Heap, Kind, Value};
    use crate::symbol::Symbol;

    pub const VALUE: usize = 0;
    const NAME: usize = 1;
    const FACTS: usize = 2;
    /// The low 16 bits of the facts: number of the primitive that a call of this variable may be compiled to, or 0.
    const PRIMITIVE_MASK: i64 = 0xffff;
    /// Nothing assigns the variable after its definition; set when a library's body has been run.
    pub const CONSTANT: i64 = 1 << 16;

    pub fn make(heap: &Heap, name: Symbol, value: Value) -> Value {
        heap.make(Kind::Cell, &[value, Value::symbol(name), Value::fixnum(0)])
    }

    pub fn value(cell: Value) -> Value {
        cell.field(VALUE)
    }

    pub fn set_value(heap: &Heap, cell: Value, value: Value) {
        heap.set_field(cell, VALUE, value);
    }

    pub fn name(cell: Value) -> Symbol {
        cell.field(NAME).as_symbol().expect("a cell's name is a symbol")
    }

    fn facts(cell: Value) -> i64 {
        cell.field(FACTS).as_fixnum().expect("a cell's facts are a fixnum")
    }

    pub fn primitive(cell: Value) -> u16 {
        (facts(cell) & PRIMITIVE_MASK) as u16
    }

    pub fn set_primitive(heap: &Heap, cell: Value, primitive: u16) {
        heap.set_field(cell, FACTS, Value::fixnum(facts(cell) & !PRIMITIVE_MASK | primitive as i64));
    }

    pub fn has_fact(cell: Value, fact: i64) -> bool {
        facts(cell) & fact != 0
    }

    pub fn add_fact(heap: &Heap, cell: Value, fact: i64) {
        heap.set_field(cell, FACTS, Value::fixnum(facts(cell) | fact));
    }
}
