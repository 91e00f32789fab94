// The built book in a browser, and a place for what is found.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

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

// So many pages are looked at side by side.
const AT_A_TIME = 2;

export class Book {
    passed = 0;
    failed = 0;

    static async open(folder, { modules, shots }) {
        const book = new Book();
        const { chromium, axe } = load(modules);
        Object.assign(book, { folder, shots, axe, pages: htmlFiles(folder) });
        if (book.pages.length === 0) {
            giveUp(`${folder} has no pages`, 'the book is not built', 'cargo xtask book');
        }
        book.browser = await chromium.launch({
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: FLAGS,
        });
        return book;
    }

    close() {
        return this.browser.close();
    }

    // The pages that are chapters: not the whole book on one page.
    get chapters() {
        return this.pages.filter(page => !/(^|[/\\])print\.html$/.test(page));
    }

    name(file) {
        return relative(this.folder, file);
    }

    // A page with what it writes on the console, what it requests from elsewhere and what it cannot get. `settings` are those
    // of a context of playwright's.
    async visit(file, { width, ...settings }) {
        const context = await this.browser.newContext({
            viewport: { width, height: 900 },
            reducedMotion: 'reduce',
            ...settings,
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
        if (settings.javaScriptEnabled !== false) {
            await page.evaluate(() => document.fonts.ready);
        }
        return { page, noise };
    }

    // What axe finds. Without preloading: it would fetch the style sheets again, which a page from file:// may not.
    async axeOn(page, { within, rules } = {}) {
        if (!(await page.evaluate(() => 'axe' in globalThis))) {
            await page.evaluate(this.axe);
        }
        const settings = { preload: false, ...(rules && { runOnly: rules }) };
        const { violations } = await page.evaluate(
            ([within, settings]) => globalThis.axe.run(within ?? document, settings),
            [within, settings],
        );
        return violations.flatMap(violation => violation.nodes.map(node => {
            const why = node.failureSummary.split('\n').at(-1).trim();
            return `${violation.id}: ${node.html.slice(0, 120)}\n      ${why}`;
        }));
    }

    async shot(page, name) {
        if (this.shots) {
            await page.screenshot({ path: join(this.shots, `${name.replace(/\W+/g, '-')}.png`), fullPage: true });
        }
    }

    // Does something with each of these, two at a time.
    async each(items, what) {
        const left = [...items];
        const work = async () => {
            for (let item = left.shift(); item !== undefined; item = left.shift()) {
                await what(item);
            }
        };
        await Promise.all(Array.from({ length: AT_A_TIME }, work));
    }

    report(what, findings) {
        if (findings.length === 0) {
            this.passed += 1;
            return;
        }
        this.failed += 1;
        console.log(`FAILED ${what}`);
        for (const finding of findings) {
            console.log(`    ${finding}`);
        }
    }
}

export function setTheme(theme) {
    localStorage.setItem('mdbook-theme', theme);
    document.getElementById(`mdbook-theme-${theme}`).click();
}

export function openAll(open) {
    document.querySelectorAll('main details').forEach(details => (details.open = open));
}

export function giveUp(what, cause, next) {
    console.error(`error: ${what}\n  likely cause: ${cause}\n  next: ${next}`);
    process.exit(2);
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

function load(modules) {
    for (const base of [modules, import.meta.url].filter(Boolean)) {
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
