/// Tokens: balances that move only as their issuer's policy allows.
///
/// A `Token` has no `store`, so it can't be wrapped or transferred freely. What its holder
/// does with it gives an `ActionRequest`, which nothing can get rid of but a confirmation:
/// by the shared `TokenPolicy`, if the action is allowed and all rules for it approved; by
/// the policy's cap; or by the currency's treasury.
module sui::token;

use std::string::String;
use std::type_name::{Self, TypeName};
use sui::balance::{Self, Balance};
use sui::coin::{Coin, TreasuryCap};
use sui::dynamic_field as field;
use sui::event;
use sui::vec_map::{Self, VecMap};
use sui::vec_set::{Self, VecSet};

/// The policy does not allow the action.
const EUnknownAction: u64 = 0;

/// A rule for the action has not approved.
const ENotApproved: u64 = 1;

/// The cap belongs to another policy.
const ENotAuthorized: u64 = 2;

/// The token's balance is less than what is asked of it.
const EBalanceTooLow: u64 = 3;

/// The token's balance is not zero.
const ENotZero: u64 = 4;

/// The request holds a balance, which this confirmation can't take.
const ECantConsumeBalance: u64 = 5;

/// The rule has no configuration.
const ENoConfig: u64 = 6;

/// The request holds no balance: confirm it without changing the policy.
const EUseImmutableConfirm: u64 = 7;

// Names of the framework's own actions.
const SPEND: vector<u8> = b"spend";
const TRANSFER: vector<u8> = b"transfer";
const TO_COIN: vector<u8> = b"to_coin";
const FROM_COIN: vector<u8> = b"from_coin";

/// An amount of the currency `T` that moves by its policy only.
public struct Token<phantom T> has key {
    id: UID,
    balance: Balance<T>,
}

/// The right to change a policy and to confirm any request.
public struct TokenPolicyCap<phantom T> has key, store {
    id: UID,
    `for`: ID,
}

/// What holders of the currency may do. Rules have their configurations as dynamic fields.
public struct TokenPolicy<phantom T> has key {
    id: UID,
    /// What was spent and not yet taken out of the supply.
    spent_balance: Balance<T>,
    /// The rules for each allowed action.
    rules: VecMap<String, VecSet<TypeName>>,
}

/// An action that is to be confirmed.
public struct ActionRequest<phantom T> {
    name: String,
    amount: u64,
    sender: address,
    /// Of a transfer.
    recipient: Option<address>,
    /// What is being spent.
    spent_balance: Option<Balance<T>>,
    /// The rules that approved.
    approvals: VecSet<TypeName>,
}

/// The name of the dynamic field with a rule's configuration.
public struct RuleKey<phantom T> has copy, drop, store { is_protected: bool }

/// A policy was made.
public struct TokenPolicyCreated<phantom T> has copy, drop {
    id: ID,
    /// Whether it is shared and can change.
    is_mutable: bool,
}

// === Policies ===

/// A policy that allows nothing, and its cap.
public fun new_policy<T>(
    _treasury_cap: &TreasuryCap<T>,
    ctx: &mut TxContext,
): (TokenPolicy<T>, TokenPolicyCap<T>) {
    make_policy(ctx)
}

#[allow(lint(share_owned))]
/// Shares the policy: only then can it confirm others' requests.
public fun share_policy<T>(policy: TokenPolicy<T>) {
    event::emit(TokenPolicyCreated<T> { id: object::id(&policy), is_mutable: true });
    transfer::share_object(policy)
}

fun make_policy<T>(ctx: &mut TxContext): (TokenPolicy<T>, TokenPolicyCap<T>) {
    let policy = TokenPolicy {
        id: object::new(ctx),
        spent_balance: balance::zero(),
        rules: vec_map::empty(),
    };
    let cap = TokenPolicyCap { id: object::new(ctx), `for`: object::id(&policy) };
    (policy, cap)
}

/// Allows an action without rules. Aborts with
/// `ENotAuthorized` when the cap belongs to another policy, and in `sui::vec_map` when the
/// action is allowed already.
public fun allow<T>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.assert_authorized(cap);
    self.rules.insert(action, vec_set::empty())
}

/// Forbids an action. Aborts with `ENotAuthorized` when the cap belongs to another policy,
/// and in `sui::vec_map` when the action was not allowed.
public fun disallow<T>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.assert_authorized(cap);
    self.rules.remove(&action);
}

/// Adds a rule for an action, which is allowed by that. Aborts with `ENotAuthorized` when
/// the cap belongs to another policy, and in `sui::vec_set` when the action has the rule.
public fun add_rule_for_action<T, Rule: drop>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    ctx: &mut TxContext,
) {
    self.assert_authorized(cap);
    if (!self.rules.contains(&action)) self.allow(cap, action, ctx);
    self.rules.get_mut(&action).insert(type_name::with_defining_ids<Rule>())
}

/// Takes a rule for an action away. Aborts with `ENotAuthorized` when the cap belongs to
/// another policy, in `sui::vec_map` when the action is not allowed, and in `sui::vec_set`
/// when it does not have the rule.
public fun remove_rule_for_action<T, Rule: drop>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.assert_authorized(cap);
    self.rules.get_mut(&action).remove(&type_name::with_defining_ids<Rule>())
}

/// Whether the policy allows the action, with or without rules.
public fun is_allowed<T>(self: &TokenPolicy<T>, action: &String): bool {
    self.rules.contains(action)
}

/// The rules for an action. Aborts in `sui::vec_map` when it is not allowed.
public fun rules<T>(self: &TokenPolicy<T>, action: &String): VecSet<TypeName> {
    *self.rules.get(action)
}

/// What was spent and not yet taken out of the supply.
public fun spent_balance<T>(self: &TokenPolicy<T>): u64 {
    self.spent_balance.value()
}

/// Takes what was spent out of the supply, and returns how much that was.
public fun flush<T>(
    self: &mut TokenPolicy<T>,
    cap: &mut TreasuryCap<T>,
    _ctx: &mut TxContext,
): u64 {
    cap.supply_mut().decrease_supply(self.spent_balance.withdraw_all())
}

// === Configurations of rules ===

/// Gives a rule a configuration. Aborts with `ENotAuthorized` when the cap belongs to
/// another policy, and in `sui::dynamic_field` when the rule has one.
public fun add_rule_config<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    config: Config,
    _ctx: &mut TxContext,
) {
    self.assert_authorized(cap);
    field::add(&mut self.id, key<Rule>(), config)
}

/// Borrows a rule's configuration. Aborts with `ENoConfig` when there is none of that type.
public fun rule_config<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &TokenPolicy<T>,
): &Config {
    assert!(has_rule_config_with_type<T, Rule, Config>(self), ENoConfig);
    field::borrow(&self.id, key<Rule>())
}

/// Borrows a rule's configuration for writing. Aborts with `ENotAuthorized` when the cap
/// belongs to another policy, and with `ENoConfig` when there is none of that type.
public fun rule_config_mut<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
): &mut Config {
    assert!(has_rule_config_with_type<T, Rule, Config>(self), ENoConfig);
    self.assert_authorized(cap);
    field::borrow_mut(&mut self.id, key<Rule>())
}

/// Takes a rule's configuration away. Aborts with `ENotAuthorized` when the cap belongs to
/// another policy, and with `ENoConfig` when there is none of that type. The rule itself
/// stays.
public fun remove_rule_config<T, Rule, Config: store>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    _ctx: &mut TxContext,
): Config {
    assert!(has_rule_config_with_type<T, Rule, Config>(self), ENoConfig);
    self.assert_authorized(cap);
    field::remove(&mut self.id, key<Rule>())
}

/// Whether the rule has a configuration.
public fun has_rule_config<T, Rule>(self: &TokenPolicy<T>): bool {
    field::exists_(&self.id, key<Rule>())
}

/// Whether the rule has a configuration of type `Config`.
public fun has_rule_config_with_type<T, Rule, Config: store>(self: &TokenPolicy<T>): bool {
    field::exists_with_type<RuleKey<Rule>, Config>(&self.id, key<Rule>())
}

// === Actions ===

/// Gives the token to `recipient`, if the request is confirmed.
public fun transfer<T>(t: Token<T>, recipient: address, ctx: &mut TxContext): ActionRequest<T> {
    let amount = t.balance.value();
    transfer::transfer(t, recipient);
    new_request(transfer_action(), amount, option::some(recipient), option::none(), ctx)
}

/// Spends the token, if the request is confirmed.
public fun spend<T>(t: Token<T>, ctx: &mut TxContext): ActionRequest<T> {
    let Token { id, balance } = t;
    id.delete();
    let amount = balance.value();
    new_request(spend_action(), amount, option::none(), option::some(balance), ctx)
}

/// Turns the token into a coin, if the request is confirmed.
public fun to_coin<T>(t: Token<T>, ctx: &mut TxContext): (Coin<T>, ActionRequest<T>) {
    let Token { id, balance } = t;
    id.delete();
    let amount = balance.value();
    let request = new_request(to_coin_action(), amount, option::none(), option::none(), ctx);
    (sui::coin::from_balance(balance, ctx), request)
}

/// Turns the coin into a token, if the request is confirmed.
public fun from_coin<T>(coin: Coin<T>, ctx: &mut TxContext): (Token<T>, ActionRequest<T>) {
    let amount = coin.value();
    let token = Token { id: object::new(ctx), balance: coin.into_balance() };
    let request = new_request(from_coin_action(), amount, option::none(), option::none(), ctx);
    (token, request)
}

// === What needs no confirmation ===

/// Adds `another`, which ends.
public fun join<T>(token: &mut Token<T>, another: Token<T>) {
    let Token { id, balance } = another;
    id.delete();
    token.balance.join(balance);
}

/// A new token with `amount` taken out of this one. Aborts with `EBalanceTooLow` when there
/// is less.
public fun split<T>(token: &mut Token<T>, amount: u64, ctx: &mut TxContext): Token<T> {
    assert!(amount <= token.value(), EBalanceTooLow);
    Token { id: object::new(ctx), balance: token.balance.split(amount) }
}

/// A new token with nothing.
public fun zero<T>(ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: balance::zero() }
}

/// Ends a token with nothing. Aborts with `ENotZero` when there is something.
public fun destroy_zero<T>(token: Token<T>) {
    let Token { id, balance } = token;
    assert!(balance.value() == 0, ENotZero);
    id.delete();
    balance.destroy_zero()
}

#[allow(lint(self_transfer))]
/// Gives the token to the sender.
public fun keep<T>(token: Token<T>, ctx: &mut TxContext) {
    transfer::transfer(token, ctx.sender())
}

/// The amount.
public fun value<T>(t: &Token<T>): u64 {
    t.balance.value()
}

// === Requests ===

/// A request for an action of any name.
public fun new_request<T>(
    name: String,
    amount: u64,
    recipient: Option<address>,
    spent_balance: Option<Balance<T>>,
    ctx: &TxContext,
): ActionRequest<T> {
    ActionRequest {
        name,
        amount,
        sender: ctx.sender(),
        recipient,
        spent_balance,
        approvals: vec_set::empty(),
    }
}

/// Ends a request that the policy allows and all rules approved, and returns action, amount,
/// sender and recipient. Aborts with `ECantConsumeBalance` when it holds a balance, with
/// `EUnknownAction` when the policy does not allow it, and with `ENotApproved`.
public fun confirm_request<T>(
    policy: &TokenPolicy<T>,
    request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(request.spent_balance.is_none(), ECantConsumeBalance);
    policy.assert_approved(&request);
    request.finish()
}

/// `confirm_request` for a request that holds a balance, which the policy takes. Aborts with
/// `EUseImmutableConfirm` when it holds none, with `EUnknownAction`, and with `ENotApproved`.
public fun confirm_request_mut<T>(
    policy: &mut TokenPolicy<T>,
    mut request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(request.spent_balance.is_some(), EUseImmutableConfirm);
    policy.assert_approved(&request);
    policy.spent_balance.join(request.spent_balance.extract());
    request.finish()
}

/// Ends a request by the right of the policy's owner. Aborts with `ECantConsumeBalance` when
/// it holds a balance.
public fun confirm_with_policy_cap<T>(
    _policy_cap: &TokenPolicyCap<T>,
    request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(request.spent_balance.is_none(), ECantConsumeBalance);
    request.finish()
}

/// Ends a request by the right of the mint, which takes its balance out of the supply.
public fun confirm_with_treasury_cap<T>(
    treasury_cap: &mut TreasuryCap<T>,
    mut request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    if (request.spent_balance.is_some()) {
        treasury_cap.supply_mut().decrease_supply(request.spent_balance.extract());
    };
    request.finish()
}

/// Lets the rule `W` approve. Only its module can make the witness.
public fun add_approval<T, W: drop>(_t: W, request: &mut ActionRequest<T>, _ctx: &mut TxContext) {
    request.approvals.insert(type_name::with_defining_ids<W>())
}

/// The name of the action.
public fun action<T>(self: &ActionRequest<T>): String {
    self.name
}

/// The amount.
public fun amount<T>(self: &ActionRequest<T>): u64 {
    self.amount
}

/// Who asks.
public fun sender<T>(self: &ActionRequest<T>): address {
    self.sender
}

/// Who is to get the token.
public fun recipient<T>(self: &ActionRequest<T>): Option<address> {
    self.recipient
}

/// The rules that approved.
public fun approvals<T>(self: &ActionRequest<T>): VecSet<TypeName> {
    self.approvals
}

/// How much is being spent.
public fun spent<T>(self: &ActionRequest<T>): Option<u64> {
    self.spent_balance.map_ref!(|balance| balance.value())
}

// === The mint ===

/// A new token with `amount` new units.
public fun mint<T>(cap: &mut TreasuryCap<T>, amount: u64, ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: cap.supply_mut().increase_supply(amount) }
}

/// Unmakes the token and its amount.
public fun burn<T>(cap: &mut TreasuryCap<T>, token: Token<T>) {
    let Token { id, balance } = token;
    id.delete();
    cap.supply_mut().decrease_supply(balance);
}

// === Names of actions ===

/// The name of transfers.
public fun transfer_action(): String {
    TRANSFER.to_string()
}

/// The name of spending.
public fun spend_action(): String {
    SPEND.to_string()
}

/// The name of turning tokens into coins.
public fun to_coin_action(): String {
    TO_COIN.to_string()
}

/// The name of turning coins into tokens.
public fun from_coin_action(): String {
    FROM_COIN.to_string()
}

// Ends a request whose balance, if any, was taken.
fun finish<T>(request: ActionRequest<T>): (String, u64, address, Option<address>) {
    let ActionRequest { name, amount, sender, recipient, spent_balance, approvals: _ } = request;
    spent_balance.destroy_none();
    (name, amount, sender, recipient)
}

fun assert_approved<T>(self: &TokenPolicy<T>, request: &ActionRequest<T>) {
    assert!(self.rules.contains(&request.name), EUnknownAction);
    self
        .rules
        .get(&request.name)
        .keys()
        .do_ref!(|rule| assert!(request.approvals.contains(rule), ENotApproved))
}

fun assert_authorized<T>(self: &TokenPolicy<T>, cap: &TokenPolicyCap<T>) {
    assert!(object::id(self) == cap.`for`, ENotAuthorized)
}

fun key<Rule>(): RuleKey<Rule> {
    RuleKey { is_protected: true }
}

// === Tests ===

#[test_only]
/// A policy without a treasury.
public fun new_policy_for_testing<T>(
    ctx: &mut TxContext,
): (TokenPolicy<T>, TokenPolicyCap<T>) {
    make_policy(ctx)
}

#[test_only]
/// Ends a policy and its cap.
public fun burn_policy_for_testing<T>(policy: TokenPolicy<T>, cap: TokenPolicyCap<T>) {
    let TokenPolicyCap { id: cap_id, `for`: _ } = cap;
    let TokenPolicy { id, spent_balance, rules: _ } = policy;
    spent_balance.destroy_for_testing();
    cap_id.delete();
    id.delete()
}

#[test_only]
/// A token out of nothing.
public fun mint_for_testing<T>(amount: u64, ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: balance::create_for_testing(amount) }
}

#[test_only]
/// Ends a token.
public fun burn_for_testing<T>(token: Token<T>) {
    let Token { id, balance } = token;
    balance.destroy_for_testing();
    id.delete()
}
