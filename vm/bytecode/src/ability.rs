//! Abilities, and the algebra that gives a compound type its abilities.

use std::fmt;

/// What may be done with the values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Ability {
    /// Values may be copied.
    Copy = 0x1,
    /// Values may be dropped, overwritten, and left in a local at return.
    Drop = 0x2,
    /// Values may be a part of an object.
    Store = 0x4,
    /// The type may be an object.
    Key = 0x8,
}

impl Ability {
    /// All abilities, in the order of their bits.
    pub const ALL: [Self; 4] = [Self::Copy, Self::Drop, Self::Store, Self::Key];

    /// What each field of a type with this ability must have.
    #[must_use]
    pub const fn requires(self) -> Self {
        match self {
            Self::Copy => Self::Copy,
            Self::Drop => Self::Drop,
            Self::Store | Self::Key => Self::Store,
        }
    }

    /// The abilities of a container that a part with this ability allows;
    /// the inverse of [`Ability::requires`].
    #[must_use]
    pub const fn required_by(self) -> AbilitySet {
        match self {
            Self::Copy => AbilitySet(Self::Copy as u8),
            Self::Drop => AbilitySet(Self::Drop as u8),
            Self::Store => AbilitySet(Self::Store as u8 | Self::Key as u8),
            Self::Key => AbilitySet::EMPTY,
        }
    }

    /// The ability as Move source spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Drop => "drop",
            Self::Store => "store",
            Self::Key => "key",
        }
    }
}

/// A set of abilities.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbilitySet(u8);

impl AbilitySet {
    /// No ability.
    pub const EMPTY: Self = Self(0);
    /// All four.
    pub const ALL: Self = Self(0xf);
    /// Of numbers, `bool` and `address`.
    pub const PRIMITIVES: Self =
        Self(Ability::Copy as u8 | Ability::Drop as u8 | Ability::Store as u8);
    /// Of references.
    pub const REFERENCES: Self = Self(Ability::Copy as u8 | Ability::Drop as u8);
    /// Of `signer`.
    pub const SIGNER: Self = Self(Ability::Drop as u8);
    /// What `vector` itself declares; the element type takes away from it.
    pub const VECTOR: Self = Self(Ability::Copy as u8 | Ability::Drop as u8 | Ability::Store as u8);

    /// The set with these bits, or `None` if one of them has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// One bit for each ability, as the binary format stores them.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of one ability.
    #[must_use]
    pub const fn singleton(ability: Ability) -> Self {
        Self(ability as u8)
    }

    /// Whether the set holds `ability`.
    #[must_use]
    pub const fn has(self, ability: Ability) -> bool {
        self.0 & ability as u8 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every ability of `self` is in `other`.
    #[must_use]
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in `self` and not in `other`.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The set with `ability` added.
    #[must_use]
    pub const fn with(self, ability: Ability) -> Self {
        Self(self.0 | ability as u8)
    }

    /// The set with `ability` taken away.
    #[must_use]
    pub const fn without(self, ability: Ability) -> Self {
        Self(self.0 & !(ability as u8))
    }

    /// What each field of a type with these abilities must have.
    #[must_use]
    pub fn requires(self) -> Self {
        self.into_iter()
            .fold(Self::EMPTY, |set, ability| set.with(ability.requires()))
    }

    /// The abilities of a container whose parts all have these abilities.
    #[must_use]
    pub fn required_by(self) -> Self {
        self.into_iter()
            .fold(Self::EMPTY, |set, ability| set.union(ability.required_by()))
    }

    /// The abilities of an instantiated generic type.
    ///
    /// The type declares `declared`. Each argument comes with whether its
    /// parameter is phantom and with its own abilities; an argument for a
    /// parameter that is not phantom takes away what it does not allow.
    #[must_use]
    pub fn polymorphic(declared: Self, arguments: impl IntoIterator<Item = (bool, Self)>) -> Self {
        arguments
            .into_iter()
            .filter(|(is_phantom, _)| !is_phantom)
            .fold(declared, |set, (_, argument)| {
                set.intersection(argument.required_by())
            })
    }
}

impl IntoIterator for AbilitySet {
    type Item = Ability;
    type IntoIter = AbilitySetIter;

    fn into_iter(self) -> AbilitySetIter {
        AbilitySetIter(self)
    }
}

impl FromIterator<Ability> for AbilitySet {
    fn from_iter<I: IntoIterator<Item = Ability>>(abilities: I) -> Self {
        abilities.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// The abilities of a set, in the order of their bits.
#[derive(Clone, Debug)]
pub struct AbilitySetIter(AbilitySet);

impl Iterator for AbilitySetIter {
    type Item = Ability;

    fn next(&mut self) -> Option<Ability> {
        let next = Ability::ALL
            .into_iter()
            .find(|ability| self.0.has(*ability))?;
        self.0 = self.0.without(next);
        Some(next)
    }
}

impl fmt::Display for AbilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, ability) in self.into_iter().enumerate() {
            if position > 0 {
                f.write_str(" + ")?;
            }
            f.write_str(ability.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for AbilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(*self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_and_required_by_are_inverse() {
        for ability in Ability::ALL {
            for container in Ability::ALL {
                assert_eq!(
                    container.requires() == ability,
                    ability.required_by().has(container),
                    "{ability:?} in {container:?}"
                );
            }
        }
    }

    #[test]
    fn every_set_survives_its_bits_and_its_members() {
        for bits in 0..=AbilitySet::ALL.bits() {
            let set = AbilitySet::from_bits(bits).unwrap();
            assert_eq!(set.bits(), bits);
            assert_eq!(set.into_iter().collect::<AbilitySet>(), set);
        }
        assert_eq!(AbilitySet::from_bits(0x10), None);
    }

    #[test]
    fn arguments_limit_a_generic_type_unless_phantom() {
        let declared = AbilitySet::PRIMITIVES.with(Ability::Key);
        let store = AbilitySet::singleton(Ability::Store);
        let table: [(&[(bool, AbilitySet)], AbilitySet); 5] = [
            (&[], declared),
            (&[(false, AbilitySet::PRIMITIVES)], declared),
            (&[(false, store)], store.with(Ability::Key)),
            (&[(true, AbilitySet::EMPTY)], declared),
            (
                &[(true, AbilitySet::EMPTY), (false, AbilitySet::SIGNER)],
                AbilitySet::SIGNER,
            ),
        ];
        for (arguments, expected) in table {
            let found = AbilitySet::polymorphic(declared, arguments.iter().copied());
            assert_eq!(found, expected, "{arguments:?}");
        }
    }
}
