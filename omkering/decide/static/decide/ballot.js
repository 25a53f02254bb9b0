/* A ballot in two taps that survives a lost network. What was chosen is kept on this phone until the receipt is here;
   it is sent again and again, and the server gives the same receipt for the same ballot. Nothing is called received
   without a receipt. Without this file the forms on the cards lead through ordinary pages. */
(function () {
  "use strict";
  const root = document.querySelector("[data-ballots]");
  if (!root) return;
  const texts = root.dataset;
  const PREFIX = "ballot:" + (document.body.dataset.draftScope || "") + ":";
  const TIMEOUT = 8000, LONGEST = 15000; /* milliseconds */
  const FINAL = ["closed", "overtaken", "voted_before", "not_on_roll", "no_right", "choice", "form"];
  const under = new Map(); /* key → what is being sent */

  /* --- what is kept on this phone; where it keeps nothing (a private window), in this page */
  const memory = new Map();
  let durable = true;
  const keep = {
    read: function (key) {
      if (memory.has(key)) return Object.assign({}, memory.get(key));
      try { return JSON.parse(window.localStorage.getItem(PREFIX + key)); } catch (error) { return null; }
    },
    write: function (key, thing) {
      try { window.localStorage.setItem(PREFIX + key, JSON.stringify(thing)); } catch (error) { durable = false; memory.set(key, thing); }
    },
    drop: function (key) {
      memory.delete(key);
      try { window.localStorage.removeItem(PREFIX + key); } catch (error) { /* nothing kept */ }
    },
    keys: function () {
      const found = Array.from(memory.keys());
      try {
        Object.keys(window.localStorage).forEach(function (name) {
          if (name.startsWith(PREFIX)) found.push(name.slice(PREFIX.length));
        });
      } catch (error) { /* nothing kept */ }
      return found;
    },
  };

  /* --- what a card says */
  function card(key) { return document.getElementById("card-" + key); }
  function say(key, text, tone) {
    const place = card(key) && card(key).querySelector("[data-said]");
    if (!place) { apart(key, text, tone); return; }
    place.textContent = text;
    place.dataset.tone = tone || "";
    place.hidden = !text;
  }
  /* A ballot whose card is gone: the vote closed meanwhile. What becomes of it is told above the cards. */
  function apart(key, text, tone) {
    const box = root.querySelector("[data-apart]"), known = keep.read(key) || told.get(key);
    if (!box || !known) return;
    told.set(key, known);
    let line = document.getElementById("apart-" + key);
    if (!line) { line = document.createElement("p"); line.id = "apart-" + key; box.append(line); }
    line.textContent = known.title + " – " + known.words + ". " + text;
    line.dataset.tone = tone || "";
    box.hidden = false;
  }
  const told = new Map();
  function show(key, step) { /* choose, confirm, sending or done */
    const here = card(key);
    if (!here) return;
    here.dataset.step = step;
    here.querySelectorAll("[data-at]").forEach(function (each) {
      each.hidden = !each.dataset.at.split(" ").includes(step);
    });
    if (step === "choose" || step === "done") delete here.dataset.busy; else here.dataset.busy = "1";
  }

  /* --- sending: one at a time for each card, until there is an answer that counts */
  function send(key) {
    if (!keep.read(key) || under.has(key)) return;
    const one = { again: 1000, timer: 0 };
    under.set(key, one);
    show(key, "sending");
    say(key, durable ? texts.kept : texts.keptPage, "wait");
    attempt(key, one);
  }
  function later(key, one) {
    say(key, durable ? texts.kept : texts.keptPage, "wait");
    one.timer = window.setTimeout(function () { attempt(key, one); }, one.again * (0.7 + Math.random() * 0.6));
    one.again = Math.min(LONGEST, one.again * 2);
  }
  function attempt(key, one) {
    const known = keep.read(key), here = card(key);
    if (!known) { under.delete(key); return; } /* another tab had the receipt */
    if (here && here.dataset.pass) known.pass = here.dataset.pass; /* a pass of this session */
    const control = new AbortController();
    const clock = window.setTimeout(function () { control.abort(); }, TIMEOUT);
    one.timer = 0;
    fetch(texts.cast, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pass: known.pass, choice: known.choice, seen: known.seen }),
      credentials: "same-origin",
      signal: control.signal,
    })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) { settle(key, known, one, answer); })
      .catch(function () { later(key, one); })
      .finally(function () { window.clearTimeout(clock); });
  }
  function settle(key, known, one, answer) {
    if (answer.ok === true && (answer.receipt || known.secret)) {
      under.delete(key);
      told.set(key, known);
      keep.drop(key);
      const here = card(key);
      if (here) { here.dataset.seen = String(answer.receipt || 0); here.dataset.mark = "received"; }
      show(key, "done");
      const text = answer.receipt ? texts.received.replace("#n", String(answer.receipt)) : texts.receivedSecret;
      say(key, known.words + ". " + text, "good");
      const link = here && here.querySelector("[data-receipt]");
      if (link && answer.receipt) { link.href = texts.receipt.replace("0", String(answer.receipt)); link.hidden = false; }
    } else if (answer.code === "no_session") { /* it stays here, for the page after logging in */
      under.delete(key);
      show(key, "sending");
      say(key, texts.keptLoggedOut, "bad");
    } else if (FINAL.includes(answer.code)) {
      under.delete(key);
      told.set(key, known);
      keep.drop(key);
      show(key, "choose");
      say(key, answer.words || "", "bad");
      if (card(key)) card(key).dispatchEvent(new CustomEvent("live:wanted", { bubbles: true }));
    } else { later(key, one); }
  }
  function retry() {
    under.forEach(function (one, key) {
      if (!one.timer) return; /* it is on its way */
      window.clearTimeout(one.timer);
      one.again = 1000;
      attempt(key, one);
    });
    keep.keys().forEach(send);
  }
  window.addEventListener("online", retry);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) retry(); });

  /* --- reading a choice from a card: as the engine writes it, and in words */
  function titles(inputs) { return inputs.map(function (each) { return each.dataset.title; }); }
  function chosen(here, button) {
    if (button.value) return { choice: button.value, words: button.dataset.words };
    const kind = here.dataset.kind;
    const inputs = Array.from(here.querySelectorAll("[data-option]"));
    if (kind === "ranking") {
      const order = Array.from(here.querySelectorAll("[data-order] > li"));
      return {
        choice: order.map(function (each) { return each.dataset.key; }).join(">"),
        words: order.map(function (each, place) { return place + 1 + ". " + each.dataset.title; }).join(" "),
      };
    }
    if (kind === "points") {
      const given = inputs.filter(function (each) { return Number(each.value) > 0; });
      return {
        choice: given.map(function (each) { return each.dataset.option + ":" + Number(each.value); }).join("|"),
        words: given.map(function (each) { return each.dataset.title + ": " + Number(each.value); }).join(", "),
      };
    }
    const ticked = inputs.filter(function (each) { return each.checked; });
    return {
      choice: ticked.map(function (each) { return each.dataset.option; }).join("|"),
      words: titles(ticked).join(", "),
    };
  }
  function problem(here, picked) {
    if (!picked.choice) return texts.nothing;
    const inputs = Array.from(here.querySelectorAll("[data-option]"));
    if (here.dataset.most && here.dataset.kind === "approval" && picked.choice.split("|").length > Number(here.dataset.most))
      return texts.tooMany.replace("#n", here.dataset.most);
    if (here.dataset.kind === "points" && picked.choice !== "abstain") {
      const sum = inputs.reduce(function (all, each) { return all + Number(each.value || 0); }, 0);
      if (here.dataset.total && sum > Number(here.dataset.total)) return texts.tooManyPoints.replace("#n", here.dataset.total);
    }
    return "";
  }

  /* --- the two taps */
  root.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    const here = button && button.closest("[data-card]");
    if (!here) return;
    const key = here.dataset.card;
    if (button.matches("[data-choose]")) {
      event.preventDefault();
      const picked = chosen(here, button), wrong = problem(here, picked);
      if (wrong) { say(key, wrong, "bad"); return; }
      here.picked = picked;
      say(key, "", "");
      here.querySelector("[data-picked]").textContent = picked.words;
      show(key, "confirm");
      const sure = here.querySelector("[data-sure]");
      /* The second tap of a double tap lands here before anybody has read it: it is no confirmation. */
      sure.setAttribute("aria-disabled", "true");
      window.setTimeout(function () { sure.removeAttribute("aria-disabled"); }, 500);
      sure.focus({ preventScroll: true });
      here.querySelector("[data-at=confirm]").scrollIntoView({ block: "nearest" });
    } else if (button.matches("[data-sure]")) {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") || !here.picked || under.has(key)) return;
      const picked = here.picked;
      here.picked = null;
      const thing = {
        pass: here.dataset.pass, choice: picked.choice, words: picked.words,
        seen: Number(here.dataset.seen || 0), secret: here.dataset.secret === "1", title: here.dataset.title,
      };
      keep.write(key, thing);
      send(key);
    } else if (button.matches("[data-back]")) {
      event.preventDefault();
      here.picked = null;
      show(key, "choose");
      const first = here.querySelector("[data-choose]");
      if (first) first.focus({ preventScroll: true });
    } else if (button.matches("[data-change]")) {
      event.preventDefault();
      say(key, "", "");
      show(key, "choose");
    } else if (button.matches("[data-step]")) { points(here, button); }
    else if (button.matches("[data-place], [data-move]")) { rank(here, button); }
  });
  root.addEventListener("submit", function (event) {
    if (event.target.closest("[data-card]")) event.preventDefault(); /* Enter in a field is not a vote */
  });
  root.addEventListener("input", function (event) {
    const here = event.target.closest("[data-card]");
    if (here) { here.dataset.busy = "1"; count(here); }
  });

  /* --- points with steppers */
  function points(here, button) {
    const input = document.getElementById(button.dataset.for);
    const most = Number(input.max || 1e6);
    input.value = String(Math.max(0, Math.min(most, Number(input.value || 0) + Number(button.dataset.step))));
    here.dataset.busy = "1";
    count(here);
  }
  function count(here) {
    const place = here.querySelector("[data-count]");
    if (!place) return;
    const sum = Array.from(here.querySelectorAll("[data-option]")).reduce(function (all, each) { return all + Number(each.value || 0); }, 0);
    const left = Number(here.dataset.total) - sum;
    const words = !here.dataset.total ? texts.pointsGiven : left < 0 ? texts.pointsOver : texts.pointsLeft;
    place.textContent = words.replace("#n", String(here.dataset.total ? Math.abs(left) : sum));
  }

  /* --- a ranking: tap to place, buttons to move; no dragging */
  function rank(here, button) {
    const order = here.querySelector("[data-order]"), rest = here.querySelector("[data-rest]");
    const row = button.closest("li");
    let focus = button;
    if (button.matches("[data-place]")) {
      order.append(row);
      focus = row.querySelector("[data-move='-1']");
    } else if (button.dataset.move === "0") {
      rest.append(row);
      focus = row.querySelector("[data-place]");
    } else if (button.dataset.move === "-1" && row.previousElementSibling) {
      order.insertBefore(row, row.previousElementSibling);
    } else if (button.dataset.move === "1" && row.nextElementSibling) {
      order.insertBefore(row.nextElementSibling, row);
    }
    here.dataset.busy = "1";
    placed(here);
    focus.focus({ preventScroll: true });
    const live = here.querySelector("[data-order-said]");
    const place = Array.from(order.children).indexOf(row) + 1;
    live.textContent = place ? texts.placed.replace("#t", row.dataset.title).replace("#n", String(place)) : texts.unplaced.replace("#t", row.dataset.title);
  }
  function placed(here) {
    const inside = here.querySelector("[data-order]");
    here.querySelectorAll("[data-order] > li, [data-rest] > li").forEach(function (row) {
      const is = row.parentElement === inside;
      row.querySelectorAll("[data-move]").forEach(function (each) { each.hidden = !is; });
      row.querySelector("[data-place]").hidden = is;
    });
    here.querySelector("[data-order-empty]").hidden = inside.children.length > 0;
    here.querySelector("[data-rest-label]").hidden = !here.querySelector("[data-rest]").children.length;
  }

  /* --- each card as it comes on the page */
  function prepare() {
    root.querySelectorAll("[data-card]").forEach(function (here) {
      if (here.dataset.ready) return;
      here.dataset.ready = "1";
      here.querySelectorAll("[data-plain]").forEach(function (each) { each.remove(); });
      here.querySelectorAll("[data-rich]").forEach(function (each) { each.hidden = false; });
      if (here.dataset.kind === "ranking") placed(here);
      if (here.dataset.kind === "points") count(here);
      const key = here.dataset.card;
      if (keep.read(key) && !under.has(key)) send(key);
      else if (under.has(key)) { show(key, "sending"); say(key, texts.kept, "wait"); }
      else show(key, here.dataset.voted === "1" ? "done" : "choose");
    });
    /* What waits on this phone for a card that is no longer here: the vote closed, or somebody else votes now. */
    keep.keys().forEach(function (key) { if (!card(key)) send(key); });
  }
  document.addEventListener("live:changed", prepare);
  prepare();
})();
