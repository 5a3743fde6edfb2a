//! Random numbers: the generator xoshiro256** of Blackman and Vigna (2018), not for secrets.

use std::hash::{BuildHasher, RandomState};

#[derive(Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Default for Random {
    /// A generator whose numbers nobody foresees: the standard library's hash seeds come from the system.
    fn default() -> Random {
        Random::with_seed(RandomState::new().hash_one(std::process::id()))
    }
}

impl Random {
    /// The generator that gives the same numbers for the same seed.
    pub fn with_seed(seed: u64) -> Random {
        // SplitMix64 spreads the seed, as the authors advise: the state must not be all zeros.
        let mut x = seed;
        let state = std::array::from_fn(|_| {
            x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ z >> 31
        });
        Random { state }
    }

    /// What goes on from this generator: the next numbers are those of the generator that is made of it.
    pub fn words(&self) -> [u64; 4] {
        self.state
    }

    /// The generator with these words, unless they are all 0: that is none.
    pub fn from_words(state: [u64; 4]) -> Option<Random> {
        (state != [0; 4]).then_some(Random { state })
    }

    pub fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number below `bound`, which is not 0; all are equally likely.
    pub fn below(&mut self, bound: u64) -> u64 {
        // Masked and tried again: at most every other number is thrown away.
        let mask = u64::MAX >> (bound - 1).leading_zeros().min(63);
        loop {
            let n = self.bits() & mask;
            if n < bound {
                return n;
            }
        }
    }

    /// A float from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The limbs of an integer below the one with `bound`'s limbs, which is not 0.
    pub fn limbs_below(&mut self, bound: &[u64]) -> Vec<u64> {
        let Some((&top, _)) = bound.split_last() else { return Vec::new() };
        let mask = u64::MAX >> top.leading_zeros();
        loop {
            let mut limbs: Vec<u64> = bound.iter().map(|_| self.bits()).collect();
            if let Some(last) = limbs.last_mut() {
                *last &= mask;
            }
            if limbs.iter().rev().lt(bound.iter().rev()) {
                return limbs;
            }
        }
    }
}
