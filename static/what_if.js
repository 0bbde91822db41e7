// The what-if page: an input that was refused says so to those who do not see it. Everything works without this.
(function () {
  "use strict";
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    var slot = event.detail.target;
    if (!slot || !slot.classList.contains("what-if-slot")) return;
    var input = document.getElementById(slot.id.replace(/-say$/, ""));
    if (!input || input.tagName !== "INPUT") return;
    var refused = slot.querySelector(".field-error") !== null;
    input.classList.toggle("is-invalid", refused);
    if (refused) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  });
  // Paper cannot unfold: what is folded in the answer is printed whole.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("#what-if-result details:not([open])").forEach(function (fold) {
      fold.open = true;
      fold.setAttribute("data-opened-for-print", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("[data-opened-for-print]").forEach(function (fold) {
      fold.open = false;
      fold.removeAttribute("data-opened-for-print");
    });
  });
})();
