// A row of figures, each with its change, its noise and its last weeks as a line. Data arrives as
// plain values; every word becomes textContent. The default export runs again on each rerun and
// theme change: equal data is drawn once.
const drawn = new WeakMap();
const WIDTH = 160;
const HEIGHT = 30;
const SVG = "http://www.w3.org/2000/svg";

const element = (name, className, text = "") => {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
};

const shape = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

// Pieces of a line without its holes: a day without a value is no zero.
function pieces(points) {
  const parts = [[]];
  for (const point of points) {
    if (point[1] === null) parts.push([]);
    else parts.at(-1).push(point);
  }
  return parts.filter((part) => part.length);
}

const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// A day without neighbours is a point: a line needs two.
const curve = (points, kind) => points.length > 1
  ? shape("path", { class: `line ${kind}`, d: path(points) })
  : shape("path", { class: `line point ${kind}`, d: `${path(points)}h0` });

// The days compared stand on a tinted ground; days still coming in are dotted.
function sparkline(tile) {
  const values = tile.series;
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const numbers = values.filter((value) => value !== null);
  if (numbers.length < 2) return svg;
  const low = Math.min(...numbers), span = Math.max(...numbers) - low || 1;
  const step = WIDTH / (values.length - 1);
  const at = values.map((value, i) => [i * step, value === null ? null : HEIGHT - 3 - ((value - low) / span) * (HEIGHT - 6)]);
  const [from, to] = tile.window;
  if (to >= from) {
    svg.append(shape("rect", { class: "window", x: (from - 0.5) * step, y: 0, width: Math.max((to - from + 1) * step, 1), height: HEIGHT }));
  }
  const old = at.slice(0, tile.young), young = at.slice(Math.max(tile.young - 1, 0));
  for (const part of pieces(old)) svg.append(curve(part, ""));
  if (tile.young < values.length) {
    for (const part of pieces(young)) svg.append(curve(part, "young"));
  }
  return svg;
}

function tileOf(tile, choose) {
  const button = element("button", "tile");
  button.type = "button";
  button.title = tile.definition;
  button.dataset.code = tile.code;
  button.setAttribute("aria-pressed", tile.is_selected);
  button.setAttribute("aria-label", tile.alt);
  const change = element("span", `change ${tile.tone}`, tile.change);
  const head = element("span", "label", tile.label);
  const figures = element("span", "figures");
  figures.append(element("span", "value", tile.value), change);
  button.append(head, figures, sparkline(tile), element("span", `note ${tile.is_warning ? "warning" : ""}`, tile.note));
  button.addEventListener("click", () => choose(tile.code));
  return button;
}

export default function render({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-tiles");
  const stamp = JSON.stringify(data);
  if (drawn.get(root) === stamp) return;
  drawn.set(root, stamp);
  const hadFocus = root.getRootNode().activeElement?.dataset?.code;
  root.setAttribute("aria-label", data.alt);
  root.style.gridTemplateColumns = data.inRow ? `repeat(${data.inRow}, minmax(0, 1fr))` : "";
  root.replaceChildren(...data.tiles.map((tile) => tileOf(tile, (code) => setTriggerValue("choose", code))));
  if (hadFocus) root.querySelector(`[data-code="${CSS.escape(hadFocus)}"]`)?.focus();
}
