// Opens every page of the built book in Chromium and looks at what only a browser shows: axe's findings, sideways
// scroll, errors on the console, requests to other origins, and whether a keyboard works.
//
//   node book/browser/check.mjs target/book [--modules DIR] [--shots DIR]
//
// It needs the npm packages playwright-core and axe-core (in DIR/node_modules, NODE_PATH or beside the book) and a
// Chromium (/usr/bin/chromium, or what CHROMIUM names). The last line is "N passed, M failed"; the exit code is 1
// where something failed, and 2 where nothing could be run.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
const WIDTHS = [390, 1280];
// Chromium without its own network traffic.
const FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { modules: { type: 'string' }, shots: { type: 'string' } },
});
const book = resolve(positionals[0] ?? 'target/book');
const { chromium, axe } = load();
const pages = htmlFiles(book);
if (pages.length === 0) {
    giveUp(`${book} has no pages`, 'the book is not built', 'cargo xtask book');
}

let passed = 0;
let failed = 0;
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
});
for (const page of pages) {
    for (const width of WIDTHS) {
        await lookAt(page, width);
    }
}
await checkOpened();
await checkKeyboard();
await checkWithoutScripts();
await checkPaper();
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

// One page at one width, in every theme: axe and layout depend on the theme's colours and letters only, so the page
// is opened once and its theme changed.
async function lookAt(file, width) {
    const { page, noise } = await open(file, { width });
    for (const theme of THEMES) {
        const where = `${relative(book, file)} ${theme} ${width}`;
        await page.evaluate(setTheme, theme);
        // Without preloading: axe would fetch the style sheets again, which a page from file:// may not.
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { preload: false }));
        report(`${where} axe`, violations.flatMap(describe));
        const overflow = await page.evaluate(sideways);
        report(`${where} sideways scroll`, overflow);
        if (options.shots) {
            const name = relative(book, file).replace(/\W+/g, '-');
            await page.screenshot({ path: join(options.shots, `${name}-${theme}-${width}.png`), fullPage: true });
        }
    }
    report(`${relative(book, file)} ${width} console and requests`, noise);
    await page.context().close();
}

// What opens over a page is looked at open: the search with its results, the themes, the sidebar on a narrow screen,
// every prediction.
async function checkOpened() {
    const opened = {
        search: async page => {
            await page.keyboard.press('s');
            await page.waitForFunction(() => document.activeElement.id === 'mdbook-searchbar');
            await page.keyboard.type('wire');
            await page.waitForSelector('#mdbook-searchresults li');
        },
        themes: page => page.click('#mdbook-theme-toggle'),
        sidebar: page => page.click('#mdbook-sidebar-toggle'),
        help: page => page.keyboard.press('?'),
    };
    for (const [what, openIt] of Object.entries(opened)) {
        const { page, noise } = await open(join(book, 'index.html'), { width: 390 });
        for (const theme of THEMES) {
            await page.evaluate(setTheme, theme);
            await openIt(page);
            const { violations } = await page.evaluate(() => globalThis.axe.run(document, { preload: false }));
            report(`${what} open, ${theme} axe`, violations.flatMap(describe));
            if (options.shots) {
                await page.screenshot({ path: join(options.shots, `open-${what}-${theme}.png`) });
            }
            await page.goto(pathToFileURL(join(book, 'index.html')).href);
            await page.evaluate(axe);
        }
        report(`${what} open, console and requests`, noise);
        await page.context().close();
    }
    for (const file of chapters()) {
        const { page } = await open(file, { width: 390 });
        for (const theme of THEMES) {
            await page.evaluate(setTheme, theme);
            await page.evaluate(() => document.querySelectorAll('main details').forEach(details => (details.open = true)));
            const { violations } = await page.evaluate(() => globalThis.axe.run('main', { preload: false }));
            report(`${relative(book, file)} ${theme} opened answers axe`, violations.flatMap(describe));
        }
        await page.context().close();
    }
}

// Arrow keys turn the page from the text, and belong to a widget within one. The sidebar and the skip link work.
async function checkKeyboard() {
    const { page } = await open(join(book, 'index.html'), { width: 1280 });
    const before = page.url();
    const stay = await page.evaluate(() => {
        const main = document.querySelector('main');
        main.insertAdjacentHTML('beforeend', '<details id="probe"><summary>s</summary><button>b</button></details>');
        document.querySelector('#probe summary').focus();
        return document.activeElement.tagName;
    });
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(100);
    report('an arrow key within a widget stays on the page', page.url() === before && stay === 'SUMMARY' ? [] : [page.url()]);

    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('ArrowRight');
    const turned = await page.waitForURL(url => url.href !== before, { timeout: 5000 }).then(() => true, () => false);
    report('an arrow key within the text turns the page', turned ? [] : [page.url()]);

    const sidebar = () => page.evaluate(() => [
        document.documentElement.classList.contains('sidebar-visible'),
        document.getElementById('mdbook-sidebar-toggle').getAttribute('aria-expanded'),
    ].join());
    const seen = [await sidebar()];
    for (let press = 0; press < 2; press++) {
        await page.focus('#mdbook-sidebar-toggle');
        await page.keyboard.press('Enter');
        seen.push(await sidebar());
    }
    const wanted = 'true,true false,false true,true';
    report('the sidebar opens and closes by keyboard', seen.join(' ') === wanted ? [] : [seen.join(' ')]);

    await page.reload();
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement.className);
    report('the skip link comes first', focused === 'skip' ? [] : [focused]);
    await page.context().close();
}

// The text is there without a script.
async function checkWithoutScripts() {
    for (const file of chapters()) {
        const { page } = await open(file, { width: 390, javaScriptEnabled: false });
        const text = await page.locator('main').innerText();
        report(`${relative(book, file)} without scripts`, text.trim().length > 0 ? [] : ['the page is empty']);
        await page.context().close();
    }
}

// On paper every picture keeps its size, no answer stays hidden, and a dark theme does not print grey on white.
async function checkPaper() {
    for (const file of chapters()) {
        const { page } = await open(file, { width: 800 });
        await page.evaluate(setTheme, 'navy');
        await page.emulateMedia({ media: 'print' });
        await page.evaluate(() => document.querySelectorAll('main details').forEach(details => (details.open = true)));
        const { violations } = await page.evaluate(
            () => globalThis.axe.run('main', { preload: false, runOnly: ['color-contrast'] }),
        );
        report(`${relative(book, file)} on paper, contrast`, violations.flatMap(describe));
        await page.evaluate(() => document.querySelectorAll('main details').forEach(details => (details.open = false)));
        const lost = await page.evaluate(() => {
            const shown = element => element.getBoundingClientRect().height > 0;
            const pictures = [...document.querySelectorAll('main svg.sequence, main .transcript')];
            const answers = [...document.querySelectorAll('main .prediction > :not(summary)')];
            return [...pictures, ...answers].filter(element => !shown(element)).map(element => element.outerHTML.slice(0, 80));
        });
        report(`${relative(book, file)} on paper`, lost);
        await page.context().close();
    }
}

async function open(file, { width, javaScriptEnabled = true }) {
    const context = await browser.newContext({
        viewport: { width, height: 900 },
        reducedMotion: 'reduce',
        javaScriptEnabled,
    });
    const page = await context.newPage();
    const noise = [];
    page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') {
            noise.push(`${message.type()}: ${message.text()}`);
        }
    });
    page.on('pageerror', error => noise.push(`exception: ${error.message}`));
    page.on('request', request => {
        if (!/^(file|data|blob):/.test(request.url())) {
            noise.push(`request: ${request.url()}`);
        }
    });
    page.on('requestfailed', request => noise.push(`failed: ${request.url()}`));
    await page.goto(pathToFileURL(file).href);
    if (javaScriptEnabled) {
        await page.evaluate(axe);
        await page.evaluate(() => document.fonts.ready);
        // Colours fade in; axe measures what is there.
        await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important; }' });
    }
    return { page, noise };
}

function setTheme(theme) {
    localStorage.setItem('mdbook-theme', theme);
    const button = document.getElementById(`mdbook-theme-${theme}`);
    button.click();
}

// What is wider than the window. mdBook gives the text a box of its own that scrolls where the page does not.
function sideways() {
    const boxes = [document.scrollingElement, document.getElementById('mdbook-content')];
    return boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => {
        const edge = box.getBoundingClientRect().right;
        const wide = [...box.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > edge + 1);
        return `${box.scrollWidth} px in ${box.clientWidth}: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(' ')}`;
    });
}

function describe(violation) {
    return violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 120)}\n      ${node.failureSummary.split('\n').at(-1).trim()}`);
}

function report(what, findings) {
    if (findings.length === 0) {
        passed += 1;
        return;
    }
    failed += 1;
    console.log(`FAILED ${what}`);
    for (const finding of findings) {
        console.log(`    ${finding}`);
    }
}

// The pages that are chapters: not the whole book on one page, not the bare list of contents.
function chapters() {
    return pages.filter(page => !/(^|[/\\])(print|404)\.html$/.test(page));
}

function htmlFiles(folder) {
    let entries;
    try {
        entries = readdirSync(folder).sort();
    } catch {
        return [];
    }
    return entries.flatMap(name => {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) {
            return htmlFiles(path);
        }
        // 404.html is for a server's root; toc.html is a frame for readers without scripts.
        return name.endsWith('.html') && name !== '404.html' && name !== 'toc.html' ? [path] : [];
    });
}

function load() {
    const from = [options.modules && join(resolve(options.modules), 'x'), import.meta.url].filter(Boolean);
    for (const base of from) {
        try {
            const require = createRequire(base);
            const { chromium } = require('playwright-core');
            const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
            return { chromium, axe };
        } catch (error) {
            if (error.code !== 'MODULE_NOT_FOUND') {
                throw error;
            }
        }
    }
    return giveUp(
        'playwright-core and axe-core are not there',
        'they are not part of the repository',
        'npm install --prefix DIR playwright-core axe-core, then --modules DIR',
    );
}

function giveUp(what, cause, next) {
    console.error(`error: ${what}\n  likely cause: ${cause}\n  next: ${next}`);
    process.exit(2);
}
