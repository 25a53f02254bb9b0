/* A ballot that is saved as it is filled in. Each change is numbered and waits, also on this device, until the server
   has confirmed it: what a lost connection or session kept away is sent again. Without this script the page works with
   its two buttons. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-ballot]");
  const state = document.getElementById("ballot-state");
  if (!form || !state) return;
  const kind = form.dataset.ballot;
  const points = Number(form.dataset.points || 0);
  const rows = Array.from(form.querySelectorAll("[data-candidate]"));
  const key = "draft:" + (document.body.dataset.draftScope || "") + ":" + form.dataset.key; /* draft.js clears it at log-out */
  const page = window.location.href.split("#")[0];
  const RETRY = 10000;
  const waiting = new Map(); /* field → the number of its last change that was not confirmed */
  let number = 0;
  let timer = 0;

  function field(name) { return form.elements.namedItem(name); }
  function value(input) { return input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim(); }
  function put(input, text) {
    if (input.type === "checkbox") input.checked = text !== "" && text !== "0";
    else input.value = text;
  }
  function fill(pattern, values) {
    return Object.keys(values).reduce(function (text, name) { return text.replace("#" + name, values[name]); }, pattern);
  }

  /* --- what waits --- */
  function storage() {
    try { return window.localStorage; } catch (refused) { return null; }
  }
  function remember(sent) {
    const store = storage();
    if (!store) return;
    const changes = {};
    waiting.forEach(function (_number, name) { changes[name] = value(field(name)); });
    try {
      if (!waiting.size) store.removeItem(key);
      else store.setItem(key, JSON.stringify({ changes: changes, time: Date.now(), sent: sent, page: page }));
    } catch (full) { /* the server keeps it */ }
  }
  function kept() {
    const store = storage();
    try { return (JSON.parse(store.getItem(key)) || {}).changes || {}; } catch (none) { return {}; }
  }
  function note() {
    form.elements.namedItem("number").value = number;
    form.elements.namedItem("changed").value = Array.from(waiting.keys()).join(" ");
  }
  function changed(name) {
    number += 1;
    waiting.set(name, number);
    note();
    remember(false);
    tally();
  }
  function send() { form.dispatchEvent(new Event("input", { bubbles: true })); }
  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { if (waiting.size) send(); }, RETRY);
  }

  form.addEventListener("input", function (event) {
    if (event.target.name && field(event.target.name) && event.target.closest("[data-candidate]")) changed(event.target.name);
  }, true);
  document.addEventListener("htmx:after:swap", function (event) {
    const answer = event.target === state && state.querySelector("[data-number]");
    if (!answer) return;
    const confirmed = Number(answer.dataset.number);
    Array.from(waiting).forEach(function (pair) { if (pair[1] <= confirmed) waiting.delete(pair[0]); });
    note();
    remember(false);
  });
  document.addEventListener("htmx:error", function (event) { if (event.target === state) later(); });
  document.addEventListener("htmx:before:response", function (event) {
    const raw = event.detail.ctx.response.raw;
    if (event.target === state && !raw.ok) later();
  });
  window.addEventListener("online", function () { if (waiting.size) send(); });
  form.addEventListener("submit", function () { remember(true); });
  form.addEventListener("keydown", function (event) { /* Enter in a field must not hand in */
    if (event.key === "Enter" && event.target.matches("[data-candidate] input")) event.preventDefault();
  });

  /* --- how it stands --- */
  const count = form.querySelector("[data-count]");
  function tally() {
    const given = rows.map(function (row) { return value(field(row.dataset.candidate)); })
      .filter(function (text) { return text !== "" && text !== "0"; });
    let text = "";
    if (kind === "points") {
      const left = points - given.reduce(function (sum, each) { return sum + (Number(each) || 0); }, 0);
      text = left < 0 ? fill(form.dataset.over, { n: -left }) : fill(form.dataset.some, { n: left, m: points });
      count.parentElement.toggleAttribute("data-wrong", left < 0);
    } else {
      text = given.length ? fill(form.dataset.some, { n: given.length }) : form.dataset.none;
    }
    if (count.textContent !== text) count.textContent = text;
  }

  /* --- points: one more, one less --- */
  form.querySelectorAll("[data-step]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const input = field(button.closest("[data-candidate]").dataset.candidate);
      const now = Number(input.value) || 0;
      const next = Math.min(points, Math.max(0, now + Number(button.dataset.step)));
      if (next === now) return;
      input.value = String(next);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  /* --- an order: tick what you want, move it up or down --- */
  const order = document.querySelector("[data-order]");
  const live = document.querySelector("[data-order-live]");
  function ordered() {
    return rows.filter(function (row) { return Number(value(field(row.dataset.candidate))) > 0; })
      .sort(function (one, other) { return Number(field(one.dataset.candidate).value) - Number(field(other.dataset.candidate).value); });
  }
  function arrange(list) {
    rows.forEach(function (row) {
      const input = field(row.dataset.candidate);
      const place = list.indexOf(row) + 1;
      const text = place ? String(place) : "";
      if (input.value !== text) {
        input.value = text;
        changed(row.dataset.candidate);
      }
    });
    draw(list);
    send();
  }
  function draw(list) {
    const pattern = document.querySelector("template[data-order-row]");
    order.querySelector("[data-order-empty]").hidden = list.length > 0;
    order.querySelector("ol").replaceChildren.apply(order.querySelector("ol"), list.map(function (row, at) {
      const line = pattern.content.cloneNode(true);
      line.querySelector("[data-title]").textContent = row.dataset.title;
      line.querySelectorAll("[data-move]").forEach(function (button) {
        const move = Number(button.dataset.move);
        button.setAttribute("aria-label", fill(button.dataset.label, { t: row.dataset.title }));
        button.disabled = (move === -1 && at === 0) || (move === 1 && at === list.length - 1);
        button.addEventListener("click", function () { step(row, move); });
      });
      return line;
    }));
    rows.forEach(function (row) { row.querySelector("[data-pick]").checked = list.includes(row); });
  }
  function step(row, move) {
    const list = ordered();
    const at = list.indexOf(row);
    list.splice(at, 1);
    if (move) list.splice(at + move, 0, row);
    arrange(list);
    const lines = order.querySelectorAll("li");
    if (!move) {
      live.textContent = fill(form.dataset.removed, { t: row.dataset.title });
      row.querySelector("[data-pick]").focus();
      return;
    }
    live.textContent = fill(form.dataset.moved, { t: row.dataset.title, n: at + move + 1 });
    const buttons = lines[at + move].querySelectorAll("[data-move]");
    const wanted = move === -1 ? buttons[0] : buttons[1];
    (wanted.disabled ? (move === -1 ? buttons[1] : buttons[0]) : wanted).focus();
  }
  function enableOrder() {
    order.hidden = false;
    rows.forEach(function (row) {
      const pick = row.querySelector("[data-pick]");
      pick.hidden = false;
      row.querySelector("[data-pick-label]").hidden = false;
      row.querySelector("[data-place-label]").hidden = true;
      field(row.dataset.candidate).hidden = true;
      pick.addEventListener("change", function () {
        const list = ordered().filter(function (other) { return other !== row; });
        if (pick.checked) list.push(row);
        arrange(list);
        live.textContent = fill(pick.checked ? form.dataset.moved : form.dataset.removed, { t: row.dataset.title, n: list.length });
      });
    });
    draw(ordered());
  }

  /* --- find in the list --- */
  const filter = document.querySelector("[data-filter]");
  if (filter && rows.length > 8) {
    const words = filter.querySelector("input");
    const shown = filter.querySelector("[data-shown]");
    filter.hidden = false;
    words.addEventListener("input", function () {
      const wanted = words.value.trim().toLocaleLowerCase();
      let seen = 0;
      rows.forEach(function (row) {
        row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
        if (!row.hidden) seen += 1;
      });
      shown.textContent = wanted ? fill(shown.dataset.shown, { n: seen, m: rows.length }) : "";
    });
  }

  /* --- begin: what was not confirmed before comes back, and is sent --- */
  form.querySelectorAll("[data-no-script]").forEach(function (button) { button.hidden = true; });
  const left = kept();
  const names = Object.keys(left).filter(function (name) { return rows.some(function (row) { return row.dataset.candidate === name; }); });
  names.forEach(function (name) {
    put(field(name), left[name]);
    changed(name);
  });
  if (kind === "ranking") enableOrder();
  tally();
  if (names.length) {
    document.querySelectorAll("[data-kept-form]").forEach(function (offer) { offer.remove(); });
    window.addEventListener("load", send); /* htmx listens by then */
  }
})();
