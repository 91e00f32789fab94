// Opens every page of the built book in Chromium and looks at what only a browser shows.
//
//   node book/browser/check.mjs target/book [--modules DIR] [--shots DIR] [--only NAME,...]
//
// `looks.mjs` has what is seen: axe's findings, sideways scroll, errors on the console, requests to other origins, paper,
// forced colours. `uses.mjs` has what is done: the keyboard, the search, the copy button. It needs the npm packages
// playwright-core and axe-core (in DIR/node_modules, NODE_PATH or beside the book) and a Chromium (/usr/bin/chromium, or
// what CHROMIUM names). The last line is "N passed, M failed"; the exit code is 1 where something failed, and 2 where
// nothing could be run.

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import * as looks from './looks.mjs';
import { Book, giveUp } from './tools.mjs';
import * as uses from './uses.mjs';

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { modules: { type: 'string' }, shots: { type: 'string' }, only: { type: 'string' } },
});

const checks = {
    pages: looks.pages,
    opened: looks.opened,
    scripts: looks.withoutScripts,
    paper: looks.paper,
    colours: looks.forcedColours,
    motion: looks.reducedMotion,
    keyboard: uses.keyboard,
    search: uses.search,
    copy: uses.copy,
};
const only = options.only?.split(',') ?? Object.keys(checks);
const unknown = only.filter(name => !(name in checks));
if (unknown.length > 0) {
    giveUp(`there is no check ${unknown.join(', ')}`, 'it is misspelt', `name some of ${Object.keys(checks).join(', ')}`);
}

const book = await Book.open(resolve(positionals[0] ?? 'target/book'), {
    modules: options.modules && join(resolve(options.modules), 'x'),
    shots: options.shots,
});
for (const name of only) {
    const start = Date.now();
    await checks[name](book);
    console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
await book.close();
console.log(`${book.passed} passed, ${book.failed} failed`);
process.exit(book.failed === 0 ? 0 : 1);
