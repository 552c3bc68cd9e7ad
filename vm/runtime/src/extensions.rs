//! State of natives that lives as long as one execution.

use std::any::{Any, TypeId};

/// A map from a Rust type to its one value. Natives keep what they gather
/// here (events, transfers, new ids); the caller of the VM puts it in and takes
/// it out.
#[derive(Default)]
pub struct Extensions {
    entries: Vec<(TypeId, Box<dyn Any + Send>)>,
}

impl std::fmt::Debug for Extensions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Extensions({} entries)", self.entries.len())
    }
}

impl Extensions {
    /// An empty map; allocates nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `value` in, and returns the value of the same type that it replaces.
    pub fn insert<T: Any + Send>(&mut self, value: T) -> Option<T> {
        let replaced = self.remove::<T>();
        self.entries.push((TypeId::of::<T>(), Box::new(value)));
        replaced
    }

    /// The value of type `T`.
    pub fn get<T: Any + Send>(&self) -> Option<&T> {
        let id = TypeId::of::<T>();
        self.entries
            .iter()
            .find(|(entry, _)| *entry == id)
            .and_then(|(_, value)| value.downcast_ref())
    }

    /// The value of type `T`, to change.
    pub fn get_mut<T: Any + Send>(&mut self) -> Option<&mut T> {
        let id = TypeId::of::<T>();
        self.entries
            .iter_mut()
            .find(|(entry, _)| *entry == id)
            .and_then(|(_, value)| value.downcast_mut())
    }

    /// Takes the value of type `T` out.
    pub fn remove<T: Any + Send>(&mut self) -> Option<T> {
        let id = TypeId::of::<T>();
        let at = self.entries.iter().position(|(entry, _)| *entry == id)?;
        let (_, value) = self.entries.swap_remove(at);
        value.downcast().ok().map(|boxed| *boxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_per_type() {
        let mut map = Extensions::new();
        assert_eq!(map.insert(1u64), None);
        assert_eq!(map.insert("text"), None);
        assert_eq!(map.insert(2u64), Some(1));
        *map.get_mut::<u64>().expect("inserted above") += 1;
        assert_eq!(map.get::<u64>(), Some(&3));
        assert_eq!(map.remove::<u64>(), Some(3));
        assert_eq!(map.get::<u64>(), None);
        assert_eq!(map.get::<&str>(), Some(&"text"));
    }
}
