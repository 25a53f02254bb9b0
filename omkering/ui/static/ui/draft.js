/* Keep what is typed in a form with data-draft="key" on this device until it has been sent.
   Never passwords, codes, files or hidden fields. Log-out and success clear it; an error or a lapsed session do not. */
(function () {
  "use strict";
  const scope = document.body.dataset.draftScope || "";
  const prefix = "draft:";
  const page = window.location.href.split("#")[0];
  const texts = document.getElementById("app-texts");
  const DAYS = 30;
  let cleared = false; /* after logging out nothing is saved any more */

  function store() {
    try { return window.localStorage; } catch (refused) { return null; }
  }
  const storage = store();
  if (!storage) return;

  function name(form) { return prefix + scope + ":" + form.dataset.draft; }
  function read(key) {
    try { return JSON.parse(storage.getItem(key)); } catch (broken) { return null; }
  }
  function write(key, draft) {
    try { storage.setItem(key, JSON.stringify(draft)); } catch (full) { /* the form works without */ }
  }
  function keys() {
    return Object.keys(storage).filter(function (key) { return key.startsWith(prefix); });
  }
  function fields(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !field.disabled && !/^(password|file|hidden|submit|button|reset|image|fieldset)$/.test(field.type)
        && !/one-time-code|password/.test(field.autocomplete || "") && field.name !== "csrfmiddlewaretoken";
    });
  }
  function values(form) {
    const found = {};
    fields(form).forEach(function (field) {
      const list = found[field.name] = found[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) list.push(field.value);
      } else if (field.multiple && field.options) {
        Array.from(field.selectedOptions).forEach(function (option) { list.push(option.value); });
      } else {
        list.push(field.value);
      }
    });
    return found;
  }
  function fill(form, saved) {
    const place = {};
    fields(form).forEach(function (field) {
      const list = saved[field.name];
      if (!list) return;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = list.includes(field.value);
      } else if (field.multiple && field.options) {
        Array.from(field.options).forEach(function (option) { option.selected = list.includes(option.value); });
      } else {
        const position = place[field.name] = (place[field.name] === undefined ? 0 : place[field.name] + 1);
        if (list[position] !== undefined) field.value = list[position];
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  function hasErrors(form) {
    return form.querySelector("[aria-invalid=true]") !== null || document.querySelector("[data-error-summary]") !== null;
  }
  function note(form, key) {
    const box = document.createElement("div");
    const text = document.createElement("p");
    const button = document.createElement("button");
    box.className = "app-draft";
    box.setAttribute("role", "status");
    text.textContent = texts ? texts.dataset.draftRestored : "";
    button.type = "button";
    button.className = "nl-button nl-button--secondary";
    button.textContent = texts ? texts.dataset.draftDiscard : "";
    button.addEventListener("click", function () {
      storage.removeItem(key);
      form.reset();
      box.remove();
      const first = fields(form)[0];
      if (first) first.focus();
    });
    box.append(text, button);
    form.prepend(box);
    document.querySelectorAll("[data-kept-form]").forEach(function (kept) { kept.remove(); }); /* the server's copy */
  }
  function watch(form) {
    const key = name(form);
    const start = JSON.stringify(values(form));
    const wrong = hasErrors(form);
    const draft = read(key);
    let timer = 0;
    let sent = false;
    function save() {
      if (sent || cleared) return;
      const now = values(form);
      if (JSON.stringify(now) === start && !wrong) storage.removeItem(key);
      else write(key, { values: now, time: Date.now() });
    }
    if (draft && wrong) {
      write(key, { values: values(form), time: Date.now() });
    } else if (draft && JSON.stringify(draft.values) !== start) {
      write(key, { values: draft.values, time: draft.time });
      fill(form, draft.values);
      note(form, key);
    }
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 300);
    });
    form.addEventListener("submit", function () {
      window.clearTimeout(timer);
      write(key, { values: values(form), time: Date.now(), sent: true, page: page });
      sent = true;
    });
    window.addEventListener("pagehide", function () { window.clearTimeout(timer); if (!sent) save(); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) sent = false; });
  }

  const forms = Array.from(document.querySelectorAll("form[data-draft]"));
  /* A page that asks to log in, or an error page, comes between sending and arriving: keep what was sent. */
  const keep = "keepDrafts" in document.body.dataset
    || document.querySelector("main input[type=password], main input[autocomplete*=one-time-code]") !== null;
  const refused = forms.filter(hasErrors).map(name);
  const success = document.querySelector("#messages .utrecht-alert--ok") !== null;
  /* What was sent has arrived on the page that answers it: the one that comes from the form's own page, or, in a
     browser that does not tell, one that says so. Any other page may come after a network that failed. */
  function answers(draft) {
    return document.referrer ? document.referrer === draft.page : success;
  }
  keys().forEach(function (key) {
    const draft = read(key);
    const old = !draft || Date.now() - draft.time > DAYS * 86400000;
    const arrived = draft && draft.sent && !keep && answers(draft) && !refused.includes(key);
    if (old || arrived) storage.removeItem(key);
  });
  forms.forEach(watch);
  document.querySelectorAll("form[data-draft-clear]").forEach(function (form) {
    form.addEventListener("submit", function () {
      cleared = true;
      keys().forEach(function (key) { storage.removeItem(key); });
    });
  });
})();
