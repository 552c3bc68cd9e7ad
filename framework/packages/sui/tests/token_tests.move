#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::token_tests;

use std::unit_test::{assert_eq, destroy};
use sui::coin;
use sui::derived_object;
use sui::token::{Self, TokenPolicy, TokenPolicyCap};

public struct TOKEN_TESTS has drop {}

public struct Rule has drop {}

fun policy(ctx: &mut TxContext): (TokenPolicy<TOKEN_TESTS>, TokenPolicyCap<TOKEN_TESTS>) {
    token::new_policy_for_testing(ctx)
}

#[test]
fun amounts() {
    let ctx = &mut tx_context::dummy();
    let mut token = token::mint_for_testing<TOKEN_TESTS>(10, ctx);
    let part = token.split(4, ctx);
    assert_eq!(token.value(), 6);
    token.join(part);
    assert_eq!(token.value(), 10);
    token.burn_for_testing();
    token::zero<TOKEN_TESTS>(ctx).destroy_zero();
    token::zero<TOKEN_TESTS>(ctx).keep(ctx);
}

#[test]
fun actions_by_the_policy() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy(ctx);
    let mut treasury = coin::create_treasury_cap_for_testing<TOKEN_TESTS>(ctx);
    policy.allow(&cap, token::transfer_action(), ctx);
    policy.add_rule_for_action<_, Rule>(&cap, token::spend_action(), ctx);
    policy.allow(&cap, token::to_coin_action(), ctx);
    policy.allow(&cap, token::from_coin_action(), ctx);
    assert!(policy.is_allowed(&token::spend_action()));
    assert_eq!(policy.rules(&token::spend_action()).length(), 1);

    let mut token = token::mint(&mut treasury, 100, ctx);
    let request = token.split(10, ctx).transfer(@0xB, ctx);
    assert_eq!(request.action(), token::transfer_action());
    assert_eq!(request.recipient(), option::some(@0xB));
    assert_eq!(request.amount(), 10);
    assert_eq!(request.sender(), ctx.sender());
    assert_eq!(request.spent(), option::none());
    let (action, amount, sender, recipient) = policy.confirm_request(request, ctx);
    assert!(action == token::transfer_action() && amount == 10);
    assert!(sender == ctx.sender() && recipient == option::some(@0xB));

    let mut request = token.split(20, ctx).spend(ctx);
    assert_eq!(request.spent(), option::some(20));
    token::add_approval(Rule {}, &mut request, ctx);
    assert_eq!(request.approvals().length(), 1);
    policy.confirm_request_mut(request, ctx);
    assert_eq!(policy.spent_balance(), 20);
    assert_eq!(policy.flush(&mut treasury, ctx), 20);
    assert_eq!(treasury.total_supply(), 80);

    let (coin, request) = token.split(5, ctx).to_coin(ctx);
    policy.confirm_request(request, ctx);
    let (five, request) = token::from_coin(coin, ctx);
    token::confirm_with_policy_cap(&cap, request, ctx);
    token::confirm_with_treasury_cap(&mut treasury, five.spend(ctx), ctx);
    assert_eq!(treasury.total_supply(), 75);
    token::burn(&mut treasury, token);
    assert_eq!(treasury.total_supply(), 10);

    policy.remove_rule_for_action<_, Rule>(&cap, token::spend_action(), ctx);
    policy.disallow(&cap, token::spend_action(), ctx);
    assert!(!policy.is_allowed(&token::spend_action()));
    policy.burn_policy_for_testing(cap);
    let (policy, cap) = token::new_policy(&treasury, ctx);
    policy.share_policy();
    destroy(cap);
    destroy(treasury);
}

#[test]
fun configurations() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy(ctx);
    token::add_rule_config(Rule {}, &mut policy, &cap, 5, ctx);
    assert!(policy.has_rule_config<_, Rule>());
    assert!(policy.has_rule_config_with_type<_, Rule, u64>());
    assert!(!policy.has_rule_config_with_type<_, Rule, bool>());
    assert_eq!(*token::rule_config(Rule {}, &policy), 5);
    *token::rule_config_mut(Rule {}, &mut policy, &cap) = 6;
    assert_eq!(policy.remove_rule_config<_, Rule, u64>(&cap, ctx), 6);
    policy.burn_policy_for_testing(cap);
}

#[test, expected_failure(abort_code = token::EUnknownAction)]
fun what_is_not_allowed() {
    let ctx = &mut tx_context::dummy();
    let (policy, _cap) = policy(ctx);
    let request = token::mint_for_testing(1, ctx).transfer(@0xB, ctx);
    policy.confirm_request(request, ctx);
    abort
}

#[test, expected_failure(abort_code = token::ENotApproved)]
fun what_is_not_approved() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy(ctx);
    policy.add_rule_for_action<_, Rule>(&cap, token::transfer_action(), ctx);
    let request = token::mint_for_testing(1, ctx).transfer(@0xB, ctx);
    policy.confirm_request(request, ctx);
    abort
}

#[test, expected_failure(abort_code = token::ENotAuthorized)]
fun another_policys_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, _cap) = policy(ctx);
    let (_other, other_cap) = policy(ctx);
    policy.allow(&other_cap, token::spend_action(), ctx);
    abort
}

#[test, expected_failure(abort_code = token::EBalanceTooLow)]
fun splitting_too_much() {
    let ctx = &mut tx_context::dummy();
    let mut token = token::mint_for_testing<TOKEN_TESTS>(1, ctx);
    let _part = token.split(2, ctx);
    abort
}

#[test, expected_failure(abort_code = token::ENotZero)]
fun destroying_something() {
    token::mint_for_testing<TOKEN_TESTS>(1, &mut tx_context::dummy()).destroy_zero();
}

#[test, expected_failure(abort_code = token::ECantConsumeBalance)]
fun spending_needs_a_policy_that_changes() {
    let ctx = &mut tx_context::dummy();
    let (policy, _cap) = policy(ctx);
    policy.confirm_request(token::mint_for_testing(1, ctx).spend(ctx), ctx);
    abort
}

#[test, expected_failure(abort_code = token::EUseImmutableConfirm)]
fun transferring_does_not() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, _cap) = policy(ctx);
    policy.confirm_request_mut(token::mint_for_testing(1, ctx).transfer(@0xB, ctx), ctx);
    abort
}

#[test, expected_failure(abort_code = token::ENoConfig)]
fun no_configuration() {
    let (policy, _cap) = policy(&mut tx_context::dummy());
    let _: &u64 = token::rule_config(Rule {}, &policy);
    abort
}

public struct Parent has key { id: UID }

#[test]
fun derived_objects() {
    let ctx = &mut tx_context::dummy();
    let mut parent = Parent { id: object::new(ctx) };
    assert!(!derived_object::exists(&parent.id, b"a"));
    let id = derived_object::claim(&mut parent.id, b"a");
    assert!(derived_object::exists(&parent.id, b"a"));
    assert!(!derived_object::exists(&parent.id, b"b"));
    assert_eq!(
        id.to_address(),
        derived_object::derive_address(object::id(&parent), b"a"),
    );
    id.delete();
    assert!(derived_object::exists(&parent.id, b"a"));
    destroy(parent);
}

#[test, expected_failure(abort_code = derived_object::EObjectAlreadyExists)]
fun derived_once() {
    let mut parent = Parent { id: object::new(&mut tx_context::dummy()) };
    let _one = derived_object::claim(&mut parent.id, b"a");
    let _two = derived_object::claim(&mut parent.id, b"a");
    abort
}
