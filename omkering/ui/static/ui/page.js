/* Small comforts; every page works without them. */
(function () {
  "use strict";

  /* The error summary takes the focus, also where autofocus is not heeded or htmx put it on the page. */
  function focusSummary(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary && document.activeElement !== summary) summary.focus();
  }
  window.addEventListener("load", function () { if (document.activeElement === document.body) focusSummary(document); });
  document.addEventListener("htmx:after:swap", function (event) { focusSummary(event.target || document); });

  /* A piece of page that does not come is told in its place; the form itself stays as it is. */
  const texts = document.getElementById("app-texts");
  function tell(place, text) {
    const words = document.createElement("p");
    words.className = "app-subtle";
    words.dataset.trouble = "";
    words.textContent = text;
    document.querySelectorAll("[data-trouble]").forEach(function (old) { old.remove(); });
    place.replaceChildren(words);
  }
  document.addEventListener("htmx:error", function (event) {
    const error = event.detail.error;
    if (texts && event.detail.ctx && !(error && error.name === "AbortError")) tell(event.target, texts.dataset.noConnection);
  });
  document.addEventListener("htmx:before:response", function (event) {
    const answer = event.detail.ctx.response.raw;
    if (!texts || (answer.ok && !answer.redirected)) return;
    event.preventDefault(); /* a log-in page or an error page does not belong within this one */
    tell(event.target, answer.redirected ? texts.dataset.loggedOut : texts.dataset.noConnection);
  });

  /* Do not send a form twice by a double click. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    window.setTimeout(function () { delete form.dataset.sending; }, 4000);
  });

  /* The map of members: one tab stop, arrow keys go to the nearest tile in that direction. */
  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function centre(tile) {
    const box = tile.getBBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
  function nearest(tiles, from, direction) {
    const start = centre(from);
    let best = null;
    let bestScore = Infinity;
    tiles.forEach(function (tile) {
      if (tile === from) return;
      const place = centre(tile);
      const along = (place[0] - start[0]) * direction[0] + (place[1] - start[1]) * direction[1];
      const across = Math.abs((place[0] - start[0]) * direction[1]) + Math.abs((place[1] - start[1]) * direction[0]);
      if (along <= 0.01 || across > along * 2.5) return;
      const score = along + 2 * across;
      if (score < bestScore) { bestScore = score; best = tile; }
    });
    return best;
  }
  function enableMap(map) {
    const tiles = Array.from(map.querySelectorAll("a"));
    if (!tiles.length) return;
    tiles.forEach(function (tile, index) { tile.setAttribute("tabindex", index ? "-1" : "0"); });
    function go(tile) {
      if (!tile) return;
      tiles.forEach(function (other) { other.setAttribute("tabindex", other === tile ? "0" : "-1"); });
      tile.focus();
    }
    map.addEventListener("keydown", function (event) {
      const tile = event.target.closest("a");
      if (!tile || event.altKey || event.ctrlKey || event.metaKey) return;
      if (DIRECTIONS[event.key]) go(nearest(tiles, tile, DIRECTIONS[event.key]));
      else if (event.key === "Home") go(tiles[0]);
      else if (event.key === "End") go(tiles[tiles.length - 1]);
      else return;
      event.preventDefault();
    });
    const hint = map.closest("figure").querySelector("[data-map-hint]");
    if (hint) hint.hidden = false;
  }
  document.querySelectorAll("svg[data-map]").forEach(enableMap);
})();
