const STORED = "lumbargrade-room-theme";
const page = document.documentElement;

/** A switch between light and dark; what was chosen holds for this kind of page on this machine. */
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const kind = button.dataset.themeSwitch;
  const name = `${STORED}-${kind}`;
  const known = remembered(name);
  if (known) page.dataset.theme = known;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    page.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(name, page.dataset.theme);
    } catch {
      // Without a store the choice holds until the page is left.
    }
  });
}

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
