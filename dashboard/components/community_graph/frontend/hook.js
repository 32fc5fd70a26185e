// What a browser test aims with and asks: nodes, links and names as they are drawn.
import { asDrawn } from "./canvas.js";
import { boxOf } from "./labels.js";
import { legendOf } from "./legend.js";

export function hook(state) {
  const places = () => state.net.getPositions();
  const viewport = (at) => {
    const dom = state.net.canvasToDOM(at);
    const box = state.canvas.getBoundingClientRect();
    return { x: box.left + dom.x, y: box.top + dom.y };
  };
  state.root.__ringfence = {
    root: state.root,
    network: state.net,
    ids: () => state.nodes.getIds(),
    edges: () => state.edges.getIds(),
    selected: () => state.selected,
    hidden: () => Object.fromEntries(state.data.nodes.map((node) => [node.id, node.hidden])),
    positions: places,
    camera: () => ({ scale: state.net.getScale(), ...state.net.getViewPosition() }),
    point: (id) => viewport(places()[id]),
    between: (from, to, share = 0.5) => {
      const [a, b] = [places()[from], places()[to]];
      return viewport({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
    },
    labels: () => (state.labels?.placed ?? []).map(({ id, text, rect }) => ({ id, text, rect })),
    boxes: () => Object.fromEntries(state.drawn.nodes
      .map((node) => [node.id, boxOf(asDrawn(state, node), places()[node.id], state.net.getScale())])),
    legend: () => legendOf(state),
    marked: () => ({ nodes: [...state.marks.nodes], edges: [...state.marks.edges] }),
    reach: () => ({ first: state.reach.first, last: state.reach.last,
      days: Object.fromEntries(state.reach.days) }),
    payloads: () => state.payloads,
    drawMs: () => state.drawMs,
    theme: () => state.theme.background,
  };
}
