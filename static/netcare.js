// Conveniences only: every page reads and works without them.
(function () {
  "use strict";

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  // "/" goes to the search field of the top bar; Escape closes the menu of the top bar.
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      var search = document.querySelector("[data-shortcut='/']");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      var menu = document.querySelector(".top-person[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
  });
  document.addEventListener("click", function (event) {
    var menu = document.querySelector(".top-person[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
    var printer = event.target.closest("[data-print]");
    if (printer) { event.preventDefault(); window.print(); }
    var every = event.target.closest("[data-open-all]");
    if (every) openAll(every);
  });

  // "Open all" and "Close all" over the rows of the list it names.
  function openAll(button) {
    var open = button.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll(button.dataset.openAll).forEach(function (row) { row.open = open; });
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? button.dataset.close : button.dataset.open;
  }

  // A link to a row opens the row and whatever it is folded in.
  function openTarget() {
    if (!location.hash) return;
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (target) target.scrollIntoView();
  }
  // Whoever looked something up from the meeting screen finds the way back to the same case, with what was typed.
  (function backToTheMeeting() {
    var screen = "";
    try { screen = sessionStorage.getItem("meeting-screen") || ""; } catch (problem) { return; }
    var patient = (/^\/patients\/[0-9a-f-]{36}\//.exec(screen) || [""])[0];
    if (!patient || location.pathname === screen || location.pathname.indexOf(patient) !== 0) return;
    var main = document.getElementById("content");
    if (!main || document.querySelector("[data-back-to-meeting]")) return;
    var line = document.createElement("p");
    line.className = "back-to-meeting no-print";
    line.dataset.backToMeeting = "";
    var link = document.createElement("a");
    link.href = screen;
    link.textContent = "← Back to the meeting screen";
    line.append(link);
    main.prepend(line);
  })();

  window.addEventListener("hashchange", openTarget);
  openTarget();

  // Filters apply as soon as a choice is made; the button stays for those without scripts.
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-auto-submit") && event.target.tagName === "SELECT") form.requestSubmit();
  });
})();
