"use strict";
// Everything that comes from a file or a person is written with textContent: no name becomes markup.
const API = "/api/v1/";
const TYPING_PAUSE = 200; // milliseconds after the last letter
const ANNOUNCED = 2000; // milliseconds between two messages, so that a screen reader can finish
const LISTED = 500; // donations shown of one list
const $ = (id) => document.getElementById(id);

// What a reader cannot see, or what reverses the reading direction, is shown escaped, as in every report (safe_text.py).
const UNSAFE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
function visible(text) {
  return String(text).replace(UNSAFE, (letter) => {
    const code = letter.codePointAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
  });
}
function make(tag, text, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) element.textContent = visible(text);
  return element;
}
function size(bytes) {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3).toLocaleString("en-US")} kB`;
  return `${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;
}
function said(problem) {
  if (!problem || !problem.detail) return "The server gave no reason.";
  return problem.detail;
}
async function ask(path, value, options = {}) {
  const body = value === undefined ? {} : { method: "POST", body: JSON.stringify(value), headers: { "content-type": "application/json" } };
  let answer;
  try {
    answer = await fetch(API + path, { ...body, ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Does `unionscreen serve` still run?");
  }
  if (answer.status === 204) return null;
  const found = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(said(found));
  return found;
}

// Uploads: XMLHttpRequest, because fetch does not report how much was sent.
function upload(file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const most = Number(document.body.dataset.maxUpload);
    if (file.size > most) {
      reject(new Error(`${file.name}: larger than ${size(most)}, which --max-upload allows`));
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", `${API}uploads?name=${encodeURIComponent(file.name.toWellFormed?.() ?? file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      let found = null;
      try { found = JSON.parse(request.responseText); } catch { /* the status says enough */ }
      if (request.status === 201) resolve(found);
      else reject(new Error(said(found)));
    };
    request.onerror = () => reject(new Error(`${file.name}: could not be sent. If it is a folder, choose its files, or a zip of it.`));
    request.onabort = () => reject(new DOMException("canceled", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
const forget = (id) => fetch(`${API}uploads/${id}`, { method: "DELETE" }).catch(() => {});

// Screening.
let current = null; // the work of this tab: {abort, id, events}
let finished = null; // the id of the screening that is shown
let announcedAt = 0;
function announce(text, now = true) {
  if (!now && Date.now() - announcedAt < ANNOUNCED) return;
  announcedAt = Date.now();
  const shown = visible(text); // it may name a file
  if ($("status").textContent !== shown) $("status").textContent = shown;
}
function progress(label, done, total) {
  $("progress-label").textContent = label;
  if (total) $("progress").value = Math.min(1, done / total);
  else $("progress").removeAttribute("value");
}
function busy(on) {
  $("working").hidden = !on;
  $("files").disabled = on;
}
async function start(files) {
  if (current || !files.length) return;
  const work = current = { abort: new AbortController(), id: null, events: null };
  const uploads = [];
  $("error").textContent = "";
  $("result").hidden = true;
  $("report").removeAttribute("src");
  if (finished) fetch(`${API}screenings/${finished}`, { method: "DELETE" }).catch(() => {});
  finished = null;
  forgetReview();
  busy(true);
  $("cancel").focus();
  try {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let sent = 0;
    announce(`Uploading ${files.length === 1 ? files[0].name : `${files.length} files`}, ${size(total)}.`);
    for (const file of files) {
      uploads.push(await upload(file, (bytes) => progress(`Uploading: ${size(sent + bytes)} of ${size(total)}`, sent + bytes, total), work.abort.signal));
      sent += file.size;
    }
    const state = await ask("screenings", {
      uploads: uploads.map((each) => each.id),
      options: { recipients: $("recipients").value, state: $("recipients-state").value },
    }, { signal: work.abort.signal });
    work.id = state.id;
    show(await follow(work));
  } catch (error) {
    if (error.name === "AbortError") announce("Canceled. Nothing was kept.");
    else { announce(""); $("error").textContent = error.message; }
    busy(false);
    $("files").focus();
  } finally {
    uploads.forEach((each) => forget(each.id));
    current = null;
    busy(false);
  }
}
// Events until the end. The server cancels the screening when this tab is closed.
function follow(work) {
  return new Promise((resolve, reject) => {
    const events = work.events = new EventSource(`${API}screenings/${work.id}/events`);
    const end = (then, value) => { events.close(); then(value); };
    work.abort.signal.addEventListener("abort", () => end(reject, new DOMException("canceled", "AbortError")));
    events.onmessage = (event) => {
      const state = JSON.parse(event.data);
      if (state.status === "waiting") {
        progress("Waiting", 0, 0);
        announce(`Another screening is running. This one is number ${state.position} in the queue.`);
      } else if (state.status === "running") {
        const of = state.bytes_total ? ` of ${size(state.bytes_total)}` : "";
        progress(`Screening: ${size(state.bytes_done)}${of}`, state.bytes_done, state.bytes_total);
        announce(`Screening${of ? `, ${size(state.bytes_done)}${of}` : ""}.`, /waiting|queue|Uploading/.test($("status").textContent));
      } else if (state.status === "done") end(resolve, state);
      else if (state.status === "failed") end(reject, new Error(said(state.error)));
      else end(reject, new DOMException("canceled", "AbortError"));
    };
    events.onerror = () => end(reject, new Error("The connection to the server was lost, so the screening was canceled."));
  });
}
const ROWS = (n) => Number(n).toLocaleString("en-US");
function show(state) {
  finished = state.id;
  const summary = state.summary;
  const base = `${API}screenings/${state.id}/report.`;
  announce("Done.");
  $("headline").textContent = summary.headline;
  $("rows").textContent = `${ROWS(summary.flags)} flagged, ${ROWS(summary.flags_counted)} of them counted in the sums. ${ROWS(summary.rows_read)} row${summary.rows_read === 1 ? "" : "s"} read, ${ROWS(summary.rows_screened)} screened, ${ROWS(summary.rows_rejected)} rejected.`;
  const notes = summary.notes.map((note) => make("li", note));
  if (summary.notes_more) notes.push(make("li", `And ${summary.notes_more} more in the report.`));
  const unread = summary.unread ? [make("p", String(summary.unread), { className: "error" })] : [];
  $("notes").replaceChildren(...unread, ...(notes.length ? [make("ul")] : []));
  $("notes").querySelector("ul")?.append(...notes);
  const links = state.formats.filter((each) => each !== "html")
    .map((each) => make("a", `Download ${each}`, { href: base + each, download: "" }));
  $("downloads").replaceChildren(make("a", "Open the report in a tab of its own", { href: `${base}html`, target: "_blank", rel: "noopener" }), ...links);
  $("report").src = `${base}html`;
  $("result").hidden = false;
  $("result-title").focus();
  if ($("review-start")) {
    $("review-start").disabled = false;
    $("review-status").textContent = "";
  }
}
$("files").addEventListener("change", () => {
  const files = [...$("files").files];
  start(files).finally(() => { $("files").value = ""; });
});
$("cancel").addEventListener("click", () => {
  if (!current) return;
  if (current.id) fetch(`${API}screenings/${current.id}`, { method: "DELETE" }).catch(() => {});
  current.abort.abort();
});
// A file that misses the box must not replace the page.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
$("drop").addEventListener("dragover", () => $("drop").classList.add("over"));
$("drop").addEventListener("dragleave", () => $("drop").classList.remove("over"));
$("drop").addEventListener("drop", (event) => {
  $("drop").classList.remove("over");
  if (current) announce("A screening of this tab is running. Cancel it first, or use a second tab.");
  else start([...event.dataTransfer.files]);
});

// A name, checked as it is typed. Only the answer to the last question is shown.
let asked = 0;
let pause = null;
let asking = null;
function changed() {
  clearTimeout(pause);
  asking?.abort();
  const number = ++asked;
  const name = $("name").value;
  if (!name.trim()) { $("answer").replaceChildren(); return; }
  pause = setTimeout(async () => {
    asking = new AbortController();
    try {
      const found = await ask("check", { name: name.toWellFormed?.() ?? name, state: $("state").value, explain: true }, { signal: asking.signal });
      if (number === asked) answered(found.results[0]);
    } catch (error) {
      if (number === asked && error.name !== "AbortError") $("answer").replaceChildren(make("p", error.message, { className: "error" }));
    }
  }, TYPING_PAUSE);
}
function verdict(found) {
  if (found.verdict === "union") return found.union ? `Union: ${found.union}` : "An officers' organization that is not on the list";
  if (found.verdict === "no name") return "Not a name";
  return found.verdict === "related" ? "Related to the police, but not a union" : "Not a match";
}
function answered(found) {
  const parts = [make("p", verdict(found), { className: "verdict" }), make("p", found.why)];
  if (found.reviewed) parts.push(make("p", String(found.reviewed)));
  if (found.ambiguous) parts.push(make("p", `It could be any of: ${found.could_be.join("; ")}`));
  const near = (found.explain?.nearest ?? []).filter((each) => each.union_id !== found.union_id);
  if (near.length) {
    const list = make("ul");
    list.append(...near.map((each) => make("li", `${each.union}: ${each.against || "a lower score"}`)));
    parts.push(make("p", "Near misses:"), list);
  }
  $("answer").replaceChildren(...parts);
}
$("name").addEventListener("input", changed);
$("state").addEventListener("change", changed);

// Review.
let item = null;
let answering = false;
function forgetReview() {
  item = null;
  if (!$("card")) return;
  $("card").hidden = true;
  $("review-undo").hidden = true;
  $("review-start").disabled = true;
  $("review-status").textContent = "Screen a filing first.";
  $("review-error").textContent = "";
}
function dollars(cents) {
  return (cents / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
}
function card(state) {
  item = state.next;
  $("review-error").textContent = "";
  const counts = item ? `${ROWS(state.left)} left, ${ROWS(state.done)} decided.`
    : `Nothing is left: ${ROWS(state.done)} decided. Screen the filing again to apply the answers.`;
  $("review-status").textContent = state.undone ? `Taken back: the answer about ${visible(state.undone)}. ${counts}` : counts;
  $("review-undo").hidden = !state.last;
  $("card").hidden = !item;
  if (!item) { $("review-start").focus(); return; }
  $("card-donor").textContent = visible(item.donor) + (item.state ? ` (${item.state})` : "");
  const facts = [
    ["Matches", `${item.claim}; ${item.tier}, score ${Math.round(item.score)}`],
    ["Reason", item.evidence],
    ["Money", `${dollars(item.cents)} given or returned, in ${ROWS(item.rows)} row${item.rows === 1 ? "" : "s"}`],
    ["Recipient", item.recipients.join("; ")],
    ["Also filed as", item.spellings.join("; ")],
    ["Near misses", item.near.map((each) => `${each.union}: ${each.against || "a lower score"}`).join("; ")],
    ["At", item.places.join(", ")],
    ["Before", item.before],
  ];
  $("card-facts").replaceChildren(...facts.filter((each) => each[1]).flatMap(([name, text]) => [make("dt", name), make("dd", text)]));
  $("card").focus();
}
// Send an answer, or take the last one back.
async function decide(path, value) {
  if (!finished || answering) return;
  const by = $("by").value.trim();
  if (!by) {
    $("review-error").textContent = "Give your name or initials first: they are kept with each answer.";
    $("by").focus();
    return;
  }
  answering = true;
  try {
    card(await ask(path, { screening: finished, by, ...value }));
  } catch (error) {
    $("review-error").textContent = error.message;
  } finally {
    answering = false;
  }
}
const answer = (said) => item && decide("review", { key: item.key, answer: said });
const undo = () => !$("review-undo").hidden && decide("review/undo", {});
if ($("card")) {
  $("review-start").addEventListener("click", async () => {
    $("review-status").textContent = "Looking for flagged donors.";
    try {
      card(await ask(`review?screening=${finished}`));
    } catch (error) {
      $("review-status").textContent = "";
      $("review-error").textContent = error.message;
    }
  });
  for (const button of $("card").querySelectorAll("[data-answer]")) button.addEventListener("click", () => answer(button.dataset.answer));
  $("review-undo").addEventListener("click", undo);
  // Only while the card or the buttons above it have the focus, so that no key acts by accident or while somebody types.
  const keys = { y: () => answer("yes"), n: () => answer("no"), u: () => answer("unsure"), z: undo };
  const onKey = (allowed) => (event) => {
    const key = event.key.toLowerCase();
    if (!allowed.includes(key) || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    keys[key]();
  };
  $("card").addEventListener("keydown", onKey("ynuz"));
  $("review-actions").addEventListener("keydown", onKey("z"));
}

// Intake.
let sorting = null;
const TITLES = { refuse: "Refuse and return", review: "Review before depositing", accept: "Accept" };
function donations(action, found) {
  if (!found.length) return make("p", `${TITLES[action]}: none.`, { className: "verdict" });
  const table = make("table");
  table.append(make("caption", `${TITLES[action]}: ${ROWS(found.length)}`));
  const head = make("tr");
  const clearable = action !== "accept" && $("clear");
  const columns = ["Donor", "Date", "Amount", "Return by", "Reason", "Row", ...(clearable ? ["Clear"] : [])];
  head.append(...columns.map((each) => make("th", each, { scope: "col" })));
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const each of found.slice(0, LISTED)) {
    const row = make("tr");
    const amount = each.amount === null ? "not read" : dollars(Math.round(each.amount * 100));
    row.append(make("td", each.donor || "(not read)"), make("td", each.date ?? "no date", { className: "day" }), make("td", amount, { className: "money" }),
      make("td", each.returned ? "returned" : each.due ?? "", { className: "day" }), make("td", [each.reason, each.reviewed].filter(Boolean).join(". ")), make("td", `${each.source}:${each.row}`));
    if (clearable) row.append(clearing(each));
    body.append(row);
  }
  const box = make("div", undefined, { className: "scroll", tabIndex: 0 });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", TITLES[action]);
  box.append(table);
  if (found.length > LISTED) box.append(make("p", `And ${ROWS(found.length - LISTED)} more.`));
  return box;
}
function clearing(donation) {
  const cell = make("td");
  if (!donation.donor) return cell;
  const button = make("button", "Clear", { type: "button" });
  button.setAttribute("aria-label", `Clear ${visible(donation.donor)}`);
  button.addEventListener("click", () => openClear(donation));
  cell.append(button);
  return cell;
}
function letter(each) {
  const box = make("div", undefined, { className: "letter" });
  const actions = make("p", undefined, { className: "actions" });
  const copy = make("button", `Copy ${each.name}`, { type: "button" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(each.text);
      $("intake-status").textContent = `Copied ${each.name}.`;
    } catch {
      getSelection().selectAllChildren(box.querySelector("pre"));
      $("intake-status").textContent = "The browser does not allow copying here. The letter is selected: press Ctrl-C or Command-C.";
    }
  });
  const save = make("a", `Download ${each.name}`, { download: each.name, href: URL.createObjectURL(new Blob([each.text], { type: "text/plain" })) });
  actions.append(copy, save);
  box.append(actions, make("pre", each.text));
  return box;
}
function sorted(found, before = "") {
  for (const link of $("lists").querySelectorAll("a[href^='blob:']")) URL.revokeObjectURL(link.href);
  const title = make("h3", "Three lists", { tabIndex: -1 });
  const notes = make("ul");
  notes.append(...found.notes.map((note) => make("li", note)));
  const letters = found.letters.length ? [make("h3", "Letters"), ...found.letters.map(letter)] : [];
  const policy = make("p", `Policy ${found.policy}${found.profile ? `, profile ${found.profile}` : ""}.`, { className: "soft" });
  $("lists").replaceChildren(title, policy, ...(found.notes.length ? [notes] : []), ...Object.keys(TITLES).map((each) => donations(each, found[each])), ...letters);
  $("lists").hidden = false;
  $("intake-status").textContent = before + found.summary;
  title.focus();
}
let last = null; // what was sorted last: the file, and how
async function sort(file, options, before = "") {
  last = null;
  sorting = new AbortController();
  $("lists").hidden = true;
  $("intake-start").disabled = true;
  $("intake-cancel").hidden = false;
  let received = null;
  try {
    $("intake-status").textContent = `Uploading ${file.name}.`;
    received = await upload(file, () => {}, sorting.signal);
    $("intake-status").textContent = "Sorting the donations.";
    sorted(await ask("intake", { upload: received.id, ...options }, { signal: sorting.signal }), before);
    last = { file, options };
  } catch (error) {
    $("intake-status").textContent = error.name === "AbortError" ? "Canceled." : "";
    if (error.name !== "AbortError") $("intake-error").textContent = error.message;
    $("intake-start").disabled = false;
    $("intake-start").focus();
  } finally {
    if (received) forget(received.id);
    sorting = null;
    $("intake-start").disabled = false;
    $("intake-cancel").hidden = true;
  }
}
$("intake-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = $("export").files;
  $("intake-error").textContent = "";
  if (sorting) return;
  if (!file) {
    $("intake-error").textContent = "Choose an export first.";
    $("export").focus();
    return;
  }
  sort(file, {
    candidate: $("candidate").value.trim(),
    options: { policy: $("policy").value, return_within: $("within").value.trim() },
  });
});
$("intake-cancel").addEventListener("click", () => sorting?.abort());

// Clear a donor, and sort the same export again.
let clearingOf = null;
function openClear(donation) {
  clearingOf = donation;
  $("clear-title").textContent = `Clear ${visible(donation.donor)}${donation.state ? ` (${donation.state})` : ""}`;
  $("clear-listed").hidden = donation.tier !== "listed";
  $("clear-listed").textContent = `This donor is a union on the list: ${visible(donation.union ?? "")}. Clearing it overrides that answer.`;
  $("clear-why").value = "";
  $("clear-by").value ||= $("by").value;
  $("clear-error").textContent = "";
  $("clear").showModal();
}
if ($("clear")) {
  $("clear-cancel").addEventListener("click", () => $("clear").close());
  $("clear-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const by = $("clear-by");
    const why = $("clear-why");
    for (const [field, missing] of [[by, "Give your name or initials."], [why, "Give the reason."]]) {
      if (field.value.trim()) continue;
      $("clear-error").textContent = missing;
      field.focus();
      return;
    }
    $("clear-save").disabled = true;
    try {
      const said = await ask("intake/clear", { donor: clearingOf.donor, state: clearingOf.state ?? "", by: by.value.trim(), why: why.value.trim() });
      $("clear").close();
      await sort(last.file, last.options, `${said.text} `);
    } catch (error) {
      $("clear-error").textContent = error.message;
    } finally {
      $("clear-save").disabled = false;
    }
  });
}
