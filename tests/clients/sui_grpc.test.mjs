// The public TypeScript client, unmodified and with its default transport,
// against a running network. Every step is one that an application takes.
//
// Environment:
//   HEDDLE_RPC_URL, HEDDLE_FAUCET_URL   the network
//   HEDDLE_PACKAGE_JSON                 examples/counter, as `heddle move build --json` prints it
//   HEDDLE_COLLECTIBLE_JSON             examples/collectible, likewise
//   HEDDLE_PRIVATE_KEY, HEDDLE_ADDRESS  a key that `heddle keys export` printed, and its address
//                                       (both optional: without them the test makes a key)
//
// The packages are found from the working directory, which must be one that
// `npm ci` has installed them in.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { SuiGrpcClient } = await load('@mysten/sui/grpc');
const { Transaction, coinWithBalance } = await load('@mysten/sui/transactions');
const { Ed25519Keypair } = await load('@mysten/sui/keypairs/ed25519');
const { requestSuiFromFaucetV2 } = await load('@mysten/sui/faucet');
const { bcs } = await load('@mysten/sui/bcs');
const { isValidSuiAddress, normalizeStructTag, normalizeSuiAddress } =
	await load('@mysten/sui/utils');

const env = (name) => {
	const value = process.env[name];
	assert.ok(value, `${name} must be set`);
	return value;
};

const COIN = '0x2::coin::Coin<0x2::sui::SUI>';
const GAS_COIN = normalizeStructTag('0x2::sui::SUI');
const COINS_PER_REQUEST_MIN = 1;

const client = new SuiGrpcClient({ network: 'localnet', baseUrl: env('HEDDLE_RPC_URL') });
const signer = process.env.HEDDLE_PRIVATE_KEY
	? Ed25519Keypair.fromSecretKey(process.env.HEDDLE_PRIVATE_KEY)
	: new Ed25519Keypair();
const sender = signer.toSuiAddress();

const contents = async (name) => JSON.parse(await readFile(env(name), 'utf8'));

// Signs and executes; the result is a success with everything one may ask for.
async function execute(transaction, by = signer) {
	const result = await client.signAndExecuteTransaction({
		transaction,
		signer: by,
		include: {
			effects: true,
			events: true,
			objectTypes: true,
			balanceChanges: true,
			transaction: true,
			bcs: true,
		},
	});
	assert.equal(result.$kind, 'Transaction', JSON.stringify(result, bigintAsText));
	return result.Transaction;
}

const bigintAsText = (_, value) => (typeof value === 'bigint' ? value.toString() : value);

const created = (result, suffix) =>
	result.effects.changedObjects
		.filter((change) => change.idOperation === 'Created')
		.map((change) => change.objectId)
		.filter((id) => result.objectTypes[id]?.endsWith(suffix));

async function publish(name) {
	const built = await contents(name);
	const transaction = new Transaction();
	const upgradeCap = transaction.publish({
		modules: built.modules,
		dependencies: built.dependencies,
	});
	transaction.transferObjects([upgradeCap], sender);
	const result = await execute(transaction);
	const [id] = result.effects.changedObjects
		.filter((change) => change.outputState === 'PackageWrite')
		.map((change) => change.objectId);
	assert.ok(id, 'publishing writes a package');
	assert.equal(result.objectTypes[id], 'package');
	return id;
}

// What later steps need of earlier ones.
const world = {};

describe('the public client', { concurrency: 1, timeout: 120_000 }, () => {
	test('a key of `heddle keys` is the same key here', () => {
		if (process.env.HEDDLE_ADDRESS) {
			assert.equal(sender, normalizeSuiAddress(process.env.HEDDLE_ADDRESS));
		}
		assert.ok(isValidSuiAddress(sender));
	});

	test('chain id and gas price', async () => {
		const { chainIdentifier } = await client.core.getChainIdentifier();
		assert.match(chainIdentifier, /^[1-9A-HJ-NP-Za-km-z]{32,44}$/);
		world.chain = chainIdentifier;
		const { referenceGasPrice } = await client.getReferenceGasPrice();
		assert.ok(BigInt(referenceGasPrice) > 0n);
		const { systemState } = await client.getCurrentSystemState();
		assert.equal(systemState.referenceGasPrice, referenceGasPrice);
		const { protocolConfig } = await client.getProtocolConfig();
		assert.ok(protocolConfig.protocolVersion);
	});

	test('the faucet gives coins', async () => {
		const answer = await requestSuiFromFaucetV2({
			host: env('HEDDLE_FAUCET_URL'),
			recipient: sender,
		});
		assert.equal(answer.status, 'Success');
		assert.ok(answer.coins_sent.length >= COINS_PER_REQUEST_MIN);
		world.faucetCoins = answer.coins_sent;
		const { object } = await client.getObject({ objectId: answer.coins_sent[0].id });
		assert.equal(object.owner.AddressOwner, sender);
	});

	test('coins and balances', async () => {
		const { objects } = await client.listCoins({ owner: sender });
		const sum = objects.reduce((total, coin) => total + BigInt(coin.balance), 0n);
		const { balance } = await client.getBalance({ owner: sender });
		assert.equal(BigInt(balance.balance), sum);
		assert.equal(normalizeStructTag(balance.coinType), GAS_COIN);
		const { balances } = await client.listBalances({ owner: sender });
		assert.equal(balances.length, 1);
		assert.equal(balances[0].balance, balance.balance);
		const { coinMetadata } = await client.core.getCoinMetadata({ coinType: '0x2::sui::SUI' });
		assert.equal(coinMetadata.symbol, 'HED');
		assert.equal(coinMetadata.decimals, 9);
	});

	test('listings go on from page to page without gaps', async () => {
		const all = await client.listOwnedObjects({ owner: sender, type: COIN });
		const paged = [];
		let cursor = null;
		do {
			const page = await client.listOwnedObjects({ owner: sender, type: COIN, limit: 2, cursor });
			assert.ok(page.objects.length <= 2);
			paged.push(...page.objects.map((object) => object.objectId));
			cursor = page.cursor;
			assert.equal(page.hasNextPage, cursor !== null);
		} while (cursor);
		assert.deepEqual(
			paged,
			all.objects.map((object) => object.objectId),
		);
		await assert.rejects(
			client.listOwnedObjects({ owner: sender, cursor: 'bm9uc2Vuc2U=' }),
			(error) => error.code === 'INVALID_ARGUMENT' && /page_token/.test(error.message),
		);
	});

	test('a package compiled from source is published', async () => {
		world.counterPackage = await publish('HEDDLE_PACKAGE_JSON');
	});

	test('getMoveFunction', async () => {
		const { function: increment } = await client.getMoveFunction({
			packageId: world.counterPackage,
			moduleName: 'counter',
			name: 'increment',
		});
		assert.equal(increment.visibility, 'public');
		assert.equal(increment.parameters[0].reference, 'mutable');
		assert.equal(
			increment.parameters[0].body.datatype.typeName,
			`${normalizeSuiAddress(world.counterPackage)}::counter::Counter`,
		);
	});

	test('a shared object is made, called, and read back with its content', async () => {
		const create = new Transaction();
		create.moveCall({ target: `${world.counterPackage}::counter::create` });
		const made = await execute(create);
		[world.counter] = created(made, '::counter::Counter');
		assert.ok(world.counter);

		const calls = new Transaction();
		for (let i = 0; i < 3; i++) {
			calls.moveCall({
				target: `${world.counterPackage}::counter::increment`,
				arguments: [calls.object(world.counter)],
			});
		}
		calls.moveCall({
			target: `${world.counterPackage}::counter::set_value`,
			arguments: [calls.object(world.counter), calls.pure.u64(41)],
		});
		calls.moveCall({
			target: `${world.counterPackage}::counter::increment`,
			arguments: [calls.object(world.counter)],
		});
		const called = await execute(calls);
		world.callDigest = called.digest;
		assert.equal(called.events.length, 1);
		assert.equal(called.events[0].json.value, '41');
		assert.equal(called.events[0].json.counter, world.counter);

		const waited = await client.waitForTransaction({ digest: called.digest, timeout: 30_000 });
		assert.equal(waited.Transaction.digest, called.digest);

		const { object } = await client.getObject({
			objectId: world.counter,
			include: { content: true, json: true, previousTransaction: true, objectBcs: true },
		});
		assert.equal(object.owner.$kind, 'Shared');
		assert.equal(object.previousTransaction, called.digest);
		assert.equal(object.json.value, '42');
		assert.equal(object.json.owner, sender);
		const Counter = bcs.struct('Counter', {
			id: bcs.Address,
			owner: bcs.Address,
			value: bcs.u64(),
		});
		assert.deepEqual(Counter.parse(object.content), {
			id: world.counter,
			owner: sender,
			value: '42',
		});
		assert.ok(object.objectBcs.length > object.content.length);
	});

	test('objects that are not there and objects that are come in one answer', async () => {
		const { objects } = await client.getObjects({
			objectIds: [world.counter, normalizeSuiAddress('0xdead')],
		});
		assert.equal(objects[0].objectId, world.counter);
		assert.ok(objects[1] instanceof Error);
		assert.match(objects[1].message, /does not exist/);
	});

	test('a dry run shows effects and results and changes nothing', async () => {
		const transaction = new Transaction();
		transaction.setSender(sender);
		transaction.moveCall({
			target: `${world.counterPackage}::counter::increment`,
			arguments: [transaction.object(world.counter)],
		});
		const [coin] = transaction.splitCoins(transaction.gas, [1_000]);
		transaction.transferObjects([coin], sender);
		const result = await client.simulateTransaction({
			transaction,
			include: { effects: true, balanceChanges: true, commandResults: true },
		});
		assert.equal(result.$kind, 'Transaction');
		assert.ok(result.Transaction.effects.status.success);
		assert.equal(result.commandResults.length, 3);
		assert.equal(result.commandResults[1].returnValues.length, 1);
		assert.equal(result.commandResults[0].mutatedReferences.length, 1);
		const { object } = await client.getObject({ objectId: world.counter, include: { json: true } });
		assert.equal(object.json.value, '42');
	});

	test('a dry run that aborts says where', async () => {
		const stranger = new Ed25519Keypair().toSuiAddress();
		const transaction = new Transaction();
		transaction.setSender(stranger);
		transaction.moveCall({
			target: `${world.counterPackage}::counter::set_value`,
			arguments: [transaction.object(world.counter), transaction.pure.u64(1)],
		});
		const result = await client.simulateTransaction({ transaction, include: { effects: true } });
		assert.equal(result.$kind, 'FailedTransaction');
		const { error } = result.FailedTransaction.status;
		assert.equal(error.$kind, 'MoveAbort');
		assert.equal(error.MoveAbort.location.module, 'counter');
		assert.equal(error.MoveAbort.location.functionName, 'set_value');
	});

	test('what cannot be built is refused with words', async () => {
		const unknown = new Transaction();
		unknown.transferObjects([unknown.object(normalizeSuiAddress('0xdead'))], sender);
		unknown.setSender(sender);
		await assert.rejects(unknown.build({ client }), /does not exist/);

		const noFunction = new Transaction();
		noFunction.setSender(sender);
		noFunction.moveCall({
			target: `${world.counterPackage}::counter::no_such_function`,
			arguments: [noFunction.object(world.counter)],
		});
		await assert.rejects(noFunction.build({ client }), /no_such_function/);

		const poor = new Transaction();
		poor.setSender(new Ed25519Keypair().toSuiAddress());
		const [coin] = poor.splitCoins(poor.gas, [1]);
		poor.transferObjects([coin], sender);
		await assert.rejects(poor.build({ client }), /cannot pay for gas/);
	});

	test('a built transaction carries price, budget and payment', async () => {
		const transaction = new Transaction();
		transaction.setSender(sender);
		const [coin] = transaction.splitCoins(transaction.gas, [5_000_000]);
		transaction.transferObjects([coin], sender);
		const bytes = await transaction.build({ client });
		const { gasData } = Transaction.from(bytes).getData();
		const { referenceGasPrice } = await client.getReferenceGasPrice();
		assert.equal(gasData.price, referenceGasPrice);
		assert.ok(BigInt(gasData.budget) > 0n);
		assert.ok(gasData.payment.length >= 1);
		const { signature } = await signer.signTransaction(bytes);
		const result = await client.executeTransaction({
			transaction: bytes,
			signatures: [signature],
			include: { effects: true },
		});
		assert.equal(result.$kind, 'Transaction');
		const again = await client.executeTransaction({
			transaction: bytes,
			signatures: [signature],
			include: { effects: true },
		});
		assert.deepEqual(again.Transaction.effects.bcs, result.Transaction.effects.bcs);
	});

	test('coinWithBalance, from the gas coin and from other coins', async () => {
		const recipient = new Ed25519Keypair().toSuiAddress();
		const transaction = new Transaction();
		transaction.setSender(sender);
		transaction.transferObjects([coinWithBalance({ balance: 123_456 })], recipient);
		const result = await execute(transaction);
		const { balance } = await client.getBalance({ owner: recipient });
		assert.equal(balance.balance, '123456');
		const change = result.balanceChanges.find((one) => one.address === recipient);
		assert.equal(change.amount, '123456');

		// A sponsor pays, so that all coins of the sender are free to be used.
		const sponsor = new Ed25519Keypair();
		await requestSuiFromFaucetV2({
			host: env('HEDDLE_FAUCET_URL'),
			recipient: sponsor.toSuiAddress(),
		});
		const sponsored = new Transaction();
		sponsored.setSender(sender);
		sponsored.setGasOwner(sponsor.toSuiAddress());
		sponsored.transferObjects([coinWithBalance({ balance: 1_000, useGasCoin: false })], recipient);
		const bytes = await sponsored.build({ client });
		const signatures = await Promise.all(
			[signer, sponsor].map(async (one) => (await one.signTransaction(bytes)).signature),
		);
		const paid = await client.executeTransaction({ transaction: bytes, signatures });
		assert.equal(paid.$kind, 'Transaction');
		const after = await client.getBalance({ owner: recipient });
		assert.equal(after.balance.balance, '124456');
	});

	test('dynamic fields, plain ones and objects', async () => {
		const id = await publish('HEDDLE_COLLECTIBLE_JSON');
		const transaction = new Transaction();
		const figure = transaction.moveCall({
			target: `${id}::collectible::new_figure`,
			arguments: [transaction.pure.string('Ada')],
		});
		transaction.moveCall({
			target: `${id}::collectible::set_trait`,
			arguments: [figure, transaction.pure.string('mood'), transaction.pure.string('calm')],
		});
		const hat = transaction.moveCall({
			target: `${id}::collectible::new_accessory`,
			arguments: [transaction.pure.string('hat')],
		});
		transaction.moveCall({
			target: `${id}::collectible::wear`,
			arguments: [figure, transaction.pure.string('head'), hat],
		});
		transaction.transferObjects([figure], sender);
		const made = await execute(transaction);
		const [figureId] = created(made, '::collectible::Figure');
		const [hatId] = created(made, '::collectible::Accessory');

		const { dynamicFields } = await client.listDynamicFields({
			parentId: figureId,
			include: { value: true },
		});
		assert.equal(dynamicFields.length, 2);
		const trait = dynamicFields.find((field) => field.$kind === 'DynamicField');
		const slot = dynamicFields.find((field) => field.$kind === 'DynamicObject');
		assert.equal(normalizeStructTag(trait.valueType), normalizeStructTag('0x1::string::String'));
		assert.equal(bcs.string().parse(trait.value.bcs), 'calm');
		assert.equal(bcs.string().parse(trait.name.bcs), 'mood');
		assert.equal(slot.childId, hatId);
		assert.ok(slot.valueType.endsWith('::collectible::Accessory'));

		const named = await client.core.getDynamicField({
			parentId: figureId,
			name: { type: `${id}::collectible::TraitKey`, bcs: bcs.string().serialize('mood').toBytes() },
		});
		assert.equal(bcs.string().parse(named.dynamicField.value.bcs), 'calm');
		const object = await client.core.getDynamicObjectField({
			parentId: figureId,
			name: { type: `${id}::collectible::SlotKey`, bcs: bcs.string().serialize('head').toBytes() },
		});
		assert.equal(object.object.objectId, hatId);

		const use = new Transaction();
		use.moveCall({
			target: `${id}::collectible::set_trait`,
			arguments: [use.object(figureId), use.pure.string('mood'), use.pure.string('merry')],
		});
		await execute(use);
	});

	test('transactions and events are listed by what they did', async () => {
		const waited = await client.waitForTransaction({ digest: world.callDigest });
		assert.ok(waited.Transaction);
		const listed = await until(async () => {
			const { events } = await client.listEvents({
				filter: { eventType: `${world.counterPackage}::counter::ValueSet` },
			});
			return events.length === 1 ? events[0] : undefined;
		});
		assert.equal(listed.transactionDigest, world.callDigest);
		assert.equal(listed.json.value, '41');
		const { transactions, hasNextPage } = await client.listTransactions({
			filter: { sender },
			limit: 3,
			order: 'descending',
			include: { effects: true },
		});
		assert.equal(transactions.length, 3);
		assert.ok(hasNextPage);
	});

	test('a checkpoint subscription brings the next transaction', async () => {
		const abort = new AbortController();
		const call = client.subscriptionService.subscribeCheckpoints(
			{ readMask: { paths: ['sequence_number', 'summary.timestamp', 'transactions.digest'] } },
			{ abort: abort.signal },
		);
		const transaction = new Transaction();
		transaction.moveCall({
			target: `${world.counterPackage}::counter::increment`,
			arguments: [transaction.object(world.counter)],
		});
		const { digest } = await execute(transaction);
		let previous;
		let isFound = false;
		for await (const { cursor, checkpoint } of call.responses) {
			assert.equal(checkpoint.sequenceNumber, cursor);
			if (previous !== undefined) assert.equal(cursor, previous + 1n);
			previous = cursor;
			if (checkpoint.transactions.some((one) => one.digest === digest)) {
				isFound = true;
				break;
			}
		}
		abort.abort();
		assert.ok(isFound);
		const { response } = await client.ledgerService.getCheckpoint({
			checkpointId: { oneofKind: 'sequenceNumber', sequenceNumber: previous },
			readMask: { paths: ['contents', 'summary', 'signature', 'transactions.effects.status'] },
		});
		assert.ok(response.checkpoint.contents.transactions.some((one) => one.transaction === digest));
		assert.ok(response.checkpoint.transactions.every((one) => one.effects.status.success));
	});
});

// Asks until there is an answer: indexes follow checkpoints, which come at
// most a fraction of a second after execution.
async function until(ask, attempts = 100) {
	for (let attempt = 0; attempt < attempts; attempt++) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	assert.fail('no answer in time');
}
