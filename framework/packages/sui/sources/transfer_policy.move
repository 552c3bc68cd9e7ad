/// Rules for the transfer of objects of a type, set by who publishes the type.
///
/// A sale, in a kiosk for example, gives a `TransferRequest`, which nothing can get rid
/// of but `confirm_request`. That demands a receipt of every rule that the type's
/// `TransferPolicy` has. A rule is a witness type of some module, which gives the
/// receipt once its condition is met: a royalty is paid, say.
module sui::transfer_policy;

use std::type_name::{Self, TypeName};
use sui::balance::{Self, Balance};
use sui::coin::{Self, Coin};
use sui::dynamic_field as field;
use sui::event;
use sui::package::Publisher;
use sui::sui::SUI;
use sui::vec_set::{Self, VecSet};

/// There are not as many receipts as rules.
const EPolicyNotSatisfied: u64 = 0;

/// A receipt is not one of the policy's rules.
const EIllegalRule: u64 = 1;

/// The policy does not have the rule.
const EUnknownRequrement: u64 = 2;

/// The policy has the rule already.
const ERuleAlreadySet: u64 = 3;

/// The cap belongs to another policy, or the type to another publisher.
const ENotOwner: u64 = 4;

/// There is less than what is to be withdrawn.
const ENotEnough: u64 = 5;

/// A transfer that is to be confirmed.
public struct TransferRequest<phantom T> {
    /// What changed hands.
    item: ID,
    /// For how much, in base units of the native coin.
    paid: u64,
    /// From where, such as a kiosk.
    from: ID,
    /// The rules that are satisfied.
    receipts: VecSet<TypeName>,
}

/// The rules for transfers of `T`. Each has a configuration as a dynamic field.
public struct TransferPolicy<phantom T> has key, store {
    id: UID,
    /// What rules have collected.
    balance: Balance<SUI>,
    /// The types of the rules.
    rules: VecSet<TypeName>,
}

/// The right to change a policy and to withdraw what it collected.
public struct TransferPolicyCap<phantom T> has key, store {
    id: UID,
    policy_id: ID,
}

/// A policy was made.
public struct TransferPolicyCreated<phantom T> has copy, drop { id: ID }

/// A policy ended.
public struct TransferPolicyDestroyed<phantom T> has copy, drop { id: ID }

/// The name of the dynamic field with a rule's configuration.
public struct RuleKey<phantom T: drop> has copy, drop, store {}

// === Requests ===

/// A request to be confirmed. Anybody may make one: it is a duty, not a right.
public fun new_request<T>(item: ID, paid: u64, from: ID): TransferRequest<T> {
    TransferRequest { item, paid, from, receipts: vec_set::empty() }
}

/// Ends a request that satisfies the policy, and returns item, price and origin. Aborts
/// with `EPolicyNotSatisfied` when there are not as many receipts as rules, and with
/// `EIllegalRule` when one belongs to no rule.
public fun confirm_request<T>(
    self: &TransferPolicy<T>,
    request: TransferRequest<T>,
): (ID, u64, ID) {
    let TransferRequest { item, paid, from, receipts } = request;
    assert!(receipts.length() == self.rules.length(), EPolicyNotSatisfied);
    receipts.keys().do_ref!(|rule| assert!(self.rules.contains(rule), EIllegalRule));
    (item, paid, from)
}

/// What changed hands.
public fun item<T>(self: &TransferRequest<T>): ID {
    self.item
}

/// For how much.
public fun paid<T>(self: &TransferRequest<T>): u64 {
    self.paid
}

/// From where.
public fun from<T>(self: &TransferRequest<T>): ID {
    self.from
}

// === Policies ===

/// A policy without rules, and its cap. Aborts with 0 unless `T` comes from the
/// publisher's package.
public fun new<T>(pub: &Publisher, ctx: &mut TxContext): (TransferPolicy<T>, TransferPolicyCap<T>) {
    assert!(pub.from_package<T>(), 0);
    make(ctx)
}

#[allow(lint(self_transfer, share_owned))]
// A policy without rules, shared; the sender gets the cap.
entry fun default<T>(pub: &Publisher, ctx: &mut TxContext) {
    let (policy, cap) = new<T>(pub, ctx);
    transfer::share_object(policy);
    transfer::transfer(cap, ctx.sender())
}

/// Takes `amount`, or else all, of what the rules have collected. Aborts with
/// `ENotOwner` when the cap belongs to another policy, and with `ENotEnough` when there
/// is less.
public fun withdraw<T>(
    self: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
    amount: Option<u64>,
    ctx: &mut TxContext,
): Coin<SUI> {
    self.assert_owner(cap);
    let collected = self.balance.value();
    let amount = amount.destroy_with_default(collected);
    assert!(amount <= collected, ENotEnough);
    coin::take(&mut self.balance, amount, ctx)
}

/// Ends a policy and its cap, and returns what the rules have collected. Aborts with
/// `ENotOwner` when the cap belongs to another policy.
public fun destroy_and_withdraw<T>(
    self: TransferPolicy<T>,
    cap: TransferPolicyCap<T>,
    ctx: &mut TxContext,
): Coin<SUI> {
    self.assert_owner(&cap);
    let TransferPolicyCap { id: cap_id, policy_id } = cap;
    let TransferPolicy { id, balance, rules: _ } = self;
    cap_id.delete();
    id.delete();
    event::emit(TransferPolicyDestroyed<T> { id: policy_id });
    balance.into_coin(ctx)
}

// === Rules ===

/// Adds the rule `Rule` with its configuration. Aborts with `ENotOwner` when the cap
/// belongs to another policy, and with `ERuleAlreadySet` when the policy has the rule.
public fun add_rule<T, Rule: drop, Config: store + drop>(
    _: Rule,
    policy: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
    cfg: Config,
) {
    policy.assert_owner(cap);
    assert!(!has_rule<T, Rule>(policy), ERuleAlreadySet);
    field::add(&mut policy.id, RuleKey<Rule> {}, cfg);
    policy.rules.insert(type_name::with_defining_ids<Rule>())
}

/// Borrows the configuration of a rule. Aborts in `sui::dynamic_field` when the policy
/// does not have it.
public fun get_rule<T, Rule: drop, Config: store + drop>(
    _: Rule,
    policy: &TransferPolicy<T>,
): &Config {
    field::borrow(&policy.id, RuleKey<Rule> {})
}

/// Adds what a rule collected. Aborts with `EUnknownRequrement` when the policy does not
/// have the rule.
public fun add_to_balance<T, Rule: drop>(
    _: Rule,
    policy: &mut TransferPolicy<T>,
    coin: Coin<SUI>,
) {
    assert!(has_rule<T, Rule>(policy), EUnknownRequrement);
    coin::put(&mut policy.balance, coin)
}

/// Says that the request satisfies the rule. Only the rule's module can make the
/// witness.
public fun add_receipt<T, Rule: drop>(_: Rule, request: &mut TransferRequest<T>) {
    request.receipts.insert(type_name::with_defining_ids<Rule>())
}

/// Whether the policy has the rule.
public fun has_rule<T, Rule: drop>(policy: &TransferPolicy<T>): bool {
    field::exists_(&policy.id, RuleKey<Rule> {})
}

/// Takes a rule away. Aborts with `ENotOwner` when the cap belongs to another policy, and
/// in `sui::dynamic_field` when the policy does not have the rule.
public fun remove_rule<T, Rule: drop, Config: store + drop>(
    policy: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
) {
    policy.assert_owner(cap);
    let _: Config = field::remove(&mut policy.id, RuleKey<Rule> {});
    policy.rules.remove(&type_name::with_defining_ids<Rule>())
}

// === For extensions ===

/// Borrows the policy's identity.
public fun uid<T>(self: &TransferPolicy<T>): &UID {
    &self.id
}

/// Borrows the policy's identity for writing. Aborts with `ENotOwner` when the cap
/// belongs to another policy.
public fun uid_mut_as_owner<T>(
    self: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
): &mut UID {
    self.assert_owner(cap);
    &mut self.id
}

/// The types of the rules.
public fun rules<T>(self: &TransferPolicy<T>): &VecSet<TypeName> {
    &self.rules
}

fun assert_owner<T>(self: &TransferPolicy<T>, cap: &TransferPolicyCap<T>) {
    assert!(object::id(self) == cap.policy_id, ENotOwner)
}

fun make<T>(ctx: &mut TxContext): (TransferPolicy<T>, TransferPolicyCap<T>) {
    let id = object::new(ctx);
    let policy_id = id.to_inner();
    event::emit(TransferPolicyCreated<T> { id: policy_id });
    (
        TransferPolicy { id, balance: balance::zero(), rules: vec_set::empty() },
        TransferPolicyCap { id: object::new(ctx), policy_id },
    )
}

// === Tests ===

#[test_only]
/// A policy without a publisher.
public fun new_for_testing<T>(ctx: &mut TxContext): (TransferPolicy<T>, TransferPolicyCap<T>) {
    make(ctx)
}
