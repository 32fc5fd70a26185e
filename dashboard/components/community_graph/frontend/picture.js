// The picture as a PNG: what is on the canvas, with its legend in words, at twice the size.
import { legendOf } from "./legend.js";
import { dayName } from "./replay.js";

const MARGIN = 16;
const LINE = 18;

export function savePicture(state) {
  compose(state).toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${(state.data.file_name || "graph").replace(/[^\w.-]+/g, "_")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");
}

export function compose(state) {
  const source = state.canvas.querySelector("canvas");
  const ratio = source.width / Math.max(source.clientWidth, 1);
  const lines = linesOf(state);
  const made = document.createElement("canvas");
  made.width = source.width;
  made.height = source.height + (2 * MARGIN + lines.length * LINE) * ratio;
  const ctx = made.getContext("2d");
  ctx.fillStyle = state.theme.background;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(source, 0, 0);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = state.theme.text;
  ctx.font = `12px ${state.theme.font}`;
  ctx.textBaseline = "middle";
  lines.forEach((text, i) => {
    ctx.fillText(text, MARGIN, source.height / ratio + MARGIN + (i + 0.5) * LINE);
  });
  return made;
}

function linesOf(state) {
  const { entries, sentence } = legendOf(state);
  const until = state.view.until === null ? "" : ` Until ${dayName(state.view.until)}.`;
  const kinds = entries.map((entry) => `${entry.label} ${entry.count}`).join("  \u00b7  ");
  return [kinds, `${sentence}${until}`];
}
