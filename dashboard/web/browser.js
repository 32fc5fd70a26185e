// What Streamlit's client does not do by itself, on every page.
(() => {
    // A text area hands over what was typed when it is left, so a reload took it all. After a
    // pause it is told that it was left, and at once that it is back: the caret never moves.
    const PAUSE = 700;
    const pauses = new WeakMap();
    const handOver = (area) => {
        for (const turn of ["focusout", "focusin"]) {
            area.dispatchEvent(new FocusEvent(turn, { bubbles: true }));
        }
    };
    document.addEventListener("input", ({ target }) => {
        if (!(target instanceof HTMLTextAreaElement)) return;
        clearTimeout(pauses.get(target));
        pauses.set(target, setTimeout(handOver, PAUSE, target));
    });
})();
