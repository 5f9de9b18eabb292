"use strict";
// Figures: the point nearest to the pointer, or chosen by the arrow keys, is read off the axes.
(() => {
  const REACH = 24; // points of the figure
  const invert = (place, from, to, [low, high, scale]) => {
    const share = (place - from) / (to - from);
    if (scale !== "log") return low + share * (high - low);
    return Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
  };
  const number = (value) =>
    value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(3)));
  const names = [...document.querySelectorAll(".chip .name")].map((each) => each.textContent);
  const hidden = (policy) => document.documentElement.classList.contains(`without-${policy}`);

  // The corners of a policy's lines and its points, in points of the figure.
  const corners = (svg) => {
    const found = [];
    for (const group of svg.querySelectorAll("[class^=policy-]")) {
      if (group.closest("[data-legend]")) continue;
      const policy = Number(group.getAttribute("class").slice(7));
      for (const path of group.querySelectorAll(":scope > path")) {
        if (!/fill: none/.test(path.getAttribute("style") ?? "")) continue;
        for (const [, x, y] of path.getAttribute("d").matchAll(/[ML](\S+?) (-?[\d.]+)/g)) {
          found.push({ policy, x: Number(x), y: Number(y) });
        }
      }
      for (const use of group.querySelectorAll("use")) {
        found.push({ policy, x: Number(use.getAttribute("x")), y: Number(use.getAttribute("y")) });
      }
    }
    return found;
  };

  const read = (svg, output) => {
    const axes = JSON.parse(svg.dataset.axes).filter((each) => each.names[0] && each.names[1]);
    if (!axes.length) return;
    const within = ({ box }, { x, y }) =>
      x >= box[0] - 1 && x <= box[2] + 1 && y >= box[1] - 1 && y <= box[3] + 1;
    const all = corners(svg).filter((each) => axes.some((on) => within(on, each)));
    if (!all.length) return;
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("class", "dot");
    dot.setAttribute("r", "2.6");
    let chosen = null;
    const tell = (point) => {
      chosen = point;
      if (!point) {
        dot.remove();
        output.textContent = "\u00a0";
        return;
      }
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      svg.append(dot);
      const on = axes.find((each) => within(each, point));
      const x = invert(point.x, on.box[0], on.box[2], on.x);
      const y = invert(point.y, on.box[3], on.box[1], on.y);
      output.textContent =
        `${names[point.policy]} — ${on.names[0]}: ${number(x)}; ${on.names[1]}: ${number(y)}`;
    };
    svg.addEventListener("pointermove", (event) => {
      const at = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      let best = null;
      let least = REACH;
      for (const each of all) {
        const far = Math.hypot(each.x - at.x, each.y - at.y);
        if (far < least && !hidden(each.policy)) [best, least] = [each, far];
      }
      tell(best);
    });
    svg.addEventListener("pointerleave", () => tell(null));

    // Left and right go along a line, up and down to another policy.
    const drawing = svg.parentElement;
    drawing.tabIndex = 0;
    drawing.addEventListener("blur", () => tell(null));
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step && !turn) return;
      event.preventDefault();
      const there = [...new Set(all.map((each) => each.policy))].filter((each) => !hidden(each));
      if (!there.length) return;
      const before = there.indexOf(chosen?.policy ?? there[0]);
      const policy = there[(before + (turn ?? 0) + there.length) % there.length];
      const line = all.filter((each) => each.policy === policy).sort((a, b) => a.x - b.x);
      const x = chosen?.x ?? line[0].x;
      const gap = (each) => Math.abs(each.x - x);
      let next = line.reduce((best, each) => (gap(each) < gap(best) ? each : best));
      if (step && chosen) {
        const beyond = line.filter((each) => step * (each.x - x) > 1);
        next = (step > 0 ? beyond[0] : beyond.at(-1)) ?? next;
      }
      tell(next);
    });
    document.addEventListener("policies", () => chosen && hidden(chosen.policy) && tell(null));
  };
  for (const svg of document.querySelectorAll("svg.drawn")) {
    read(svg, svg.closest("figure").querySelector(".readout"));
  }
})();
