// Draws the network that Python describes. Data arrives as plain values; every
// name becomes textContent or canvas text, never markup. Streamlit runs the
// default export again on each rerun and theme change, so one instance per
// mount point is kept and only differences are applied.
import { DataSet, Network } from "./vis-network.min.mjs";

const instances = new WeakMap();
const CLICK_MS = 220; // a second click within this time makes it a double-click
const FIT = { animation: false, maxZoomLevel: 1.25 };
const BAND_VARS = { CRIT: "red", HIGH: "orange", MED: "yellow", LOW: "gray" };

const OPTIONS = {
  autoResize: true,
  physics: false,
  layout: { improvedLayout: false },
  nodes: { borderWidth: 1.5, borderWidthSelected: 3 },
  edges: { smooth: false, selectionWidth: 1.5, hoverWidth: 0.8 },
  interaction: {
    hover: true,
    tooltipDelay: 120,
    multiselect: false,
    selectConnectedEdges: false,
    zoomView: false, // until the graph has focus, so that the page still scrolls
    keyboard: { enabled: true, bindToWindow: false, autoFocus: false },
  },
};

function readTheme(host) {
  const style = getComputedStyle(host);
  const read = (name, fallback) => style.getPropertyValue(`--st-${name}`).trim() || fallback;
  return {
    background: read("background-color", "#fff"),
    surface: read("secondary-background-color", "#f6f7f9"),
    text: read("text-color", "#222"),
    border: read("border-color", "#ddd"),
    primary: read("primary-color", "#2f5bd0"),
    muted: read("gray-color", "#8a94a6"),
    font: read("font", "sans-serif"),
    band: (band) => read(`${BAND_VARS[band] ?? "gray"}-color`, "#8a94a6"),
  };
}

function tooltip(lines) {
  const box = document.createElement("div");
  lines.forEach((line, index) => {
    const row = document.createElement("div");
    row.className = index ? "rf-rest" : "rf-first";
    row.textContent = line;
    box.append(row);
  });
  return box;
}

// "#rrggbb" mixed towards another colour; other notations pass through unchanged.
function mix(colour, towards, share) {
  const parts = (text) => text.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i)?.slice(1);
  const [from, to] = [parts(colour), parts(towards)];
  if (!from || !to) return colour;
  const blend = (a, b) => Math.round(parseInt(a, 16) * (1 - share) + parseInt(b, 16) * share);
  return `rgb(${from.map((part, i) => blend(part, to[i])).join(",")})`;
}

function dressNode(node, theme) {
  const risk = theme.band(node.band);
  const fill = node.band && node.band !== "LOW" ? mix(risk, theme.background, 0.12)
    : mix(theme.muted, theme.background, 0.45);
  const border = node.focus ? theme.primary : mix(node.band ? risk : theme.muted, theme.text, 0.15);
  return {
    id: node.id, label: node.label.trim() || undefined, shape: node.shape, size: node.size,
    title: tooltip(node.title ?? []),
    borderWidth: node.focus ? 3.5 : 1.2,
    color: {
      background: fill, border,
      highlight: { background: fill, border: theme.primary },
      hover: { background: fill, border: theme.primary },
    },
    font: {
      color: theme.text, size: node.focus ? 13 : 12, face: theme.font, vadjust: 1,
      strokeWidth: 4, strokeColor: theme.background, multi: false,
    },
  };
}

function dressEdge(edge, theme) {
  const rest = mix(theme.muted, theme.background, edge.firm ? 0.25 : 0.5);
  return {
    id: edge.id, from: edge.from, to: edge.to, width: edge.width,
    dashes: edge.firm ? false : [5, 4],
    title: tooltip(edge.title ?? []),
    color: { color: rest, highlight: theme.primary, hover: theme.primary },
  };
}

// Apply Python's list to a DataSet: add the new, drop the gone, update the changed.
// Positions are only ever given to newcomers: what was dragged stays where it is.
function reconcile(state, set, items, dress, seen) {
  const next = new Map(items.map((item) => [item.id, item]));
  set.remove(set.getIds().filter((id) => !next.has(id)));
  const changed = items.filter((item) => seen.get(item.id) !== JSON.stringify(item));
  set.update(changed.map((item) => {
    const dressed = dress(item, state.theme);
    if (!seen.has(item.id) && item.x !== undefined) Object.assign(dressed, { x: item.x, y: item.y });
    return dressed;
  }));
  seen.clear();
  items.forEach((item) => seen.set(item.id, JSON.stringify(item)));
}

function redress(state) {
  state.nodes.update(state.data.nodes.map((node) => dressNode(node, state.theme)));
  state.edges.update(state.data.edges.map((edge) => dressEdge(edge, state.theme)));
}

function drawBadges(state, ctx) {
  const { theme, net } = state;
  const hidden = state.data.nodes.filter((node) => node.hidden > 0);
  const places = net.getPositions(hidden.map((node) => node.id));
  ctx.save();
  ctx.font = `600 9.5px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const node of hidden) {
    const at = places[node.id];
    if (!at) continue;
    const text = `+${node.hidden > 99 ? "99" : node.hidden}`;
    const width = ctx.measureText(text).width + 8;
    const x = at.x + node.size * 0.8 + width / 2 - 4;
    const y = at.y - node.size * 0.9;
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - 7, width, 14, 7);
    ctx.fillStyle = theme.surface;
    ctx.strokeStyle = theme.muted;
    ctx.lineWidth = 1;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = theme.text;
    ctx.fillText(text, x, y + 0.5);
  }
  ctx.restore();
}

const SVG = "http://www.w3.org/2000/svg";
const GLYPHS = {
  square: "M2 2h8v8h-8z",
  triangle: "M6 1.5l5 9h-10z",
  diamond: "M6 .8l5.2 5.2-5.2 5.2-5.2-5.2z",
  dot: "M6 1.5a4.5 4.5 0 1 0 .001 0z",
};
const ICONS = {
  in: "M8 3v10M3 8h10",
  out: "M3 8h10",
  fit: "M2.5 6v-3.5h3.5M10 2.5h3.5v3.5M13.5 10v3.5h-3.5M6 13.5h-3.5v-3.5",
};

function drawn(path, size, style) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  for (const [name, value] of Object.entries(style)) shape.setAttribute(name, value);
  svg.append(shape);
  return svg;
}

function legendEntry(text, path, style) {
  const entry = document.createElement("span");
  const label = document.createElement("span");
  label.textContent = text;
  entry.append(drawn(path, 12, style), label);
  return entry;
}

function drawLegend(root, data, theme) {
  const present = new Set(data.nodes.map((node) => node.shape));
  const bands = new Set(data.nodes.map((node) => node.band));
  const outline = { fill: "none", stroke: theme.muted, "stroke-width": 1.4 };
  const line = (dash) => ({ ...outline, "stroke-dasharray": dash });
  root.querySelector(".rf-legend").replaceChildren(
    ...data.shapes.filter(([, shape]) => present.has(shape))
      .map(([text, shape]) => legendEntry(text, GLYPHS[shape], outline)),
    ...data.bands.filter(([, band]) => bands.has(band))
      .map(([text, band]) => legendEntry(text, GLYPHS.dot, { fill: theme.band(band) })),
    ...(data.edges.some((edge) => edge.firm)
      ? [legendEntry("shared identifier", "M0 6h12", line("none"))] : []),
    ...(data.edges.some((edge) => !edge.firm)
      ? [legendEntry("trade or weak link", "M0 6h12", line("3 2"))] : []),
  );
}

function drawTools(root, state) {
  const actions = {
    in: ["Zoom in", () => zoom(state, 1.3)],
    out: ["Zoom out", () => zoom(state, 1 / 1.3)],
    fit: ["Fit to view", () => state.net.fit(FIT)],
  };
  root.querySelector(".rf-tools").replaceChildren(
    ...Object.entries(actions).map(([name, [label, act]]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = label;
      button.setAttribute("aria-label", label);
      button.append(drawn(ICONS[name], 16,
        { fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round" }));
      button.onclick = act;
      return button;
    }),
  );
}

function zoom(state, factor) {
  state.net.moveTo({ scale: state.net.getScale() * factor, animation: false });
}

function select(state, node, edge) {
  const value = { node: node ?? null, edge: edge ?? null };
  if (JSON.stringify(value) === JSON.stringify(state.selected)) return;
  state.selected = value;
  state.out.setStateValue("selected", value);
}

function expand(state, node) {
  state.out.setTriggerValue("expand", { id: node });
}

function listen(state, root) {
  const canvas = root.querySelector(".rf-canvas");
  let waiting = 0;
  state.net.on("click", ({ nodes, edges }) => {
    canvas.focus({ preventScroll: true });
    clearTimeout(waiting);
    waiting = setTimeout(() => select(state, nodes[0], nodes.length ? null : edges[0]), CLICK_MS);
  });
  state.net.on("doubleClick", ({ nodes }) => {
    clearTimeout(waiting);
    if (nodes.length) expand(state, nodes[0]);
  });
  state.net.on("hoverNode", () => { canvas.style.cursor = "pointer"; });
  state.net.on("blurNode", () => { canvas.style.cursor = ""; });
  state.net.on("afterDrawing", (ctx) => drawBadges(state, ctx));
  const wheel = (zoomView) => () => state.net.setOptions({ interaction: { zoomView } });
  canvas.addEventListener("focus", wheel(true));
  canvas.addEventListener("blur", wheel(false));
  canvas.addEventListener("keydown", (event) => onKey(state, event));
  return () => clearTimeout(waiting);
}

function onKey(state, event) {
  const [node] = state.net.getSelectedNodes();
  if (event.key === "Enter" && node) expand(state, node);
  else if (event.key === "Escape") {
    state.net.unselectAll();
    select(state, null, null);
  } else if (event.key === "f") state.net.fit(FIT);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// A graph in a closed tab has no size yet; fit it when it first gets one.
function fitWhenSized(state, canvas) {
  const observer = new ResizeObserver(() => {
    if (!canvas.clientWidth || !canvas.clientHeight || state.fitted) return;
    state.fitted = true;
    state.net.setSize("100%", "100%");
    state.net.redraw();
    state.net.fit(FIT);
  });
  observer.observe(canvas);
  return () => observer.disconnect();
}

// What a browser test needs to aim with: node ids to points of the viewport.
function hook(state, root) {
  const canvas = root.querySelector(".rf-canvas");
  root.__ringfence = {
    network: state.net,
    ids: () => state.nodes.getIds(),
    edges: () => state.edges.getIds(),
    selected: () => state.selected,
    hidden: () => Object.fromEntries(state.data.nodes.map((node) => [node.id, node.hidden])),
    positions: () => state.net.getPositions(),
    camera: () => ({ scale: state.net.getScale(), ...state.net.getViewPosition() }),
    point: (id) => {
      const at = state.net.canvasToDOM(state.net.getPositions([id])[id]);
      const box = canvas.getBoundingClientRect();
      return { x: box.left + at.x, y: box.top + at.y };
    },
  };
}

function mount(root, data, theme) {
  const canvas = root.querySelector(".rf-canvas");
  const nodes = new DataSet();
  const edges = new DataSet();
  const state = {
    root, data, theme, nodes, edges, seenNodes: new Map(), seenEdges: new Map(),
    revision: "", selected: { node: null, edge: null }, fitted: false, out: null,
  };
  state.net = new Network(canvas, { nodes, edges }, OPTIONS);
  const forget = [listen(state, root), fitWhenSized(state, canvas)];
  state.destroy = () => {
    forget.forEach((stop) => stop());
    state.net.destroy();
  };
  drawTools(root, state);
  hook(state, root);
  return state;
}

function update(state, data, theme) {
  const recolour = JSON.stringify(theme) !== JSON.stringify(state.theme)
    || theme.band("CRIT") !== state.theme.band("CRIT");
  state.data = data;
  state.theme = theme;
  if (data.revision !== state.revision) {
    reconcile(state, state.nodes, data.nodes, dressNode, state.seenNodes);
    reconcile(state, state.edges, data.edges, dressEdge, state.seenEdges);
    state.revision = data.revision;
  }
  if (recolour) redress(state);
  drawLegend(state.root, data, theme);
}

export default function render({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-graph");
  if (!root || !data) return undefined;
  root.style.height = `${data.height}px`;
  root.querySelector(".rf-canvas").setAttribute("aria-label", data.alt);
  root.querySelector(".rf-note").textContent = data.note;
  const theme = readTheme(parentElement.host ?? parentElement);
  let state = instances.get(parentElement);
  if (!state || state.root !== root) {
    state?.destroy();
    state = mount(root, data, theme);
    instances.set(parentElement, state);
  }
  state.out = { setStateValue, setTriggerValue };
  update(state, data, theme);
  return () => {
    state.destroy();
    instances.delete(parentElement);
  };
}
