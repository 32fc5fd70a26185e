// How nodes and links look: colours from the page's theme, shapes from the data. No state.
const FALLBACK = "#8a94a6";
const BAND_VARS = { CRIT: "red", HIGH: "orange", MED: "yellow", LOW: "gray" };
const SVG = "http://www.w3.org/2000/svg";
const MANY_LINES = 120; // from here on lines recede, or they would be the picture

export const GLYPHS = {
  square: "M2 2h8v8h-8z",
  triangle: "M6 1.5l5 9h-10z",
  triangleDown: "M6 10.5l5-9h-10z",
  diamond: "M6 .8l5.2 5.2-5.2 5.2-5.2-5.2z",
  hexagon: "M3.4 1.5h5.2l2.6 4.5-2.6 4.5h-5.2l-2.6-4.5z",
  dot: "M6 1.5a4.5 4.5 0 1 0 .001 0z",
  group: "M6 .8a5.2 5.2 0 1 0 .001 0zM6 3.6a2.4 2.4 0 1 0 .001 0z",
};

export function readTheme(host) {
  const style = getComputedStyle(host);
  const read = (name, fallback) => style.getPropertyValue(`--st-${name}`).trim() || fallback;
  const bands = Object.fromEntries(
    Object.entries(BAND_VARS).map(([band, name]) => [band, read(`${name}-color`, FALLBACK)]));
  return {
    background: read("background-color", "#ffffff"),
    surface: read("secondary-background-color", "#f6f7f9"),
    text: read("text-color", "#222222"),
    border: read("border-color", "#dddddd"),
    primary: read("primary-color", "#2f5bd0"),
    muted: read("gray-color", FALLBACK),
    font: read("font", "sans-serif"),
    hues: read("chart-categorical-colors", FALLBACK).split(",").map((hue) => hue.trim()),
    bands,
  };
}

// "#rrggbb" mixed towards another colour; other notations pass through unchanged.
export function mix(colour, towards, share) {
  const parts = (text) => text.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i)?.slice(1);
  const [from, to] = [parts(colour), parts(towards)];
  if (!from || !to) return colour;
  const blend = (a, b) => Math.round(parseInt(a, 16) * (1 - share) + parseInt(b, 16) * share);
  return `rgb(${from.map((part, i) => blend(part, to[i])).join(",")})`;
}

// The one colour of a node, by band or by part; null = nothing to say about it.
export function hueOf(node, colour, roles, theme) {
  if (colour === "band") return theme.bands[node.band] ?? null;
  const place = roles.indexOf(node.role);
  return place < 0 ? null : theme.hues[place % theme.hues.length];
}

function isQuiet(node, colour) {
  return colour === "band" && node.band === "LOW";
}

export function dressNode(node, { theme, view, roles, marks }) {
  const hue = node.thing ? theme.text : hueOf(node, view.colour, roles, theme) ?? theme.muted;
  const isUnknown = view.colour === "band" && !node.band; // hollow: grey is Low
  const fill = node.thing ? mix(hue, theme.background, 0.38)
    : isUnknown ? theme.background
    : mix(hue, theme.background, isQuiet(node, view.colour) ? 0.45 : 0.12);
  const border = marks.nodes.has(node.id) || node.focus ? theme.primary : mix(hue, theme.text, 0.2);
  const chosen = { background: fill, border: theme.primary };
  return {
    id: node.id, shape: node.shape, size: node.size,
    fixed: view.pinned.has(node.id),
    borderWidth: marks.nodes.has(node.id) ? 4 : node.focus ? 3.5 : 1.2,
    color: { background: fill, border, highlight: chosen, hover: chosen },
  };
}

// At rest lines are quiet; the links of what is selected and the path come forward.
export function dressEdge(edge, { theme, marks, lines }) {
  const isLit = marks.edges.has(edge.id);
  const isNear = marks.near.size > 0 && (marks.near.has(edge.from) || marks.near.has(edge.to));
  const recede = lines > MANY_LINES ? 0.2 : 0;
  const rest = mix(theme.muted, theme.background, (edge.firm ? 0.35 : 0.55) + recede);
  const far = mix(theme.muted, theme.background, 0.82);
  const near = mix(theme.text, theme.background, 0.35);
  const colour = isLit ? theme.primary : isNear ? near : marks.isDim ? far : rest;
  return {
    id: edge.id, from: edge.from, to: edge.to,
    width: edge.width * (lines > MANY_LINES && !isNear ? 0.7 : 1) + (isLit ? 2 : 0),
    dashes: edge.firm ? false : [5, 4],
    color: { color: colour, highlight: theme.primary, hover: theme.primary },
  };
}

export function drawn(path, size, style) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true",
  })) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  for (const [name, value] of Object.entries(style)) shape.setAttribute(name, value);
  svg.append(shape);
  return svg;
}

// An element with a class and plain text; there is no other way to make one here.
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
