// What is on the picture: the data after hiding, filters, the day and folded groups. Pure.
import { shortestPath } from "./walks.js";

export { shortestPath };
const OWNS = ["lists", "hosts"];
const WIDTHS = [0.8, 3.2];
const RISK = ["", "LOW", "MED", "HIGH", "CRIT"];

export function freshView() {
  return {
    until: null, since: null, least: 0, off: new Set(), hidden: new Set(), pinned: new Set(),
    folded: new Set(), colour: "band",
  };
}

// The group a node folds into: its ring where several are drawn, else the seller it works for.
export function groupOf(node, data) {
  const rings = new Set(data.nodes.map((one) => one.ring).filter(Boolean));
  const isMixed = rings.size > 1 || (rings.size === 1 && data.nodes.some((one) => !one.ring));
  if (node.ring && isMixed) return `ring ${node.ring}`;
  const home = node.home || (data.nodes.some((one) => one.home === node.id) ? node.id : "");
  return home ? `home ${home}` : "";
}

// First and last day of each node and of all: a node came when its first tie did. A listing is
// far older than what is done with it, so whose it is does not say when the days begin.
// `steps`: the days on which something was seen for the first time.
export function span(data) {
  const days = new Map();
  const all = [Infinity, -Infinity];
  const dated = [Infinity, -Infinity];
  const starts = new Set();
  const widen = (range, from, to) => {
    range[0] = Math.min(range[0], from);
    range[1] = Math.max(range[1], to);
  };
  for (const edge of data.edges) {
    for (const [relation, , from, to] of edge.ties) {
      if (from === null || to === null) continue;
      widen(all, from, to);
      if (!OWNS.includes(relation)) widen(dated, from, to);
      starts.add(from);
      for (const end of [edge.from, edge.to]) {
        if (!days.has(end)) days.set(end, [Infinity, -Infinity]);
        widen(days.get(end), from, to);
      }
    }
  }
  const [first, last] = Number.isFinite(dated[0]) ? dated : all;
  const steps = [...starts].filter((day) => day >= first).sort((a, b) => a - b);
  return { days, steps, first: Number.isFinite(first) ? first : null, last };
}

function keptTies(edge, view) {
  return edge.ties.filter(([relation, , first, last]) => !view.off.has(relation)
    && (view.until === null || first === null || first <= view.until)
    && (view.since === null || last === null || last >= view.since));
}

function strength(ties) {
  return ties.reduce((sum, tie) => sum + (tie[4] ?? 0), 0);
}

// Nodes and lines as they are drawn; `nodes` and `edges` are new lists of the data's own items,
// folded groups stand in for their members.
export function drawnOf(data, view, reach) {
  const here = data.nodes.filter((node) => !view.hidden.has(node.id)
    && (view.until === null || (reach.days.get(node.id)?.[0] ?? -Infinity) <= view.until));
  const { nodes, standIn } = folded(here, data, view);
  const lines = new Map();
  for (const edge of data.edges) {
    const [from, to] = [standIn.get(edge.from), standIn.get(edge.to)];
    if (!from || !to || from === to) continue;
    const ties = keptTies(edge, view);
    if (!ties.length || strength(ties) < view.least) continue;
    if (from === edge.from && to === edge.to) {
      lines.set(edge.id, ties.length === edge.ties.length ? edge : { ...edge, ties });
      continue;
    }
    const id = JSON.stringify(from < to ? [from, to] : [to, from]);
    const known = lines.get(id);
    const joined = known ? [...known.ties, ...ties] : ties;
    lines.set(id, {
      id, from, to, ties: joined, firm: edge.firm || Boolean(known?.firm), merged: true,
      width: widthOf(strength(joined), data.heaviest),
    });
  }
  return { nodes, edges: [...lines.values()] };
}

function widthOf(weight, heaviest) {
  const share = heaviest > 0 ? Math.min(1, Math.sqrt(Math.max(weight, 0) / heaviest)) : 0;
  return WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * share;
}

function folded(here, data, view) {
  const standIn = new Map(here.map((node) => [node.id, node.id]));
  const groups = new Map();
  for (const node of view.folded.size ? here : []) {
    const group = groupOf(node, data);
    if (view.folded.has(group)) groups.set(group, [...(groups.get(group) ?? []), node]);
  }
  const stand = [...groups].filter(([, members]) => members.length > 1).map(([group, members]) => {
    members.forEach((node) => standIn.set(node.id, `fold:${group}`));
    return superNode(group, members);
  });
  return { nodes: [...here.filter((node) => standIn.get(node.id) === node.id), ...stand], standIn };
}

function superNode(group, members) {
  const [kind, key] = [group.slice(0, 4), group.slice(5)];
  const head = members.find((node) => node.id === key) ?? members[0];
  const mean = (axis) => members.reduce((sum, node) => sum + node[axis], 0) / members.length;
  const count = members.reduce((sum, node) => sum + (node.count || 1), 0);
  const name = kind === "ring" ? head.ring_title || "Ring" : `Around ${head.name}`;
  const money = members.map((node) => node.money).filter((one) => one !== null);
  return {
    ...head, id: `fold:${group}`, name, label: name, count, folded: members.map((node) => node.id),
    title: [name, `${count} folded together: double-click to unfold`], focus: false, hidden: 0,
    size: Math.min(34, 16 + 2 * Math.sqrt(count)), shape: "dot", type: "group",
    type_label: "Group", score: null, x: mean("x"), y: mean("y"),
    money: money.length ? money.reduce((sum, one) => sum + one, 0) : null,
    band: members.map((node) => node.band).sort((a, b) => RISK.indexOf(b) - RISK.indexOf(a))[0],
  };
}
