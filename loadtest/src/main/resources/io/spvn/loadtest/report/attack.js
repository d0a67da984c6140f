"use strict";
// The page of one attack.

const run = data;
const latency = run.latency_ms ?? { count: 0 };
const service = run.service_ms ?? { count: 0 };
const lag = run.generator?.lag_ms ?? { count: 0 };
const intervals = run.intervals ?? [];
const closed = run.load.mode === "closed";

const POINTS = [["min", "min"], ["mean", "mean"], ["p50", "p50"], ["p75", "p75"], ["p90", "p90"], ["p95", "p95"],
  ["p99", "p99"], ["p99_9", "p99.9"], ["p99_99", "p99.99"], ["max", "max"]];

function heading() {
  const long = run.url.length > 120;
  const title = el("h1", { class: long ? "long cut" : "" }, el("span.method", {}, run.method), el("span.url", {}, run.url));
  const more = long && run.url.length > 300 ? el("button.theme", { type: "button", "aria-expanded": "false", onclick: ({ currentTarget }) => {
    currentTarget.setAttribute("aria-expanded", `${!title.classList.toggle("cut")}`);
  } }, "whole URL") : null;
  const lasted = run.stopped ? `stopped after ${seconds(run.elapsed_s)} of ${seconds(run.duration_s)}` : `for ${seconds(run.duration_s)}`;
  const body = run.body_bytes > 0 ? `, body of ${bytes(run.body_bytes)}` : "";
  return [title, more, el("p.lede", {}, el("b", {}, `${capital(loadInWords(run.load))}${body}`), `, ${lasted}. Started ${moment(run.started)}.`)];
}

function figures() {
  const figure = (name, [number, unit], under, bad) => el("div", { class: bad ? "bad" : "" }, el("dt", {}, name),
    el("dd", {}, number, unit ? el("small", {}, unit) : null, el("span.under", {}, under ?? "\u00a0")));
  const asked = run.load.rate ? `of ${rate(run.load.rate)} asked for` : run.load.to ? `${short(run.load.from)} to ${short(run.load.to)} asked for` : "as fast as it goes";
  const measured = latency.count > 0;
  const oneIn = (n) => !measured ? null : latency.count < n ? `of only ${count(latency.count, "response")}` : `1 in ${whole(n)} slower`;
  return el("dl.figures", {},
    figure("Responses a second", [rate(run.rate), "/s"], asked),
    figure("Success (2xx)", [percent(run.requests > 0 ? run.success_ratio : NaN), run.requests > 0 ? "%" : ""], `${whole(run.successes)} of ${whole(run.requests - run.unfinished)}`, run.requests > 0 && run.success_ratio < 1),
    figure("Median, p50", timeParts(latency.p50), measured ? `mean ${time(latency.mean)}` : null),
    figure("p99", timeParts(latency.p99), oneIn(100)),
    figure("p99.9", timeParts(latency.p99_9), oneIn(1000)),
    figure("Max", timeParts(latency.max), measured ? "the slowest" : null),
    figure("Without response", [whole(run.failures), ""], run.failures > 0 ? `${percent(run.failures / run.requests)} % of requests` : "no errors", run.failures > 0),
    figure("Responses", [whole(run.responses), ""], `of ${count(run.requests, "request")}`));
}

/** What a reader has to know before believing the figures. */
function warning() {
  const said = [];
  const say = (what, ...rest) => said.push(el("li", {}, el("b", {}, what), " ", ...rest));
  if (run.failures > 0) {
    say(`${count(run.failures, "request")} (${percent(run.failures / run.requests)} %) had no response and ${run.failures === 1 ? "is" : "are"} not in the percentiles:`,
      `${Object.entries(run.errors).map(([kind, n]) => `${kind} ${whole(n)}`).join(", ")}.`);
  }
  const other = run.responses - run.successes;
  if (other > 0) say(`${count(other, "response")} had a status outside 2xx.`, "They are in the percentiles; the table by class of status tells them apart.");
  if (run.stopped) say("Stopped early.", `It ran ${seconds(run.elapsed_s)} of ${seconds(run.duration_s)}.`);
  if (run.unfinished > 0) say(`${count(run.unfinished, "request")} had no response when the attack ended,`, "and count neither as responses nor as errors.");
  if (lag.p99 > 1) say("The generator itself was late.", `One request in a hundred was sent ${time(lag.p99)} or more after it could have been; the latencies below are in doubt by as much.`);
  for (const { what, more } of run.notes ?? []) say(what, more);
  return said.length ? el("div.warning", { role: "note", "aria-label": "before you read the figures" }, el("ul", {}, said)) : null;
}

function overTime() {
  const line = (key, label, ink, width, dash) => ({ label, ink, width, dash, ys: intervals.map((slice) => positive(slice[key])) });
  return chart({
    title: "Latency over time", xKind: "time", yKind: "time", sync: "time", height: 300,
    note: closed ? "By the time at which requests were sent." : `By the time at which requests were due${run.failures > 0 ? "; red ticks at the foot: errors" : ""}.`,
    x: intervals.map(middleOf), span: span(intervals), marks: intervals.filter(({ errors }) => errors > 0).map(middleOf),
    series: [line("max", "max", "var(--max)", 1, [2, 3]), line("p99", "p99", "var(--p99)", 1.75), line("p90", "p90", "var(--p90)", 1.75), line("p50", "p50", "var(--p50)", 1.75)],
    head: (i) => `${sliceInWords(intervals[i])}, ${count(intervals[i].due, "request")}`,
  });
}

function distribution() {
  const points = run.distribution ?? {};
  const both = onPercentileGrid(closed ? [points.latency ?? []] : [points.latency ?? [], points.service ?? []]);
  const [fromDue, served] = both.ys;
  const series = [{ label: closed ? "latency" : "latency, from when it was due", short: "latency", ink: "var(--accent)", width: 2, ys: fromDue }];
  if (served) series.push({ label: "service time, from when it had its connection", short: "service", ink: "var(--service)", width: 1.75, dash: [5, 3], ys: served });
  return chart({
    title: "Latency distribution", xKind: "percentile", yKind: "time", x: both.x, series, height: 300,
    bands: served && [{ series: [1, 2], fill: () => theme.ink("var(--wait)") }],
    note: howToRead(), head: (i) => percentileHead(both.x[i]),
  });
}

function howToRead() {
  const axis = "Each step to the right is ten times rarer; the line ends at the slowest response.";
  if (closed) return `${axis} In a closed loop a stalled server is sent no requests, so what would have come meanwhile is missing here: see an open loop for that.`;
  if (!(latency.p99 > 0)) return axis;
  const gap = latency.p99 > service.p99 * 1.25
    ? `At p99 a user waits ${time(latency.p99)}, of which ${time(service.p99)} would be seen by a tool that starts its clock when it sends.`
    : "Here the lines agree up to p99: requests hardly had to wait for a connection.";
  return `${axis} The area between the lines is waiting for a free connection, which closed-loop tools do not see. ${gap}`;
}

function ratesOverTime() {
  // The last slice counts twice, so that its step reaches the end.
  const steps = [...intervals, ...intervals.slice(-1)];
  const per = (key) => steps.map((slice) => slice.seconds > 0 ? slice[key] / slice.seconds : null);
  const series = [
    { label: closed ? "sent" : "due", ink: "var(--max)", width: 1.25, ys: per("due"), stepped: true, dash: [4, 3] },
    { label: "responses", ink: "var(--accent)", width: 1.75, ys: per("responses"), stepped: true },
    { label: "errors", ink: "var(--bad)", width: 1.75, ys: per("errors"), stepped: true, fill: "color-mix(in srgb, var(--bad) 25%, transparent)" },
  ];
  return chart({
    title: "Rate and errors over time, per second", xKind: "time", yKind: "count", sync: "time", height: 220,
    x: steps.map(({ t, seconds: length }, i) => i < intervals.length ? t : t + length), span: span(intervals), series, head: (i) => sliceInWords(steps[i]),
  });
}

function percentileTable() {
  const columns = [["latency", latency], ...(closed ? [] : [["service time", service]]), ["generator’s lag", lag]]
    .map(([name, values]) => ({ name, values, ...timeColumn(POINTS.map(([key]) => values[key])) }));
  return el("div", {}, el("h3", {}, "Percentiles"), table("",
    ["", ...columns.map(({ name, unit, values }) => values.count > 0 ? `${name}, ${unit}` : name)],
    [...POINTS.map(([key, name]) => ({ cells: [name, ...columns.map(({ values, text }) => values.count > 0 && values[key] === 0 ? "0" : text(values[key]))] })),
      { cells: ["count", ...columns.map(({ values }) => whole(values.count ?? 0))] }]));
}

function byClass() {
  const classes = Object.entries(run.latency_by_class_ms ?? {});
  if (classes.length < 2) return null;
  const keys = POINTS.filter(([key]) => !["min", "p75", "p95", "p99_99"].includes(key));
  const column = timeColumn(classes.flatMap(([, values]) => keys.map(([key]) => values[key])));
  return el("div", {}, el("h3", {}, "Latency by class of status"), table("",
    [column.unit, ...keys.map(([, name]) => name), "count"],
    classes.map(([name, values]) => ({ cells: [name, ...keys.map(([key]) => column.text(values[key])), whole(values.count)] }))));
}

function counts(title, unit, entries, total, empty) {
  const rows = entries.map(([name, n]) => ({ cells: [name, whole(n), `${percent(n / total)} %`] }));
  return el("div", {}, el("h3", {}, title), rows.length ? table("", [unit, "count", "of requests"], rows) : el("p.note", {}, empty));
}

function transfer() {
  const each = run.responses > 0 ? ` (${bytes(run.bytes_received / run.responses)} a response)` : "";
  return el("div", {}, el("h3", {}, "Bytes and generator"), table("", ["", ""], [
    ["sent", bytes(run.bytes_sent)], ["received", `${bytes(run.bytes_received)}${each}`],
    ["timeout", seconds(run.timeout_s)], ["elapsed", `${digits(run.elapsed_s, 4)} s`],
    ["CPU of the generator", Number.isFinite(run.generator?.cpu_s) ? `${digits(run.generator.cpu_s)} s` : NONE],
  ].map((cells) => ({ cells }))));
}

document.title = `${run.method} ${run.url} · spvn loadtest`;
document.getElementById("report").append(...[
  el("div.top", {}, el("span", {}, "spvn loadtest · attack"), theme.button()),
  ...heading(), figures(), warning(),
  el("section.charts", { "aria-label": "charts" }, overTime(), distribution(), ratesOverTime()),
  el("section.tables", { "aria-label": "tables" }, percentileTable(), el("div.tables.rest", {}, byClass(),
    counts("Statuses", "status", Object.entries(run.statuses ?? {}), run.requests, "No responses."),
    counts("Errors", "kind", Object.entries(run.errors ?? {}), run.requests, "None."), transfer())),
  el("footer", {}, "Latency runs from the time at which a request was due, not from when it was sent. In the charts: drag to zoom into a time, double-click to go back; arrow keys read the values; a name in a legend hides its line."),
].filter(Boolean));
