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
  form.addEventListener("keydown", function (event) {
    var move = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    var row = rowOf(event.target);
    if (!move || !event.altKey || !row) return;
    var button = row.querySelector("[data-move='" + move + "']");
    event.preventDefault();
    if (!button || button.disabled) return;
    try { sessionStorage.setItem("moved", row.id + " " + move); } catch (problem) { /* only the focus is lost */ }
    button.click();
  });
  // After the page came again the focus stays with the case that was moved.
  try {
    var moved = (sessionStorage.getItem("moved") || "").split(" ");
    sessionStorage.removeItem("moved");
    var row = moved[0] && document.getElementById(moved[0]);
    if (row) (row.querySelector("[data-move='" + moved[1] + "']:not(:disabled)") || row.querySelector("a")).focus();
  } catch (problem) { /* only the focus is lost */ }
})();
