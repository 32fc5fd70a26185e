// Names beside nodes. A name is drawn only where it hides nobody and no other name: places are
// tried in turn, the most telling node first; who finds none shows its name on hover or closer by.
// Names keep their size on the screen, so that coming closer makes room for more.
const SIZE = 12; // pixels on the screen, whatever the scale
const GAP = 2;
const CELL = 80;

class Grid {
  constructor(cell) {
    this.cell = cell;
    this.cells = new Map();
  }

  * keys([left, top, right, bottom]) {
    const at = (value) => Math.floor(value / this.cell);
    for (let x = at(left); x <= at(right); x += 1) {
      for (let y = at(top); y <= at(bottom); y += 1) yield `${x},${y}`;
    }
  }

  add(rect) {
    for (const key of this.keys(rect)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(rect);
    }
  }

  isFree(rect) {
    for (const key of this.keys(rect)) {
      if (this.cells.get(key)?.some((other) => meet(rect, other))) return false;
    }
    return true;
  }
}

export function meet([l1, t1, r1, b1], [l2, t2, r2, b2]) {
  return l1 < r2 && l2 < r1 && t1 < b2 && t2 < b1;
}

// The rectangle a node covers, its badge and its border with it; in canvas units.
export function boxOf(node, at, scale) {
  const edge = node.size + 2 / Math.min(scale, 1);
  const badge = node.hidden > 0 ? 12 : 0;
  return [at.x - edge, at.y - edge - badge / 2, at.x + edge + badge, at.y + edge];
}

// Places for a name of this size beside a box, the best first: away from the middle of the
// picture, where the lines are; then around the corners.
function candidates([l, t, r, b], width, height, gap, outward) {
  const [x, y] = [(l + r) / 2, (t + b) / 2];
  const below = [x - width / 2, b + gap];
  const above = [x - width / 2, t - gap - height];
  const right = [r + gap, y - height / 2];
  const left = [l - gap - width, y - height / 2];
  const sides = { below: [below, above, right, left], above: [above, below, right, left],
    right: [right, below, above, left], left: [left, below, above, right] };
  return [...sides[outward],
    [right[0], b - height / 2], [left[0], b - height / 2],
    [right[0], t - height / 2], [left[0], t - height / 2]];
}

// Which way is out: for whoever stands far from the middle, measured by the picture's own shape.
function outwardOf(at, [l, t, r, b]) {
  const [dx, dy] = [(2 * at.x - l - r) / (r - l || 1), (2 * at.y - t - b) / (b - t || 1)];
  if (Math.abs(dx) > 0.6 && Math.abs(dx) > Math.abs(dy)) return dx > 0 ? "right" : "left";
  return dy < -0.6 ? "above" : "below";
}

// `nodes` most telling first; `room` is what the names may cover, `box` what the nodes do.
// Returns [{ id, text, rect }].
export function placeLabels(nodes, places, scale, measure, room, box) {
  const grid = new Grid(CELL / scale);
  const boxes = new Map();
  for (const node of nodes) {
    if (!places[node.id]) continue;
    boxes.set(node.id, boxOf(node, places[node.id], scale));
    grid.add(boxes.get(node.id));
  }
  const placed = [];
  const height = (SIZE + 2) / scale;
  for (const node of nodes) {
    if (!boxes.has(node.id) || !node.label.trim()) continue;
    const width = (measure(node.label) + 4) / scale;
    for (const [x, y] of candidates(
      boxes.get(node.id), width, height, GAP / scale, outwardOf(places[node.id], box))) {
      const rect = [x, y, x + width, y + height];
      if (!isWithin(rect, room) || !grid.isFree(rect)) continue;
      grid.add(rect);
      placed.push({ id: node.id, text: node.label, rect });
      break;
    }
  }
  return placed;
}

function isWithin([left, top, right, bottom], room) {
  return !room || (left >= room[0] && top >= room[1] && right <= room[2] && bottom <= room[3]);
}

const widths = new Map();

export function measureWith(ctx, font) {
  return (text) => {
    const key = `${font}|${text}`;
    if (!widths.has(key)) {
      if (widths.size > 4000) widths.clear();
      ctx.save();
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.font = `${SIZE}px ${font}`;
      widths.set(key, ctx.measureText(text).width);
      ctx.restore();
    }
    return widths.get(key);
  };
}

export function drawLabels(ctx, labels, scale, theme, chosen) {
  ctx.save();
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.font = `${SIZE / scale}px ${theme.font}`;
  for (const { id, text, rect: [left, top, right, bottom] } of labels) {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    ctx.strokeStyle = theme.background;
    ctx.lineWidth = 3.5 / scale;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = chosen.has(id) ? theme.primary : theme.text;
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}
