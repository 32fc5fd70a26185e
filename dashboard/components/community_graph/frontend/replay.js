// The days of the picture: a slider on which nodes and links appear as they were first seen.
// Everything happens here, in the browser; with reduced motion it goes by steps, not by itself.
import { drawn, element } from "./look.js";

const BARS = 60;
const PLAY_MS = 6000;
const FRAME_MS = 60;
const STEPS = 12;
const DAY_MS = 86400000;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

export function dayName(day) {
  const date = new Date(day * DAY_MS);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function isStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function drawReplay(state, show) {
  const bar = state.root.querySelector(".rf-replay");
  const { first, last } = state.reach;
  bar.hidden = first === null || last <= first;
  if (bar.hidden) return stop(state);
  if (!bar.childElementCount) build(state, bar, show);
  const slider = bar.querySelector("input");
  slider.min = first;
  slider.max = last;
  slider.value = state.view.until ?? last;
  slider.setAttribute("aria-valuetext", dayName(Number(slider.value)));
  bar.querySelector(".rf-days").replaceChildren(histogram(state));
  bar.querySelector(".rf-day").textContent = state.view.until === null
    ? `${dayName(first)} to ${dayName(last)}` : `until ${dayName(state.view.until)}`;
  bar.querySelector("button").textContent = state.playing ? "Pause" : isStill() ? "Step" : "Replay";
  return undefined;
}

function build(state, bar, show) {
  const play = element("button", "rf-play", "Replay");
  play.type = "button";
  play.title = "See how it came together, by the day each link was first seen";
  play.onclick = () => (state.playing ? stop(state, show) : start(state, show));
  const track = element("div", "rf-track");
  const slider = element("input");
  slider.type = "range";
  slider.step = 1;
  slider.setAttribute("aria-label", "Day until which the graph is shown");
  slider.oninput = () => {
    stop(state);
    go(state, Number(slider.value), show);
  };
  track.append(element("div", "rf-days"), slider);
  bar.append(play, track, element("span", "rf-day"));
}

function go(state, day, show) {
  state.view.until = day >= state.reach.last ? null : day;
  show();
}

// Goes from one day on which something was new to the next, so that no time is spent on days
// on which nothing was; the slider itself stays a line of days.
function start(state, show) {
  const { steps, last } = state.reach;
  const now = state.view.until;
  if (isStill()) {
    const later = now === null ? steps : steps.filter((day) => day > now);
    const stride = Math.ceil(steps.length / STEPS);
    go(state, later[now === null ? 0 : stride - 1] ?? last, show);
    return;
  }
  let place = now === null ? 0 : Math.max(0, steps.findIndex((day) => day > now));
  let before = performance.now();
  go(state, steps[place], show);
  const tick = (time) => {
    if (time - before >= FRAME_MS) {
      place += (steps.length * (time - before)) / PLAY_MS;
      before = time;
      go(state, steps[Math.floor(place)] ?? last, show);
    }
    if (place >= steps.length) stop(state, show);
    else state.playing = requestAnimationFrame(tick);
  };
  state.playing = requestAnimationFrame(tick);
  show();
}

export function stop(state, show) {
  if (state.playing) cancelAnimationFrame(state.playing);
  state.playing = 0;
  if (show) show();
}

// How many links were first seen when, as bars behind the slider.
function histogram(state) {
  const { first, last } = state.reach;
  const counts = new Array(BARS).fill(0);
  for (const edge of state.data.edges) {
    const days = edge.ties.map((tie) => tie[2]).filter((day) => day !== null);
    if (!days.length) continue;
    const place = Math.floor(((Math.min(...days) - first) / (last - first + 1)) * BARS);
    if (place >= 0 && place < BARS) counts[place] += 1;
  }
  const most = Math.max(...counts, 1);
  const path = counts.map((count, i) => {
    const height = count ? 2 + (14 * count) / most : 0;
    return `M${i + 0.15} ${16 - height}h.7v${height}h-.7z`;
  }).join("");
  const svg = drawn(path, 16, { fill: "currentColor" });
  svg.setAttribute("viewBox", `0 0 ${BARS} 16`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.removeAttribute("width");
  return svg;
}
