/// Who may do what with an object that several accounts could share.
module sui::party;

use sui::vec_map::{Self, VecMap};

// What an account may do with the object, one bit each.
const READ: u64 = 1 << 0;
const WRITE: u64 = 1 << 1;
const DELETE: u64 = 1 << 2;
const TRANSFER: u64 = 1 << 3;

const NO_PERMISSIONS: u64 = 0;
const ALL_PERMISSIONS: u64 = READ | WRITE | DELETE | TRANSFER;

/// What one account may do.
public struct Permissions(u64) has copy, drop;

/// The permissions of the members and of everybody else.
public struct Party has copy, drop {
    /// Of all accounts that are not members.
    default: Permissions,
    /// Of the members.
    members: VecMap<address, Permissions>,
}

/// A party in which `owner` may do all and nobody else anything.
public fun single_owner(owner: address): Party {
    let mut members = vec_map::empty();
    members.insert(owner, Permissions(ALL_PERMISSIONS));
    Party { default: Permissions(NO_PERMISSIONS), members }
}

// Whether one member may do all and nobody else anything.
public(package) fun is_single_owner(p: &Party): bool {
    if (p.default.0 != NO_PERMISSIONS || p.members.length() != 1) return false;
    let (_, permissions) = p.members.get_entry_by_idx(0);
    permissions.0 == ALL_PERMISSIONS
}

// The form in which the host takes a party: the default permissions, the members,
// and their permissions in the same order.
public(package) fun into_native(p: Party): (u64, vector<address>, vector<u64>) {
    let Party { default: Permissions(default), members } = p;
    let (addresses, permissions) = members.into_keys_values();
    (default, addresses, permissions.map!(|permissions| permissions.0))
}
