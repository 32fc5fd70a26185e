// Short tables and cards of subjects. Data arrives as plain values; every word becomes
// textContent. The default export runs again on each rerun and theme change: equal data is drawn
// once, so that a sorted table stays sorted and a scrolled one where it was.
const drawn = new WeakMap();
const ROW = 30;

const element = (name, className, text = "") => {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
};

// A plain click stays on the page; every other one does what it does with a link.
function link(key, name, { addresses, open }) {
  const node = element("a", "", name);
  node.href = addresses[key];
  node.title = name;
  node.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(key);
  });
  return node;
}

function cell(column, row, ways) {
  const key = column.keys[row], text = column.cells[row];
  const words = key || column.width ? "" : "words";
  const node = element("td", column.isNumber ? "number" : words);
  if (key) node.append(link(key, text, ways));
  else node.append(text);
  node.title = text;
  return node;
}

// Missing values last, whichever way it is sorted.
function order(column, sign) {
  const values = column.values.length ? column.values : column.cells;
  const rows = values.map((_, row) => row);
  if (!sign) return rows;
  return rows.sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return (x === null) - (y === null);
    return (typeof x === "string" ? x.localeCompare(y) : x - y) * sign;
  });
}

function head(columns, sort) {
  const line = element("tr");
  columns.forEach((column, place) => {
    const node = element("th", column.isNumber ? "number" : "");
    node.scope = "col";
    if (column.width) node.style.width = `${column.width}px`;
    const button = element("button", "", column.label);
    button.type = "button";
    button.title = column.tip || column.label;
    button.setAttribute("aria-label", `Sort by ${column.label || "name"}`);
    button.addEventListener("click", () => sort(place));
    node.append(button);
    line.append(node);
  });
  return line;
}

function table(one, ways) {
  const part = element("section", "part"), title = element("h4");
  title.append(element("b", "", one.title), one.more);
  part.append(title);
  if (one.caption) part.append(element("p", "caption", one.caption));
  if (one.columns[0]?.cells.length) part.append(rows(one, ways));
  if (one.note) part.append(element("p", "note", one.note));
  return part;
}

function rows(one, ways) {
  const box = element("div", "rows"), grid = element("table"), body = element("tbody");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", one.alt);
  box.style.maxHeight = `${(one.mostRows + 1) * ROW + 2}px`;
  let by = { place: -1, sign: 0 };
  const fill = () => {
    const column = one.columns[Math.max(by.place, 0)];
    body.replaceChildren(...order(column, by.sign).map((row) => {
      const line = element("tr");
      line.append(...one.columns.map((each) => cell(each, row, ways)));
      return line;
    }));
  };
  const names = head(one.columns, (place) => {
    const sign = by.place === place ? { 1: -1, "-1": 0, 0: 1 }[by.sign] : 1;
    by = { place, sign };
    [...names.children].forEach((node, number) => {
      const way = number === place ? { 1: "ascending", "-1": "descending" }[sign] : null;
      if (way) node.setAttribute("aria-sort", way);
      else node.removeAttribute("aria-sort");
    });
    fill();
  });
  const top = element("thead");
  top.append(names);
  fill();
  grid.append(top, body);
  box.append(grid);
  return box;
}

function card(group, ways) {
  const node = element("section", "card"), title = element("h5", "", `${group.title} `);
  title.append(element("span", "", `${group.others.toLocaleString("en")} in all`));
  node.append(title);
  for (const one of group.subjects) {
    const part = element("div"), said = element("div", "said", `${one.said} `);
    if (one.band) said.append(element("span", `badge ${one.tone}`, one.band));
    part.append(link(one.key, one.name, ways), said);
    node.append(part);
  }
  return node;
}

export default function render({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-board");
  const stamp = JSON.stringify(data);
  if (drawn.get(root) === stamp) return;
  drawn.set(root, stamp);
  const ways = { addresses: data.addresses, open: (key) => setTriggerValue("open", key) };
  const tables = element("div", "tables"), cards = element("div", "cards");
  tables.append(...data.tables.map((one) => table(one, ways)));
  cards.append(...data.cards.map((one) => card(one, ways)));
  const parts = [tables];
  if (data.cards.length) parts.push(element("div", "heading", data.title), cards);
  root.replaceChildren(...parts);
}
