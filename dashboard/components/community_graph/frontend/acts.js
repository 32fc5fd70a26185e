// What an analyst does with the picture, by mouse, key or button; each act in one place.
import { fit, zoom } from "./canvas.js";
import { shortestPath } from "./drawn.js";
import { element } from "./look.js";
import { savePicture } from "./picture.js";
import { towards } from "./walks.js";

const CLICK_MS = 220; // a second click within this time makes it a double-click
const TELL_MS = 200; // arrow keys pass over nodes that nobody wants to read about

const folds = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function actions(state) {
  const nameOf = (id) => state.drawn.nodes.find((node) => node.id === id)?.name ?? "";
  const remember = () => {
    const { hidden, folded } = state.view;
    state.history.push({ hidden: new Set(hidden), folded: new Set(folded) });
  };
  const act = {
    select(node, edge = null, other = null) {
      if (node && state.from && node !== state.from) return act.joined(state.from, node);
      if (other && node && other !== node) return act.joined(other, node);
      state.path = null;
      state.note = "";
      return act.choose({ node: node ?? null, edge: edge ?? null, other: null });
    },
    choose(selected) {
      const isSame = JSON.stringify(selected) === JSON.stringify(state.selected);
      state.selected = selected;
      state.paint();
      clearTimeout(state.telling);
      if (!isSame) state.telling = setTimeout(() => tell(state), TELL_MS);
    },
    joined(from, to) {
      state.from = null;
      state.path = shortestPath(state.drawn.edges, from, to);
      const steps = state.path?.edges.length;
      state.note = state.path
        ? `${steps} ${steps === 1 ? "tie" : "ties"}: ${state.path.nodes.map(nameOf).join(" \u2192 ")}`
        : "No path between them on this picture.";
      act.choose({ node: to, edge: null, other: from });
    },
    clear() {
      Object.assign(state, { path: null, from: null, found: null, note: "" });
      state.root.querySelector(".rf-search").value = "";
      act.choose({ node: null, edge: null, other: null });
    },
    expand(node = state.selected.node) {
      if (!node) return;
      if (node.startsWith("fold:")) act.fold(node);
      else {
        state.growing = { node, known: new Set(state.data.nodes.map((one) => one.id)) };
        state.out.setTriggerValue("expand", { id: node });
      }
    },
    // New data: what was asked to expand has grown, and can be taken back.
    arrived() {
      const { growing, data } = state;
      if (growing && data.nodes.some((node) => !growing.known.has(node.id))) {
        state.history.push({ expanded: growing.node });
      }
      state.growing = null;
    },
    hide() {
      const { node } = state.selected;
      if (!node) return;
      remember();
      const item = state.drawn.nodes.find((one) => one.id === node);
      (item?.folded ?? [node]).forEach((id) => state.view.hidden.add(id));
      act.after();
    },
    pin() {
      const { node } = state.selected;
      if (!node) return;
      if (!state.view.pinned.delete(node)) state.view.pinned.add(node);
      state.paint();
    },
    fold(node = state.selected.node) {
      const group = state.group(node);
      if (!group) return;
      remember();
      if (!state.view.folded.delete(group)) state.view.folded.add(group);
      act.after(state.view.folded.has(group) ? `fold:${group}` : null);
    },
    // Every ring of the picture as one node each, or all of them open again.
    foldAll() {
      const groups = [...new Set(state.data.nodes.map((node) => state.group(node.id)).filter(Boolean))];
      remember();
      const isFolded = state.view.folded.size > 0;
      state.view.folded = new Set(isFolded ? [] : groups);
      act.after();
      if (!state.touched) fit(state);
    },
    after(node = null) {
      state.path = null;
      state.selected = { node, edge: null, other: null };
      state.show();
      tell(state);
    },
    path() {
      if (state.path || state.from) Object.assign(state, { path: null, from: null, note: "" });
      else {
        state.from = state.selected.node;
        state.note = `Path from ${nameOf(state.from)}: select the other end.`;
      }
      state.paint();
    },
    undo() {
      const last = state.history.pop();
      if (!last) return;
      if (last.expanded) {
        state.out.setTriggerValue("shrink", { id: last.expanded });
        state.paint();
        return;
      }
      Object.assign(state.view, last);
      state.show();
    },
    search(text, isNext) {
      const wanted = folds(text.trim());
      const hits = wanted ? state.drawn.nodes.filter((node) => folds(node.name).includes(wanted)
        || folds(node.id).includes(wanted)).map((node) => node.id) : [];
      const place = isNext && hits.length ? ((state.hit ?? 0) + 1) % hits.length : 0;
      Object.assign(state, { hit: place, found: hits.length ? [hits[place]] : null });
      state.note = !wanted ? "" : hits.length
        ? `${nameOf(hits[place])}, ${place + 1} of ${hits.length}` : `Nobody here is called ${text.trim()}.`;
      if (hits.length) centre(state, hits[place]);
      if (isNext && hits.length) act.select(hits[place]);
      else state.paint();
    },
    filter() {
      state.filters = !state.filters;
      state.show();
    },
    relation(relation, isOn) {
      if (isOn) state.view.off.delete(relation);
      else state.view.off.add(relation);
      state.show();
    },
    least(value) {
      state.view.least = value;
      state.show();
    },
    since(day) {
      state.view.since = day;
      state.show();
    },
    noFilter() {
      Object.assign(state.view, { off: new Set(), least: 0, since: null });
      state.show();
    },
    colour() {
      state.view.colour = state.view.colour === "band" ? "role" : "band";
      state.show();
    },
    table() {
      state.twin = !state.twin;
      state.show();
    },
    png: () => savePicture(state),
    zoomIn: () => act.zoom(1.3),
    zoomOut: () => act.zoom(1 / 1.3),
    zoom(factor) {
      state.touched = true;
      zoom(state, factor);
    },
    fit() {
      state.touched = false;
      fit(state);
    },
  };
  return act;
}

// Python hears of nodes and links that it knows, once the analyst stays on one.
function tell(state) {
  const { node, edge, other } = state.selected;
  const known = (id) => (id && !id.startsWith("fold:") ? id : null);
  const value = { node: known(node), edge: edge ?? null, other: known(other) };
  const text = JSON.stringify(value);
  if (text === state.told) return;
  state.told = text;
  state.out.setStateValue("selected", value);
}

function centre(state, id) {
  state.touched = true;
  const at = state.net.getPositions([id])[id];
  if (at) state.net.moveTo({ position: at, scale: Math.max(state.net.getScale(), 0.8), animation: false });
}

export function listen(state) {
  const { net, canvas } = state;
  let waiting = 0;
  net.on("click", ({ nodes, edges, event }) => {
    canvas.focus({ preventScroll: true });
    clearTimeout(waiting);
    hover(state, null, null);
    const { shiftKey, ctrlKey, metaKey } = event.srcEvent ?? {};
    const other = shiftKey || ctrlKey || metaKey ? state.selected.node : null;
    waiting = setTimeout(() => {
      if (!nodes.length && !edges.length) state.act.clear();
      else state.act.select(nodes[0], nodes.length ? null : edges[0], other);
    }, CLICK_MS);
  });
  net.on("doubleClick", ({ nodes }) => {
    clearTimeout(waiting);
    if (nodes.length) state.act.expand(nodes[0]);
  });
  net.on("hoverNode", ({ node, pointer }) => hover(state, node, titleOf(state.drawn.nodes, node), pointer));
  net.on("hoverEdge", ({ edge, pointer }) => hover(state, null, titleOf(state.drawn.edges, edge), pointer));
  net.on("blurNode", () => hover(state, null, null));
  net.on("blurEdge", () => hover(state, null, null));
  net.on("dragging", () => {
    state.touched = true;
    state.moved += 1;
    hover(state, null, null);
  });
  net.on("zoom", () => {
    state.touched = true;
    hover(state, null, null);
  });
  const wheel = (zoomView) => () => net.setOptions({ interaction: { zoomView } });
  canvas.addEventListener("focus", wheel(true));
  canvas.addEventListener("blur", wheel(false));
  canvas.addEventListener("keydown", (event) => onKey(state, event));
  return () => {
    clearTimeout(waiting);
    clearTimeout(state.telling);
  };
}

function titleOf(items, id) {
  const item = items.find((one) => one.id === id);
  if (!item) return null;
  return item.merged ? [`${item.ties.length} ties folded together`] : item.title;
}

function hover(state, node, lines, pointer) {
  const tip = state.root.querySelector(".rf-tip");
  state.hover = node;
  state.canvas.style.cursor = lines ? "pointer" : "";
  tip.hidden = !lines;
  if (node) state.net.redraw();
  if (!lines) return;
  tip.replaceChildren(...lines.map((line, i) => element("div", i ? "rf-rest" : "rf-head", line)));
  const { x, y } = pointer.DOM;
  const [width, height] = [state.canvas.clientWidth, state.canvas.clientHeight];
  tip.style.left = `${Math.max(4, Math.min(x + 14, width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 14, height - tip.offsetHeight - 4))}px`;
}

function onKey(state, event) {
  const { act, selected } = state;
  const next = towards(event.key, selected.node, state.net.getPositions());
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (next) {
    state.path = null;
    act.choose({ node: next, edge: null, other: null });
  } else if (event.key === "Enter" && state.from && selected.node) act.select(selected.node);
  else if (event.key === "Enter" && selected.node) act.expand();
  else if (event.key === "Escape") act.clear();
  else if (event.key === "f") act.fit();
  else if (event.key === "h") act.hide();
  else if (event.key === "p") act.path();
  else if (event.key === "u") act.undo();
  else if (event.key === "+" || event.key === "-") act.zoom(event.key === "+" ? 1.3 : 1 / 1.3);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
