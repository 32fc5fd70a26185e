// The same nodes as a table, for the keyboard and for screen readers: one selection for both.
import { element } from "./look.js";
import { dayName } from "./replay.js";

const MISSING = "–";
const money = (value) => (value === null ? MISSING
  : value.toLocaleString("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 }));
const day = (value) => (Number.isFinite(value) ? dayName(value) : MISSING);

export function columnsOf({ data, drawn, reach }) {
  const ties = new Map();
  for (const edge of drawn.edges) {
    for (const end of [edge.from, edge.to]) ties.set(end, (ties.get(end) ?? 0) + 1);
  }
  const bands = new Map(data.bands.map(([label, band]) => [band, label]));
  const has = (name) => data.nodes.some((node) => node[name] !== null && node[name] !== "");
  const days = (node, end) => reach.days.get(node.id)?.[end];
  return [
    ["Name", (node) => node.name, (node) => node.name],
    ["Entity", (node) => node.type_label, (node) => node.type_label],
    has("role") && ["Part", (node) => node.role, (node) => node.role || MISSING],
    ["Band", (node) => -(node.score ?? -1), (node) => bands.get(node.band) ?? "No score"],
    ["Probability", (node) => -(node.score ?? -1),
      (node) => (node.score === null ? MISSING : node.score.toFixed(2)), true],
    has("money") && ["Money", (node) => -(node.money ?? -1), (node) => money(node.money), true],
    ["Ties drawn", (node) => -(ties.get(node.id) ?? 0), (node) => `${ties.get(node.id) ?? 0}`, true],
    ["First tie", (node) => days(node, 0) ?? Infinity, (node) => day(days(node, 0)), true],
    ["Last tie", (node) => -(days(node, 1) ?? -Infinity), (node) => day(days(node, 1)), true],
  ].filter(Boolean);
}

export function drawTwin(state, act) {
  const box = state.root.querySelector(".rf-twin");
  box.hidden = !state.twin;
  if (!state.twin) return;
  const columns = columnsOf(state);
  state.order = columns.some(([name]) => name === state.order) ? state.order : "Probability";
  const key = columns.find(([name]) => name === state.order)[1];
  const rows = [...state.drawn.nodes].sort((a, b) => compare(key(a), key(b)) || compare(a.id, b.id));
  const table = element("table");
  table.setAttribute("aria-label", `${state.data.alt} As a table.`);
  table.append(heading(state, act, columns), body(state, act, columns, rows));
  const hadFocus = box.contains(state.root.getRootNode().activeElement);
  const { scrollTop } = box;
  box.replaceChildren(table);
  box.scrollTop = scrollTop;
  markRow(state);
  if (hadFocus) box.querySelector("tr[aria-selected=true]")?.focus();
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function heading(state, act, columns) {
  const head = element("thead");
  const row = element("tr");
  for (const [name, , , isNumber] of columns) {
    const cell = element("th", isNumber ? "rf-number" : "");
    cell.scope = "col";
    if (name === state.order) cell.setAttribute("aria-sort", "ascending");
    const button = element("button", "", name);
    button.type = "button";
    button.title = `Order by ${name.toLowerCase()}`;
    button.onclick = () => {
      state.order = name;
      drawTwin(state, act);
    };
    cell.append(button);
    row.append(cell);
  }
  head.append(row);
  return head;
}

function body(state, act, columns, rows) {
  const made = element("tbody");
  for (const node of rows) {
    const row = element("tr");
    row.dataset.id = node.id;
    row.tabIndex = -1;
    row.onclick = () => act.select(node.id);
    columns.forEach(([, , text, isNumber], place) => {
      const cell = element(place ? "td" : "th", isNumber ? "rf-number" : "", text(node));
      if (!place) cell.scope = "row";
      row.append(cell);
    });
    made.append(row);
  }
  made.onkeydown = (event) => onKey(state, act, event, rows);
  return made;
}

// Marks the row of the selected node, and lets Tab reach the table there.
export function markRow(state) {
  const rows = [...state.root.querySelectorAll(".rf-twin tbody tr")];
  for (const row of rows) {
    const isChosen = row.dataset.id === state.selected.node;
    row.setAttribute("aria-selected", String(isChosen));
    row.tabIndex = -1;
  }
  const chosen = rows.find((row) => row.dataset.id === state.selected.node) ?? rows[0];
  if (chosen) chosen.tabIndex = 0;
  if (!state.selected.node || !chosen) return;
  const box = state.root.querySelector(".rf-twin"); // scrolled by itself: the page stays
  const head = box.querySelector("thead").offsetHeight;
  const [top, bottom] = [chosen.offsetTop - head, chosen.offsetTop + chosen.offsetHeight];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

function onKey(state, act, event, rows) {
  const here = rows.findIndex((node) => node.id === event.target.closest("tr")?.dataset.id);
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length };
  if (event.key === "Escape") act.clear();
  else if (event.key === "Enter") act.expand(rows[here]?.id);
  else if (event.key === " ") act.select(rows[here]?.id);
  else if (event.key in steps) {
    const next = rows[Math.max(0, Math.min(rows.length - 1, here + steps[event.key]))];
    act.select(next.id);
    state.root.querySelector(".rf-twin tr[aria-selected=true]")?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
