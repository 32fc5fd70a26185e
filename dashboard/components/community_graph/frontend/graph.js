// Draws the network that Python describes. Data arrives as plain values; every name becomes
// textContent or canvas text, never markup. Streamlit runs the default export again on each rerun
// and theme change, so one instance per mount point is kept and only differences are applied.
import { DataSet, Network } from "./vis-network.min.mjs";
import { actions, listen } from "./acts.js";
import { fit, paintOver, paintUnder } from "./canvas.js";
import { drawnOf, freshView, groupOf, span } from "./drawn.js";
import { hook } from "./hook.js";
import { drawLegend } from "./legend.js";
import { dressEdge, dressNode, readTheme } from "./look.js";
import { drawReplay, stop } from "./replay.js";
import { buildTools, drawFilters, drawTools } from "./tools.js";
import { drawTwin, markRow } from "./twin.js";

const instances = new WeakMap();
const OPTIONS = {
  autoResize: true,
  physics: false,
  layout: { improvedLayout: false },
  nodes: { borderWidth: 1.5, borderWidthSelected: 3 },
  edges: { smooth: false, selectionWidth: 1.5, hoverWidth: 0.8 },
  interaction: {
    hover: true,
    multiselect: false,
    selectConnectedEdges: false,
    hoverConnectedEdges: false,
    zoomView: false, // until the graph has focus, so that the page still scrolls
    keyboard: { enabled: false },
  },
};

// Apply a list to a DataSet: add the new, drop the gone, update the changed. A newcomer stands
// where it was last seen, else where Python put it; nobody else is moved.
function reconcile(state, set, items, dress, seen) {
  const next = new Set(items.map((item) => item.id));
  const gone = set.getIds().filter((id) => !next.has(id));
  const isNodes = set === state.nodes;
  if (isNodes && gone.length) Object.assign(state.places, state.net.getPositions(gone));
  const changed = [];
  for (const item of items) {
    const dressed = dress(item, state);
    const stamp = JSON.stringify(dressed);
    if (seen.get(item.id) === stamp) continue;
    if (isNodes && !set.get(item.id)) {
      const { x, y } = state.places[item.id] ?? item;
      Object.assign(dressed, { x, y });
    }
    seen.set(item.id, stamp);
    changed.push(dressed);
  }
  gone.forEach((id) => seen.delete(id));
  if (gone.length) set.remove(gone);
  if (changed.length) set.update(changed);
}

// The nodes whose links come forward, and everything that is marked in the accent colour.
function marksOf(state) {
  const { selected, path, found } = state;
  const near = new Set(path ? [] : [selected.node, state.from].filter(Boolean));
  return {
    near, isDim: near.size > 0 || Boolean(path),
    nodes: new Set([...(path?.nodes ?? []), ...(found ?? []), ...[state.from].filter(Boolean)]),
    edges: new Set(path?.edges ?? []),
  };
}

// Everything that depends on what is drawn, in one pass; also after each step of the replay.
function show(state) {
  const before = performance.now();
  state.drawn = drawnOf(state.data, state.view, state.reach);
  paint(state);
  drawReplay(state, state.show);
  drawFilters(state, state.act);
  if (state.twin || !state.root.querySelector(".rf-twin").hidden) drawTwin(state, state.act);
  drawLegend(state);
  state.drawMs = performance.now() - before;
}

// Colours, marks and buttons: what changes when something is selected.
function paint(state) {
  state.marks = marksOf(state);
  state.lines = state.drawn.edges.length;
  state.roles = state.data.roles;
  reconcile(state, state.nodes, state.drawn.nodes, dressNode, state.seenNodes);
  reconcile(state, state.edges, state.drawn.edges, dressEdge, state.seenEdges);
  state.moved += 1;
  keepSelection(state);
  drawTools(state);
  if (state.twin) markRow(state);
  state.root.querySelector(".rf-note").textContent = state.note;
  state.net.redraw();
}

function keepSelection(state) {
  const { node, edge } = state.selected;
  state.net.setSelection({
    nodes: node && state.nodes.get(node) ? [node] : [],
    edges: edge && state.edges.get(edge) ? [edge] : [],
  }, { highlightEdges: false });
}

// A graph in a closed tab has no size yet; fit it when it first gets one.
function fitWhenSized(state) {
  const observer = new ResizeObserver(() => {
    if (!state.canvas.clientWidth || !state.canvas.clientHeight) return;
    const size = `${state.canvas.clientWidth} ${state.canvas.clientHeight}`;
    if (size === state.size) return;
    state.size = size;
    state.net.setSize("100%", "100%");
    state.net.redraw();
    if (!state.touched) fit(state);
  });
  observer.observe(state.canvas);
  return () => observer.disconnect();
}

// The page's theme may change with no rerun at all, when the system goes dark.
function followTheme(state, host) {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  let waiting = 0;
  const look = () => {
    const theme = readTheme(host);
    if (JSON.stringify(theme) === JSON.stringify(state.theme)) return;
    state.theme = theme;
    show(state);
  };
  const soon = () => {
    clearInterval(waiting);
    let tries = 20; // the page restyles itself some frames later
    waiting = setInterval(() => {
      look();
      tries -= 1;
      if (!tries) clearInterval(waiting);
    }, 100);
  };
  media.addEventListener("change", soon);
  return () => {
    clearInterval(waiting);
    media.removeEventListener("change", soon);
  };
}

function mount(root, data, host) {
  const canvas = root.querySelector(".rf-canvas");
  const state = {
    root, canvas, data, theme: readTheme(host), view: freshView(), reach: span(data),
    nodes: new DataSet(), edges: new DataSet(), seenNodes: new Map(), seenEdges: new Map(),
    places: {}, drawn: { nodes: [], edges: [] }, marks: marksOf({ selected: {} }), history: [],
    selected: { node: null, edge: null, other: null }, told: null, revision: "", moved: 0, payloads: 0,
    path: null, from: null, found: null, twin: false, filters: false, note: "", out: null,
  };
  state.group = (id) => {
    if (id?.startsWith("fold:")) return id.slice(5);
    const node = state.data.nodes.find((one) => one.id === id);
    return node ? groupOf(node, state.data) : "";
  };
  state.show = () => show(state);
  state.paint = () => paint(state);
  state.net = new Network(canvas, { nodes: state.nodes, edges: state.edges }, OPTIONS);
  state.net.on("beforeDrawing", (ctx) => paintUnder(state, ctx));
  state.net.on("afterDrawing", (ctx) => paintOver(state, ctx));
  state.act = actions(state);
  const forget = [listen(state), fitWhenSized(state), followTheme(state, host)];
  state.destroy = () => {
    stop(state);
    forget.forEach((end) => end());
    state.net.destroy();
  };
  buildTools(state, state.act);
  hook(state);
  return state;
}

function update(state, data, host) {
  const theme = readTheme(host);
  const isNew = data.revision !== state.revision;
  const isRestyled = JSON.stringify(theme) !== JSON.stringify(state.theme);
  state.data = data;
  state.theme = theme;
  if (!isNew && !isRestyled) return;
  if (isNew) {
    state.payloads += 1;
    state.reach = span(data);
    state.act.arrived(state.revision);
    state.revision = data.revision;
  }
  show(state);
  if (!state.touched) fit(state);
}

export default function render({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-graph");
  if (!root || !data) return undefined;
  const host = parentElement.host ?? parentElement;
  let state = instances.get(parentElement);
  if (!state || state.root !== root) {
    state?.destroy();
    root.querySelector(".rf-stage").style.height = `${data.height}px`;
    state = mount(root, data, host);
    instances.set(parentElement, state);
  }
  root.querySelector(".rf-stage").style.height = `${data.height}px`;
  state.canvas.setAttribute("aria-label", data.alt);
  state.out = { setStateValue, setTriggerValue };
  update(state, data, host);
  return () => {
    state.destroy();
    instances.delete(parentElement);
  };
}
