const SVG = "http://www.w3.org/2000/svg";

/** Make an element with attributes (`text` is its text, `on` its click) and children. */
export function make(name, { text, on, ...attributes } = {}, ...children) {
  return filled(document.createElement(name), { text, on, attributes, children });
}

/** As `make`, of SVG. */
export function draw(name, { text, on, ...attributes } = {}, ...children) {
  return filled(document.createElementNS(SVG, name), { text, on, attributes, children });
}

function filled(element, { text, on, attributes, children }) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  if (text !== undefined) element.textContent = text;
  if (on) element.addEventListener("click", on);
  element.append(...children);
  return element;
}
