// Runs the unit tests of Move packages in the public VM, which the `full`
// entry of the compiler package brings along as WebAssembly, and prints what
// came of each test as JSON:
//
//   { "FOLDER": { "MODULE::TEST": "returned" | "code 7" | "constant ENotFound" | .. } }
//
// Usage: node move_unit_tests.mjs FRAMEWORK FOLDER..
//
// FRAMEWORK holds the folders `std`, `sui` and `system`, with which requests
// for the public framework are answered, so that both VMs run the same code.
// Packages are found from the working directory, as in sui_grpc.test.mjs.

import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const entry = require.resolve('@zktx.io/sui-move-builder/full').replace(/index\.cjs$/, 'index.js');
const { initMovePackageBuilder, testMovePackage, MovePackageFetcher } = await import(
	pathToFileURL(entry).href
);

const [framework, ...folders] = process.argv.slice(2);

/** The manifest and sources of a package, by path. */
async function packageFiles(root, inside = '') {
	const files = {};
	for (const item of await readdir(path.join(root, inside), { withFileTypes: true })) {
		const name = inside ? `${inside}/${item.name}` : item.name;
		if (item.isDirectory() && item.name !== 'build') {
			Object.assign(files, await packageFiles(root, name));
		} else if (item.name === 'Move.toml' || item.name.endsWith('.move')) {
			files[name] = await readFile(path.join(root, name), 'utf8');
		}
	}
	return files;
}

const PUBLIC_NAMES = { 'move-stdlib': 'std', 'sui-framework': 'sui', 'sui-system': 'system' };

class Fetcher extends MovePackageFetcher {
	constructor(root) {
		super();
		this.fetchLocal = (local) => packageFiles(path.resolve(root, local));
	}
	async fetch(git, rev, subdir = '') {
		const name = path.basename(subdir);
		return packageFiles(path.join(framework, PUBLIC_NAMES[name] ?? name));
	}
	async fetchFile(git, rev, file) {
		const files = await this.fetch(git, rev, path.dirname(file));
		return files[path.basename(file)] ?? null;
	}
	getResolvedSha() {
		return '0'.repeat(40);
	}
}

/** What the report of a failed test says, in a few words. */
function failure(report) {
	const words = [
		[/aborted with code (\d+)/, (it) => `code ${it}`],
		[/aborted with error constant '(\w+)'/, (it) => `constant ${it}`],
		[/it aborted originating/, () => 'assertion'],
		[/gave an arithmetic error/, () => 'arithmetic'],
		[/vector operation error with sub-status (\d+)/, (it) => `vector ${it}`],
		[/gave an? (\w+) \(code \d+\) error/, (it) => it],
		[/did not error as expected/, () => 'returned, unexpectedly'],
	];
	for (const [pattern, say] of words) {
		const found = report.match(pattern);
		if (found) {
			const module = report.match(/originating in the module \w+::(\w+)/);
			return say(found[1]) + (module ? ` in ${module[1]}` : '');
		}
	}
	return `failed: ${report}`;
}

/** What came of each test, from what the runner printed. */
function outcomes(output) {
	const text = output.replace(/\x1b\[[0-9;]*m/g, '');
	const found = {};
	for (const [, verdict, name] of text.matchAll(/^\[ (\w+) +\] \w+::(\w+::\w+)$/gm)) {
		found[name] = verdict === 'PASS' ? 'passed' : verdict;
	}
	let module = '';
	for (const section of text.split(/^(?=Failures in |┌── )/m)) {
		const header = section.match(/^Failures in \w+::(\w+):/);
		const test = section.match(/^┌── (\w+) /);
		if (header) module = header[1];
		else if (test) found[`${module}::${test[1]}`] = failure(section);
	}
	return found;
}

await initMovePackageBuilder();
const all = {};
for (const folder of folders) {
	const root = path.resolve(folder);
	const files = await packageFiles(root);
	const result = await testMovePackage({ files, fetcher: new Fetcher(root), network: 'mainnet' });
	if (result.output === undefined) throw new Error(`${folder}: ${JSON.stringify(result)}`);
	all[folder] = outcomes(result.output);
}
console.log(JSON.stringify(all));
