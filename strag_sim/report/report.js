"use strict";
// What needs a script: shown only where it runs.
for (const element of document.querySelectorAll(".needs-script")) element.hidden = false;

// Policies: a checkbox each shows or hides it in tables, figures and the timeline at once.
(() => {
  const bar = document.querySelector(".policies");
  const boxes = [];
  const show = () => {
    for (const box of boxes) {
      document.documentElement.classList.toggle(`without-${box.value}`, !box.checked);
    }
    document.dispatchEvent(new Event("policies"));
  };
  for (const chip of bar.querySelectorAll(".chip")) {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", checked: true, value: chip.dataset.policy });
    box.addEventListener("change", show);
    chip.prepend(box);
    chip.title = chip.textContent.trim();
    boxes.push(box);
  }
  // What is scrolled to does not end up below the bar, however many rows it has.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight + 12}px`;
  }).observe(bar);
})();

// Tables: the head of a column sorts by it, once rising, once falling; what is no number is last.
(() => {
  const compare = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    return Number(one) - Number(other);
  };
  const sort = (table, place, falling) => {
    const body = table.tBodies[0];
    const value = (row) => row.cells[place].dataset.value;
    const rows = [...body.rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (place === 0) return (falling ? -1 : 1) * a.localeCompare(b, "en", { numeric: true });
      return falling && a !== "" && b !== "" ? compare(b, a) : compare(a, b);
    });
    body.append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      const order = document.createElement("span");
      order.className = "order";
      button.type = "button";
      button.append(order, ...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        sort(table, place, falling);
      });
    });
  }
})();

// Intervals beside every number, not only beside p99.
document.getElementById("intervals").addEventListener("change", (event) => {
  document.documentElement.classList.toggle("with-intervals", event.target.checked);
});

// Copying: by the clipboard, or by a selection where a page from a file may not use that.
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies);
    let done = "Copied";
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      done = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
    }
    button.textContent = done;
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details")) each.open = true;
});
