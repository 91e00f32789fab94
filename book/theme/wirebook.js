// What the book's own pages need beyond mdBook's script. Nothing here is needed to read them.
(function sidebarButton() {
    // The builder made a button of mdBook's label, so that a keyboard reaches it. This runs after mdBook's own
    // listener, which looks at the checkbox as it was before.
    const button = document.getElementById('mdbook-sidebar-toggle');
    const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
    button.addEventListener('click', () => {
        checkbox.checked = !checkbox.checked;
        checkbox.dispatchEvent(new Event('change'));
    });
})();

(function keepArrowKeys() {
    // mdBook turns the page on an arrow key. Within these a key belongs to what has the focus.
    const widgets = 'details, .exercise, .quiz, .tryit, pre, button, input, select, textarea, [tabindex]';
    document.querySelector('main').addEventListener('keydown', event => {
        const arrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
        if (arrow && event.target.closest(widgets)) {
            event.stopPropagation();
        }
    });
})();

(function scrollByKeyboard() {
    // A block that scrolls sideways takes the focus, so that the arrow keys can scroll it, and shows that it goes on.
    const blocks = document.querySelectorAll('main pre > code, main .table-wrapper');
    const mark = block => {
        const left = block.scrollWidth - block.clientWidth - block.scrollLeft;
        block.classList.toggle('more', left > 3);
    };
    const update = () => {
        for (const block of blocks) {
            if (block.scrollWidth > block.clientWidth) {
                block.tabIndex = 0;
            } else {
                block.removeAttribute('tabindex');
            }
            mark(block);
        }
    };
    update();
    for (const block of blocks) {
        block.addEventListener('scroll', () => mark(block), { passive: true });
        // What was folded has no size until it is opened.
        block.closest('details')?.addEventListener('toggle', update);
    }
    window.addEventListener('resize', update);
    document.fonts?.ready.then(update);
})();

(function copyCommands() {
    // In a block of a terminal, only what follows a prompt is typed: a line `$ ...`, and the next ones while a line ends in
    // a backslash. mdBook's button would copy the prompt and the output too. A block of text is output only.
    for (const code of document.querySelectorAll('main pre > code:is(.language-console, .language-text)')) {
        const commands = [];
        let continues = false;
        for (const line of code.textContent.split('\n')) {
            if (continues || (line.startsWith('$ ') && code.classList.contains('language-console'))) {
                commands.push(continues ? line : line.slice(2));
                continues = line.endsWith('\\');
            }
        }
        const button = code.parentElement.querySelector('.clip-button');
        if (commands.length === 0) {
            button?.remove();
            continue;
        }
        button?.addEventListener('click', event => {
            // mdBook listens further out.
            event.stopPropagation();
            const said = copy(commands.join('\n') + '\n') ? 'Copied!' : 'Clipboard error!';
            button.firstChild.innerText = said;
            button.className = 'clip-button tooltipped';
        });
    }

    function copy(text) {
        const area = document.createElement('textarea');
        area.value = text;
        area.style.position = 'fixed';
        document.body.append(area);
        area.select();
        const done = document.execCommand('copy');
        area.remove();
        return done;
    }
})();
