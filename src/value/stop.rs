//! Why a long walk over data was given up.

use super::Heap;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Ctrl-C, or another thread.
    Interrupted,
    /// This many bytes are wanted, more than the limit leaves.
    Memory(usize),
}

/// Steps between two looks at the interrupt flag: well below a millisecond of work.
pub const STRIDE: usize = 4096;

impl Heap {
    /// For walks: whether to go on, `bytes` being what the walk itself holds by now.
    pub fn go_on(&self, bytes: usize) -> Result<(), Stop> {
        if self.control.interrupted() {
            Err(Stop::Interrupted)
        } else if !self.admits(bytes) {
            Err(Stop::Memory(bytes))
        } else {
            Ok(())
        }
    }
}
