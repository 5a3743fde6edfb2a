//! The program's allocator: the system's, but where that has no memory left, the program says so and ends, with status 70, in
//! place of being aborted.
//!
//! Invariant of the unsafe code: each call goes to `System` as it came, and its answer goes back if it is no null.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

pub struct Allocator;

fn granted(memory: *mut u8) -> *mut u8 {
    if memory.is_null() { crate::ledger::out_of_memory() } else { memory }
}

// SAFETY: see the head of this file.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by the caller.
        granted(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by the caller.
        granted(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as promised by the caller.
        granted(unsafe { System.realloc(memory, layout, size) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}
