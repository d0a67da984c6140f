"use strict";
(() => {
  const EVERY = 2000, PATIENCE = 1500, STEPS = 180;
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const have = (value) => value !== null && value !== undefined && Number.isFinite(value);

  // ---- numbers for people; one that is not there is a dash

  const plain = (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = plain(0), tenths = plain(1), hundredths = plain(2);
  const count = (n) => (have(n) ? whole.format(n) : "–");
  const rate = (n) => (have(n) ? (n < 100 ? tenths : whole).format(n) : "–");
  const span = (s) => {
    if (!have(s)) return "–";
    if (s < 60) return `${Math.floor(s)} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
    return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
  };
  const time = (s) => {
    if (!have(s)) return "–";
    if (s === 0) return "0 ms";
    if (s < 0.01) return `${hundredths.format(s * 1000)} ms`;
    if (s < 1) return `${whole.format(s * 1000)} ms`;
    return s < 60 ? `${tenths.format(s)} s` : span(s);
  };
  const bytes = (n) => (have(n) ? `${whole.format(n / 1048576)} MiB` : "–");

  // ---- elements; text is only ever set as text

  const make = (name, properties = {}, ...children) => {
    const made = document.createElement(name);
    Object.assign(made, properties);
    made.append(...children);
    return made;
  };
  const draw = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const fill = (table, columns, rows) => {
    table.replaceChildren();
    if (!rows.length) return;
    const cell = (kind, column, value) => {
      const made = make(kind, { textContent: value, className: column.kind || "" });
      if (kind === "td") made.dataset.label = column.name;
      else made.scope = "col";
      return made;
    };
    const head = make("tr", {}, ...columns.map((column) => cell("th", column, column.name)));
    const body = rows.map((row) =>
      make("tr", { className: row.bad ? "bad" : "" }, ...columns.map((column, at) => cell("td", column, row.cells[at]))));
    table.append(make("thead", {}, head), make("tbody", {}, ...body));
  };

  // ---- charts

  const nice = (most) => {
    if (!(most > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(most));
    return [1, 2, 4, 6, 8, 10].find((step) => step * power >= most) * power;
  };

  class Chart {
    constructor(title, format, least) {
      this.format = format;
      this.least = least;
      this.keys = make("span");
      this.caption = make("figcaption", {}, make("h3", { textContent: title }));
      this.svg = draw("svg", { role: "img", "aria-label": title });
      this.read = make("p", { className: "read" });
      this.figure = make("figure", { className: "chart" }, this.caption, this.svg, this.read);
      this.title = title;
      this.at = null;
      this.svg.addEventListener("pointermove", (event) => this.point(event));
      this.svg.addEventListener("pointerleave", () => { this.at = null; this.redraw(); });
    }

    show(lines, step) {
      this.lines = lines.filter((line) => line.values);
      this.step = step;
      this.redraw();
    }

    point(event) {
      const box = this.svg.getBoundingClientRect();
      const share = (event.clientX - box.left - this.left) / (box.width - this.left);
      this.at = Math.min(STEPS - 1, Math.max(0, Math.round(share * (STEPS - 1))));
      this.redraw();
    }

    redraw() {
      if (!this.lines) return;
      const width = this.svg.clientWidth || 500, height = this.svg.clientHeight || 144;
      const bottom = height - 18, top = 8;
      const most = nice(Math.max(this.least, ...this.lines.flatMap((line) => line.values.filter(have))));
      const labels = [0, 0.5, 1].map((share) => this.format(share * most).replace(/\.0+$/, ""));
      this.left = 10 + 6.2 * Math.max(...labels.map((label) => label.length));
      const x = (at) => this.left + (at / (STEPS - 1)) * (width - this.left - 2);
      const y = (value) => bottom - (value / most) * (bottom - top);
      this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      const parts = [];
      [0, 0.5, 1].forEach((share, at) => {
        const level = y(share * most);
        parts.push(draw("line", { class: share ? "grid" : "axis", x1: this.left, x2: width, y1: level, y2: level }));
        parts.push(draw("text", { x: this.left - 6, y: level + 4, "text-anchor": "end" }, labels[at]));
      });
      const minutes = ((STEPS - 1) * this.step) / 60;
      for (const [ago, anchor] of [[15, "start"], [10, "middle"], [5, "middle"], [0, "end"]]) {
        const place = x(Math.max(0, (STEPS - 1) * (1 - ago / minutes)));
        parts.push(draw("text", { x: place, y: height - 4, "text-anchor": anchor }, ago ? `−${ago} min` : "now"));
      }
      for (const line of this.lines) {
        parts.push(draw("path", { class: `plot s${line.colour}`, d: this.path(line.values, x, y) }));
      }
      if (this.at !== null) parts.push(draw("line", { class: "cursor", x1: x(this.at), x2: x(this.at), y1: top, y2: bottom }));
      this.svg.replaceChildren(...parts);
      this.explain();
    }

    path(values, x, y) {
      const first = STEPS - values.length;
      let d = "", pen = false;
      values.forEach((value, at) => {
        if (!have(value)) { pen = false; return; }
        const alone = !pen && !have(values[at + 1]);
        d += `${pen ? "L" : "M"}${x(first + at).toFixed(1)} ${y(value).toFixed(1)}${alone ? "h0.1" : ""}`;
        pen = true;
      });
      return d;
    }

    explain() {
      const last = (values, back) => values[values.length - 1 - back];
      const back = this.at === null ? 0 : STEPS - 1 - this.at;
      const words = this.lines.map((line) => `${line.name} ${this.format(last(line.values, back))}`).join(" · ");
      const when = this.at === null ? "" : `${span(back * this.step)} ago: `;
      this.read.textContent = this.lines.some((line) => line.values.length) ? when + words : "Nothing yet: a point comes every 5 s.";
      this.svg.setAttribute("aria-label", `${this.title}, the last 15 minutes; now ${words}`);
      const keys = this.lines.length > 1 ? this.lines.map((line) => make("span", { className: `key s${line.colour}`, textContent: line.name })) : [];
      this.caption.replaceChildren(this.caption.firstChild, ...keys);
    }
  }

  const charts = {
    rate: new Chart("Requests a second", rate, 1),
    latency: new Chart("Response time", time, 0.001),
    queue: new Chart("Requests in flight", count, 2),
    refused: new Chart("Refused and failed, in 5 s", count, 2),
  };
  byId("charts").append(...Object.values(charts).map((chart) => chart.figure));

  const refusals = (series) => {
    const total = ([, values]) => values.reduce((sum, value) => sum + value, 0);
    const all = Object.entries(series.refusals).sort((one, other) => total(other) - total(one));
    const named = all.slice(0, 3).map(([name, values], at) => ({ name, values, colour: at + 1 }));
    const rest = all.slice(3).map(([, values]) => values);
    if (rest.length) {
      const values = rest[0].map((_, at) => rest.reduce((sum, each) => sum + each[at], 0));
      named.push({ name: "others", values, colour: 6 });
    }
    return [...named, { name: "5xx", values: series.server_errors, colour: 5 }];
  };

  const showCharts = (series) => {
    const step = series.step_seconds;
    charts.rate.show([{ name: "requests/s", values: series.requests_per_second, colour: 1 }], step);
    charts.latency.show([
      { name: "p99", values: series.p99_seconds, colour: 3 },
      { name: "p90", values: series.p90_seconds, colour: 2 },
      { name: "p50", values: series.p50_seconds, colour: 1 },
    ], step);
    charts.queue.show([
      { name: "in flight", values: series.in_flight, colour: 1 },
      { name: "of these waiting", values: series.queue_depth, colour: 2 },
    ], step);
    charts.refused.show(refusals(series), step);
  };

  // ---- the page

  const request = (each) => `${each.method} ${each.path}`;

  const showHead = (status) => {
    document.title = `${status.state}: ${status.app} – spvn status`;
    byId("app").textContent = status.app;
    const state = byId("state");
    const blocked = status.workers.some((worker) => worker.blocked);
    state.textContent = status.ready && !blocked ? status.state : `${status.state}, ${status.ready ? "a worker is blocked" : "not ready: " + status.ready_reason}`;
    state.className = `badge ${status.ready && !blocked ? "good" : "bad"}`;
    byId("lede").textContent = `${status.addresses.join(", ")} · up ${span(status.uptime_seconds)} · pid ${status.pid}`;
    byId("versions").textContent =
      `spvn ${status.spvn_version}, Python ${status.python_version}, Java ${status.java_version}, started ${status.started_at}`;
  };

  const showHangs = (workers) => {
    const hangs = workers.filter((worker) => worker.blocked).map((worker) => {
      const by = worker.blocked_by ? ` by ${request(worker.blocked_by)}` : "";
      const words = `Worker ${worker.worker} has been blocked for ${time(worker.blocked_seconds)}${by}`;
      return make("div", { className: "hang" }, make("h3", { textContent: words }),
        make("pre", { textContent: worker.stack || "Its Python stack is not known.", tabIndex: 0 }));
    });
    byId("hangs").replaceChildren(...hangs);
  };

  const showFigures = (status) => {
    const { requests, latency, queue, memory } = status;
    const refused = Object.values(status.refusals_total).reduce((sum, value) => sum + value, 0);
    const figures = [
      ["Requests/s", rate(requests.per_second), `${count(requests.total)} in all`],
      ["p50", time(latency.p50_seconds), `last ${latency.window_seconds} s`],
      ["p90", time(latency.p90_seconds), `${count(latency.count)} responses`],
      ["p99", time(latency.p99_seconds), ""],
      ["In flight", count(requests.in_flight), `${count(status.connections_open)} connections${status.streams_open ? `, ${count(status.streams_open)} streams` : ""}${status.websockets_open ? `, ${count(status.websockets_open)} WebSockets` : ""}`],
      ["Queue", count(queue.depth), `room for ${count(queue.bound)}`, queue.depth >= queue.bound],
      ["5xx", count(requests.server_errors_total), `${count(refused)} refused`, requests.server_errors_total > 0],
      ["Memory", bytes(memory.resident_bytes), `heap ${count(memory.heap_used_bytes / 1048576)} of ${bytes(memory.heap_max_bytes)}`],
    ];
    byId("figures").replaceChildren(...figures.map(([name, value, under, bad]) =>
      make("div", { className: bad ? "bad" : "" }, make("dt", { textContent: name }),
        make("dd", {}, value, make("span", { className: "under", textContent: under })))));
  };

  const WORKERS = ["Worker", "Kind", "Process", "State", "In flight", "Taken", "Loop busy", "Loop lag", "Restarts", "Memory"]
    .map((name, at) => ({ name, kind: at > 3 ? "n" : "" }));
  const showWorkers = (workers) => fill(byId("workers"), WORKERS, workers.map((worker) => ({
    bad: worker.blocked,
    cells: [worker.worker, worker.kind, worker.pid, worker.blocked ? "blocked" : worker.state, count(worker.in_flight),
      count(worker.requests_taken), have(worker.busy_ratio) ? `${whole.format(worker.busy_ratio * 100)} %` : "–",
      time(worker.loop_lag_seconds), count(worker.restarts), bytes(worker.resident_bytes)],
  })));

  const OLDEST = [{ name: "Age" }, { name: "Worker" }, { name: "Request", kind: "code" }];
  const showOldest = (oldest) => {
    byId("no-oldest").hidden = oldest.length > 0;
    fill(byId("oldest"), OLDEST, oldest.map((each) => ({
      bad: each.blocks_worker,
      cells: [time(each.age_seconds),
        each.worker === null ? "waits for one" : each.blocks_worker ? `${each.worker}, blocks it` : each.worker_blocked ? `${each.worker}, blocked` : each.worker,
        request(each)],
    })));
  };

  const showLists = (status) => {
    const some = (counts, words) => Object.entries(counts).filter(([, value]) => value > 0)
      .map(([name, value]) => ({ cells: [words, name, count(value)] }));
    const refused = [...some(status.refusals_total, "refused"), ...some(status.restarts_total, "restarted")];
    fill(byId("refused"), [{ name: "What" }, { name: "Reason" }, { name: "How often", kind: "n" }], refused);
    byId("no-refused").hidden = refused.length > 0;
    fill(byId("settings"), [{ name: "Option" }, { name: "Value", kind: "code" }],
      status.settings.map((each) => ({ cells: [each.option, each.value] })));
    byId("no-settings").hidden = status.settings.length > 0;
  };

  const show = (status) => {
    showHead(status);
    showHangs(status.workers);
    showFigures(status);
    showCharts(status.series);
    showWorkers(status.workers);
    showOldest(status.oldest_requests);
    showLists(status);
  };

  let shownAt = Date.now();
  const stale = (words) => {
    byId("stale").textContent = words;
    byId("stale").hidden = !words;
  };

  const refresh = async () => {
    try {
      const response = await fetch("/status", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      show(await response.json());
      shownAt = Date.now();
      stale("");
    } catch (failure) {
      stale(`The server does not answer (${failure.message}). What is shown is ${span((Date.now() - shownAt) / 1000)} old.`);
    }
    setTimeout(refresh, EVERY);
  };

  byId("page").hidden = false;
  show(JSON.parse(byId("data").textContent));
  window.addEventListener("resize", () => Object.values(charts).forEach((chart) => chart.redraw()));
  setTimeout(refresh, EVERY);
})();
