//! Finds the ids nested in an object's contents.
//!
//! An object that wraps another, or holds a bag or table, contains further
//! `UID`s; dynamic fields may hang under each of them.

use heddle_vm::{PackageSource, StructLayout, TypeLayout, Vm};
use sui_sdk_types::{Address, Object, TypeTag};

/// The ids of all `0x2::object::UID`s in an object's contents, its own among
/// them. An object whose type can't be loaded has none: it can't be touched.
pub(crate) fn nested_uids(vm: &Vm, source: &dyn PackageSource, object: &Object) -> Vec<Address> {
    let mut found = Vec::new();
    let Some(value) = object.as_struct() else {
        return found;
    };
    let tag = TypeTag::from(value.object_type().clone());
    if let Ok(layout) = vm.type_layout(source, &tag) {
        let mut scan = Scan {
            bytes: value.contents(),
            found: &mut found,
        };
        // Contents were written by the VM in this layout; should they end
        // early all the same, what was found so far holds.
        let _ = scan.visit(&layout);
    }
    found
}

struct Scan<'a> {
    bytes: &'a [u8],
    found: &'a mut Vec<Address>,
}

impl<'a> Scan<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.bytes.split_at_checked(count)?;
        self.bytes = tail;
        Some(head)
    }

    fn length(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    // Recursion is bounded by the depth limit under which layouts are made.
    fn visit(&mut self, layout: &TypeLayout) -> Option<()> {
        match layout {
            TypeLayout::Bool | TypeLayout::U8 => self.take(1).map(drop),
            TypeLayout::U16 => self.take(2).map(drop),
            TypeLayout::U32 => self.take(4).map(drop),
            TypeLayout::U64 => self.take(8).map(drop),
            TypeLayout::U128 => self.take(16).map(drop),
            TypeLayout::U256 | TypeLayout::Address | TypeLayout::Signer => self.take(32).map(drop),
            TypeLayout::Vector(element) => {
                let count = self.length()?;
                if let Some(width) = fixed_width(element) {
                    return self.take(width.checked_mul(count as usize)?).map(drop);
                }
                for _ in 0..count {
                    self.visit(element)?;
                }
                Some(())
            }
            TypeLayout::Struct(layout) if is_uid(layout) => {
                let id = Address::from_bytes(self.take(Address::LENGTH)?).ok()?;
                self.found.push(id);
                Some(())
            }
            TypeLayout::Struct(layout) => {
                for field in &layout.fields {
                    self.visit(&field.layout)?;
                }
                Some(())
            }
            TypeLayout::Enum(layout) => {
                let index = self.length()? as usize;
                for field in &layout.variants.get(index)?.fields {
                    self.visit(&field.layout)?;
                }
                Some(())
            }
        }
    }
}

fn fixed_width(layout: &TypeLayout) -> Option<usize> {
    Some(match layout {
        TypeLayout::Bool | TypeLayout::U8 => 1,
        TypeLayout::U16 => 2,
        TypeLayout::U32 => 4,
        TypeLayout::U64 => 8,
        TypeLayout::U128 => 16,
        TypeLayout::U256 | TypeLayout::Address | TypeLayout::Signer => 32,
        TypeLayout::Vector(_) | TypeLayout::Struct(_) | TypeLayout::Enum(_) => return None,
    })
}

fn is_uid(layout: &StructLayout) -> bool {
    *layout.tag.address() == Address::TWO
        && layout.tag.module().as_str() == "object"
        && layout.tag.name().as_str() == "UID"
}
