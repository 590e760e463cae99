// Sets theme and language on <html> before the first paint, so that nothing flashes.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = new URLSearchParams(location.search).get("lang");
  try {
    theme = localStorage.getItem("leadline.theme");
    language = language || localStorage.getItem("leadline.language");
  } catch {
    // Storage may be closed to us; the defaults do.
  }
  if (theme !== "light" && theme !== "dark") {
    theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  if (language !== "zh" && language !== "en") language = /^zh\b/i.test(navigator.language) ? "zh" : "en";
  root.dataset.theme = theme;
  root.lang = language === "zh" ? "zh-CN" : "en";
})();
