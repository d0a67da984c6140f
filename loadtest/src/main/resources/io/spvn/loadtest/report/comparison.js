"use strict";
// The page of a comparison of servers.

const OURS = "spvn";
const KNOWN = ["granian", "uvicorn", "hypercorn", "fastpysgi", "daphne", "gunicorn"];
const DASHES = [undefined, undefined, [7, 3], [2, 3], [8, 3, 2, 3], [5, 2]];

const scenarios = data.scenarios ?? [];
const rows = data.rows ?? [];
const servers = orderedServers();
const looks = serverLooks();

// --- servers and their looks --------------------------------------------------------------------

function orderedServers() {
  const named = new Set([...(data.peers ?? []).map(({ name }) => name), ...rows.map(({ peer }) => peer)]);
  return [...named].sort((a, b) => (b === OURS) - (a === OURS));
}

/** One colour and dash for each server, the same in every chart and every report. */
function serverLooks() {
  const strangers = servers.filter((name) => name !== OURS && !KNOWN.includes(name));
  const free = KNOWN.map((_, i) => i).filter((i) => !servers.includes(KNOWN[i]));
  return new Map(servers.map((name) => {
    if (name === OURS) return [name, { ink: "var(--accent)", width: 2.5 }];
    const stranger = strangers.indexOf(name);
    const i = stranger < 0 ? KNOWN.indexOf(name) : free[stranger] ?? (stranger % KNOWN.length);
    return [name, { ink: `var(--server-${i + 1})`, width: 1.5, dash: DASHES[i] }];
  }));
}

const serverName = (name) => el("span.name", { class: name === OURS ? "ours" : "" }, el("span.dot", { "--key": looks.get(name).ink }), name);

// --- rows ---------------------------------------------------------------------------------------

const rowOf = (scenario, peer) => rows.find((row) => row.scenario === scenario.name && row.peer === peer);
const rowsOf = (scenario) => servers.map((peer) => rowOf(scenario, peer)).filter(Boolean);
const measured = (row) => row?.outcome === "measured";
const byLatency = (scenario) => scenario.leads_by === "latency";
const figureKey = (scenario) => byLatency(scenario) ? "p99" : "goodput";
const figureOf = (scenario, row) => row.median?.[figureKey(scenario)] ?? 0;
const spreadOf = (scenario, row) => row.spread?.[figureKey(scenario)] ?? [figureOf(scenario, row), figureOf(scenario, row)];
const figureText = (scenario, value) => byLatency(scenario) ? time(value) : `${rate(value)}/s`;
const anchor = (scenario) => `s-${scenario.name}`;
const hasFlaws = ({ median }) => median.failures > 0 || median.non_2xx > 0;

/** Below this distance from 1 a ratio gives no one the lead: one round has no spread that could. */
const CLOSE = (data.settings?.rounds ?? 1) > 1 ? 0.03 : 0.1;

/** Who leads: that needs more than a little, and a worst round that is better than the other's best. */
function verdict(scenario, row) {
  const ours = rowOf(scenario, OURS);
  if (!measured(row) || !measured(ours) || !(row.ratio > 0)) return "none";
  const [low, high] = spreadOf(scenario, row), [ourLow, ourHigh] = spreadOf(scenario, ours);
  if ((low <= ourHigh && ourLow <= high && (low < high || ourLow < ourHigh)) || Math.abs(Math.log(row.ratio)) < Math.log(1 + CLOSE)) return "close";
  return row.ratio > 1 ? "lead" : "rival";
}

const inBestOrder = (scenario, list) => [...list].sort((a, b) =>
  measured(b) - measured(a) || (figureOf(scenario, b) - figureOf(scenario, a)) * (byLatency(scenario) ? -1 : 1));

// --- head of the page ---------------------------------------------------------------------------

function heading() {
  const rivals = servers.filter((name) => name !== OURS);
  const names = new Intl.ListFormat("en", { type: "conjunction" }).format(rivals);
  const { machine = {}, settings = {} } = data;
  const fact = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];
  return [
    el("h1", {}, servers.includes(OURS) && rivals.length ? `${OURS} beside ${names}` : servers.join(", ")),
    el("p.lede", {}, el("b", {}, `${count(scenarios.length, "scenario")}, ${count(servers.length, "server")}`),
      `, the same apps and the same load for each, on one machine.`),
    data.stopped ? el("div.warning", { role: "note" }, el("b", {}, "Stopped early."), " Scenarios that were not reached are not run.") : null,
    el("dl.facts", {},
      fact("Machine", [machine.cpu_model, machine.cpus && count(machine.cpus, "CPU"), machine.memory_mib && `${digits(machine.memory_mib / 1024)} GiB`].filter(Boolean).join(", ")),
      fact("Software", [machine.kernel, machine.java && `Java ${machine.java}`, machine.python && `Python ${machine.python}`].filter(Boolean).join(", ")),
      fact("Servers", (data.peers ?? []).map(({ name, version }) => version ? `${name} ${version}` : name).join(", ")),
      fact("Rounds", `${settings.quick ? "quick: " : ""}${settings.rounds} of ${seconds(settings.seconds)} for each server and scenario, in alternating order, after ${seconds(settings.warmup_s ?? 0)} of warming up`),
      fact("When", `${moment(data.started)} to ${moment(data.finished)}`)),
  ];
}

function contents() {
  return el("nav", { "aria-label": "contents" }, el("ol", {},
    scenarios.map((scenario) => el("li", {}, el("a", { href: `#${anchor(scenario)}` }, scenario.title))),
    el("li", {}, el("a", { href: "#reading" }, "How to read this")), el("li", {}, el("a", { href: "#commands" }, "Commands"))));
}

// --- summary ------------------------------------------------------------------------------------

function summary() {
  const rivals = servers.filter((name) => name !== OURS);
  const tally = { lead: 0, rival: 0, close: 0, none: 0 };
  for (const scenario of scenarios) for (const rival of rivals) tally[verdict(scenario, rowOf(scenario, rival))]++;
  const key = (fill, text) => el("span", {}, el("span.swatch", { "--fill": fill }), text);
  return el("section", { "aria-labelledby": "summary" },
    el("h2", { id: "summary" }, `Who leads, and by how much`),
    el("p.note", {}, "Each number is spvn’s lead over the server of its column: how many times its good responses a second, or, at a fixed rate, how many times shorter its p99. Above 1 spvn leads, below 1 the other one does; too close to call is what differs by less than ", `${100 * CLOSE} %`, CLOSE < 0.1 ? ", or by less than the rounds did." : ": one round has no spread to judge by."),
    el("p.tally", {},
      key(tint("lead", 4), `spvn leads: ${tally.lead}`), key(tint("rival", 0.25), `the other leads: ${tally.rival}`),
      key("transparent", `too close to call: ${tally.close}`), tally.none ? el("span.soft", {}, `without a ratio: ${tally.none}`) : null,
      rows.some((row) => measured(row) && hasFlaws(row)) ? el("span.soft", {}, "† with errors or statuses outside 2xx") : null),
    el("div.scroll", { tabindex: 0, role: "region", "aria-label": "spvn’s lead by scenario and server" },
      el(`table.matrix${rivals.length > 3 ? ".full" : ""}`, {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ""), servers.map((name) => el("th", { scope: "col" }, serverName(name))))),
        el("tbody", {}, scenarios.map((scenario) => el("tr", {},
          el("th", { scope: "row" }, el("a", { href: `#${anchor(scenario)}` }, scenario.title)),
          servers.map((peer) => cell(scenario, peer))))))),
    notRun());
}

function cell(scenario, peer) {
  const row = rowOf(scenario, peer);
  if (!measured(row)) {
    const why = row?.why ?? "no figures";
    return el("td.not-run", {}, tipOn(el("button", { type: "button", "aria-label": `${peer}, ${scenario.title}: not run, ${why}` }, "not run"), `${peer} was not run: ${why}`));
  }
  const mark = hasFlaws(row) ? "\u2009†" : "";
  const figure = figureText(scenario, figureOf(scenario, row));
  const link = (text, tip) => tipOn(el("a", { href: `#${anchor(scenario)}` }, text), tip);
  if (peer === OURS) return el("td.ours", {}, link(figure + mark, `spvn, ${leadingFigure(scenario)}: ${figure}`));
  const what = verdict(scenario, row);
  const words = { lead: "spvn leads", rival: `${peer} leads`, close: "too close to call", none: "no ratio" }[what];
  const ours = rowOf(scenario, OURS);
  const beside = measured(ours) ? `, beside spvn’s ${figureText(scenario, figureOf(scenario, ours))}` : "";
  return el("td", { class: what, "--fill": tint(what, row.ratio) },
    link((row.ratio > 0 ? times(row.ratio) : NONE) + mark, `${words}. ${peer}, ${leadingFigure(scenario)}: ${figure}${beside}`));
}

const leadingFigure = (scenario) => byLatency(scenario) ? "p99" : "goodput";

/** The same depth for twice as good as for half as good. */
function tint(what, ratio) {
  if (what !== "lead" && what !== "rival") return "transparent";
  const depth = 12 + 38 * Math.min(1, Math.abs(Math.log2(ratio)) / 3);
  return `color-mix(in srgb, var(--${what === "lead" ? "accent" : "rival"}) ${depth.toFixed(0)}%, transparent)`;
}

function notRun() {
  const missing = rows.filter((row) => !measured(row));
  if (missing.length === 0) return null;
  const reasons = Map.groupBy(missing, ({ peer, why }) => `${peer}\u0000${why ?? "no reason given"}`);
  const titles = new Map(scenarios.map(({ name, title }) => [name, title]));
  return el("details", { open: missing.length <= 12 }, el("summary", {}, `Not run: ${missing.length}`), el("ul", {}, [...reasons].map(([key, list]) => {
    const [peer, why] = key.split("\u0000");
    return el("li", {}, `${peer}: ${why} `, el("span.soft", {}, `(${list.map(({ scenario }) => titles.get(scenario) ?? scenario).join("; ")})`));
  })));
}

// --- one scenario -------------------------------------------------------------------------------

function section(scenario) {
  const all = inBestOrder(scenario, rowsOf(scenario)), good = all.filter(measured);
  const workers = scenario.workers === undefined ? null : count(scenario.workers, "worker");
  return el("section.scenario", { id: anchor(scenario), "aria-label": scenario.title },
    el("h2", {}, scenario.title),
    el("p.about", {}, scenario.about ?? ""),
    el("p.meta", {}, [scenario.load && capital(loadInWords(scenario.load)), workers, scenario.app].filter(Boolean).join(" · ")),
    bars(scenario, all), figures(scenario, all), notes(all),
    good.length ? el("div.charts", { class: scenario.load?.mode === "open" && good.some(({ intervals }) => intervals?.length) ? "two" : "" },
      distributions(good), overTime(scenario, good)) : null);
}

/** Bars from zero; where one is thirty times another, points on a log scale. */
function bars(scenario, list) {
  const good = list.filter(measured);
  if (good.length === 0) return el("div.bars", {}, list.map((row) => bar(scenario, row)));
  const ends = good.flatMap((row) => [...spreadOf(scenario, row), figureOf(scenario, row)]).filter((value) => value > 0);
  const most = Math.max(...ends), least = Math.min(...ends);
  const log = most / least > 30;
  const low = log ? roundDown(least * 0.8) : 0, high = log ? roundUp(most) : most;
  const at = (value) => 100 * (log ? Math.log(Math.max(low, value) / low) / Math.log(high / low) : value / high);
  const splits = log ? logSplits(low, high) : [];
  const every = Math.ceil(splits.length / 6);
  const ticks = splits.filter((_, i) => i % every === 0);
  const what = byLatency(scenario) ? "p99 latency, shorter is better" : "Good responses (2xx) a second, more is better";
  return el("div.bars", {},
    el("p.caption", {}, `${what}. Median of the rounds; the whisker spans the least and the greatest${log ? "; log scale" : ""}. In grey: spvn’s lead.`),
    list.map((row) => bar(scenario, row, { at, log, ticks })),
    log ? [el("span"), el("div.track.ticks", {}, ticks.map((tick) => el("span", { style: `left:${at(tick)}%` }, byLatency(scenario) ? timeTick(tick) : short(tick))))] : null);
}

function bar(scenario, row, axis) {
  const track = el("div.track");
  if (!measured(row)) {
    track.append(el("span.why", {}, `not run: ${row.why ?? "no reason given"}`));
    return [serverName(row.peer), track];
  }
  const { at, log, ticks } = axis;
  const value = figureOf(scenario, row), [low, high] = spreadOf(scenario, row);
  const { ink } = looks.get(row.peer);
  track.append(...ticks.map((tick) => el("span.rule", { style: `left:${at(tick)}%` })));
  if (value > 0) {
    if (high > low) track.append(el("span.whisker", { style: `left:${at(low)}%;width:${at(high) - at(low)}%` }));
    track[log ? "append" : "prepend"](log ? el("span.point", { style: `left:${at(value)}%;--key:${ink}` })
      : el("span.fill", { class: row.peer === OURS ? "ours" : "", style: `width:${at(value)}%;--key:${ink}` }));
  }
  const right = Math.max(at(Math.max(value, high, 0)), 0) + (log ? 0.4 : 0);
  track.append(el("span.value", { style: `left:${right}%` }, value > 0 ? figureText(scenario, value) : "nothing measured",
    row.ratio > 0 && row.peer !== OURS ? el("span.soft", {}, `\u2002${times(row.ratio)}`) : null));
  return [serverName(row.peer), track];
}

function figures(scenario, list) {
  const good = list.filter(measured);
  if (good.length === 0) return null;
  const latencies = ["p50", "p99", "p99_9", "max"];
  const columns = Object.fromEntries(latencies.map((key) => [key, timeColumn(good.map(({ median }) => median[key]))]));
  const range = (row, key, text) => row.spread?.[key]?.map((value) => text(value)).join("–") ?? "";
  const bad = (n) => [whole(n ?? 0), n > 0 ? "bad" : ""];
  const named = (key) => `${key.replace("_", ".")}, ${columns[key].unit}`;
  const head = ["", "goodput, /s", "min–max", "spvn’s lead", named("p50"), named("p99"), "min–max", named("p99_9"), named("max"),
    "CPU, µs/request", "RSS, MiB", "no response", "non-2xx"];
  return table(".wide", head, good.map((row) => {
    const { median } = row, cellOf = (key) => columns[key].text(median[key]);
    return { ours: row.peer === OURS, cells: [serverName(row.peer),
      rate(median.goodput), [range(row, "goodput", median.goodput >= 20 ? whole : digits), "range"], row.peer === OURS ? NONE : row.ratio > 0 ? times(row.ratio) : NONE,
      cellOf("p50"), cellOf("p99"), [range(row, "p99", columns.p99.text), "range"], cellOf("p99_9"), cellOf("max"),
      median.cpu_us > 0 ? digits(median.cpu_us) : NONE, median.rss_mib > 0 ? whole(median.rss_mib) : NONE, bad(median.failures), bad(median.non_2xx)] };
  }));
}

/** What happened to single servers, in words. */
function notes(list) {
  const said = list.filter(measured).flatMap((row) => {
    const kinds = Object.entries(row.failures_by_kind ?? {}).map(([kind, n]) => `${kind} ${whole(n)}`);
    const failed = kinds.length ? [`requests without a response, over all rounds, are not in the percentiles: ${kinds.join(", ")}`] : [];
    return [...failed, ...(row.notes ?? [])].map((text) => el("li", {}, el("b", {}, row.peer), `: ${text}`));
  });
  return said.length ? el("div.warning", { role: "note" }, el("ul", {}, said)) : null;
}

const line = (row, ys) => ({ ...looks.get(row.peer), label: row.peer, ys });

function distributions(good) {
  // Ours is drawn last, on top of the others.
  const list = [...good].reverse().sort((a, b) => (a.peer === OURS) - (b.peer === OURS));
  const { x, ys } = onPercentileGrid(list.map(({ distribution }) => distribution ?? []));
  return chart({
    title: "Latency distribution", xKind: "percentile", yKind: "time", x, lastFirst: true,
    series: list.map((row, i) => line(row, ys[i].map(positive))), head: (i) => percentileHead(x[i]),
    note: "2xx responses of the median round; each step to the right is ten times rarer.",
  });
}

/** The slices of all servers begin at the same times; a server that ended sooner has fewer. */
function overTime(scenario, good) {
  if (scenario.load?.mode !== "open" || !good.some(({ intervals }) => intervals?.length)) return null;
  const list = [...good].reverse().sort((a, b) => (a.peer === OURS) - (b.peer === OURS));
  const slices = list.map(({ intervals = [] }) => new Map(intervals.map((slice) => [+middleOf(slice).toFixed(3), slice])));
  const x = [...new Set(slices.flatMap((map) => [...map.keys()]))].sort((a, b) => a - b);
  return chart({
    title: "p99 latency over time", xKind: "time", yKind: "time", x, lastFirst: true,
    series: list.map((row, i) => line(row, x.map((at) => positive(slices[i].get(at)?.p99)))),
    span: span(list.reduce((longest, { intervals = [] }) => intervals.length > longest.length ? intervals : longest, [])),
    head: (i) => `at ${x[i].toFixed(2)} s`, note: "By the time at which requests were due, in the median round.",
  });
}

// --- end of the page ----------------------------------------------------------------------------

function reading() {
  const { settings = {} } = data;
  return el("section.prose", { id: "reading" }, el("h2", {}, "How to read this"),
    el("p", {}, `Every figure is the median of ${count(settings.rounds ?? 1, "round")}; a range beside it or a whisker on it spans the worst and the best round. ${(settings.rounds ?? 1) < 3 ? "With so few rounds the spread says little or nothing, and small differences mean nothing." : "Where the ranges of two servers overlap, the difference between them is not shown to be real, and the table above gives no one the lead."}`),
    el("p", {}, "The generator, the servers and everything else shared one machine. A server that uses less CPU also leaves more to the generator, and a neighbour on the same hardware may have disturbed any round: ratios between servers that ran alternately are more trustworthy than absolute figures, and neither carries over to other hardware."),
    el("p", {}, "At a fixed rate latency runs from the time at which a request was due, so a server that stalls pays for all requests that came meanwhile. In a closed loop a slow server is sent fewer requests; compare rates there, and latencies only at fixed rates. Requests without a response are never in the percentiles: a server that drops the hard requests looks fast, so look at that column first."),
    el("p", {}, "CPU and memory are of all processes of a server together; MiB of processes that share pages count these more than once."));
}

function commands() {
  const list = (data.peers ?? []).filter(({ commands: by }) => by && Object.keys(by).length);
  if (list.length === 0) return null;
  return el("section", { id: "commands" }, el("h2", {}, "Commands"), el("p.note", {}, "How each server was started, in the folder of the apps."),
    el("div.commands", {}, list.map(({ name, version, commands: by }) => el("div", {},
      el("h3", {}, serverName(name), " ", el("span.soft", {}, version ?? "")),
      Object.entries(by).map(([workers, command]) => el("div.row", {}, el("span.soft", {}, count(+workers, "worker")), el("pre", {}, command)))))));
}

document.title = `${servers.join(", ")} · spvn loadtest`;
document.getElementById("report").append(...[
  el("div.top", {}, el("span", {}, "spvn loadtest · comparison"), theme.button()),
  ...heading(), summary(),
  el("section.contents", {}, el("h2", {}, "Scenarios"), contents()),
  ...scenarios.map(section), reading(), commands(),
  el("footer", {}, "In the charts: drag to zoom into a time, double-click to go back; arrow keys read the values; a name in a legend hides its line."),
].filter(Boolean));
if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
