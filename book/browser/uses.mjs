// What a reader does on a page: with the keyboard, in the search, with the copy button.

import { join } from 'node:path';

// A word, and where it is explained: a section that has it in its heading or in bold must be the first that is found.
const EXPLAINED = [
    'half-close', 'spawn_blocking', 'deadline', 'metadata', 'varint', 'unknown field', 'wire type', 'presence', 'retry', 'trailers',
    'oneof', 'correlation id', 'mTLS', 'reset', 'keepalive', 'multiplexing', 'idempotent',
];
// A word that must be found at all.
const FOUND = ['grpc-timeout'];

// Arrow keys turn the page from the text, and belong to a widget within one. The sidebar and the skip link work.
export async function keyboard(book) {
    const { page } = await book.visit(join(book.folder, 'index.html'), { width: 1280 });
    const before = page.url();
    const stay = await page.evaluate(() => {
        const main = document.querySelector('main');
        main.insertAdjacentHTML('beforeend', '<details id="probe"><summary>s</summary><button>b</button></details>');
        document.querySelector('#probe summary').focus();
        return document.activeElement.tagName;
    });
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(100);
    book.report('an arrow key within a widget stays on the page', page.url() === before && stay === 'SUMMARY' ? [] : [page.url()]);

    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('ArrowRight');
    const turned = await page.waitForURL(url => url.href !== before, { timeout: 5000 }).then(() => true, () => false);
    book.report('an arrow key within the text turns the page', turned ? [] : [page.url()]);

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
    book.report('the sidebar opens and closes by keyboard', seen.join(' ') === wanted ? [] : [seen.join(' ')]);

    await page.reload();
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement.className);
    book.report('the skip link comes first', focused === 'skip' ? [] : [focused]);
    await page.context().close();
}

// The search finds a word first where it is explained, and never in the letters of a picture.
export async function search(book) {
    const { page } = await book.visit(join(book.folder, 'index.html'), { width: 1280 });
    for (const word of [...EXPLAINED, ...FOUND]) {
        const hits = await found(page, word);
        const said = hits.map(hit => `${hit.title} (${hit.url})`).slice(0, 5);
        if (process.env.HITS) {
            console.log(`${word}: ${hits.length}\n    ${said.join('\n    ')}`);
        }
        if (!EXPLAINED.includes(word)) {
            book.report(`the search finds ${word}`, hits.length > 0 ? [] : ['nothing']);
            continue;
        }
        const explained = hits.length > 0 && await explains(book, hits[0].url, word);
        book.report(`the search finds ${word} first where it is explained`, explained ? [] : said.concat('has it neither in its heading nor in bold'));
    }
    await page.context().close();
}

// What mdBook's own script shows for a word.
async function found(page, word) {
    await page.evaluate(() => document.getElementById('mdbook-search-wrapper').classList.contains('hidden')
        && document.getElementById('mdbook-search-toggle').click());
    await page.waitForFunction(() => document.activeElement.id === 'mdbook-searchbar');
    await page.fill('#mdbook-searchbar', '');
    await page.keyboard.type(word);
    await page.waitForFunction(word => document.getElementById('mdbook-searchresults-header').textContent.includes(`'${word}'`), word);
    return page.$$eval('#mdbook-searchresults li > a', links => links.map(link => ({
        title: link.textContent.trim(),
        url: link.href,
    })));
}

// Whether the section that a result leads to has the word in its heading or in bold.
async function explains(book, url, word) {
    const { pathname, hash } = new URL(url);
    const { page } = await book.visit(decodeURIComponent(pathname), { width: 1280 });
    const explained = await page.evaluate(([id, word]) => {
        const heading = document.getElementById(id);
        const level = element => Number(element.tagName.match(/^H([1-6])$/)?.[1] ?? 9);
        const parts = [...document.querySelectorAll('main :is(h1, h2, h3, strong, dfn, dt)')];
        const after = parts.slice(parts.indexOf(heading) + 1);
        const end = after.findIndex(part => level(part) <= 3);
        const section = [heading, ...after.slice(0, end < 0 ? undefined : end)];
        return section.some(part => part.textContent.toLowerCase().includes(word.toLowerCase()));
    }, [decodeURIComponent(hash.slice(1)), word]);
    await page.context().close();
    return explained;
}

// The button copies what is typed: no prompt, no output. Where nothing is typed there is none.
export async function copy(book) {
    let copied = 0;
    for (const file of book.chapters) {
        const { page } = await book.visit(file, { width: 1280, permissions: ['clipboard-read', 'clipboard-write'] });
        const wrong = [];
        for (const code of await page.$$('main pre > code:is(.language-console, .language-text)')) {
            const lines = (await code.textContent()).split('\n');
            const isConsole = await code.evaluate(code => code.classList.contains('language-console'));
            const typed = lines.filter((line, place) => isConsole && (line.startsWith('$ ') || lines[place - 1]?.endsWith('\\')));
            const button = await code.evaluateHandle(code => code.parentElement.querySelector('.clip-button'));
            const there = (await button.evaluate(button => button)) !== null;
            if (there !== typed.length > 0) {
                wrong.push(`${there ? 'a button to copy output' : 'no button'}: ${lines[0]}`);
            } else if (there) {
                await code.evaluate(code => code.closest('details')?.setAttribute('open', ''));
                await button.asElement().evaluate(button => button.click());
                const text = await page.evaluate(() => navigator.clipboard.readText());
                const wanted = typed.map(line => `${line.replace(/^\$ /, '')}\n`).join('');
                copied += 1;
                if (text !== wanted) {
                    wrong.push(`${JSON.stringify(text)} instead of ${JSON.stringify(wanted)}`);
                }
            }
        }
        book.report(`${book.name(file)} copies commands`, wrong);
        await page.context().close();
    }
    book.report('there are commands to copy', copied > 0 ? [] : ['no block of a terminal has a command']);
}
