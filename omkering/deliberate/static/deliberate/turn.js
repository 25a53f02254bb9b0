/* The second tap of a double tap lands on the next statement, which nobody has read yet: it is no vote. */
(function () {
  "use strict";
  const MOMENT = 500; /* milliseconds in which a finger comes down twice */
  const turn = document.getElementById("turn");
  if (!turn) return;
  document.addEventListener("htmx:after:swap", function () {
    const buttons = turn.querySelectorAll(".app-turn__form button");
    buttons.forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    window.setTimeout(function () {
      buttons.forEach(function (button) { button.removeAttribute("aria-disabled"); });
    }, MOMENT);
  });
  turn.addEventListener("click", function (event) {
    const button = event.target.closest("[aria-disabled=true]");
    if (button) event.preventDefault();
  }, true);
})();
