// Says what is on the picture and nothing else: each kind that is drawn with its number, then how
// much of everything that is.
import { GLYPHS, drawn, element, hueOf, mix } from "./look.js";

const THING = "triangleDown";
const number = (value) => value.toLocaleString("en-US");

function counted(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

// What the legend says, as values: [{ group, label, count, ... }] and the sentence below.
export function legendOf({ drawn: picture, data, view, theme }) {
  const { nodes, edges } = picture;
  const scored = nodes.filter((node) => !node.thing);
  const shapes = [...counted(nodes, (node) => `${node.count ? "group" : node.shape}|${node.type_label}`)];
  const entries = shapes.map(([key, count]) => {
    const [shape, label] = key.split("|");
    return { group: "shape", shape, label, count, isFilled: shape === THING };
  }).sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  if (view.colour === "band") {
    const bands = counted(scored, (node) => node.band);
    for (const [label, band] of [...data.bands, ["No score", ""]]) {
      if (bands.has(band)) {
        entries.push({ group: "colour", label, count: bands.get(band), hue: theme.bands[band] ?? "" });
      }
    }
  } else {
    for (const [role, count] of [...counted(scored, (node) => node.role)].sort((a, b) => b[1] - a[1])) {
      const hue = hueOf({ role }, "role", data.roles, theme) ?? theme.muted;
      entries.push({ group: "colour", label: role || "No part known", count, hue });
    }
  }
  const firm = edges.filter((edge) => edge.firm).length;
  if (firm) entries.push({ group: "line", label: "shared identifier", count: firm, dash: "none" });
  if (edges.length > firm) {
    entries.push({ group: "line", label: "trade or weak link", count: edges.length - firm, dash: "3 2" });
  }
  return { entries, sentence: sentenceOf(picture, data, view) };
}

function sentenceOf({ nodes, edges }, data, view) {
  const { totals } = data;
  const alone = nodes.flatMap((node) => node.folded ?? [node.id]);
  const members = new Set(data.nodes.filter((node) => node.member).map((node) => node.id));
  const shown = alone.filter((id) => members.has(id)).length;
  const lines = edges.filter((edge) => !edge.merged).length;
  const all = data.edges.length + totals.ties_left_out;
  const parts = [
    `Showing ${number(shown)} of ${number(Math.max(totals.members, members.size))} ${totals.unit}`,
    `${number(lines)} of ${number(all)} ties`,
  ];
  if (totals.ties_left_out) parts.push(totals.choice);
  const merged = edges.length - lines;
  if (merged) parts.push(`${number(merged)} lines to folded groups`);
  const things = nodes.filter((node) => node.thing).length;
  if (things) parts.push(`${number(things)} ${things === 1 ? "thing" : "things"} they share`);
  const added = alone.length - shown - things;
  if (added > 0) parts.push(`${number(added)} neighbours added`);
  if (view.hidden.size) parts.push(`${number(view.hidden.size)} hidden by you`);
  return `${parts.join(", ")}.${data.size_note ? ` ${data.size_note}` : ""}`;
}

export function drawLegend(state) {
  const { entries, sentence } = legendOf(state);
  const { theme } = state;
  const { muted } = theme;
  const outline = { fill: "none", stroke: muted, "stroke-width": 1.4 };
  const kinds = {
    shape: (entry) => drawn(GLYPHS[entry.shape] ?? GLYPHS.dot, 12,
      entry.isFilled ? { fill: mix(theme.text, theme.background, 0.38) } : outline),
    colour: (entry) => drawn(GLYPHS.dot, 12, entry.hue ? { fill: entry.hue } : outline),
    line: (entry) => drawn("M0 6h12", 12, { ...outline, "stroke-dasharray": entry.dash }),
  };
  const groups = Object.entries(kinds).map(([group, glyph]) => {
    const box = element("div", "rf-group");
    for (const entry of entries.filter((one) => one.group === group)) {
      const item = element("span");
      item.append(glyph(entry), element("span", "", `${entry.label} ${number(entry.count)}`));
      box.append(item);
    }
    return box;
  });
  const keys = element("div", "rf-keys");
  keys.append(...groups.filter((group) => group.childElementCount));
  state.root.querySelector(".rf-legend").replaceChildren(keys, element("div", "rf-shown", sentence));
}
