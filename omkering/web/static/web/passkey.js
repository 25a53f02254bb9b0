/* A passkey that fails is told on the page, not only in the console. */
(function () {
  "use strict";
  document.addEventListener("allauth.error", function (event) {
    const texts = document.getElementById("passkey-texts");
    const place = document.getElementById("messages");
    if (!texts || !place) return;
    event.preventDefault();
    const words = document.createElement("p");
    words.className = "nl-paragraph";
    words.textContent = texts.dataset.failed;
    const box = document.createElement("div");
    box.className = "utrecht-alert utrecht-alert--error";
    box.tabIndex = -1;
    box.append(words);
    place.hidden = false;
    place.replaceChildren(box);
    box.focus();
  });
})();
