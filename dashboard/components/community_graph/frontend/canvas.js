// What is painted on the canvas besides nodes and lines: names, badges, halos; and the camera.
import { drawLabels, measureWith, placeLabels } from "./labels.js";

const ROOM = [70, 26]; // pixels kept free around the picture, for names
const CLOSEST = 1.25;
const FEW_BADGES = 12; // more of them would be noise: then only who is pointed at shows its own
const SELLERS = ["merchant", "creator", "group"];
const WIDELY_SHARED = 13; // size from which a thing is what the picture is about

export function bounds(nodes, places) {
  let box = null;
  for (const node of nodes) {
    const at = places[node.id];
    if (!at) continue;
    const [l, t, r, b] = box ?? [Infinity, Infinity, -Infinity, -Infinity];
    box = [Math.min(l, at.x - node.size), Math.min(t, at.y - node.size),
      Math.max(r, at.x + node.size), Math.max(b, at.y + node.size)];
  }
  return box;
}

// The whole picture in the panel, with room for names around it.
export function fit(state) {
  const box = bounds(state.drawn.nodes, state.net.getPositions());
  const [width, height] = [state.canvas.clientWidth, state.canvas.clientHeight];
  if (!box || !width || !height) return;
  const scale = Math.min(CLOSEST, (width - 2 * ROOM[0]) / Math.max(box[2] - box[0], 1),
    (height - 2 * ROOM[1]) / Math.max(box[3] - box[1], 1));
  state.net.moveTo({
    position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 },
    scale: Math.max(scale, 0.05), animation: false,
  });
}

export function zoom(state, factor) {
  state.net.moveTo({ scale: state.net.getScale() * factor, animation: false });
}

// Nodes in the order in which they get a name: chosen ones, sellers, the riskiest, the largest.
function byWeight(state) {
  const { marks, view } = state;
  const rank = (node) => [
    marks.nodes.has(node.id) || state.selected.node === node.id ? 0 : 1,
    node.focus || view.pinned.has(node.id) ? 0 : 1,
    SELLERS.includes(node.type) || (node.thing && node.size > WIDELY_SHARED) ? 0 : 1,
    node.band === "CRIT" ? 0 : 1,
    -node.size,
  ];
  return state.drawn.nodes.map((node) => [rank(node), node]).sort(([a, one], [b, other]) => {
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
    return one.id < other.id ? -1 : 1;
  }).map(([, node]) => node);
}

// Where names may stand: around the picture as it is fitted, or the panel where that is larger.
function roomOf({ canvas }, [left, top, right, bottom], scale) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const half = [Math.max((right - left) / 2 + (ROOM[0] - 4) / scale, (canvas.clientWidth / 2 - 4) / scale),
    Math.max((bottom - top) / 2 + (ROOM[1] - 4) / scale, (canvas.clientHeight / 2 - 4) / scale)];
  return [x - half[0], y - half[1], x + half[0], y + half[1]];
}

// Names with their places, computed again only when something moved or the scale changed.
export function labelsOf(state, ctx) {
  const scale = state.net.getScale();
  const stamp = `${state.moved} ${scale.toFixed(3)} ${state.theme.font}`;
  if (state.labels?.stamp === stamp) return state.labels.placed;
  const places = state.net.getPositions();
  const box = bounds(state.drawn.nodes, places) ?? [0, 0, 0, 0];
  const room = roomOf(state, box, scale);
  const measure = measureWith(ctx, state.theme.font);
  const nodes = byWeight(state).map((node) => asDrawn(state, node));
  const placed = placeLabels(nodes, places, scale, measure, room, box);
  state.labels = { stamp, placed, room };
  return placed;
}

export function paintUnder(state, ctx) {
  if (state.background) {
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = state.background;
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.restore();
  }
  const sizes = new Map(state.drawn.nodes.map((node) => [node.id, node.size]));
  for (const id of state.marks.nodes) {
    const at = sizes.has(id) && state.net.getPositions([id])[id];
    if (!at) continue;
    ctx.save();
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = state.theme.primary;
    ctx.beginPath();
    ctx.arc(at.x, at.y, sizes.get(id) + 9, 0, 2 * Math.PI);
    ctx.fill();
    ctx.restore();
  }
}

function hasBadge(state, node) {
  if (!node.hidden) return false;
  const few = state.drawn.nodes.filter((one) => one.hidden > 0).length <= FEW_BADGES;
  return few || node.id === state.hover || node.id === state.selected.node;
}

// A node as it takes up room: one whose badge is not shown has none.
export function asDrawn(state, node) {
  return hasBadge(state, node) ? node : { ...node, hidden: 0 };
}

export function paintOver(state, ctx) {
  const places = state.net.getPositions();
  for (const node of state.drawn.nodes) {
    const at = places[node.id];
    if (!at) continue;
    if (node.count) centred(ctx, state.theme, `${node.count}`, at);
    if (hasBadge(state, node)) badge(ctx, state.theme, node.hidden > 99 ? "99+" : `+${node.hidden}`, node, at);
    if (state.view.pinned.has(node.id)) pin(ctx, state.theme, node, at);
  }
  const chosen = new Set([...state.marks.nodes, state.selected.node, state.hover]);
  const labels = labelsOf(state, ctx);
  drawLabels(ctx, labels, state.net.getScale(), state.theme, chosen);
  if (state.hover && !labels.some((label) => label.id === state.hover)) hoverName(state, ctx, places);
}

// A node without room for its name shows it over everything while the pointer rests on it.
function hoverName(state, ctx, places) {
  const node = state.drawn.nodes.find((one) => one.id === state.hover);
  const [at, scale] = [node && places[node.id], state.net.getScale()];
  if (!at) return;
  const width = measureWith(ctx, state.theme.font)(node.name) / scale;
  const top = at.y + node.size + 4 / scale;
  const rect = [at.x - width / 2, top, at.x + width / 2, top + 14 / scale];
  ctx.save();
  ctx.fillStyle = state.theme.background;
  ctx.fillRect(rect[0] - 3 / scale, rect[1] - 2 / scale, width + 6 / scale, 18 / scale);
  ctx.restore();
  drawLabels(ctx, [{ id: node.id, text: node.name, rect }], scale, state.theme, new Set());
}

function centred(ctx, theme, text, at) {
  ctx.save();
  ctx.font = `600 13px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.background;
  ctx.fillText(text, at.x, at.y + 0.5);
  ctx.restore();
}

function badge(ctx, theme, text, node, at) {
  ctx.save();
  ctx.font = `600 9.5px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
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
  ctx.restore();
}

function pin(ctx, theme, node, at) {
  ctx.save();
  ctx.beginPath();
  ctx.arc(at.x, at.y, 3, 0, 2 * Math.PI);
  ctx.fillStyle = theme.background;
  ctx.fill();
  ctx.restore();
}
