//! Rust objects that values own: ports, modules, the expander's state, what hosts bring.
//!
//! A value of kind External has the number of an entry here; the collector drops the entries whose values it has not met. An
//! object that holds values is a place to visit for as long as those may be young.
#![allow(unsafe_code)]

use super::heap::{Heap, OBJECTS_STEP};
use super::word::*;
use std::any::{Any, TypeId};

/// A Rust object owned by a value: a port, a module, the expander's state. Dropped when the value is collected.
pub trait External: Any {
    fn type_name(&self) -> &'static str;
    /// How the value prints.
    fn describe(&self) -> String {
        format!("#<{}>", self.type_name())
    }
    /// Whether `trace` has anything to do; asked once, at creation.
    fn holds_values(&self) -> bool {
        false
    }
    fn trace(&mut self, _tracer: &mut super::tracer::Tracer) {}
    /// The bytes it has allocated for itself. What these grow by while the object lives, whoever makes them grow tells the
    /// ledger.
    fn weight(&self) -> usize {
        0
    }
}

/// What a panic carries.
pub type Panic = Box<dyn Any + Send>;

/// The object of an entry whose `kind` is that of `T`.
fn as_type<T: External>(object: &mut dyn External) -> &mut T {
    debug_assert!((object as &dyn Any).is::<T>());
    // SAFETY: `kind` was taken from the object when the entry was made, and an entry gets no object of another type.
    unsafe { &mut *(object as *mut dyn External as *mut T) }
}

/// What a Rust object costs: itself, its entry, and what it has allocated.
pub(super) fn cost(object: &dyn External) -> usize {
    size_of_val(object) + size_of::<ExternalEntry>() + ALLOCATION + object.weight()
}

/// What the system's allocator adds to a piece of memory, about.
const ALLOCATION: usize = 16;

pub(super) struct ExternalEntry {
    pub object: Option<Box<dyn External>>,
    /// The object's type, so that it need not be asked.
    kind: TypeId,
    pub owner: *mut u64,
    pub holds_values: bool,
    /// In how many minor collections to come its values must be visited: they may be young, or become so.
    pub visits: u8,
    pub marked: bool,
}

/// A value that is put somewhere may be young for two collections.
pub const YOUNG_VISITS: u8 = 2;

impl Heap {
    /// A value that owns a Rust object.
    pub fn external(&self, object: Box<dyn External>) -> Value {
        let holds_values = object.holds_values();
        self.ledger.add_object(cost(&*object));
        self.ask_when_due();
        if self.ledger.objects() > self.objects_then + OBJECTS_STEP {
            self.control.request_collection();
        }
        let mut externals = self.externals.borrow_mut();
        let index = self.free_externals.borrow_mut().pop().unwrap_or(externals.len());
        let v = self.make(Kind::External, &[Value::fixnum(index as i64), Value::FALSE]);
        let visits = if holds_values { YOUNG_VISITS } else { 0 };
        let kind = (*object).type_id();
        let entry =
            ExternalEntry { object: Some(object), kind, owner: v.address(), holds_values, visits, marked: false };
        match externals.get_mut(index) {
            Some(free) => *free = entry,
            None => externals.push(entry),
        }
        self.young_externals.borrow_mut().push(index);
        if holds_values {
            self.touched_externals.borrow_mut().push(index);
        }
        v
    }

    /// Whoever gets at a Rust object may put young values into it.
    #[inline]
    fn touch(&mut self, index: usize) -> &mut ExternalEntry {
        let entry = &mut self.externals.get_mut()[index];
        if entry.holds_values {
            if entry.visits == 0 {
                self.touched_externals.get_mut().push(index);
            }
            entry.visits = YOUNG_VISITS;
        }
        entry
    }

    #[inline]
    fn external_index(v: Value) -> Option<usize> {
        v.is_kind(Kind::External).then(|| v.word(1).fixnum_value() as usize)
    }

    #[inline]
    pub fn is_external<T: External>(&self, v: Value) -> bool {
        let Some(index) = Self::external_index(v) else { return false };
        let entry = &self.externals.borrow()[index];
        entry.kind == TypeId::of::<T>() && entry.object.is_some()
    }

    /// A copy of the Rust object that a value owns, for objects that are small or shared.
    pub fn external_clone<T: External + Clone>(&self, v: Value) -> Option<T> {
        let index = Self::external_index(v)?;
        let externals = self.externals.borrow();
        let object = externals[index].object.as_deref()?;
        (object as &dyn Any).downcast_ref::<T>().cloned()
    }

    #[inline]
    pub fn external_mut<T: External>(&mut self, v: Value) -> Option<&mut T> {
        let entry = self.touch(Self::external_index(v)?);
        if entry.kind == TypeId::of::<T>() { entry.object.as_deref_mut().map(as_type) } else { None }
    }

    pub fn external_ref<T: External>(&mut self, v: Value) -> Option<&T> {
        self.external_mut(v).map(|object| &*object)
    }

    /// All values that own a `T`, those that nobody can reach any more among them until they are collected.
    pub fn externals_of<T: External>(&self) -> Vec<Value> {
        let externals = self.externals.borrow();
        let owns =
            |entry: &&ExternalEntry| entry.object.as_deref().is_some_and(|object| (object as &dyn Any).is::<T>());
        externals.iter().filter(owns).map(|entry| Value::from_address(entry.owner, TAG_OBJECT)).collect()
    }

    /// Takes the Rust object out of its value for a while, so that it and the heap can be used together.
    pub fn lend_external(&mut self, v: Value) -> Option<Box<dyn External>> {
        let index = Self::external_index(v)?;
        self.externals.get_mut()[index].object.take()
    }

    pub fn return_external(&mut self, v: Value, object: Box<dyn External>) {
        let index = Self::external_index(v).expect("the value it was taken from");
        let entry = self.touch(index);
        assert!(entry.kind == (*object).type_id(), "another object than was taken");
        entry.object = Some(object);
    }

    /// Lends out the Rust object and the heap at once; None if the value owns no `T`. `action` must not reach for the
    /// same object through the heap: it is not there meanwhile.
    #[inline]
    pub fn with_external<T: External, R>(
        &mut self,
        v: Value,
        action: impl FnOnce(&mut T, &mut Heap) -> R,
    ) -> Option<R> {
        let index = Self::external_index(v)?;
        let entry = self.touch(index);
        if entry.kind != TypeId::of::<T>() {
            return None;
        }
        let mut object = entry.object.take()?;
        let answer = action(as_type(&mut *object), self);
        self.externals.get_mut()[index].object = Some(object);
        Some(answer)
    }

    /// The same with a heap that `action` can only make things in, and no other Rust objects.
    #[inline]
    pub fn use_external<T: External, R>(&self, v: Value, action: impl FnOnce(&mut T, &Heap) -> R) -> Option<R> {
        let index = Self::external_index(v)?;
        let mut externals = self.externals.borrow_mut();
        let entry = &mut externals[index];
        if entry.kind != TypeId::of::<T>() {
            return None;
        }
        debug_assert!(!entry.holds_values, "what it is given to hold would have to be visited");
        entry.object.as_deref_mut().map(|object| action(as_type(object), self))
    }

    /// How a value that owns a Rust object prints.
    pub fn external_text(&self, v: Value) -> Option<String> {
        let index = Self::external_index(v)?;
        self.externals.borrow()[index].object.as_deref().map(|object| object.describe())
    }

    /// What kind of Rust object this value owns, for printing.
    pub fn external_type(&self, v: Value) -> Option<&'static str> {
        let index = Self::external_index(v)?;
        self.externals.borrow()[index].object.as_deref().map(|object| object.type_name())
    }
}
