// Sets light or dark before the first paint when the choice is "auto". Loaded without defer, in the head.
(function () {
  var root = document.documentElement;
  var choice = root.dataset.themeChoice;
  if (choice === "light" || choice === "dark") return;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() { root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); }
  follow();
  dark.addEventListener("change", follow);
})();
