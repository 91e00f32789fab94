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
    // A block that scrolls sideways takes the focus, so that the arrow keys can scroll it.
    const blocks = document.querySelectorAll('main pre > code, main .table-wrapper');
    const update = () => {
        for (const block of blocks) {
            if (block.scrollWidth > block.clientWidth) {
                block.tabIndex = 0;
            } else {
                block.removeAttribute('tabindex');
            }
        }
    };
    update();
    window.addEventListener('resize', update);
    document.fonts?.ready.then(update);
})();
