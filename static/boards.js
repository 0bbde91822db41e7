// Copying a chase list; the text can be marked by hand without this.
(function () {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(
        function () { button.textContent = "Copied"; },
        function () { button.textContent = "Not copied: mark the text and copy it"; }
      );
    });
  });
})();
// The order of an agenda by drag and by Alt with an arrow. The buttons of each case do the same without this.
(function () {
  "use strict";
  var form = document.querySelector("[data-order]");
  if (!form) return;
  var dragged = null;

  function rowOf(target) { return target.closest ? target.closest("[data-case]") : null; }

  function over(row) {
    form.querySelectorAll(".is-over").forEach(function (one) { one.classList.remove("is-over"); });
    if (row) row.classList.add("is-over");
  }

  form.addEventListener("dragstart", function (event) {
    dragged = rowOf(event.target);
    if (!dragged || dragged.getAttribute("draggable") !== "true") { dragged = null; return; }
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.case);
  });
  form.addEventListener("dragover", function (event) {
    var row = rowOf(event.target);
    if (!dragged || !row) return;
    event.preventDefault();
    over(row === dragged ? null : row);
  });
  form.addEventListener("drop", function (event) {
    var row = rowOf(event.target);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    var list = row.parentElement;
    var rows = Array.prototype.slice.call(list.children);
    list.insertBefore(dragged, rows.indexOf(dragged) < rows.indexOf(row) ? row.nextSibling : row);
    form.requestSubmit();
  });
  form.addEventListener("dragend", function () {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    over(null);
  });
  // A case moves on the page at once and the focus stays with it; the order is sent when no further step follows soon.
  // A step while it is being sent waits in the session, and is done on the page that comes.
  var sending = false;
  var later = null;

  function numbered(list) {
    Array.prototype.forEach.call(list.children, function (row, place) {
      row.querySelector(".agenda-number").textContent = String(place + 1);
      row.querySelector("[data-move='up']").disabled = place === 0;
      row.querySelector("[data-move='down']").disabled = place === list.children.length - 1;
    });
  }
  function focusOn(row, move) {
    (row.querySelector("[data-move='" + move + "']:not(:disabled)") || row.querySelector("[data-move]:not(:disabled)") ||
      row.querySelector("a")).focus();
  }
  function keep(row, move, more) {
    try { sessionStorage.setItem("moved", [row.id, move, more].join(" ")); } catch (problem) { /* only the focus is lost */ }
  }
  var steps = 0;
  var waiting = "";
  function step(row, move) {
    if (!row.querySelector("[data-move]")) return;
    if (sending) {
      if (waiting && waiting !== row.id + move) return;
      waiting = row.id + move;
      steps += 1;
      keep(row, move, steps);
      return;
    }
    var list = row.parentElement;
    var beside = move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!beside) return;
    list.insertBefore(move === "up" ? row : beside, move === "up" ? beside : row);
    numbered(list);
    focusOn(row, move);
    keep(row, move, 0);
    window.clearTimeout(later);
    later = window.setTimeout(function () { form.requestSubmit(); }, 350);
  }
  form.addEventListener("submit", function () {
    window.clearTimeout(later);
    sending = true;
    var mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = "focused";
    mark.value = "yes";
    form.append(mark);
  });
  form.addEventListener("keydown", function (event) {
    var move = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    var row = rowOf(event.target);
    if (!move || !event.altKey || !row) return;
    event.preventDefault();
    step(row, move);
  });
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    step(rowOf(button), button.dataset.move);
  });
  // A page left within that moment sends the order as well.
  window.addEventListener("pagehide", function () {
    if (later !== null && !sending) navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
  });
  // After the page came again the focus stays with the case that was moved.
  try {
    var moved = (sessionStorage.getItem("moved") || "").split(" ");
    sessionStorage.removeItem("moved");
    var row = moved[0] && document.getElementById(moved[0]);
    if (row) {
      focusOn(row, moved[1]);
      for (var left = Number(moved[2]); left > 0; left -= 1) step(row, moved[1]);
    }
  } catch (problem) { /* only the focus is lost */ }
})();
