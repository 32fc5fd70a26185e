// A score from 0 to 1 over its snapshots. A snapshot without a score is a hole, not a zero.
const drawn = new WeakMap();
const WIDTH = 200;
const HEIGHT = 56;
const SVG = "http://www.w3.org/2000/svg";

const shape = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

function pieces(points) {
  const parts = [[]];
  for (const point of points) {
    if (point[1] === null) parts.push([]);
    else parts.at(-1).push(point);
  }
  return parts.filter((part) => part.length > 1);
}

export default function render({ parentElement, data }) {
  const root = parentElement.querySelector(".rf-line");
  const stamp = JSON.stringify(data);
  if (drawn.get(root) === stamp) return;
  drawn.set(root, stamp);
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": data.alt });
  const step = WIDTH / Math.max(data.values.length - 1, 1), foot = HEIGHT;
  const points = data.values.map(({ score }, i) => [i * step, score === null ? null : foot - 2 - score * (HEIGHT - 6)]);
  for (const part of pieces(points)) {
    const path = part.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const ends = `L${part.at(-1)[0].toFixed(1)} ${foot}L${part[0][0].toFixed(1)} ${foot}Z`;
    svg.append(shape("path", { class: "ground", d: path + ends, fill: data.colour }));
    svg.append(shape("path", { class: "line", d: path, stroke: data.colour }));
  }
  data.values.forEach(({ said }, i) => {
    if (!said) return;
    const left = Math.max((i - 0.5) * step, 0), right = Math.min((i + 0.5) * step, WIDTH);
    const day = shape("rect", { class: "day", x: left, y: 0, width: right - left, height: HEIGHT });
    const title = shape("title", {});
    title.textContent = said;
    day.append(title);
    svg.append(day);
  });
  root.replaceChildren(svg);
}
