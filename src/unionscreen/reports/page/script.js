"use strict";
// Sorting and filtering. The page says everything without this script; nothing here computes a sum or calls anywhere.
(function () {
  function value(row, at, numeric) {
    const cell = row.cells[at];
    const text = cell.dataset.sort === undefined ? cell.textContent : cell.dataset.sort;
    return numeric ? Number(text) || 0 : text.toLowerCase();
  }

  // Rows keep their first order among equals, so that a sort undoes no other; a row without a value comes last.
  function sort(table, at, descending) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const numeric = heads[at].dataset.type === "number";
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row) => [value(row, at, numeric), row]);
    rows.sort(([a], [b]) => {
      if (a === b) return 0;
      if (a === "" || b === "") return a === "" ? 1 : -1;
      return (a < b ? -1 : 1) * (descending ? -1 : 1);
    });
    heads.forEach((head, i) => {
      if (i === at) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.append(...rows.map((pair) => pair[1]));
  }

  function sortable(table, sorted) {
    Array.from(table.tHead.rows[0].cells).forEach((head, at) => {
      if (!head.dataset.type) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => {
        const first = head.dataset.type === "number" ? "descending" : "ascending";
        const now = head.getAttribute("aria-sort");
        const descending = now ? now === "ascending" : first === "descending";
        sort(table, at, descending);
        if (sorted) sorted(at, descending);
      });
      head.replaceChildren(button);
    });
  }

  const table = document.getElementById("flags-table");
  for (const other of document.querySelectorAll("table[id$=-table]")) if (other !== table) sortable(other);
  if (!table) return;

  const form = document.querySelector(".tools");
  const find = document.getElementById("find");
  const tier = document.getElementById("tier");
  const status = document.getElementById("status");
  const order = document.getElementById("order");
  const shown = document.getElementById("shown");
  const rows = Array.from(table.tBodies[0].rows);
  const texts = new Map();

  function text(row) {
    if (!texts.has(row)) {
      const cells = Array.from(row.cells).filter((cell) => cell.className !== "decide");
      texts.set(row, cells.map((cell) => cell.textContent).join(" ").toLowerCase());
    }
    return texts.get(row);
  }

  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const there = (!tier.value || row.dataset.tier === tier.value) &&
        (!status.value || row.dataset.status === status.value) && words.every((word) => text(row).includes(word));
      row.hidden = !there;
      left += there ? 1 : 0;
    }
    shown.textContent = left.toLocaleString("en-US") + " of " + rows.length.toLocaleString("en-US") + " rows shown";
  }

  // The headings cannot be seen on a phone, so the order can be chosen here too.
  order.add(new Option("Recipient, then date", ""));
  Array.from(table.tHead.rows[0].cells).forEach((head, at) => {
    if (!head.dataset.type) return;
    const ends = head.dataset.type === "number" ? ["smallest first", "largest first"] : ["A to Z", "Z to A"];
    const dates = head.textContent === "Date" ? ["oldest first", "newest first"] : ends;
    dates.forEach((end, i) => order.add(new Option(head.textContent.split(",")[0] + ": " + end, at + " " + i)));
  });
  order.addEventListener("change", () => {
    if (!order.value) {
      for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
      table.tBodies[0].append(...rows);
      return;
    }
    const [at, descending] = order.value.split(" ").map(Number);
    sort(table, at, Boolean(descending));
  });
  // A decision is about a donor's name and state: it is taken once, and shows in all rows of that donor. What comes out
  // are lines for `unionscreen review import`; an apostrophe keeps a spreadsheet from running a name.
  const decisions = new Map();
  const box = document.querySelector(".decisions");
  const decided = document.getElementById("decided");

  function quoted(cell) {
    const text = /^[=+\-@\t\r]/.test(cell) ? "'" + cell : cell;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function decide(row, verdict) {
    const parts = [row.dataset.donor, row.dataset.state, row.dataset.union].map((part) => JSON.parse(part));
    const key = row.dataset.donor + row.dataset.state;
    if (verdict) decisions.set(key, [...parts, verdict, "", "", ""]);
    else decisions.delete(key);
    for (const other of rows) {
      if (other.dataset.donor + other.dataset.state === key) other.querySelector(".decide select").value = verdict;
    }
    const lines = Array.from(decisions.values()).map((cells) => cells.map(quoted).join(",") + "\n");
    decided.value = "donor,state,union_id,verdict,by,on,why\n" + lines.join("");
    box.hidden = decisions.size === 0;
  }

  const choice = document.createElement("select");
  for (const verdict of ["", "confirmed", "rejected", "unsure"]) choice.add(new Option(verdict || "–", verdict));
  for (const row of rows) {
    const select = choice.cloneNode(true);
    select.setAttribute("aria-label", "Decide about " + row.cells[1].dataset.sort);
    select.addEventListener("change", () => decide(row, select.value));
    const cell = row.insertCell();
    cell.className = "decide";
    cell.dataset.label = "Decide";
    cell.setAttribute("role", "cell");
    cell.append(select);
  }
  const head = document.createElement("th");
  head.scope = "col";
  head.className = "decide";
  head.textContent = "Decide";
  head.setAttribute("role", "columnheader");
  table.tHead.rows[0].append(head);
  document.getElementById("copy").addEventListener("click", () => {
    decided.select();
    document.execCommand("copy");
  });

  sortable(table, (at, descending) => { order.value = at + " " + Number(descending); });
  find.addEventListener("input", filter);
  tier.addEventListener("change", filter);
  status.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
