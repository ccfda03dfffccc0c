import { Camera } from "./camera.js";
import { Controls } from "./controls.js";
import { copies } from "./copy.js";
import { Stack } from "./stack.js";
import { Window, filtered } from "./window.js";

const NUMBER = /^#slice-(\d+)$/;

/** Make a viewer of a section of slices; returns its stack. */
export function viewer(root) {
  root.classList.add("on");
  const thumbs = strip(root);
  const lines = [...root.querySelectorAll(".cut")];
  const told = root.querySelector("[data-told]");
  const stack = new Stack(root.querySelectorAll("article[data-number]"), (slice) => {
    const { number } = slice.dataset;
    for (const one of [...thumbs, ...lines]) one.classList.toggle("here", one.dataset.number === number);
    const thumb = thumbs.find((one) => one.dataset.number === number);
    // Not scrollIntoView, which would move the page as well.
    if (thumb) thumb.parentElement.scrollLeft = thumb.offsetLeft - thumb.parentElement.clientWidth / 2;
    for (const row of document.querySelectorAll("tr[data-level]")) {
      row.classList.toggle("here", row.dataset.level === slice.dataset.level);
    }
    told.textContent = slice.getAttribute("aria-label");
  });
  const pictures = [...root.querySelectorAll(".picture")];
  for (const one of pictures) one.querySelector("image").setAttribute("filter", "url(#window)");
  const camera = new Camera(pictures);
  new Controls({ root, stack, camera, grey: new Window(filtered(root.querySelector("#window"))) });
  window.addEventListener("beforeprint", () => camera.home());
  return stack;
}

/** Small pictures of the regions of all slices, which lead to them. */
function strip(root) {
  const nav = root.querySelector(".strip");
  for (const slice of root.querySelectorAll("article[data-number]")) {
    const link = document.createElement("a");
    link.href = `#${slice.id}`;
    link.dataset.number = slice.dataset.number;
    link.setAttribute("aria-label", slice.getAttribute("aria-label"));
    const picture = slice.querySelector(".picture");
    if (picture) link.append(thumb(picture));
    link.append(slice.dataset.number);
    nav.append(link);
  }
  return [...nav.children];
}

function thumb(picture) {
  const small = picture.cloneNode(false);
  const { x, y, region } = picture.dataset;
  small.removeAttribute("class");
  small.setAttribute("viewBox", `${x - region / 2} ${y - region / 2} ${region} ${region}`);
  small.setAttribute("aria-hidden", "true");
  small.removeAttribute("role");
  small.removeAttribute("aria-label");
  small.append(picture.querySelector("image").cloneNode(false));
  return small;
}

/** Let links to slices show them, without a jump where the viewer is on the screen already. */
function follow(root, stack) {
  document.addEventListener("click", (event) => {
    const number = event.target.closest("a[href^='#slice-']")?.getAttribute("href").match(NUMBER)?.[1];
    if (!number || !stack.goTo(number)) return;
    event.preventDefault();
    history.replaceState(null, "", `#slice-${number}`);
    const { top, bottom } = root.getBoundingClientRect();
    if (top > innerHeight * 0.6 || bottom < innerHeight * 0.3) root.scrollIntoView();
    stack.current.focus({ preventScroll: true });
  });
}

for (const one of document.querySelectorAll(".live")) one.hidden = false;
for (const one of document.querySelectorAll("[data-copy]")) copies(one);
for (const root of document.querySelectorAll(".stack")) {
  const stack = viewer(root);
  if (!stack.slices.length) continue;
  if (!stack.goTo(location.hash.match(NUMBER)?.[1]) && !stack.goTo(root.dataset.first)) stack.show(0);
  follow(root, stack);
}
