// What is seen of a page: by axe, on a narrow screen, on paper, in colours that the reader's system forces, without scripts.

import { join } from 'node:path';

import { openAll, setTheme } from './tools.mjs';

const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
// The two that a reader has who chooses none. axe looks at all of each page in these. Of the others each page takes one,
// in turn, and axe looks at its colours there: pages are made of the same parts.
const DEFAULT_THEMES = ['light', 'navy'];
const OTHER_THEMES = THEMES.filter(theme => !DEFAULT_THEMES.includes(theme));
// A telephone, a small one (or 1280 at four times the size), a desk.
const WIDTHS = [390, 320, 1280];
const SMALLEST_CELL = 40;

// Every page: opened once, everything unfolded, then looked at in every width and theme. What a page needs depends on the
// theme in its colours only.
export async function pages(book) {
    await book.each(book.pages, async file => {
        const name = book.name(file);
        const { page, noise } = await book.visit(file, { width: 390 });
        for (const folded of [true, false]) {
            await page.evaluate(openAll, !folded);
            for (const width of WIDTHS) {
                await page.setViewportSize({ width, height: 900 });
                await page.evaluate(frame);
                book.report(`${name} ${width} ${folded ? 'folded' : 'unfolded'} layout`, await page.evaluate(layout, SMALLEST_CELL));
            }
        }
        await page.setViewportSize({ width: 390, height: 900 });
        // All of it is on the chapters' own pages too.
        if (book.chapters.includes(file)) {
            const other = OTHER_THEMES[book.chapters.indexOf(file) % OTHER_THEMES.length];
            for (const theme of [...DEFAULT_THEMES, other]) {
                await page.evaluate(setTheme, theme);
                const rules = theme === other ? ['color-contrast'] : undefined;
                book.report(`${name} ${theme} axe`, await book.axeOn(page, { rules }));
                await book.shot(page, `${name}-${theme}-390`);
            }
            // The table of contents is beside the text on a wide screen only, and the same on each page.
            if (name === 'index.html') {
                await page.setViewportSize({ width: 1280, height: 900 });
                book.report(`${name} 1280 axe`, await book.axeOn(page));
            }
        }
        book.report(`${name} console and requests`, noise);
        await page.context().close();
    });
}

// What opens over a page is looked at open: the search with its results, the themes, the sidebar on a narrow screen.
export async function opened(book) {
    const index = join(book.folder, 'index.html');
    const ways = {
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
    await book.each(Object.entries(ways), async ([what, openIt]) => {
        for (const theme of THEMES) {
            const { page, noise } = await book.visit(index, { width: 390 });
            await page.evaluate(setTheme, theme);
            await openIt(page);
            const rules = DEFAULT_THEMES.includes(theme) ? undefined : ['color-contrast'];
            book.report(`${what} open, ${theme} axe`, await book.axeOn(page, { rules }));
            await book.shot(page, `open-${what}-${theme}`);
            book.report(`${what} open, ${theme} console and requests`, noise);
            await page.context().close();
        }
    });
}

// The text is there without a script, and nothing moves it sideways.
export async function withoutScripts(book) {
    await book.each(book.chapters, async file => {
        const { page } = await book.visit(file, { width: 390, javaScriptEnabled: false });
        const text = await page.locator('main').innerText();
        const found = text.trim().length > 0 ? [] : ['the page is empty'];
        found.push(...await page.evaluate(layout, SMALLEST_CELL));
        book.report(`${book.name(file)} without scripts`, found);
        await page.context().close();
    });
}

// On paper nothing stays folded, nothing is cut, and a dark theme does not print grey on white.
export async function paper(book) {
    await book.each(book.pages, async file => {
        const name = book.name(file);
        const { page } = await book.visit(file, { width: 800 });
        await page.evaluate(setTheme, 'navy');
        await page.emulateMedia({ media: 'print' });
        await page.evaluate(frame);
        const lost = await page.evaluate(() => {
            const parts = document.querySelectorAll('main details > :not(summary), main svg, main .transcript, main .strip');
            const hidden = [...parts].filter(part => !part.checkVisibility({ contentVisibilityAuto: true }));
            const cut = [...document.querySelectorAll('main pre > code')].filter(code => code.scrollWidth > code.clientWidth + 1);
            return [...hidden.map(part => `hidden: ${part.outerHTML.slice(0, 80)}`), ...cut.map(code => `cut: ${code.textContent.slice(0, 80)}`)];
        });
        book.report(`${name} on paper`, lost);
        if (book.chapters.includes(file)) {
            // axe passes over what it takes for folded.
            await page.evaluate(openAll, true);
            book.report(`${name} on paper, contrast`, await book.axeOn(page, { within: 'main', rules: ['color-contrast'] }));
        }
        await page.context().close();
    });
}

// A reader whose system forces its colours on all pages reads pictures too, whatever theme is stored.
export async function forcedColours(book) {
    let seen = 0;
    await book.each(book.chapters, async file => {
        const { page } = await book.visit(file, { width: 390, forcedColors: 'active', colorScheme: 'dark' });
        await page.evaluate(setTheme, 'light');
        await page.evaluate(openAll, true);
        const { count, faint } = await page.evaluate(() => {
            const channels = colour => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
            const light = colour => {
                const [r, g, b] = channels(colour).map(c => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const probe = document.createElement('i');
            probe.style.color = 'Canvas';
            document.body.append(probe);
            const ground = light(getComputedStyle(probe).color);
            probe.remove();
            const contrast = colour => {
                const [dark, bright] = [light(colour), ground].sort((a, b) => a - b);
                return (bright + 0.05) / (dark + 0.05);
            };
            const texts = [...document.querySelectorAll('main svg text')];
            const words = [...document.querySelectorAll('main .strip :is(b, i, .says), main .transcript .line')];
            const all = [...texts.map(text => [text, getComputedStyle(text).fill]), ...words.map(word => [word, getComputedStyle(word).color])];
            const faint = all.filter(([, colour]) => contrast(colour) < 4.5);
            return { count: texts.length, faint: faint.slice(0, 3).map(([part, colour]) => `${colour}: ${part.outerHTML.slice(0, 80)}`) };
        });
        seen += count;
        book.report(`${book.name(file)} in forced colours`, faint);
        await book.shot(page, `${book.name(file)}-forced`);
        await page.context().close();
    });
    book.report('there are pictures to see in forced colours', seen > 0 ? [] : ['no text in a picture']);
}

// Who asks for less motion gets none: nothing slides or fades.
export async function reducedMotion(book) {
    const { page } = await book.visit(book.chapters[0], { width: 1280 });
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')]
        .filter(element => !/^(0s(, )?)+$/.test(getComputedStyle(element).transitionDuration))
        .slice(0, 3)
        .map(element => element.outerHTML.slice(0, 80)));
    book.report('nothing moves for who asks for less motion', moving);
    await page.context().close();
}

// Lets the page lay itself out after a change of its width.
function frame() {
    return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}

// What is wider than the window, tables whose columns are crushed, code that is cut on a wide one, and what goes on beyond an edge without a sign of it. mdBook
// gives the text a box of its own that scrolls where the page does not.
function layout(smallest) {
    const boxes = [document.scrollingElement, document.getElementById('mdbook-content')];
    const wide = boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => {
        const edge = box.getBoundingClientRect().right;
        const parts = [...box.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > edge + 1);
        return `${box.scrollWidth} px in ${box.clientWidth}: ${parts.slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(' ')}`;
    });
    const cells = [...document.querySelectorAll('main td')].filter(cell => cell.checkVisibility());
    const crushed = cells.filter(cell => cell.clientWidth < smallest && cell.clientHeight > 2 * smallest).map(cell => `${cell.clientWidth} px: ${cell.outerHTML.slice(0, 80)}`);
    const blocks = document.documentElement.classList.contains('js') ? [...document.querySelectorAll('main pre > code, main .table-wrapper')] : [];
    const unmarked = blocks
        .filter(block => block.checkVisibility() && block.scrollWidth > block.clientWidth + 5 && !block.classList.contains('more'))
        .map(block => `goes on without a sign: ${block.textContent.slice(0, 60)}`);
    const sticksOut = [...document.querySelectorAll('main .strip *')]
        .filter(part => part.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)
        .map(part => `sticks out: ${part.outerHTML.slice(0, 80)}`);
    // A desk has room for the code of the pages, so none of it is cut there.
    const cut = document.documentElement.clientWidth < 1280 ? [] : [...document.querySelectorAll('main pre > code')]
        .filter(code => code.checkVisibility() && code.scrollWidth > code.clientWidth)
        .map(code => `${code.scrollWidth - code.clientWidth} px too wide: ${code.textContent.slice(0, 60)}`);
    return [...wide, ...crushed, ...unmarked, ...sticksOut.slice(0, 3), ...cut];
}
