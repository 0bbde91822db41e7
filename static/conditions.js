// The condition builder: keys on top of its buttons. Everything works without this.
(function () {
  "use strict";
  var BUILDER = "[data-builder]";
  var byKeys = false; // whether a button is pressed for a key: the focus then stays where it is
  var sent = {}; // what the field in use held when the last request went out

  function partOf(element) { return element.closest("[data-part]"); }
  function named(id) { return document.getElementById(id); }

  function press(button) {
    if (button) button.click();
    return Boolean(button);
  }

  function stay(id) {
    byKeys = true;
    var pressed = press(named(id));
    byKeys = false;
    return pressed;
  }

  // Alt+Shift with a key; Alt with an arrow alone belongs to select boxes and to the browser.
  var keys = {
    ArrowUp: function (part) { return stay(part.id + "-up"); },
    ArrowDown: function (part) { return stay(part.id + "-down"); },
    KeyX: function (part) { return press(named(part.id + "-remove")); },
    KeyM: function (part) {
      var summary = named(part.id + "-more");
      if (!summary) return false;
      summary.parentElement.open = true;
      summary.focus();
      return true;
    },
    KeyA: function (part) {
      for (var box = part; box; box = box.parentElement && partOf(box.parentElement)) {
        var find = named(box.id + "-find");
        if (find) { find.focus(); return true; }
      }
      var beside = document.querySelector(BUILDER + " > .part-add .part-find");
      if (beside) beside.focus();
      return Boolean(beside);
    }
  };

  document.addEventListener("keydown", function (event) {
    var element = event.target;
    if (!element.closest || !element.closest(BUILDER)) return;
    if (event.key === "Enter" && element.dataset.enter && element.value.trim()) {
      event.preventDefault();
      press(named(element.dataset.enter));
      return;
    }
    if (event.key === "Escape") {
      var open = element.closest("details[open].part-menu, details[open].comparison-several");
      if (open) { open.open = false; open.querySelector("summary").focus(); event.preventDefault(); }
      return;
    }
    var act = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && keys[event.code];
    var part = act && partOf(element);
    if (part && act(part)) event.preventDefault();
  });

  // One menu or list is open at a time, and a click beside it closes it.
  document.addEventListener("click", function (event) {
    document.querySelectorAll(BUILDER + " details[open].part-menu, " + BUILDER + " details[open].comparison-several").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("htmx:configRequest", function (event) {
    var button = event.detail.elt;
    if (byKeys && button.closest(BUILDER)) event.detail.parameters[button.name] = button.value + ":stay";
  });

  // A field whose sentence is gone is no longer marked as wrong.
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    var say = event.detail.target && event.detail.target.id && named(event.detail.target.id);
    var part = say && say.classList.contains("part-say") && !say.textContent.trim() && partOf(say);
    if (!part) return;
    part.classList.remove("has-problem");
    part.querySelectorAll(".is-invalid").forEach(function (field) {
      if (partOf(field) !== part) return;
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
    });
  });

  // What is typed while an answer is on its way is not lost: it is put into the new field, which then asks again.
  function inUse() {
    var field = document.activeElement;
    return field && field.id && field.closest(BUILDER) && /^(INPUT|SELECT)$/.test(field.tagName) && field.type !== "checkbox" ? field : null;
  }
  document.addEventListener("htmx:beforeSend", function (event) {
    var field = event.detail.elt.closest(BUILDER) && inUse();
    if (field) sent = { id: field.id, value: field.value };
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var field = event.detail.target.matches && event.detail.target.matches(BUILDER) && inUse();
    sent.typed = field && field.id === sent.id && field.value !== sent.value ? field.value : null;
  });
  document.addEventListener("htmx:afterSettle", function () {
    var field = sent.typed !== null && sent.typed !== undefined && named(sent.id);
    if (!field) return;
    var isSelect = field.tagName === "SELECT";
    field.value = sent.typed;
    sent.typed = null;
    field.dispatchEvent(new Event(isSelect ? "change" : "input", { bubbles: true }));
  });
})();
