// What Streamlit's client does not do by itself, on every page.
(() => {
    // The client keeps the theme that somebody chose under the path of the page it was opened on.
    // Here it is one choice for the whole app, kept under its root, and open tabs follow.
    const ROOT = new URL(window.__streamlit?.BACKEND_BASE_URL ?? "/", window.location).pathname;
    const sharedName = (name) =>
        name.replace(/^stActiveTheme-.*(-v[0-9]+)$/, `stActiveTheme-${ROOT}$1`);
    const { getItem, setItem } = Storage.prototype;
    Storage.prototype.getItem = function read(name) {
        return getItem.call(this, sharedName(String(name)));
    };
    Storage.prototype.setItem = function write(name, value) {
        setItem.call(this, sharedName(String(name)), value);
    };
    const themesOf = (container) => {
        const key = Object.keys(container ?? {}).find((name) => name.startsWith("__reactContainer$"));
        const parts = key ? [container[key]] : [];
        while (parts.length) {
            const part = parts.pop();
            if (part.memoizedProps?.theme?.setTheme) return part.memoizedProps.theme;
            parts.push(...[part.sibling, part.child].filter(Boolean));
        }
        return null;
    };
    window.addEventListener("storage", ({ key, newValue }) => {
        if (!key?.startsWith(`stActiveTheme-${ROOT}-v`) || !newValue) return;
        const themes = themesOf(document.getElementById("root"));
        const name = { System: /system|auto/i, Light: /light/i, Dark: /dark/i }[JSON.parse(newValue)];
        const chosen = themes?.availableThemes.find((theme) => name?.test(theme.name));
        if (chosen) themes.setTheme(chosen);
    });

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

    // Signs that a button cannot have as its shortcut press the button that is named after them,
    // unless somebody types. D takes the keyboard to the first field of the decision.
    const SIGNS = {
        "?": ".st-key-queue-keys button",
        "/": ".st-key-find button",
        d: ".st-key-decide_panel :is(input, button, textarea)",
    };
    const TYPED_IN = "input, textarea, select, [contenteditable=true]";
    document.addEventListener("keydown", (event) => {
        const { key, target, ctrlKey, metaKey, altKey } = event;
        if (!SIGNS[key] || ctrlKey || metaKey || altKey || target.closest?.(TYPED_IN)) return;
        if (document.querySelector("[role=dialog]")) return;
        const part = document.querySelector(SIGNS[key]);
        if (!part) return;
        event.preventDefault();
        if (key !== "d") {
            part.click();
            return;
        }
        document.querySelector(".st-key-decide_panel").scrollIntoView({ block: "nearest" });
        part.focus();
    });

    // A dialog hears Escape once the keyboard is in it, which on a busy machine is half a second
    // after it is seen. An Escape before that is handed to it.
    document.addEventListener("keydown", (event) => {
        const dialog = document.querySelector("[role=dialog]");
        if (event.key !== "Escape" || event.target !== document.body || !dialog) return;
        event.preventDefault();
        dialog.focus();
        dialog.dispatchEvent(new KeyboardEvent("keydown", event));
    });

    // A segment takes Ctrl Enter for itself, which saves from every other field of the decision.
    document.addEventListener("keydown", (event) => {
        const { key, target, ctrlKey, metaKey } = event;
        if (key !== "Enter" || !(ctrlKey || metaKey) || target.role !== "radio") return;
        const panel = target.closest(".st-key-decide_panel");
        const save = panel?.querySelector("button[data-testid^=stBaseButton-primary]");
        if (!save) return;
        event.preventDefault();
        event.stopPropagation();
        save.click();
    }, true);

    // The order of some tables is followed by the keys. A header click does not sort them; the
    // menu of a header would, so that it is told whose it is (browser.css).
    document.addEventListener("pointerdown", ({ target }) => {
        if (!target.closest?.("[data-testid=stDataFrame]")) return;
        const inOrder = Boolean(target.closest("[class*=st-key-in_order]"));
        document.documentElement.classList.toggle("in-order", inOrder);
    }, true);

    // Who opens a dialog with the keyboard types into it next. Rows that a click opened are
    // brought into sight: they stand below the charts.
    let rowsSeen = null;
    new MutationObserver((changes) => {
        const rows = document.querySelector(".st-key-evidence_rows");
        if (rows && rows !== rowsSeen) {
            requestAnimationFrame(() => rows.scrollIntoView({ block: "nearest" }));
        }
        rowsSeen = rows;
        const added = changes.flatMap((change) => [...change.addedNodes]);
        const inside = (node) => node.nodeType === 1 && (node.closest("[role=dialog]") ??
            node.querySelector("[role=dialog]"));
        if (!added.some((node) => node.nodeType === 1 && inside(node))) return;
        const dialog = document.querySelector("[role=dialog]");
        const field = dialog?.querySelector("input[type=text], input[type=search]");
        if (field && !field.dataset.reached) {
            field.dataset.reached = "yes";
            field.focus();
        }
    }).observe(document, { childList: true, subtree: true });

    // Streamlit sends what was done within one turn of the event loop as one message, and draws the
    // fragment of the first of it alone: what a person clicked in the same turn as this file would
    // be done and not seen. So a click of this file waits for one that is on its way, and what a
    // person does before this file's click has left is done again after it.
    let [alone, others, actedAt] = [null, 0, 0];
    const clickAlone = (button) => {
        alone = button;
        button.click();
        setTimeout(() => (alone = null));
    };
    const keep = (event, again) => {
        if (alone && !alone.contains(event.target)) {
            event.stopImmediatePropagation();
            event.preventDefault();
            setTimeout(again);
        } else if (!alone) {
            actedAt = performance.now();
            others += 1;  // this runs before the page's own handler and its timer: two turns
            setTimeout(() => setTimeout(() => { others -= 1; press(); }));
        }
    };
    window.addEventListener("click", (event) => keep(event, () => event.target.click()), true);
    window.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target.closest?.("button, a")) return;
        keep(event, () => event.target.dispatchEvent(new KeyboardEvent("keydown", event)));
    }, true);

    // A chart below the fold is a button that says what it shows until its place comes into the
    // window. One is pressed at a time, and only while nothing is drawn; what a button showed once
    // is not asked for twice. Without an observer all are drawn.
    const PLACES = "[class*=st-key-in_view] button";
    // The place is looked for, not its button: that stands in the middle of it.
    const placeOf = (button) => button.closest("[class*=st-key-in_view]:not([class*=-draw])") ?? button;
    // The button that looks for newer data is pressed every 20 seconds, once nobody has done
    // anything for a while: where its answer follows a change of page at once, Streamlit's client
    // takes the page that has come for an old one and empties it.
    const CALM = 2000;
    let isDue = false;
    const [watched, near, asked] = [new Map(), new Set(), new WeakMap()];
    const observer = window.IntersectionObserver && new IntersectionObserver((places) => {
        for (const [button, place] of watched) {
            const seen = places.findLast(({ target }) => target === place);
            if (seen) near[seen.isIntersecting ? "add" : "delete"](button);
        }
        press();
    });
    const forget = (button) => {
        observer?.unobserve(watched.get(button) ?? button);
        for (const buttons of [watched, near]) buttons.delete(button);
    };
    const press = () => {
        const app = document.querySelector("[data-testid=stApp]");
        if (others || app?.dataset.testScriptState !== "notRunning") return;
        for (const button of near) {
            if (button.closest("[data-stale=true]")) continue;
            forget(button);
            if (!button.isConnected || asked.get(button) === button.textContent) continue;
            asked.set(button, button.textContent);
            clickAlone(button);
            return;
        }
        const isCalm = performance.now() - actedAt > CALM;
        if (isDue && isCalm && !document.querySelector("[role=dialog]")) {
            isDue = false;
            const button = document.querySelector(".st-key-look_for_newer button");
            if (button) clickAlone(button);
        }
    };
    setInterval(() => { isDue = true; press(); }, 20_000);
    setInterval(press, CALM);
    window.addEventListener("popstate", () => { actedAt = performance.now(); }, true);
    const watch = () => {
        for (const button of [...watched.keys()]) if (!button.isConnected) forget(button);
        for (const button of document.querySelectorAll(PLACES)) {
            if (watched.has(button) || asked.get(button) === button.textContent) continue;
            watched.set(button, placeOf(button));
            if (observer) observer.observe(placeOf(button));
            else near.add(button);
        }
        press();
    };
    new MutationObserver(watch).observe(document, {
        childList: true,
        subtree: true,
        attributeFilter: ["data-test-script-state", "data-stale"],
    });

    // A button in a table answers the pointer alone. Enter, anywhere in its row, does what a
    // click in the middle of it does; a row without one keeps what Enter did.
    const WIDTH = 64;
    const HEIGHT = 30;
    const propsOf = (canvas) => {
        const key = Object.keys(canvas).find((name) => name.startsWith("__reactFiber$"));
        let part = canvas[key];
        while (part && !(part.memoizedProps?.onCellClicked && part.memoizedProps?.getCellContent)) {
            part = part.return;
        }
        return part?.memoizedProps;
    };
    const buttonOf = (grid, column, row) => {
        const isButton = (at) => grid.getCellContent([at, row])?.data?.kind === "button-cell";
        return isButton(column) ? column : grid.columns.findIndex((_, at) => isButton(at));
    };
    document.addEventListener("keydown", (event) => {
        const canvas = event.target.closest?.("[data-testid=data-grid-canvas]");
        if (event.key !== "Enter" || !canvas) return;
        const cell = canvas.querySelector("[role=gridcell][aria-selected=true]");
        const [column, row] = (cell?.id.match(/[0-9]+/g) ?? []).map(Number);
        const grid = propsOf(canvas);
        if (row === undefined || !grid) return;
        const at = buttonOf(grid, column, row);
        if (at < 0) return;
        event.preventDefault();
        event.stopPropagation();
        const bounds = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
        const middle = { localEventX: WIDTH / 2, localEventY: HEIGHT / 2 };
        grid.onCellClicked([at, row], { bounds, ...middle, preventDefault: () => {} });
    }, true);

    // Python draws the charts, in the colours of the theme that it was told of. Whoever turned
    // the theme (the menu, the system), the page is drawn again: R is Streamlit's key for that.
    const LOOK = 500;
    let shown = null;
    setInterval(() => {
        const app = document.querySelector("[data-testid=stApp]");
        const now = app && getComputedStyle(app).backgroundColor;
        if (shown && now && now !== shown) {
            for (const turn of ["keydown", "keyup"]) {
                const key = { key: "r", code: "KeyR", bubbles: true };
                document.dispatchEvent(new KeyboardEvent(turn, key));
            }
        }
        shown = now ?? shown;
    }, LOOK);
})();
