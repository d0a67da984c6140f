"use strict";
// Line charts on uPlot: two kinds of x axis (time, percentile) and two of y (times on a log scale, counts).

const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

// --- scales -------------------------------------------------------------------------------------

/** 1, 2, 5, 10, 20 ... below and above. */
function roundDown(value) {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return decade * [5, 2, 1].find((step) => value >= step * decade * 0.9999);
}
function roundUp(value) {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return decade * [1, 2, 5, 10].find((step) => value <= step * decade * 1.0001);
}

function logSplits(min, max) {
  const decades = Math.log10(max / min);
  const steps = decades > 2.7 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const splits = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.ceil(Math.log10(max)); exponent++) {
    for (const step of steps) {
      const split = +(step * 10 ** exponent).toPrecision(3);
      if (split >= min * 0.999 && split <= max * 1.001) splits.push(split);
    }
  }
  return splits;
}

const yScales = {
  time: {
    scale: { distr: 3, log: 10, range: (_, min, max) => min > 0 ? [roundDown(min * 0.95), roundUp(max * 1.05)] : [0.1, 10] },
    axis: { splits: (_, __, min, max) => logSplits(min, max), filter: (_, splits) => splits, values: (_, splits) => splits.map(timeTick) },
    text: time,
  },
  count: {
    scale: { range: (_, __, max) => [0, max > 0 ? max * 1.06 : 1] },
    axis: { space: 36, values: (_, splits) => splits.map(short) },
    text: (value) => `${rate(value)}/s`,
  },
};

const xScales = {
  time: {
    scale: { time: false },
    axis: { space: 64, values: (_, splits) => splits.map((s) => seconds(+s.toFixed(6))) },
    zoom: true,
  },
  // x = log10(1 / (1 - p)): each step to the right is ten times rarer.
  percentile: {
    scale: { time: false, range: (_, __, max) => [0, Math.max(1, max)] },
    axis: {
      splits: (u, _, __, max) => [0, Math.log10(2), 1, 2, 3, 4, 5, 6, 7, 8]
        .filter((x) => x <= max && (u.width > 420 || x !== Math.log10(2))),
      values: (_, splits) => splits.map((x) => percentileName(x)),
    },
    zoom: false,
  },
};

const percentileX = (percentile) => -Math.log10(1 - percentile / 100);
const percentileName = (x) => `${+(100 - 100 * 10 ** -x).toFixed(Math.max(0, Math.floor(x + 1e-9) - 1))} %`;

// --- data ---------------------------------------------------------------------------------------

/** Puts distributions, lists of [percentile, ms], on one common grid of the percentile axis. */
function onPercentileGrid(distributions) {
  const lines = distributions.map((points) => {
    const line = points.filter(([p]) => p < 100 - 1e-9).map(([p, ms]) => [percentileX(p), ms]);
    const last = points.at(-1);
    // The greatest has no place on this axis: it ends the line, a little to the right of the rest.
    if (last && last[0] >= 100 - 1e-9) line.push([(line.at(-1)?.[0] ?? 0) + 0.06, last[1]]);
    return line;
  });
  const ends = lines.flatMap((line) => line.length ? [line.at(-1)[0]] : []);
  const grid = new Set(ends);
  for (let step = 0; step * 0.025 <= Math.max(0, ...ends); step++) grid.add(+(step * 0.025).toFixed(3));
  const x = [...grid].sort((a, b) => a - b);
  return { x, ys: lines.map((line) => x.map((at) => valueAt(line, at))) };
}

/** Linear between the points of a line; null beyond its end. */
function valueAt(line, x) {
  const i = line.findIndex(([at]) => at >= x - 1e-12);
  if (i < 0) return null;
  if (i === 0) return line[0][1];
  const [x0, y0] = line[i - 1], [x1, y1] = line[i];
  return x1 > x0 ? y0 + (y1 - y0) * Math.min(1, (x - x0) / (x1 - x0)) : y1;
}

function percentileHead(x) {
  const oneIn = 10 ** x;
  const share = 100 - 100 / oneIn;
  return `p${+share.toFixed(Math.floor(x + 1e-9))}${x > 0.5 ? `, 1 in ${whole(oneIn)} is slower` : ""}`;
}

// --- the chart ----------------------------------------------------------------------------------

/**
 * A figure with a chart that is drawn when it comes near the view.
 * series: {label, ink, ys, width, dash, fill, stepped, short}; head(i): first line of the tooltip;
 * span: what the x axis shows before zooming; marks: x values to be ticked at the foot; lastFirst: the legend names the last line, which is on top, first.
 */
function chart({ title, note, xKind, yKind, x, series, head, bands, span: wholeX, marks = [], lastFirst = false, sync, height = 280 }) {
  const drawn = series.filter(({ ys }) => ys.some((y) => y !== null && y !== undefined));
  const names = el("div.names", {}, el("h3", {}, title));
  const caption = el("figcaption", {}, names);
  if (x.length === 0 || drawn.length === 0) {
    return el("figure", {}, caption, el("div.chart.empty", {}, "Nothing was measured."));
  }
  const place = el("div.chart", {
    "--height": `${height}px`, tabindex: 0, role: "img",
    "aria-label": `${title}. Lines: ${drawn.map(({ label }) => label).join(", ")}. Arrow keys read the values.`,
  });
  const hidden = new Set();
  let plot = null;
  const keys = drawn.map((line, i) => el("button", { type: "button", "aria-pressed": "true", onclick: (event) => {
    hidden.has(i) ? hidden.delete(i) : hidden.add(i);
    event.currentTarget.setAttribute("aria-pressed", `${!hidden.has(i)}`);
    plot?.setSeries(i + 1, { show: !hidden.has(i) });
  } }, el(`span.key${line.dash ? ".dashed" : ""}`, { "--key": line.ink }), line.label));
  const legend = el("div.legend", {}, lastFirst ? keys.reverse() : keys);
  names.append(legend);
  if (note) caption.append(el("p.note", {}, note));
  soon(place, () => { plot = draw(place, { xKind, yKind, x, series: drawn, head, bands, span: wholeX, marks, sync, height, hidden }); });
  return el("figure", {}, caption, place);
}

/** Runs `make` when `place` is near the view, or when the page is about to be printed. */
function soon(place, make) {
  let made = false;
  const once = () => { if (!made) { made = true; watcher.disconnect(); make(); } };
  const watcher = new IntersectionObserver((seen) => { if (seen.some((entry) => entry.isIntersecting)) once(); }, { rootMargin: "600px" });
  watcher.observe(place);
  addEventListener("beforeprint", once);
}

function draw(place, { xKind, yKind, x, series, head, bands, span: wholeX, marks, sync, height, hidden }) {
  const xs = xScales[xKind], ys = yScales[yKind];
  const ink = (colour) => () => theme.ink(colour);
  const axis = {
    stroke: ink("var(--soft)"), font: FONT, gap: 6,
    grid: { stroke: ink("var(--grid)"), width: 1 }, ticks: { show: false },
  };
  const labelled = () => place.clientWidth >= 480;
  // At least nine letters: so the time axes of charts above each other end at the same place.
  const labelRoom = 14 + Math.max(9, ...series.map(({ label, short }) => (short ?? label).length)) * 6.7;
  const options = {
    width: place.clientWidth, height,
    legend: { show: false },
    padding: [8, () => labelled() ? labelRoom : 14, 0, 0],
    focus: { alpha: series.length > 2 ? 0.3 : 1 },
    cursor: {
      y: false,
      drag: { x: xs.zoom, y: false, setScale: xs.zoom },
      focus: { prox: 14 },
      points: { size: 6, fill: (u, i) => theme.ink(series[i - 1].ink), stroke: (u, i) => theme.ink(series[i - 1].ink) },
      ...(sync ? { sync: { key: sync } } : {}),
    },
    scales: {
      x: wholeX ? { ...xs.scale, range: (_, min, max) => min <= x[0] && max >= x.at(-1) ? wholeX : [min, max] } : xs.scale,
      y: ys.scale,
    },
    axes: [{ ...axis, ...xs.axis, size: 30, grid: { ...axis.grid, show: xKind === "percentile" } }, { ...axis, ...ys.axis, size: 58 }],
    bands,
    series: [{}, ...series.map((line, i) => ({
      label: line.label, stroke: ink(line.ink), width: line.width ?? 1.75, dash: line.dash, show: !hidden.has(i),
      fill: line.fill && ink(line.fill), points: { show: x.length < 3, size: 6 }, spanGaps: false,
      ...(line.stepped && x.length > 1 ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
    }))],
    hooks: { draw: [(u) => { drawMarks(u, marks); if (labelled()) drawLabels(u, series); }] },
  };
  const tooltip = el("div.tooltip", { hidden: true, role: "status" });
  options.hooks.setCursor = [(u) => fillTooltip(u, tooltip, { place, series, head, text: ys.text, height })];
  const plot = new uPlot(options, [x, ...series.map((line) => line.ys)], place);
  place.append(tooltip);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
  theme.listeners.push(() => plot.redraw());
  addEventListener("beforeprint", () => plot.setSize({ width: Math.min(place.clientWidth, 680), height }));
  addEventListener("afterprint", () => plot.setSize({ width: place.clientWidth, height }));
  readWithKeys(place, plot, tooltip);
  return plot;
}

/** Short red ticks at the foot of the plot. */
function drawMarks(u, marks) {
  if (marks.length === 0) return;
  const { ctx, bbox } = u, px = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = theme.ink("var(--bad)");
  for (const mark of marks) {
    const left = u.valToPos(mark, "x", true);
    if (left >= bbox.left - 1 && left <= bbox.left + bbox.width + 1) {
      ctx.fillRect(left - px * 0.75, bbox.top + bbox.height - 7 * px, 1.5 * px, 7 * px);
    }
  }
  ctx.restore();
}

/** Each line's name at its right end, in the order of the ends. */
function drawLabels(u, series) {
  const { ctx, bbox } = u, px = devicePixelRatio;
  const labels = series.flatMap((line, i) => {
    const end = u.series[i + 1].show ? lastShown(u, line.ys) : -1;
    return end < 0 ? [] : [{
      text: line.short ?? line.label, ink: line.ink,
      x: u.valToPos(u.data[0][end], "x", true) + 6 * px, y: u.valToPos(line.ys[end], "y", true),
    }];
  });
  spread(labels, 13 * px, bbox.top + 4 * px, bbox.top + bbox.height - 5 * px);
  ctx.save();
  ctx.font = FONT.replace("12px", `${12 * px}px`);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3 * px;
  ctx.strokeStyle = theme.ink("var(--paper)");
  for (const { text, ink, x, y } of labels) {
    ctx.strokeText(text, x, y);
    ctx.fillStyle = theme.ink(ink);
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}

/** Moves labels apart: those that would touch become a block around the middle of where they wanted to be. */
function spread(labels, height, top, bottom) {
  const blocks = [];
  for (const label of labels.sort((a, b) => a.y - b.y)) {
    let block = { labels: [label], middle: label.y };
    const half = (it) => it.labels.length * height / 2;
    const placed = (it) => Math.max(top - height / 2 + half(it), Math.min(bottom + height / 2 - half(it), it.middle));
    block.middle = placed(block);
    while (blocks.length && blocks.at(-1).middle + half(blocks.at(-1)) > block.middle - half(block)) {
      const above = blocks.pop(), all = [...above.labels, ...block.labels];
      block = { labels: all, middle: all.reduce((sum, { y }) => sum + y, 0) / all.length };
      block.middle = placed(block);
    }
    blocks.push(block);
  }
  for (const { labels: together, middle } of blocks) {
    together.forEach((label, i) => { label.placed = middle + (i - (together.length - 1) / 2) * height; });
  }
  for (const label of labels) label.y = label.placed;
}

function lastShown(u, ys) {
  let i = ys.length - 1;
  while (i >= 0 && (ys[i] === null || u.data[0][i] > u.scales.x.max)) i--;
  return i;
}

function fillTooltip(u, tooltip, { place, series, head, text, height }) {
  const i = u.cursor.idx;
  const active = place.matches(":hover") || place.matches(":focus-within");
  tooltip.hidden = !active || i === null || i === undefined || u.cursor.left < 0;
  if (tooltip.hidden) return;
  const lines = series
    .map((line, at) => ({ ...line, y: u.data[at + 1][i], show: u.series[at + 1].show }))
    .filter(({ y, show }) => show && y !== null && y !== undefined)
    .sort((a, b) => b.y - a.y);
  tooltip.replaceChildren(
    el("div.head", {}, head(i)),
    el("table", {}, el("tbody", {}, lines.map(({ label, ink, dash, y }) => el("tr", {},
      el("td", {}, el(`span.key${dash ? ".dashed" : ""}`, { "--key": ink }), label), el("td", {}, text(y)))))));
  const at = u.over.offsetLeft + u.cursor.left, room = place.clientWidth, width = tooltip.offsetWidth;
  tooltip.classList.toggle("low", u.cursor.top < height / 2);
  tooltip.style.left = `${Math.max(0, at + 14 + width < room ? at + 14 : at - 14 - width)}px`;
}

/** Arrow keys move the cursor by a point, with Shift by ten; Home and End go to the ends. */
function readWithKeys(place, plot, tooltip) {
  let at = 0;
  const go = (to) => {
    at = Math.max(0, Math.min(plot.data[0].length - 1, to));
    plot.setCursor({ left: plot.valToPos(plot.data[0][at], "x"), top: 8 });
  };
  place.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: at - by, ArrowRight: at + by, Home: 0, End: Infinity }[event.key];
    if (to !== undefined) { event.preventDefault(); go(to); }
    if (event.key === "Escape") tooltip.hidden = true;
  });
  place.addEventListener("blur", () => plot.setCursor({ left: -10, top: -10 }));
}

// --- the charts of both pages -------------------------------------------------------------------

const positive = (value) => value > 0 ? value : null;
const span = (slices) => slices.length ? [slices[0].t, slices.at(-1).t + slices.at(-1).seconds] : undefined;
const middleOf = ({ t, seconds: length }) => t + length / 2;

function sliceInWords({ t, seconds: length }) {
  const decimals = length < 0.1 ? 2 : length < 1 || t % 1 ? 1 : 0;
  return `${t.toFixed(decimals)} to ${(t + length).toFixed(decimals)} s`;
}
