// Before the first paint: that scripts run, and the theme the reader chose.
(() => {
  const root = document.documentElement;
  root.dataset.js = "on";
  try {
    const theme = localStorage.getItem("theme");
    if (theme) root.dataset.theme = theme;
  } catch {
    // No storage allowed: the system's theme it is.
  }
})();
