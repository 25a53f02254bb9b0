/* Shows while one types how a motion will read, point by point. Without it a button on the page does. */
(function () {
  "use strict";
  const shown = document.querySelector("[data-motion-preview]");
  if (!shown) return;
  shown.querySelectorAll("[data-part]").forEach(function (part) {
    const field = document.getElementById("id_" + part.dataset.part);
    const list = part.querySelector("ul");
    if (!field || !list) return;
    function draw() {
      const points = field.value.split("\n")
        .map(function (line) { return line.replace(/^\s*([-–•*]|\d{1,2}[.)])\s+/, "").trim(); })
        .filter(Boolean);
      list.replaceChildren(...points.map(function (point) {
        const item = document.createElement("li");
        item.textContent = point;
        return item;
      }));
      part.hidden = points.length === 0;
    }
    field.addEventListener("input", draw);
    draw();
  });
})();
