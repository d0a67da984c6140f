"use strict";
// Shared by both pages: units, elements, the theme. Text only ever enters the page as text nodes.

const data = JSON.parse(document.getElementById("data").textContent);

// --- numbers in words ---------------------------------------------------------------------------

const NONE = "–";
const TIME_UNITS = [["µs", 1e-3], ["ms", 1], ["s", 1e3], ["min", 6e4]];

/** So many significant digits, thousands separated; never an exponent. */
function digits(value, significant = 3) {
  if (!Number.isFinite(value)) return NONE;
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const decimals = Math.min(6, Math.max(0, significant - 1 - magnitude));
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

const whole = (value) => Number.isFinite(value) ? Math.round(value).toLocaleString("en") : NONE;
const count = (n, one, many = `${one}s`) => `${whole(n)} ${n === 1 ? one : many}`;
const rate = (value) => value >= 100 || Number.isInteger(value) ? whole(value) : digits(value);

/** [number, unit] of a time in ms. */
function timeParts(ms, significant = 3) {
  if (!(ms > 0)) return [NONE, ""];
  const [unit, size] = TIME_UNITS.findLast(([, size]) => ms >= size * 0.9995) ?? TIME_UNITS[0];
  return [digits(ms / size, significant), unit];
}

const time = (ms) => timeParts(ms).join("\u00a0").trim();

/** For ticks of axes: 200 µs, 1 ms, 5 s. */
function timeTick(ms) {
  const [unit, size] = TIME_UNITS.slice(0, 3).findLast(([, size]) => ms >= size * 0.9995) ?? TIME_UNITS[0];
  return `${+(ms / size).toPrecision(3)} ${unit}`;
}

/** One unit for a whole column of times, so that it can be read downwards. */
function timeColumn(values) {
  const logs = values.filter((ms) => ms > 0).map(Math.log10);
  const middle = logs.length ? (Math.min(...logs) + Math.max(...logs)) / 2 : 0;
  const [unit, size] = middle < -1.3 ? TIME_UNITS[0] : middle < 3.3 ? TIME_UNITS[1] : TIME_UNITS[2];
  return { unit, text: (ms) => !(ms > 0) ? NONE : digits(ms / size, ms / size < 0.1 ? 2 : 3) };
}

function short(value) {
  if (value >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (value >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  return +value.toPrecision(3) >= 1e3 ? whole(value) : `${+value.toPrecision(3)}`;
}

function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const i = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, n)) / 10)));
  return `${i === 0 ? whole(n) : digits(n / 1024 ** i)}\u00a0${units[i]}`;
}

/** A share of 1; rounded down, so that 100 % means all. */
function percent(share) {
  if (!Number.isFinite(share)) return NONE;
  if (share > 0 && share < 1e-4) return "<\u20090.01";
  return share > 0.99 ? `${Math.floor(share * 1e5 + 1e-7) / 1e3}` : digits(share * 100);
}

const times = (ratio) => `${digits(ratio, ratio < 1 ? 2 : ratio < 100 ? 3 : 2)}×`;

function seconds(s) {
  if (s < 120) return `${+s.toPrecision(3)} s`;
  const minutes = Math.floor(s / 60), rest = Math.round(s % 60);
  return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const moment = (iso) => iso ? iso.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC") : NONE;

function loadInWords(load) {
  const connections = count(load.connections, "connection");
  if (load.mode === "closed") return `closed loop, ${connections}`;
  if (load.rate !== undefined) return `${rate(load.rate)} requests/s, constant, over at most ${connections}`;
  if (load.factor !== undefined) return `${load.factor} times what the server can do, over at most ${connections}`;
  return `${load.to < load.from ? "falling" : "rising"} from ${rate(load.from)} to ${rate(load.to)} requests/s, over at most ${connections}`;
}

// --- elements -----------------------------------------------------------------------------------

/** An element; strings among the children become text. Attribute names starting with -- are CSS properties. */
function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("--")) made.style.setProperty(key, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className += ` ${value}`;
    else if (value !== false && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** A table: head is a row of cells, rows are lists of cells; a cell is text, a node or [text, class]. */
function table(kind, head, rows) {
  const cell = (tag, content) => Array.isArray(content)
    ? el(tag, { class: content[1] ?? "" }, content[0]) : el(tag, {}, content);
  return el("div.scroll", {}, el(`table.data${kind}`, {},
    el("thead", {}, el("tr", {}, head.map((content) => { const th = cell("th", content); th.scope = "col"; return th; }))),
    el("tbody", {}, rows.map(({ cells, ours }) => {
      const [first, ...rest] = cells;
      const th = cell("th", first);
      th.scope = "row";
      return el("tr", { class: ours ? "ours" : "" }, th, rest.map((content) => cell("td", content)));
    }))));
}

/** A tip beside `anchor` on hover, focus and tap. */
function tipOn(anchor, text) {
  const tip = document.getElementById("tip");
  const show = () => {
    tip.textContent = text;
    tip.hidden = false;
    const box = anchor.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    const above = box.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(8, left) + scrollX}px`;
    tip.style.top = `${(above > 4 ? above : box.bottom + 6) + scrollY}px`;
  };
  const hide = () => { tip.hidden = true; };
  anchor.addEventListener("mouseenter", show);
  anchor.addEventListener("focus", show);
  anchor.addEventListener("click", show);
  anchor.addEventListener("mouseleave", hide);
  anchor.addEventListener("blur", hide);
  anchor.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  return anchor;
}

// --- theme --------------------------------------------------------------------------------------

const theme = {
  listeners: [],
  inks: new Map(),
  /** The value, for canvases, that a CSS colour has now. */
  ink(colour) {
    if (!this.inks.has(colour)) {
      const probe = el("i");
      probe.style.color = colour;
      document.body.append(probe);
      this.inks.set(colour, getComputedStyle(probe).color);
      probe.remove();
    }
    return this.inks.get(colour);
  },
  dark() {
    return (document.documentElement.dataset.theme
      ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  },
  set(name) {
    if (name) document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
    this.changed();
  },
  changed() {
    this.inks.clear();
    this.listeners.forEach((listener) => listener());
  },
  button() {
    const button = el("button.theme", { type: "button", onclick: () => {
      this.set(this.dark() ? "light" : "dark");
      try { localStorage.setItem("spvn-theme", document.documentElement.dataset.theme); } catch { /* no storage here */ }
    } });
    const label = () => { button.textContent = this.dark() ? "Light" : "Dark"; };
    button.setAttribute("aria-label", "switch between light and dark");
    this.listeners.push(label);
    label();
    return button;
  },
  start() {
    let kept = null;
    try { kept = localStorage.getItem("spvn-theme"); } catch { /* no storage here */ }
    const asked = location.hash.match(/^#theme=(light|dark)$/)?.[1] ?? kept;
    if (asked === "light" || asked === "dark") document.documentElement.dataset.theme = asked;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.changed());
    let before;
    addEventListener("beforeprint", () => { before = document.documentElement.dataset.theme; this.set("light"); });
    addEventListener("afterprint", () => this.set(before));
  },
};
theme.start();
