// The row of buttons above the graph, the search, and the row of filters that one of them opens.
import { element } from "./look.js";
import { dayName } from "./replay.js";

const number = (value) => value.toLocaleString("en-US");

// name, text, what it says on hover, what it does
function buttonsOf(act) {
  return [
    ["expand", "Expand", "Add the neighbours of the selected node (double-click)", act.expand],
    ["hide", "Hide", "Hide the selected node", act.hide],
    ["pin", "Pin", "Keep the selected node where it is, and its name", act.pin],
    ["fold", "Collapse", "Collapse the group of the selected node into one", act.fold],
    ["foldAll", "Collapse all", "Every ring, or every shop with its accounts, as one node", act.foldAll],
    ["path", "Path", "Shortest path: select one, press, select the other", act.path],
    ["undo", "Undo", "Take back the last hide, collapse or expand", act.undo],
    ["filter", "Filter", "Which ties are drawn", act.filter],
    ["colour", "By band", "Coloured by band: press for the part each plays", act.colour],
    ["table", "Table", "The same nodes as a table", act.table],
    ["png", "PNG", "Save the picture as PNG", act.png],
    ["out", "\u2212", "Zoom out", act.zoomOut],
    ["in", "+", "Zoom in", act.zoomIn],
    ["fit", "Fit", "Fit to view", act.fit],
  ];
}
const NAMED = { out: "Zoom out", in: "Zoom in", fit: "Fit to view", png: "Save as PNG" };

export function buildTools(state, act) {
  const bar = state.root.querySelector(".rf-tools");
  bar.append(searchBox(act));
  for (const [name, text, title, run] of buttonsOf(act)) {
    const button = element("button", name === "expand" ? "rf-first" : "", text);
    button.type = "button";
    button.title = title;
    button.dataset.name = name;
    if (NAMED[name]) button.setAttribute("aria-label", NAMED[name]);
    button.onclick = () => run();
    bar.append(button);
  }
}

function searchBox(act) {
  const input = element("input", "rf-search");
  input.type = "search";
  input.placeholder = "Find a name";
  input.setAttribute("aria-label", "Find in the graph");
  input.oninput = () => act.search(input.value, false);
  input.onkeydown = (event) => {
    event.stopPropagation(); // letters are not the page's shortcuts here
    if (event.key === "Enter") act.search(input.value, true);
    else if (event.key === "Escape") {
      input.value = "";
      act.search("", false);
    } else return;
    event.preventDefault();
  };
  return input;
}

export function drawTools(state) {
  const { selected, view } = state;
  const one = Boolean(selected.node);
  const usable = {
    expand: one, hide: one, pin: one, fold: one && Boolean(state.group(selected.node)),
    foldAll: state.view.folded.size > 0 || state.data.nodes.some((node) => state.group(node.id)),
    path: one || Boolean(state.path) || Boolean(state.from), undo: state.history.length > 0,
  };
  const pressed = {
    filter: state.filters, table: state.twin, path: Boolean(state.path || state.from),
    pin: one && view.pinned.has(selected.node),
  };
  const texts = {
    pin: pressed.pin ? "Unpin" : "Pin",
    fold: selected.node?.startsWith("fold:") ? "Unfold" : "Collapse",
    foldAll: view.folded.size ? "Unfold all" : "Collapse all",
    colour: view.colour === "band" ? "By band" : "By part",
    path: state.from && !state.path ? "Path to \u2026" : "Path",
    filter: isFiltered(state) ? "Filter \u2022" : "Filter",
  };
  for (const button of state.root.querySelectorAll(".rf-tools button")) {
    const { name } = button.dataset;
    button.disabled = name in usable && !usable[name];
    if (name in pressed) button.setAttribute("aria-pressed", String(pressed[name]));
    if (name in texts) button.textContent = texts[name];
  }
}

function isFiltered({ view }) {
  return view.off.size > 0 || view.least > 0 || view.since !== null;
}

export function drawFilters(state, act) {
  const row = state.root.querySelector(".rf-filters");
  row.hidden = !state.filters;
  if (!state.filters) return;
  const stamp = `${state.revision}`;
  if (row.dataset.stamp !== stamp) {
    row.dataset.stamp = stamp;
    row.replaceChildren(...relations(state, act), least(state, act), since(state, act), all(act));
  }
  for (const box of row.querySelectorAll("input[type=checkbox]")) {
    box.checked = !state.view.off.has(box.value);
  }
  const [weight, day] = ["least", "since"].map((name) => row.querySelector(`[name=${name}]`));
  weight.value = state.view.least;
  weight.nextSibling.textContent = state.view.least ? Number(state.view.least).toFixed(2) : "any";
  if (day) {
    day.value = state.view.since ?? day.min;
    day.nextSibling.textContent = state.view.since === null ? "ever" : dayName(state.view.since);
  }
}

function relations(state, act) {
  const counts = new Map();
  for (const edge of state.data.edges) {
    for (const relation of new Set(edge.ties.map((tie) => tie[0]))) {
      counts.set(relation, (counts.get(relation) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([relation, count]) => {
    const label = element("label");
    const box = element("input");
    box.type = "checkbox";
    box.value = relation;
    box.onchange = () => act.relation(relation, box.checked);
    label.append(box, element("span", "", `${state.data.relations[relation] ?? relation} ${number(count)}`));
    return label;
  });
}

function least(state, act) {
  const most = Math.max(0, ...state.data.edges.map((edge) => edge.weight));
  return slider("least", "Strength at least", [0, most, most / 40 || 1], (value) => act.least(value));
}

function since(state, act) {
  const { first, last } = state.reach;
  if (first === null) return element("span");
  return slider("since", "Seen since", [first, last, 1],
    (value) => act.since(value <= first ? null : value));
}

function slider(name, text, [min, max, step], run) {
  const label = element("label", "rf-slider");
  const input = element("input");
  Object.assign(input, { type: "range", name, min, max, step });
  input.oninput = () => run(Number(input.value));
  label.append(element("span", "", text), input, element("output"));
  return label;
}

function all(act) {
  const button = element("button", "", "All ties");
  button.type = "button";
  button.onclick = () => act.noFilter();
  return button;
}
