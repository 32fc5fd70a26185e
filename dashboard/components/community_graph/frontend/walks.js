// Ways through the picture: the shortest path, and whom an arrow key leads to. Pure.

function neighbours(edges) {
  const near = new Map();
  const join = (one, other, edge) => near.set(one, [...(near.get(one) ?? []), [other, edge.id]]);
  for (const edge of edges) {
    join(edge.from, edge.to, edge);
    join(edge.to, edge.from, edge);
  }
  for (const list of near.values()) list.sort(([a], [b]) => (a < b ? -1 : 1));
  return near;
}

// Fewest links from one node to another: { nodes, edges } in order, or null where there is none.
export function shortestPath(edges, from, to) {
  const near = neighbours(edges);
  const came = new Map([[from, null]]);
  const waiting = [from];
  while (waiting.length && !came.has(to)) {
    const here = waiting.shift();
    for (const [next, edge] of near.get(here) ?? []) {
      if (came.has(next)) continue;
      came.set(next, [here, edge]);
      waiting.push(next);
    }
  }
  if (!came.has(to)) return null;
  const path = { nodes: [to], edges: [] };
  for (let step = came.get(to); step; step = came.get(step[0])) {
    path.nodes.unshift(step[0]);
    path.edges.unshift(step[1]);
  }
  return path;
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

// The nearest node in the direction of an arrow key; sideways counts double.
export function towards(key, from, places) {
  const [dx, dy] = ARROWS[key] ?? [0, 0];
  if (!dx && !dy) return null;
  const start = places[from];
  if (!start) return Object.keys(places).sort((a, b) => places[a].y - places[b].y)[0] ?? null;
  let [best, least] = [null, Infinity];
  for (const [id, at] of Object.entries(places)) {
    const ahead = (at.x - start.x) * dx + (at.y - start.y) * dy;
    const aside = Math.abs((at.x - start.x) * dy) + Math.abs((at.y - start.y) * dx);
    if (id === from || ahead <= 0 || aside > 2.5 * ahead) continue;
    if (ahead + 2 * aside < least) [best, least] = [id, ahead + 2 * aside];
  }
  return best;
}
