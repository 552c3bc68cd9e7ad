/// Packages as objects: proof of authorship, and the right to upgrade.
#[allow(lint(public_entry))]
module sui::package;

use std::ascii::String;
use std::type_name;

/// `publisher.burn()`: see `burn_publisher`.
public use fun burn_publisher as Publisher.burn;

/// `publisher.module_()`: see `published_module`.
public use fun published_module as Publisher.module_;

/// `publisher.package()`: see `published_package`.
public use fun published_package as Publisher.package;

/// `cap.package()`: see `upgrade_package`.
public use fun upgrade_package as UpgradeCap.package;

/// `cap.policy()`: see `upgrade_policy`.
public use fun upgrade_policy as UpgradeCap.policy;

/// `cap.authorize(policy, digest)`: see `authorize_upgrade`.
public use fun authorize_upgrade as UpgradeCap.authorize;

/// `cap.commit(receipt)`: see `commit_upgrade`.
public use fun commit_upgrade as UpgradeCap.commit;

/// `ticket.package()`: see `ticket_package`.
public use fun ticket_package as UpgradeTicket.package;

/// `ticket.policy()`: see `ticket_policy`.
public use fun ticket_policy as UpgradeTicket.policy;

/// `ticket.digest()`: see `ticket_digest`.
public use fun ticket_digest as UpgradeTicket.digest;

/// `receipt.cap()`: see `receipt_cap`.
public use fun receipt_cap as UpgradeReceipt.cap;

/// `receipt.package()`: see `receipt_package`.
public use fun receipt_package as UpgradeReceipt.package;

/// The witness is not a one-time witness.
const ENotOneTimeWitness: u64 = 0;

/// The policy allows more than the cap does.
const ETooPermissive: u64 = 1;

/// An upgrade is under way already.
const EAlreadyAuthorized: u64 = 2;

/// No upgrade is under way.
const ENotAuthorized: u64 = 3;

/// The receipt belongs to another cap.
const EWrongUpgradeCap: u64 = 4;

// What an upgrade may change. A greater number allows less.

/// Code of functions, and additions; nothing that others link to.
const COMPATIBLE: u8 = 0;

/// Additions only.
const ADDITIVE: u8 = 128;

/// The versions of dependencies only.
const DEP_ONLY: u8 = 192;

/// Proof that its holder published a package, got from the one-time witness of one
/// of its modules.
public struct Publisher has key, store {
    id: UID,
    /// The package's address in hexadecimal digits.
    package: String,
    module_name: String,
}

/// The right to upgrade a package. The system makes one when a package is published.
public struct UpgradeCap has key, store {
    id: UID,
    /// The latest version; 0x0 while an upgrade is under way.
    package: ID,
    /// How many versions there were, this one included.
    version: u64,
    /// What an upgrade may change.
    policy: u8,
}

/// Permission for one upgrade, in this transaction.
public struct UpgradeTicket {
    cap: ID,
    package: ID,
    policy: u8,
    /// Of the new modules and dependencies.
    digest: vector<u8>,
}

/// Proof that the upgrade took place. It must go back to the cap.
public struct UpgradeReceipt {
    cap: ID,
    /// The new version.
    package: ID,
}

// === Publishers ===

/// The proof of authorship for the module of the one-time witness `otw`. Aborts with
/// `ENotOneTimeWitness` when it is not one.
public fun claim<OTW: drop>(otw: OTW, ctx: &mut TxContext): Publisher {
    assert!(sui::types::is_one_time_witness(&otw), ENotOneTimeWitness);
    let witness = type_name::with_original_ids<OTW>();
    Publisher {
        id: object::new(ctx),
        package: witness.address_string(),
        module_name: witness.module_string(),
    }
}

/// `claim`, and the sender gets the proof.
#[allow(lint(self_transfer))]
public fun claim_and_keep<OTW: drop>(otw: OTW, ctx: &mut TxContext) {
    let publisher = claim(otw, ctx);
    transfer::public_transfer(publisher, ctx.sender())
}

/// Ends a proof.
public fun burn_publisher(self: Publisher) {
    let Publisher { id, package: _, module_name: _ } = self;
    id.delete()
}

/// Whether `T` comes from the publisher's package.
public fun from_package<T>(self: &Publisher): bool {
    type_name::with_original_ids<T>().address_string() == self.package
}

/// Whether `T` comes from the publisher's module.
public fun from_module<T>(self: &Publisher): bool {
    let name = type_name::with_original_ids<T>();
    name.address_string() == self.package && name.module_string() == self.module_name
}

/// The module's name.
public fun published_module(self: &Publisher): &String {
    &self.module_name
}

/// The package's address in hexadecimal digits, without a prefix.
public fun published_package(self: &Publisher): &String {
    &self.package
}

// === Caps, tickets and receipts ===

/// The package's latest version; 0x0 while an upgrade is under way.
public fun upgrade_package(cap: &UpgradeCap): ID {
    cap.package
}

/// How many versions there were, the latest included.
public fun version(cap: &UpgradeCap): u64 {
    cap.version
}

/// What an upgrade may change.
public fun upgrade_policy(cap: &UpgradeCap): u8 {
    cap.policy
}

/// The version to be upgraded.
public fun ticket_package(ticket: &UpgradeTicket): ID {
    ticket.package
}

/// What this upgrade may change.
public fun ticket_policy(ticket: &UpgradeTicket): u8 {
    ticket.policy
}

/// The digest that the new modules and dependencies must have.
public fun ticket_digest(ticket: &UpgradeTicket): &vector<u8> {
    &ticket.digest
}

/// The cap to which the receipt must go.
public fun receipt_cap(receipt: &UpgradeReceipt): ID {
    receipt.cap
}

/// The new version.
public fun receipt_package(receipt: &UpgradeReceipt): ID {
    receipt.package
}

// === Policies ===

/// The policy that allows all that keeps what others link to: 0.
public fun compatible_policy(): u8 {
    COMPATIBLE
}

/// The policy that allows additions: 128.
public fun additive_policy(): u8 {
    ADDITIVE
}

/// The policy that allows other versions of dependencies: 192.
public fun dep_only_policy(): u8 {
    DEP_ONLY
}

/// Allows additions only, from now on. Aborts with `ETooPermissive` when the cap
/// allows less already.
public entry fun only_additive_upgrades(cap: &mut UpgradeCap) {
    cap.restrict(ADDITIVE)
}

/// Allows other versions of dependencies only, from now on.
public entry fun only_dep_upgrades(cap: &mut UpgradeCap) {
    cap.restrict(DEP_ONLY)
}

/// Ends the right to upgrade: the package stays as it is for ever.
public entry fun make_immutable(cap: UpgradeCap) {
    let UpgradeCap { id, package: _, version: _, policy: _ } = cap;
    id.delete()
}

// === Upgrading ===

/// Starts an upgrade to modules and dependencies with the digest `digest`. Aborts
/// with `EAlreadyAuthorized` when one is under way, and with `ETooPermissive` when
/// `policy` allows more than the cap.
public fun authorize_upgrade(cap: &mut UpgradeCap, policy: u8, digest: vector<u8>): UpgradeTicket {
    let package = cap.package;
    assert!(package != @0x0.to_id(), EAlreadyAuthorized);
    assert!(policy >= cap.policy, ETooPermissive);
    cap.package = @0x0.to_id();
    UpgradeTicket { cap: object::id(cap), package, policy, digest }
}

/// Ends the upgrade that gave `receipt`. Aborts with `EWrongUpgradeCap` when it
/// belongs to another cap, and with `ENotAuthorized` when no upgrade is under way.
public fun commit_upgrade(cap: &mut UpgradeCap, receipt: UpgradeReceipt) {
    let UpgradeReceipt { cap: cap_id, package } = receipt;
    assert!(object::id(cap) == cap_id, EWrongUpgradeCap);
    assert!(cap.package == @0x0.to_id(), ENotAuthorized);
    cap.package = package;
    cap.version = cap.version + 1;
}

fun restrict(cap: &mut UpgradeCap, policy: u8) {
    assert!(policy >= cap.policy, ETooPermissive);
    cap.policy = policy
}

// === Tests ===

#[test_only]
/// `claim` for any type with `drop`.
public fun test_claim<OTW: drop>(_: OTW, ctx: &mut TxContext): Publisher {
    let witness = type_name::with_original_ids<OTW>();
    Publisher {
        id: object::new(ctx),
        package: witness.address_string(),
        module_name: witness.module_string(),
    }
}

#[test_only]
/// A cap as publishing would make it.
public fun test_publish(package: ID, ctx: &mut TxContext): UpgradeCap {
    UpgradeCap { id: object::new(ctx), package, version: 1, policy: COMPATIBLE }
}

#[test_only]
/// A receipt as an upgrade would make it.
public fun test_upgrade(ticket: UpgradeTicket): UpgradeReceipt {
    let UpgradeTicket { cap, package, policy: _, mut digest } = ticket;
    // Any address that is neither the version before nor 0x0.
    digest.append(package.to_bytes());
    let package = sui::address::from_bytes(std::hash::sha3_256(digest)).to_id();
    UpgradeReceipt { cap, package }
}
