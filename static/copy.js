// The button that copies a text; without this the text is selected by hand.
(function () {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var text = document.getElementById(button.dataset.copy);
    var said = document.querySelector("[data-copied]");
    if (!text) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      function done() { said.textContent = "Copied."; }
      function byHand() {
        window.getSelection().selectAllChildren(text);
        said.textContent = document.execCommand && document.execCommand("copy") ? "Copied." : "Selected: copy it with Ctrl C.";
      }
      if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(text.textContent).then(done, byHand);
      else byHand();
    });
  });
})();
