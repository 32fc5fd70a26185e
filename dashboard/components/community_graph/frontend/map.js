// Draws the map of rings: circles as large as their money, near those with which they share things.
// Data arrives as plain values and in pixels of the map; every name becomes textContent.
import { measureWith, placeLabels } from "./labels.js";
import { element, mix, readTheme } from "./look.js";
import { towards } from "./walks.js";

const SVG = "http://www.w3.org/2000/svg";
const REACH = 10; // pixels around the middle of a dot that can be clicked
const TELL_MS = 250;
const instances = new WeakMap();
const number = (value) => value.toLocaleString("en-US");

function shape(tag, attributes, parent) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent?.append(made);
  return made;
}

// Fill and border of a typology: one of the hues, solid, lightly tinted or striped.
function dressOf(look, isDot, { theme, stripes }) {
  const hue = look ? theme.hues[look[0] % theme.hues.length] : theme.muted;
  const border = mix(hue, theme.text, 0.15);
  if (isDot) return { fill: theme.background, stroke: border, "stroke-width": 1.6 };
  const fills = { solid: mix(hue, theme.background, 0.18), tint: mix(hue, theme.background, 0.74) };
  const fill = look?.[1] === "stripes" ? `url(#${stripes(hue)})` : fills[look?.[1] ?? "tint"];
  return { fill, stroke: border, "stroke-width": 1.4 };
}

// Patterns live in the picture that uses them; one for each striped hue.
function stripesIn(svg, theme) {
  const known = new Map();
  const defs = shape("defs", {}, svg);
  return (hue) => {
    if (!known.has(hue)) {
      const id = `rf-stripes-${known.size}-${svg.dataset.name}`;
      const pattern = shape("pattern", { id, width: 6, height: 6,
        patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
      shape("rect", { width: 6, height: 6, fill: mix(hue, theme.background, 0.74) }, pattern);
      shape("rect", { width: 3, height: 6, fill: mix(hue, theme.background, 0.18) }, pattern);
      known.set(hue, id);
    }
    return known.get(hue);
  };
}

function looksOf(data) {
  return new Map(data.legend.map((entry) => [entry.typology, entry.look]));
}

function draw(state) {
  const { data, theme, plot } = state;
  const focused = state.root.getRootNode().activeElement?.dataset?.ring;
  plot.querySelector("svg")?.remove();
  const width = Math.max(plot.clientWidth, 320);
  state.scale = width / data.width;
  const height = data.height * state.scale;
  const svg = shape("svg", { viewBox: `0 0 ${data.width} ${data.height}`, width, height,
    role: "group", "aria-label": data.alt }, null);
  svg.dataset.name = "map";
  plot.prepend(svg);
  state.svg = svg;
  const context = { theme, stripes: stripesIn(svg, theme) };
  const looks = looksOf(data);
  shape("g", { class: "rf-pairs" }, svg);
  const layer = shape("g", {}, svg);
  for (const spot of data.spots) {
    const one = shape("g", { class: "rf-spot", role: "button", tabindex: -1,
      "aria-label": spot.lines.filter(Boolean).join(". ") }, layer);
    one.dataset.ring = spot.ring_id;
    const at = { cx: spot.x, cy: spot.y };
    shape("circle", { ...at, r: Math.max(spot.radius, REACH), fill: "transparent" }, one);
    shape("circle", { ...at, r: spot.radius, class: "rf-disc",
      ...dressOf(looks.get(spot.typology), spot.is_dot, context) }, one);
  }
  drawNames(state, layer);
  mark(state);
  if (focused) spotOf(state, focused)?.focus({ preventScroll: true });
}

// Names of the largest, the chosen one first, where they cover no ring and no other name.
function drawNames(state, layer) {
  const { data, theme, scale } = state;
  const pen = document.createElement("canvas").getContext("2d");
  const order = [...data.spots].sort((a, b) => (b.ring_id === data.selected) - (a.ring_id === data.selected)
    || b.radius - a.radius || (a.ring_id < b.ring_id ? -1 : 1));
  const nodes = order.map((spot) => ({ id: spot.ring_id, size: spot.radius, hidden: 0,
    label: spot.is_dot && spot.ring_id !== data.selected ? "" : spot.label }));
  const places = Object.fromEntries(data.spots.map((spot) => [spot.ring_id, spot]));
  const room = [0, 0, data.width, data.height];
  state.labels = placeLabels(nodes, places, scale, measureWith(pen, theme.font), room, room);
  for (const { text, rect: [left, top, right, bottom] } of state.labels) {
    const name = shape("text", { x: (left + right) / 2, y: (top + bottom) / 2, class: "rf-name",
      "font-size": 12 / scale, "stroke-width": 3 / scale }, layer);
    name.textContent = text;
  }
}

function spotOf(state, id) {
  return [...state.svg.querySelectorAll(".rf-spot")].find((one) => one.dataset.ring === id);
}

// The marked ring stands out, and Tab reaches the map there.
function mark(state) {
  const spots = [...state.svg.querySelectorAll(".rf-spot")];
  const marked = spots.find((one) => one.dataset.ring === state.data.selected);
  for (const one of spots) {
    one.setAttribute("tabindex", one === (marked ?? spots[0]) ? 0 : -1);
    one.classList.toggle("rf-marked", one === marked);
  }
  pairsOf(state, state.hover ?? state.data.selected);
}

// Lines from a ring to those with which it shares things, as wide as their place among them.
function pairsOf(state, id) {
  const layer = state.svg.querySelector(".rf-pairs");
  layer.replaceChildren();
  const at = new Map(state.data.spots.map((spot) => [spot.ring_id, spot]));
  const own = state.data.pairs.filter(([one, other]) => one === id || other === id);
  own.forEach(([one, other], place) => {
    const [a, b] = [at.get(one), at.get(other)];
    shape("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y,
      "stroke-width": Math.max(0.8, 3 - place * 0.6) / state.scale }, layer);
  });
  return own;
}

function tell(state, id) {
  const tip = state.root.querySelector(".rf-tip");
  state.hover = id;
  const spot = state.data.spots.find((one) => one.ring_id === id);
  const own = pairsOf(state, id ?? state.data.selected);
  tip.hidden = !spot;
  if (!spot) return;
  const lines = spot.lines.filter(Boolean).map((line, i) => element("div", i ? "rf-rest" : "rf-head", line));
  for (const [one, other, things] of own.slice(0, 3)) {
    const name = state.data.spots.find((each) => each.ring_id === (one === id ? other : one))?.label;
    lines.push(element("div", "rf-rest", `Shares ${things} with ${name}`));
  }
  if (own.length > 3) lines.push(element("div", "rf-rest", `and things with ${own.length - 3} more`));
  tip.replaceChildren(...lines);
  const [x, y, r] = [spot.x, spot.y, spot.radius].map((value) => value * state.scale);
  const isLeft = x + r + 12 + tip.offsetWidth > state.plot.clientWidth;
  tip.style.left = `${Math.max(4, isLeft ? x - r - 12 - tip.offsetWidth : x + r + 12)}px`;
  tip.style.top = `${Math.max(4, Math.min(y - 16, state.svg.clientHeight - tip.offsetHeight - 4))}px`;
}

function listen(state) {
  const { plot } = state;
  const ringAt = (event) => event.target.closest?.(".rf-spot")?.dataset.ring;
  plot.addEventListener("pointerover", (event) => tell(state, ringAt(event) ?? null));
  plot.addEventListener("pointerleave", () => tell(state, null));
  plot.addEventListener("click", (event) => {
    const id = ringAt(event);
    if (id) state.out.setTriggerValue("open", { id });
  });
  plot.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) tell(state, ringAt(event) ?? null);
  });
  plot.addEventListener("focusout", () => tell(state, null));
  plot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const id = ringAt(event);
    if (event.key === "Enter" || event.key === " ") {
      if (id) state.out.setTriggerValue("open", { id });
    } else {
      const places = Object.fromEntries(state.data.spots.map((spot) => [spot.ring_id, spot]));
      const next = towards(event.key, id, places);
      if (!next) return;
      spotOf(state, next)?.focus({ preventScroll: true });
      clearTimeout(state.telling);
      state.telling = setTimeout(() => state.out.setTriggerValue("select", { id: next }), TELL_MS);
    }
    event.preventDefault();
    event.stopPropagation();
  });
}

function heading(text) {
  return element("div", "rf-title", text);
}

function drawSide(state) {
  const { data, theme } = state;
  const side = state.root.querySelector(".rf-side");
  side.replaceChildren(heading("Typology"), typologies(state), heading("Money and harm to save"),
    ...(data.scale.length ? [sizes(data, theme)] : []),
    element("div", "rf-shown", sentence(data)));
}

function typologies(state) {
  const list = element("div", "rf-typologies");
  for (const entry of state.data.legend) {
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(entry.typology === state.data.chosen && Boolean(entry.typology)));
    button.title = entry.typology === state.data.chosen ? "Show every typology" : `Only ${entry.label}`;
    button.disabled = !entry.typology;
    const svg = shape("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, null);
    svg.dataset.name = entry.typology;
    shape("circle", { cx: 7, cy: 7, r: 5.5,
      ...dressOf(entry.look, false, { theme: state.theme, stripes: stripesIn(svg, state.theme) }) }, svg);
    button.append(svg, element("span", "", entry.label), element("span", "rf-count", number(entry.count)));
    const id = entry.typology === state.data.chosen ? "" : entry.typology;
    button.onclick = () => state.out.setTriggerValue("filter", { id });
    list.append(button);
  }
  return list;
}

// Nested circles with the money that each stands for, at the scale of the map.
function sizes({ scale }, theme) {
  const radius = scale[0][0];
  const svg = shape("svg", { width: 2 * radius + 74, height: 2 * radius + 4, "aria-hidden": "true" }, null);
  for (const [r, text] of scale) {
    const top = 2 * radius + 2 - 2 * r;
    shape("circle", { cx: radius + 2, cy: top + r, r, fill: "none", stroke: theme.muted }, svg);
    shape("line", { x1: radius + 2, x2: 2 * radius + 18, y1: top, y2: top, stroke: theme.border }, svg);
    const label = shape("text", { x: 2 * radius + 22, y: Math.max(top, 6), class: "rf-step" }, svg);
    label.textContent = text;
  }
  return svg;
}

function sentence(data) {
  const drawn = data.spots.length;
  const parts = [drawn < data.total ? `${number(drawn)} of ${number(data.total)} rings` : `${number(drawn)} rings`];
  if (data.spots.some((spot) => spot.is_dot)) parts.push(`a hollow dot is less than ${data.dots_below}`);
  return `${parts.join("; ")}. Near each other: more devices, networks, addresses, shops and listings in common.`;
}

function hook(state) {
  state.root.__ringfence = {
    kind: "map",
    ids: () => state.data.spots.map((spot) => spot.ring_id),
    selected: () => state.data.selected,
    labels: () => state.labels.map(({ id, text, rect }) => ({ id, text, rect })),
    boxes: () => Object.fromEntries(state.data.spots.map(({ ring_id: id, x, y, radius: r }) => [id,
      [x - r, y - r, x + r, y + r]])),
    area: (id) => spotOf(state, id).querySelector(".rf-disc").getBBox().width ** 2,
    point: (id) => {
      const box = spotOf(state, id).getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    },
    camera: () => state.scale,
    lines: () => state.svg.querySelectorAll(".rf-pairs line").length,
  };
}

function mount(root, host) {
  const state = { root, plot: root.querySelector(".rf-plot"), labels: [], hover: null };
  const redraw = () => {
    if (state.data) draw(state);
  };
  const observer = new ResizeObserver(redraw);
  observer.observe(state.plot);
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const restyle = () => setTimeout(() => update(state, state.data, host), 300);
  media.addEventListener("change", restyle);
  state.destroy = () => {
    observer.disconnect();
    clearTimeout(state.telling);
    media.removeEventListener("change", restyle);
  };
  listen(state);
  hook(state);
  return state;
}

function update(state, data, host) {
  const theme = readTheme(host);
  const stamp = JSON.stringify([data.revision, data.selected, data.chosen, theme]);
  state.data = data;
  if (stamp === state.stamp) return;
  Object.assign(state, { theme, stamp });
  draw(state);
  drawSide(state);
}

export default function render({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-map");
  if (!root || !data) return undefined;
  const host = parentElement.host ?? parentElement;
  let state = instances.get(parentElement);
  if (!state || state.root !== root) {
    state?.destroy();
    state = mount(root, host);
    instances.set(parentElement, state);
  }
  state.out = { setTriggerValue };
  update(state, data, host);
  return () => {
    state.destroy();
    instances.delete(parentElement);
  };
}
