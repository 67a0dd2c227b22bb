"use strict";

const KEEP = 600;                        // seconds shown
const QUIET = 5;                         // seconds without a decision until the page says so
const COLORS = ["#2f7ed8", "#e4803c", "#2aa26b", "#9467d8", "#c94f6d", "#8a9a2e", "#27a5b8", "#a6763d", "#7d8794", "#d4a72c"];

const points = new Map();                // second -> point
let state = null;
let lastMessage = 0;

const $ = id => document.getElementById(id);
const fixed = (value, digits, unit = "") => value == null ? "–" : value.toFixed(digits) + unit;
const clock = seconds => new Date(1000 * seconds).toLocaleTimeString([], { hourCycle: "h23" });
const short = value => value == null ? "" : value >= 1000 ? +(value / 1000).toPrecision(4) + "k" : String(+value.toPrecision(4));
const percent = (value, digits = 1) => value == null ? "–" : (100 * value).toFixed(digits) + " %";

/* ---- figures ---- */

const FIGURES = [
  ["served", "decided / s", p => fixed(p.decided, 0)],
  ["offered", "offered / s", p => fixed(p.offered, 0)],
  ["cost", "mean cost", p => fixed(p.cost, 3)],
  ["budget", "budget", p => fixed(p.budget, 3)],
  ["accuracy", "accuracy, last 10 s", (p, recent) => percent(accuracy(recent))],
  ["wait", "decided within, p99", p => p.p99 == null ? "–" : p.p99 < 10000 ? p.p99 + " ms" : fixed(p.p99 / 1000, 1, " s")],
  ["busy", "busiest thread, busy", (p, recent) => percent(recent.map(q => q.utilization).filter(u => u != null).pop(), 0)],
  ["forced", "forced exits", p => percent(p.forced)],
  ["agreement", "audit agreement, weakest exit", () => agreement()],
  ["dead", "dead letters", () => String(state.deadLetters)],
];

function accuracy(list) {
  const sum = key => list.reduce((total, p) => total + p[key], 0);
  return sum("labelled") ? sum("right") / sum("labelled") : null;
}

function agreement() {
  const known = (state.agreement || []).filter(v => v != null);
  return known.length ? (100 * Math.min(...known)).toFixed(0) + " %" : "–";
}

function makeFigures() {
  for (const [id, label] of FIGURES) {
    const box = document.createElement("div");
    box.className = "figure";
    box.innerHTML = `<b id="figure-${id}">–</b><span>${label}</span>`;
    $("figures").append(box);
  }
}

/* ---- charts ---- */

const line = (label, color, of, more = {}) => ({ label, of, series: { label, stroke: color, width: 1.6, points: { show: false }, ...more } });
const exits = () => Math.max(0, ...[...points.values()].map(p => Math.max(p.exits.length, p.thresholds.length)));
const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

const CHARTS = [
  ["rate", "Frames per second", () => [
    line("offered", COLORS[8], p => p.offered),
    line("decided", COLORS[0], p => p.decided),
    line("needed", COLORS[1], p => p.needed, { dash: [5, 4], spanGaps: true })], { min: 0 }],
  ["wait", "Decided within, ms (logarithmic)", () => [
    line("median", COLORS[0], p => p.p50 == null ? null : Math.max(1, p.p50)),
    line("p99", COLORS[4], p => p.p99 == null ? null : Math.max(1, p.p99)),
    line("backlog age", COLORS[1], p => p.backlogMs || null, { points: { show: true, size: 6 } })], { log: true }],
  ["cost", "Cost of a frame, share of the full network", () => [
    line("mean cost", COLORS[0], p => p.cost),
    line("budget", COLORS[1], p => p.budget, { dash: [5, 4] })], { min: 0, max: 1 }],
  ["accuracy", "Accuracy of the last 5 s where labels are known, %", () => [
    line("accuracy", COLORS[2], (p, i) => i > 3 && p.labelled ? 100 * accuracy(shown.slice(i - 4, i + 1).filter(q => q.t > p.t - 5)) : null)], {}],
  ["thresholds", "Thresholds", () => range(1, exits() - 1).map(k =>
    line("exit " + k, COLORS[(k - 1) % 10], p => p.thresholds[k - 1] == null ? null : Math.min(1, p.thresholds[k - 1]))), { min: 0, max: 1 }],
  ["exits", "Where frames leave, % (stacked)", () => range(1, exits()).reverse().map(k =>
    line("exit " + k, COLORS[(k - 1) % 10],
      p => p.exits.length ? 100 * p.exits.slice(0, k).reduce((a, b) => a + b, 0) : null,
      { fill: COLORS[(k - 1) % 10] + "cc", width: 0.5,
        legend: p => p.exits.length ? (100 * (p.exits[k - 1] || 0)).toFixed(0) : "–" })), { min: 0, max: 100 }],
];

/* Where nobody points, the legend tells the newest second that is whole. */
const pointedAt = i => i ?? Math.max(0, shown.length - 2);

const EMPTY = { offered: 0, decided: 0, labelled: 0, right: 0, exits: [], thresholds: [] };   // a second without records
let shown = [];
const charts = new Map();

function makeCharts() {
  for (const [id, title] of CHARTS) {
    const box = document.createElement("div");
    box.className = "chart";
    box.innerHTML = `<h2>${title}</h2><div id="chart-${id}"></div>`;
    $("charts").append(box);
  }
  addEventListener("resize", () => charts.forEach(c => c.plot.setSize(size(c.id))));
}

const size = id => ({ width: Math.max(200, $("chart-" + id).clientWidth), height: 190 });

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];   // seconds between two labels

const legend = (l, value, point) => l.series.legend && point ? l.series.legend(point) : value == null ? "–" : +value.toPrecision(4);

function drawCharts() {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--faint"), grid = style.getPropertyValue("--line");
  shown = [...points.values()].sort((a, b) => a.t - b.t);
  shown = shown.flatMap((p, i) => i > 0 && p.t > shown[i - 1].t + 1 ? [{ ...EMPTY, t: shown[i - 1].t + 1 }, p] : [p]);
  for (const [id, , lines, options] of CHARTS) {
    const now = lines();
    const data = [shown.map(p => p.t), ...now.map(l => shown.map(l.of))];
    const key = now.map(l => l.label).join() + ink;
    if (charts.get(id)?.key !== key) {
      charts.get(id)?.plot.destroy();
      const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
      charts.set(id, { id, key, plot: new uPlot({
        ...size(id), cursor: { sync: { key: "all" } },
        scales: { x: { time: true }, y: options.log ? { distr: 3 } : {
          range: (u, low, high) => [options.min ?? Math.floor(low ?? 0), options.max ?? Math.ceil((high ?? 1) * 1.02)] } },
        axes: [{ ...axis, space: 75, size: 35, incrs: TIME_STEPS, values: (u, times) => times.map(clock) },
               { ...axis, size: 48, values: (u, values) => values.map(short) }],
        series: [{ label: "Time", value: (u, t, s, i) => shown.length ? clock(shown[pointedAt(i)].t) : "–" },
                 ...now.map(l => ({ ...l.series, value: (u, v, s, i) => legend(l, u.data[s][pointedAt(i)], shown[pointedAt(i)]) }))],
      }, data, $("chart-" + id)) });
    } else {
      charts.get(id).plot.setData(data);
    }
  }
}

/* ---- images and changes ---- */

function drawStrips() {
  if (!state.strips?.length) return;              // those shown are the latest
  $("strips").replaceChildren(...state.strips.map((images, i) => {
    const strip = document.createElement("div");
    strip.className = "strip";
    const title = document.createElement("h3");
    title.textContent = "exit " + (i + 1);
    const list = document.createElement("ul");
    list.append(...images.map(shownImage));
    strip.append(title, list);
    return strip;
  }));
}

function shownImage(image) {
  const item = document.createElement("li");
  const verdict = image.right == null ? "" : image.right ? "right" : "wrong";
  item.className = verdict;
  const picture = document.createElement("img");
  picture.src = image.image;
  picture.alt = image.label + (verdict ? ", " + verdict : "");
  const label = document.createElement("span");
  label.textContent = label.title = image.label;
  const confidence = document.createElement("span");
  confidence.textContent = (100 * image.confidence).toFixed(0) + " %" + (verdict === "wrong" ? " ✗" : "");
  item.append(picture, label, confidence);
  return item;
}

/* Moves too small to see are one entry. */
function small(change) {
  if (change.moves === 1) return "";
  const budget = change.budgetFrom == null ? "" : `, budget ${fixed(change.budgetFrom, 3)} to ${fixed(change.budgetTo, 3)}`;
  return ` (${change.moves} small moves${budget})`;
}

function drawChanges() {
  if (!state.changes.length) return;
  $("changes").replaceChildren(...state.changes.map(change => {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = clock(change.ms / 1000) + "  ";
    item.append(time, `version ${change.version}${small(change)}: ${change.reason}`);
    return item;
  }));
}

/* ---- the wall of cameras ---- */

const OLD = 10;                          // seconds after which a picture is no longer what there is to see
let sources = [];

function drawWall() {
  if (state.sources) sources = state.sources;
  if (state.events?.length) $("events").replaceChildren(...state.events.map(toldEvent));
  if ($("wall").hidden || !sources.length) return;
  const cameras = grouped(sources);
  $("cameras").replaceChildren(...[...cameras].map(([name, zones]) => camera(name, zones)));
}

function grouped(list) {
  const groups = new Map();
  for (const s of list) {
    const name = s.source.split("/")[0];
    groups.set(name, [...(groups.get(name) || []), s]);
  }
  return groups;
}

function element(tag, text, name) {
  const box = document.createElement(tag);
  if (text != null) box.textContent = text;
  if (name) box.className = name;
  return box;
}

function camera(name, zones) {
  const age = Math.max(0, (state.nowMs - Math.max(...zones.map(z => z.ms))) / 1000);
  const box = element("article", null, "camera" + (age > OLD ? " old" : ""));
  const title = element("h2", name);
  title.append(element("small", age > OLD ? `no picture for ${Math.round(age)} s` : fixed(age, 1, " s ago")));
  const whole = zones.find(z => z.source === name && z.image);
  const placed = zones.filter(z => z.place);
  box.append(title);
  if (placed.length) box.append(scene(name, whole, placed));
  const list = element("ul");
  const drawn = z => placed.length && (z.place || z === whole);
  list.append(...zones.map(z => zone(z, !drawn(z))));
  box.append(list);
  return box;
}

/* The camera's picture with its zones; without it, the zones' pictures where they lie. */
const sizes = new Map();                 // camera -> width and height of its whole picture

function scene(name, whole, placed) {
  const box = element("div", null, "scene");
  const areas = placed.map(shown => {
    const area = element("div", null, "area");
    if (!whole && shown.image) area.append(picture(shown));
    area.append(element("b", shown.source.split("/").slice(1).join("/")));
    marked(area, shown);
    box.append(area);
    return [area, shown.place];
  });
  const layOut = ([width, height]) => {
    box.style.aspectRatio = `${width} / ${height}`;
    for (const [area, place] of areas) {
      area.style.left = 100 * place.left / width + "%";
      area.style.top = 100 * place.top / height + "%";
      area.style.width = 100 * place.width / width + "%";
      area.style.height = 100 * place.height / height + "%";
    }
  };
  if (!whole) {
    layOut([Math.max(...placed.map(z => z.place.left + z.place.width)), Math.max(...placed.map(z => z.place.top + z.place.height))]);
    return box;
  }
  const background = picture(whole);
  background.onload = () => {
    sizes.set(name, [background.naturalWidth, background.naturalHeight]);
    layOut(sizes.get(name));
  };
  if (sizes.has(name)) layOut(sizes.get(name));
  box.prepend(background);
  return box;
}

function picture(shown) {
  const image = element("img");
  image.src = shown.image;
  image.alt = `${shown.source}: ${shown.label}`;
  return image;
}

/* The border tells the exit; a decision that was taken over has a dashed one. */
function marked(box, shown) {
  box.style.borderColor = COLORS[(shown.exit - 1) % 10];
  if (shown.inherited) box.style.borderStyle = "dashed";
}

function zone(shown, pictured) {
  const item = element("li", null, "zone");
  const place = shown.source.split("/").slice(1).join("/");
  if (pictured) {
    const image = shown.image ? picture(shown) : element("div", null, "blank");
    marked(image, shown);
    item.append(image);
  }
  const how = shown.inherited ? "inherited" : "exit " + shown.exit;
  const label = element("b", shown.label);
  label.title = shown.label;
  item.append(label,
    element("span", `${place ? place + ", " : ""}${percent(shown.confidence, 0)}, ${how}`),
    element("span", `${fixed(shown.rate, 1)} / s, cost ${fixed(shown.cost, 2)}`));
  return item;
}

function toldEvent(event) {
  const item = element("li");
  const what = event.kind === "changed" ? `${event.from ?? "nothing"} → ${event.to}` : event.kind;
  item.append(element("time", clock(event.ms / 1000) + "  "), `${event.source}: ${what}`);
  return item;
}

function choose(view) {
  for (const name of ["pipeline", "wall"]) {
    $(name).hidden = name !== view;
    $("tab-" + name).setAttribute("aria-selected", name === view);
  }
  history.replaceState(null, "", view === "wall" ? "#cameras" : "#");
  if (!state) return;
  if (view === "wall") drawWall();
  else charts.forEach(c => c.plot.setSize(size(c.id)));
}

/* ---- the stream ---- */

function show() {
  const decided = shown.filter(p => p.decided > 0);
  const newest = shown.length ? shown[shown.length - 1].t : null;
  const now = Math.round(state.nowMs / 1000);
  const complete = newest != null && now - newest > QUIET ? { ...EMPTY, t: now }   // nothing at all comes
    : shown.length > 1 ? shown[shown.length - 2] : shown[0];
  if (complete) {
    const recent = shown.filter(p => p.t > complete.t - 10 && p.t <= complete.t);
    for (const [id, , text] of FIGURES) $("figure-" + id).textContent = text(complete, recent);
  }
  $("name").replaceChildren(...[state.pipeline, state.bundle].filter(Boolean).flatMap((name, i) => i ? [", ", whole(name)] : [whole(name)]));
  const last = decided.length ? decided[decided.length - 1].t : null;
  const silent = last == null ? null : Math.round(state.nowMs / 1000 - last);
  if (state.error) status("lost", state.error);
  else if (last == null) status("waiting", "waiting for predictions");
  else if (silent > QUIET) status("waiting", `no prediction for ${silent} s`);
  else status("live", "live");
}

/* A name and its version stay on one line. */
function whole(name) {
  const box = document.createElement("span");
  box.textContent = name;
  return box;
}

function status(name, text) {
  const box = $("status");
  if (box.dataset.state !== name || box.textContent !== text) {
    box.dataset.state = name;
    box.textContent = text;
  }
}

function receive(message) {
  lastMessage = Date.now();
  state = JSON.parse(message.data);
  for (const point of state.points) points.set(point.t, point);
  const newest = Math.max(...points.keys());
  for (const t of points.keys()) if (t <= newest - KEEP) points.delete(t);
  drawCharts();
  drawStrips();
  drawChanges();
  drawWall();
  show();
}

addEventListener("DOMContentLoaded", () => {
  makeFigures();
  makeCharts();
  for (const view of ["pipeline", "wall"]) $("tab-" + view).onclick = () => choose(view);
  if (location.hash === "#cameras") choose("wall");
  const source = new EventSource("live");
  source.onmessage = receive;
  source.onerror = () => status("lost", "the page's server is away; trying again");
});
