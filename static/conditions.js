// The condition builder: keys on top of its buttons. Everything works without this.
(function () {
  "use strict";
  var BUILDER = "[data-builder]";
  var back = ""; // where the focus goes after a part was moved by keys

  function partOf(element) { return element.closest("[data-part]"); }
  function named(id) { return document.getElementById(id); }

  function press(button) {
    if (button) button.click();
    return Boolean(button);
  }

  // Alt+Shift with a key; Alt with an arrow alone belongs to select boxes and to the browser.
  var keys = {
    ArrowUp: function (part, element) { back = element.id; return press(named(part.id + "-up")); },
    ArrowDown: function (part, element) { back = element.id; return press(named(part.id + "-down")); },
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
    if (part && act(part, element)) event.preventDefault();
  });

  // One menu or list is open at a time, and a click beside it closes it.
  document.addEventListener("click", function (event) {
    document.querySelectorAll(BUILDER + " details[open].part-menu, " + BUILDER + " details[open].comparison-several").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // After a move by keys the focus stays in the field where it was, not on the button that was pressed for it.
  document.addEventListener("htmx:afterSettle", function (event) {
    if (!back || !event.target.matches || !event.target.matches(BUILDER)) return;
    var element = named(back);
    back = "";
    document.querySelectorAll(BUILDER + " details[open].part-menu").forEach(function (menu) { menu.open = false; });
    if (element) element.focus();
  });
})();
