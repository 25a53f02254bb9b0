/* Shows while one types what an amendment changes in a paragraph, word by word. Without it a button on the page does. */
(function () {
  "use strict";
  const MOST = 4000; /* words of both texts together; longer ones are left to the button */
  document.querySelectorAll("[data-word-diff]").forEach(function (box) {
    const field = document.getElementById(box.dataset.wordDiff);
    const base = box.querySelector("template[data-base]");
    const shown = box.querySelector(".app-diff");
    if (!field || !base || !shown) return;
    const old = words(base.content.textContent);
    const nothing = shown.querySelector("ins, del") ? "" : shown.textContent;
    let timer = 0;
    field.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(draw, 200);
    });
    draw();

    function draw() {
      const now = words(field.value);
      if (old.length + now.length > MOST) return;
      const pieces = difference(old, now);
      shown.replaceChildren();
      if (!pieces.some(function (piece) { return piece[0] !== ""; })) {
        shown.textContent = nothing || "–";
        return;
      }
      pieces.forEach(function (piece) {
        if (!piece[0]) { shown.append(piece[1]); return; }
        const element = document.createElement(piece[0]);
        const said = document.createElement("span");
        said.className = "app-visually-hidden";
        said.textContent = "[" + (piece[0] === "ins" ? box.dataset.added : box.dataset.dropped) + " ";
        const end = said.cloneNode();
        end.textContent = "]";
        element.append(said, piece[1], end);
        shown.append(element);
      });
    }
  });

  function words(text) { return text.trim().match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) || []; }

  /* The longest common words of both, as [tag, text] pieces: "" stays, "del" goes, "ins" comes. */
  function difference(a, b) {
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let end = 0;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    const n = a.length - start - end;
    const m = b.length - start - end;
    const table = [];
    for (let i = n; i >= 0; i--) {
      table[i] = new Uint16Array(m + 1);
      for (let j = m - 1; j >= 0 && i < n; j--) {
        table[i][j] = a[start + i] === b[start + j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
      }
    }
    const pieces = [];
    function add(tag, text) {
      const last = pieces[pieces.length - 1];
      if (last && last[0] === tag) last[1] += text;
      else pieces.push([tag, text]);
    }
    add("", a.slice(0, start).join(""));
    let i = 0;
    let j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && a[start + i] === b[start + j]) { add("", a[start + i]); i++; j++; }
      else if (i < n && (j === m || table[i + 1][j] >= table[i][j + 1])) { add("del", a[start + i]); i++; }
      else { add("ins", b[start + j]); j++; }
    }
    add("", a.slice(a.length - end).join(""));
    return pieces;
  }
})();
