// The meeting screen: keys on top of its controls, the timer, and the draft kept as it is typed. All of it works as a plain
// form without this; recording is always the press of one button.
(function () {
  "use strict";
  var form = document.getElementById("decision");
  if (!form) return;
  var kept = document.querySelector("[data-kept]");
  var current = null;
  var dirty = false;
  var sending = false;
  var leaving = false;
  var elsewhere = false;
  var told = false;
  var over = false;  // somebody recorded the decision meanwhile: nothing more is kept, and the words go along with the form

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function typing(target) {
    return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(radio|checkbox)$/.test(target.type));
  }
  all("[data-clear], [data-add], [data-pause]").forEach(function (one) { one.hidden = false; });

  // ---- draft ----
  var number = 0;
  var here = (window.crypto && crypto.randomUUID) ? crypto.randomUUID() : String(Date.now()) + Math.random();
  function body() {
    var data = new URLSearchParams(new FormData(form));
    number += 1;
    data.set("window", here.slice(0, 40));
    data.set("number", String(number));
    return data;
  }

  function keep() {
    if (!dirty || sending || over) return Promise.resolve();
    dirty = false;
    sending = true;
    return fetch(form.dataset.draft, { method: "POST", body: body(), credentials: "same-origin", redirect: "error" })
      .then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (data) {
          elsewhere = answer.status === 409 && !data.decided;
          if (data.decided) ended();
          if (!answer.ok) throw new Error(data.sentence || "");
          form.elements.seen.value = data.seen;
          kept.textContent = dirty ? "typing…" : "draft kept " + data.kept;
          kept.classList.remove("is-not-kept");
        });
      })
      .catch(function (problem) {
        dirty = true;
        kept.textContent = over ? "not kept: the case is decided" : "not kept, still in this window: " +
          (problem.name === "Error" && problem.message || "the server does not answer");
        kept.classList.add("is-not-kept");
      })
      .then(function () { sending = false; });
  }

  function ended() {
    over = true;
    var box = document.querySelector("[data-over]");
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  }

  function changed() {
    dirty = true;
    if (!over) kept.textContent = "typing…";
    summary();
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.setInterval(keep, 800);
  // Recording goes out only after the server has kept the text: if it does not answer, nothing typed leaves the window.
  form.addEventListener("submit", function (event) {
    if (leaving) return;
    event.preventDefault();
    dirty = true;
    var taking = event.submitter && event.submitter.name === "take" ? event.submitter : null;
    wait().then(keep).then(function () {
      if (dirty && !over && !(elsewhere && told)) {
        if (elsewhere) kept.textContent += " Or press again to record what stands here.";
        told = elsewhere;
        kept.scrollIntoView({ block: "nearest" });
        return;
      }
      leaving = true;
      if (taking && !over) {
        var which = document.createElement("input");
        which.type = "hidden";
        which.name = "take";
        which.value = taking.value;
        form.append(which);
        form.action = taking.formAction;
      }
      try { sessionStorage.removeItem("meeting-screen"); } catch (problem) { /* there is none */ }
      form.submit();
    });
  });
  function wait() {
    return new Promise(function (done) {
      (function look() { if (sending) window.setTimeout(look, 40); else done(); })();
    });
  }
  window.addEventListener("pagehide", function () {
    if (dirty && !leaving && !over) navigator.sendBeacon(form.dataset.draft, body());
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty && over && !leaving) event.preventDefault();
  });
  function go(link) {
    if (!link) return;
    wait().then(keep).then(function () {
      if (dirty) { (over ? document.querySelector("[data-over]") : kept).scrollIntoView({ block: "nearest" }); return; }
      try { sessionStorage.setItem("meeting-screen", window.location.pathname); } catch (problem) { /* no way back is offered */ }
      window.location.href = link.href;
    });
  }

  // ---- what others typed meanwhile, and whether somebody recorded: asked for now and then ----
  document.querySelector("[data-over] button").addEventListener("click", function () { form.requestSubmit(); });
  window.setInterval(function () {
    if (document.hidden || over || leaving) return;
    fetch(window.location.pathname, { credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected && /\/decision\/$/.test(new URL(answer.url).pathname)) { ended(); return ""; }
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var box = document.querySelector("[data-others]");
      var fresh = text && new DOMParser().parseFromString(text, "text/html").querySelector("[data-others]");
      if (fresh && !box.contains(document.activeElement) && fresh.textContent !== box.textContent) {
        box.replaceChildren.apply(box, Array.prototype.slice.call(document.importNode(fresh, true).childNodes));
      }
    }).catch(function () { /* the next time */ });
  }, 15000);

  // ---- what is chosen so far ----
  function summary() {
    var box = document.querySelector("[data-summary]");
    var words = {};
    all("[data-option] input[type='radio']:checked").forEach(function (input) {
      var word = input.nextElementSibling.textContent;
      (words[word] = words[word] || []).push(input.closest("[data-option]").dataset.title);
    });
    box.textContent = "";
    Object.keys(words).forEach(function (word) {
      var line = document.createElement("div");
      var head = document.createElement("b");
      var names = document.createElement("span");
      head.textContent = word.charAt(0).toUpperCase() + word.slice(1);
      names.textContent = words[word].join(", ");
      line.append(head, names);
      box.append(line);
    });
    box.hidden = !box.childNodes.length;
  }
  summary();

  form.addEventListener("click", function (event) {
    var clear = event.target.closest("[data-clear]");
    if (clear) {
      var option = clear.closest("[data-option]");
      option.querySelectorAll("input[type='radio']").forEach(function (one) { one.checked = false; });
      changed();
      select(option);
    }
    var add = event.target.closest("[data-add]");
    if (add) another(add.dataset.add);
  });

  function another(kind) {
    var box = form.querySelector("[data-rows='" + kind + "']");
    var last = box.lastElementChild;
    var number = Number(last.querySelector("input").name.split("-")[1]) + 1;
    if (number > 29) return;
    var row = last.cloneNode(true);
    row.querySelectorAll(".field-error").forEach(function (one) { one.remove(); });
    row.querySelectorAll("input").forEach(function (input) {
      input.name = input.name.replace(/-[0-9]+-/, "-" + number + "-");
      input.value = "";
    });
    row.querySelectorAll(".visually-hidden").forEach(function (one) {
      one.textContent = one.textContent.replace(/[0-9]+/, String(number + 1));
    });
    box.append(row);
    row.querySelector("input").focus();
  }

  // ---- keys ----
  function select(option) {
    all(".screen-option.is-current").forEach(function (one) { one.classList.remove("is-current"); });
    current = option;
    if (!option) return;
    var inside = option.closest("details");
    if (inside) inside.open = true;
    option.classList.add("is-current");
    option.focus({ preventScroll: true });
    option.scrollIntoView({ block: "nearest" });
  }
  form.addEventListener("focusin", function (event) {
    var option = event.target.closest("[data-option]");
    if (option && option !== current) {
      all(".screen-option.is-current").forEach(function (one) { one.classList.remove("is-current"); });
      option.classList.add("is-current");
      current = option;
    }
  });
  var digits = "";
  var digitsAt = 0;
  function numbered(digit) {
    var now = Date.now();
    digits = now - digitsAt < 900 ? digits + digit : digit;
    digitsAt = now;
    var found = form.querySelector("[data-option='" + digits + "']") || form.querySelector("[data-option='" + digit + "']");
    if (found) select(found);
  }
  function say(key) {
    var input = current && current.querySelector("[data-word='" + key.toUpperCase() + "']");
    if (!input) return false;
    input.checked = true;
    changed();
    if (key === "n" || key === "f") current.querySelector("select").focus();
    return true;
  }
  function focusFirst(selector) {
    var found = document.querySelector(selector);
    if (found) found.focus();
    return Boolean(found);
  }
  function fold(id) {
    var found = document.getElementById(id);
    if (!found) return false;
    found.open = !found.open;
    if (found.open) found.scrollIntoView({ block: "nearest" });
    return true;
  }
  var keys = {
    arrowleft: function () { go(document.querySelector("[data-before]")); return true; },
    arrowright: function () { go(document.querySelector("[data-after]")); return true; },
    " ": function () { document.querySelector("[data-pause]").click(); return true; },
    x: function () { return fold("others"); },
    s: function () { return fold("aside"); },
    p: function () {
      var box = document.querySelector(".screen-postpone");
      box.open = !box.open;
      if (box.open) box.querySelector("select, input").focus();
      return true;
    },
    o: function () {
      var found = document.querySelector("[data-others] button");
      if (found) found.click();
      return Boolean(found);
    },
    b: function () { return focusFirst("#note"); },
    w: function () { return focusFirst("[data-rows='task'] input"); },
    i: function () { return focusFirst("[data-rows='if'] input"); },
    c: function () { return say("c"); }, f: function () { return say("f"); },
    d: function () { return say("d"); }, n: function () { return say("n"); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var button = form.querySelector(over ? "[data-over] button" : ".screen-end button.btn-primary");
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    var radio = event.target.type === "radio";
    if (radio && /^(Arrow| )/.test(event.key)) return;
    if (event.key === " " && /^(BUTTON|A|SUMMARY|INPUT)$/.test(event.target.tagName)) return;
    if (/^[0-9]$/.test(event.key)) { numbered(event.key); event.preventDefault(); return; }
    var key = event.key.toLowerCase();
    var link = document.querySelector("[data-key='" + key + "']");
    if (link) { event.preventDefault(); go(link); return; }
    if (keys[key] && keys[key]()) event.preventDefault();
  });

  // ---- timer: seconds on this case, kept for the session ----
  var timer = document.querySelector("[data-timer]");
  var store = "case-seconds-" + timer.dataset.case;
  var pause = document.querySelector("[data-pause]");
  var seconds = 0;
  try { seconds = Number(sessionStorage.getItem(store)) || 0; } catch (problem) { /* counts from now */ }
  function show() {
    var rest = seconds % 60;
    document.querySelector("[data-clock]").textContent = Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
    document.querySelector("[data-used]").value = Math.min(seconds / 60, Number(timer.dataset.timer));
    pace();
  }
  // Against the plan of the whole meeting, once it has begun; a meeting of another day has no pace.
  function pace() {
    var since = Date.now() - Number(timer.dataset.begins);
    if (since < 0 || since > 8 * 3600000) return;
    var late = Math.floor((Date.now() - Number(timer.dataset.due)) / 60000);
    var box = document.querySelector("[data-pace]");
    box.textContent = late > 0 ? "meeting " + late + " min behind plan" : "meeting on time";
    box.classList.toggle("is-behind", late > 0);
  }
  pause.addEventListener("click", function () {
    var on = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(on));
    pause.textContent = on ? "Go on" : "Pause";
  });
  window.setInterval(function () {
    if (pause.getAttribute("aria-pressed") === "true") return;
    seconds += 1;
    try { sessionStorage.setItem(store, String(seconds)); } catch (problem) { /* not kept */ }
    show();
  }, 1000);
  show();
})();
