/* Keeps the pages of a running meeting up to date: one stream of what changed, and only those parts are read anew.
   Without a stream all parts are read each ten seconds. Every page works without this file. */
(function () {
  "use strict";
  const root = document.querySelector("[data-live]");
  if (!root) return;
  const POLL = 10000, AGAIN = 3000, SETTLE = 120; /* milliseconds */
  const NAMES = ["agenda", "speakers", "vote", "attendance", "screen", "papers", "motions", "minutes", "meeting"];
  const state = root.querySelector("[data-live-state]");
  const said = root.querySelector("[data-live-said]");
  const parts = function () { return Array.from(root.querySelectorAll("[data-part]")); };
  let last = root.dataset.since || "0", stream = null, lost = false;
  const asked = new WeakMap(), waiting = new WeakMap();

  /* --- reading parts anew */
  const TYPED = "textarea, input[type=text], input[type=number]", FIELD = "textarea, select, input:not([type=radio], [type=checkbox])";
  function typing(part, apart) { /* `apart`: what of it looks after itself */
    const own = function (each) { return !apart || !each.closest(apart); };
    const at = document.activeElement;
    if (at && part.contains(at) && at.matches(FIELD) && own(at)) return true;
    return Array.from(part.querySelectorAll(TYPED)).some(function (each) {
      return each.value !== each.defaultValue && own(each); /* typed, and not sent yet */
    });
  }
  function busy(part) {
    const at = document.activeElement;
    return (at && part.contains(at) && at.matches(FIELD) && !at.closest("[data-rows]")) || typing(part, "[data-busy], [data-rows]");
  }
  function soon(part, wait) {
    if (waiting.has(part)) return;
    /* A whole hall does not ask in the same millisecond. */
    const spread = Number(part.dataset.spread || 0) * Math.random();
    waiting.set(part, window.setTimeout(function () { waiting.delete(part); read(part); }, (wait || SETTLE) + spread));
  }
  function read(part) {
    if (busy(part)) { soon(part, 2000); return Promise.resolve(); }
    const number = (asked.get(part) || 0) + 1;
    asked.set(part, number);
    return fetch(part.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (text) { if (asked.get(part) === number) put(part, text); })
      .catch(function () { /* the next change or the next round tries again */ });
  }
  function put(part, text) {
    if (busy(part)) { soon(part, 2000); return; }
    const fresh = document.createElement("template");
    fresh.innerHTML = text;
    const open = Array.from(part.querySelectorAll("details[open][id]")).map(function (each) { return each.id; });
    const lists = Array.from(part.querySelectorAll("[data-rows][id]")).map(function (old) {
      return { old: old, fresh: fresh.content.getElementById(old.id) };
    }).filter(function (pair) { return pair.fresh; });
    const late = lists.filter(function (pair) { return takeRows(pair.old, pair.fresh); });
    if (late.length) soon(part, 2000);
    if (lists.length && plain(part, true) === plain(fresh.content, true)) { done(part); return; }
    lists.forEach(function (pair) { pair.fresh.replaceWith(pair.old); });
    const at = document.activeElement && part.contains(document.activeElement) ? document.activeElement : null;
    /* What somebody is in the middle of stays, as long as it is still the same thing. */
    part.querySelectorAll("[data-busy][id]").forEach(function (old) {
      const same = fresh.content.getElementById(old.id);
      if (same && same.dataset.mark === old.dataset.mark) same.replaceWith(old);
    });
    part.replaceChildren(fresh.content);
    open.forEach(function (id) { const each = document.getElementById(id); if (each) each.open = true; });
    if (at && (at.id || at.isConnected)) {
      const again = at.isConnected ? at : document.getElementById(at.id);
      if (again) again.focus({ preventScroll: true });
      else { part.tabIndex = -1; part.focus({ preventScroll: true }); }
    }
    done(part);
  }
  function done(part) {
    part.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
    tick();
  }

  /* --- rows: in a list with `data-rows` each row has an id, and only a row that changed is taken over. What is ticked
     or chosen in the others, the focus and what is unfolded stay as they are; a row one types in waits. */
  function plain(node, bare) { /* its markup, without what differs each time and what the reader did to it */
    const copy = document.createElement("div");
    copy.append(...Array.from(node.childNodes).map(function (each) { return each.cloneNode(true); }));
    copy.querySelectorAll("details[open]").forEach(function (each) { each.removeAttribute("open"); });
    copy.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (each) { each.setAttribute("value", ""); });
    copy.querySelectorAll("[selected]").forEach(function (each) { each.removeAttribute("selected"); });
    copy.querySelectorAll("[tabindex='-1']").forEach(function (each) { each.removeAttribute("tabindex"); });
    if (bare) copy.querySelectorAll("[data-rows]").forEach(function (each) { each.replaceChildren(); });
    return copy.innerHTML.trim();
  }
  function takeRows(list, fresh) {
    const now = new Map(Array.from(fresh.children).map(function (row) { return [row.id, row]; }));
    let late = false, place = null;
    Array.from(list.children).forEach(function (row) {
      if (now.has(row.id)) return;
      if (typing(row)) late = true; else leave(row);
    });
    place = list.firstElementChild;
    Array.from(now.values()).forEach(function (row) {
      let there = Array.from(list.children).find(function (each) { return each.id === row.id; });
      if (there && (plain(there) !== plain(row) || there.className !== row.className)) {
        if (typing(there)) late = true;
        else { if (there === place) place = row; swap(there, row); there = row; }
      }
      if (!there) { there = row; list.insertBefore(row, place); }
      else if (there !== place) list.insertBefore(there, place);
      place = there.nextElementSibling;
    });
    return late;
  }
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, summary";
  function swap(old, row) { /* the focus goes to the same thing in the new row, or to the row */
    const at = Array.from(old.querySelectorAll(FOCUSABLE)).indexOf(document.activeElement);
    const was = at < 0 ? null : document.activeElement;
    old.querySelectorAll("details[open][id]").forEach(function (each) {
      const same = row.querySelector("#" + CSS.escape(each.id));
      if (same) same.open = true;
    });
    old.replaceWith(row);
    if (!was) return;
    const same = row.querySelectorAll(FOCUSABLE)[at];
    if (same && same.tagName === was.tagName && same.textContent === was.textContent) same.focus({ preventScroll: true });
    else { row.tabIndex = -1; row.focus({ preventScroll: true }); }
  }
  function leave(row) { /* a row that is gone: the focus goes to its list, so that the keyboard is not lost */
    const list = row.parentElement, held = row.contains(document.activeElement);
    row.remove();
    if (held) { list.tabIndex = -1; list.focus({ preventScroll: true }); }
  }
  function changed(name) {
    parts().forEach(function (part) {
      const also = part.querySelector("[data-also]"); /* what a part listens to for as long as it shows this */
      const names = (part.dataset.about || "") + " " + (also ? also.dataset.also : "");
      if (name === "everything" || names.split(" ").includes(name)) soon(part);
    });
  }
  function all() { parts().forEach(function (part) { soon(part); }); }

  /* --- the stream */
  function tellLost(yes) {
    if (lost === yes) return;
    lost = yes;
    if (state) { state.textContent = yes ? root.dataset.lost : ""; state.hidden = !yes; }
    if (!yes) all();
  }
  function listen() {
    if (!window.EventSource || !root.dataset.stream) return;
    if (stream) stream.close();
    stream = new EventSource(root.dataset.stream + "?sinds=" + encodeURIComponent(last));
    stream.onopen = function () { tellLost(false); };
    stream.onerror = function () {
      tellLost(true);
      if (stream.readyState === 2) window.setTimeout(listen, AGAIN);
    };
    NAMES.concat("everything").forEach(function (name) {
      stream.addEventListener(name, function (event) {
        if (event.lastEventId) last = event.lastEventId;
        changed(name);
      });
    });
    stream.addEventListener("turnout", function (event) {
      const count = JSON.parse(event.data);
      ["heads", "votes"].forEach(function (what) {
        root.querySelectorAll('[data-turnout-' + what + '="' + count.vote + '"]').forEach(function (place) {
          place.textContent = Number(count[what]).toLocaleString(document.documentElement.lang);
        });
        root.querySelectorAll('progress[data-turnout-bar="' + count.vote + '"]').forEach(function (bar) {
          bar.value = count[bar.dataset.measure || "heads"];
        });
      });
      root.querySelectorAll('[data-part][data-turnout="' + count.vote + '"]').forEach(function (part) { soon(part); });
    });
  }
  window.setInterval(function () { if (!stream || stream.readyState !== 1) all(); }, POLL);
  window.addEventListener("online", function () { listen(); });
  window.addEventListener("offline", function () { tellLost(true); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && (!stream || stream.readyState !== 1)) listen();
  });
  window.addEventListener("pagehide", function () { if (stream) stream.close(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { listen(); all(); } });

  /* --- the time that a speaker has left */
  function words(seconds) {
    const whole = Math.abs(seconds);
    return (seconds < 0 ? "−" : "") + Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
  }
  function tick() {
    root.querySelectorAll("[data-timer]").forEach(function (place) {
      if (!place.dataset.end) place.dataset.end = String(Date.now() + Number(place.dataset.timer) * 1000);
      const left = Math.ceil((Number(place.dataset.end) - Date.now()) / 1000);
      place.textContent = words(left);
      place.classList.toggle("app-timer--over", left < 0);
      place.classList.toggle("app-timer--near", left >= 0 && left <= 20);
    });
  }
  window.setInterval(tick, 500);
  tick();

  /* --- buttons: sent without leaving the page; without this file they are ordinary forms */
  function tell(text, bad) {
    if (!said) return;
    said.textContent = text;
    said.dataset.tone = bad ? "bad" : "good";
    said.hidden = false;
  }
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-live-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.sending) return;
    lock(form, true);
    const body = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body: body, headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.redirected) { window.location.assign(answer.url); return; }
        return answer.text().then(function (text) {
          tell(answer.ok || answer.status === 422 ? text.trim() : root.dataset.failed, !answer.ok);
          if (answer.ok) form.reset();
          if (answer.ok && form.closest("details[data-closes]")) form.closest("details").open = false;
        });
      })
      .catch(function () { tell(root.dataset.failed, true); })
      .finally(function () {
        const at = document.activeElement; /* what was typed is sent: this part may be read anew */
        if (at && form.contains(at) && at.matches("textarea, select, input")) at.blur();
        /* A button of before the change must not be pressed again: it is free once its part was read anew. */
        Promise.all(parts().map(read)).finally(function () { lock(form, false); });
      });
  }, true);
  function lock(form, yes) {
    if (yes) form.dataset.sending = "1"; else delete form.dataset.sending;
    form.querySelectorAll("button").forEach(function (button) {
      if (yes) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
    });
  }
  document.addEventListener("live:wanted", function (event) {
    const part = event.target.closest("[data-part]");
    if (part) soon(part);
  });
  listen();
})();
