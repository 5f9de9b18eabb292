"use strict";
// The timeline: tasks on their workers, a policy at a time; zooms and moves.
(() => {
  const source = document.getElementById("timeline-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const frame = document.querySelector(".gantt");
  const svg = frame.querySelector("svg");
  const output = document.getElementById("task");
  const layers = Object.fromEntries(
    ["grid", "workers", "tasks"].map((name) => [name, svg.querySelector(`g.${name}`)]));
  const [LEFT, TOP, BOTTOM, CLOSEST] = [46, 4, 18, 0.0005];
  const UNITS = [["s", 1], ["ms", 1e3], ["µs", 1e6], ["ns", 1e9]];
  const first = Number(frame.dataset.share);
  let [from, share, band, width, row] = [0, first, data.bands[0], 720, 18];

  const create = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const unit = (seconds) => UNITS.find(([, scale]) => seconds * scale >= 1) ?? UNITS.at(-1);
  const time = (seconds) => {
    const [name, scale] = unit(Math.abs(seconds) || 1);
    return `${Number((seconds * scale).toPrecision(4))} ${name}`;
  };

  // A step of 1, 2 or 5 times a power of ten, of which some five are seen.
  const ticks = () => {
    const seen = share * data.length;
    const rough = seen / Math.max(2, width / 130);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((each) => each * power >= rough);
    const [name, scale] = unit(step * 2);
    const decimals = Math.max(0, -Math.floor(Math.log10(step * scale) + 1e-9));
    const begin = from * data.length;
    const found = [];
    for (let n = Math.ceil(begin / step); n * step <= begin + seen; n += 1) {
      found.push([n * step, `${(n * step * scale).toFixed(decimals)} ${name}`]);
    }
    return found;
  };

  const draw = () => {
    width = Math.max(280, frame.clientWidth - 16);
    const count = band.workers.length;
    row = Math.min(18, Math.max(6, Math.floor(360 / Math.max(1, count))));
    const height = TOP + row * count + BOTTOM;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const inner = width - LEFT;
    const scale = inner / (share * data.steps);
    const shift = from * data.steps;
    const rects = [];
    band.tasks.forEach((task, place) => {
      const [start, length, worker, beside, kind] = task;
      const left = Math.max(0, (start - shift) * scale);
      const right = Math.min(inner, (start + length - shift) * scale);
      if (right <= 0 || left >= inner) return;
      const high = (row - 2) / band.workers[worker][1];
      rects.push(create("rect", {
        class: data.kinds[kind], "data-task": place,
        x: (LEFT + left).toFixed(2), y: (TOP + worker * row + 1 + beside * high).toFixed(2),
        width: Math.max(0.6, right - left - (scale * length > 3 ? 0.6 : 0)).toFixed(2),
        height: high.toFixed(2),
      }));
    });
    layers.tasks.replaceChildren(...rects);
    layers.grid.replaceChildren(...ticks().flatMap(([at, text]) => {
      const x = LEFT + ((at / data.length - from) / share) * inner;
      const fits = x < width - 40;
      return [create("path", { d: `M${x.toFixed(1)} 0V${height - 14}` }),
        ...(fits ? [create("text", { x: (x - 2).toFixed(1), y: height - 3 }, text)] : [])];
    }));
    const every = row >= 10 ? 1 : 2;
    layers.workers.replaceChildren(...band.workers.flatMap(([number], place) => place % every
      ? [] : [create("text", { x: LEFT - 6, y: TOP + (place + 0.5) * row }, number)]));
    frame.dataset.from = from;
    frame.dataset.share = share;
  };
  let due = 0;
  const later = () => { due ||= requestAnimationFrame(() => { due = 0; draw(); }); };

  const view = (start, wide) => {
    share = Math.min(1, Math.max(CLOSEST, wide));
    from = Math.min(1 - share, Math.max(0, start));
    later();
  };
  const zoom = (factor, at = 0.5) => {
    const wide = Math.min(1, Math.max(CLOSEST, share * factor));
    view(from + at * (share - wide), wide);
  };
  const acts = {
    in: () => zoom(0.5), out: () => zoom(2), all: () => view(0, 1),
    left: () => view(from - share / 4, share), right: () => view(from + share / 4, share),
  };
  const keys = {
    "+": "in", "=": "in", "-": "out", "_": "out", ArrowLeft: "left", ArrowRight: "right", 0: "all",
  };

  // Policies: one is seen; where it is hidden, the first that is not.
  const tabs = [...document.querySelectorAll(".tabs button")];
  const choose = (number) => {
    band = data.bands.find((each) => each.number === number);
    for (const tab of tabs) tab.setAttribute("aria-pressed", Number(tab.dataset.policy) === number);
    tell(null);
    draw();
  };
  const told = () => {
    const free = band.dropped ? ` Only the first ${band.workers.length} workers are shown.` : "";
    return `${band.tasks.length.toLocaleString("en")} tasks in ${time(data.length)}.${free}`;
  };
  const tell = (place) => {
    svg.querySelector(".near")?.classList.remove("near");
    if (place === null) {
      output.textContent = told();
      return;
    }
    const [start, length, worker, , kind, role, group, index, slowed] = band.tasks[place];
    svg.querySelector(`[data-task="${place}"]`)?.classList.add("near");
    const second = data.length / data.steps;
    const slow = slowed > 100 ? `, slowed ×${slowed / 100}` : "";
    const stopped = kind === 2 ? ", stopped" : "";
    output.textContent = `worker ${band.workers[worker][0]}: ${data.roles[role]} ${group}.${index}, `
      + `from ${time(start * second)}, for ${time(length * second)}${slow}${stopped}`;
  };

  for (const tab of tabs) tab.addEventListener("click", () => choose(Number(tab.dataset.policy)));
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => acts[button.dataset.zoom]());
  }
  document.addEventListener("policies", () => {
    const shown = (number) => !document.documentElement.classList.contains(`without-${number}`);
    const left = data.bands.find((each) => shown(each.number));
    if (!shown(band.number) && left) choose(left.number);
  });
  frame.tabIndex = 0;
  frame.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    acts[act]();
  });
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    const left = LEFT * (box.width / width);
    return Math.min(1, Math.max(0, (event.clientX - box.left - left) / (box.width - left)));
  };
  frame.addEventListener("wheel", (event) => {
    const along = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // At the end of the zoom the page scrolls on.
    if (!along && event.deltaY > 0 && share >= 1) return;
    event.preventDefault();
    if (along || event.shiftKey) view(from + share * (event.deltaX || event.deltaY) / width, share);
    else zoom(Math.exp(Math.sign(event.deltaY) * Math.min(0.5, Math.abs(event.deltaY) / 400)), place(event));
  }, { passive: false });

  // Dragging with one pointer moves, with two it zooms.
  const held = new Map();
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    held.set(event.pointerId, place(event));
    frame.classList.add("moving");
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) {
      const task = event.target.dataset?.task;
      tell(task === undefined ? null : Number(task));
      return;
    }
    const before = [...held.values()];
    held.set(event.pointerId, place(event));
    const after = [...held.values()];
    if (after.length === 1) view(from - (after[0] - before[0]) * share, share);
    else if (after.length === 2) {
      const gap = ([one, other]) => Math.max(0.02, Math.abs(one - other));
      zoom(gap(before) / gap(after), (after[0] + after[1]) / 2);
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => {
      held.delete(event.pointerId);
      frame.classList.toggle("moving", held.size > 0);
    });
  }
  svg.addEventListener("pointerleave", () => tell(null));
  new ResizeObserver(later).observe(frame);
  choose(band.number);
})();
