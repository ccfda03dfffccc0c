/** A button that copies the text of the element it names, and says that it did. */
export function copies(button) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    if (!(await written(source))) return;
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = before), 2000);
  });
}

async function written(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // Not every browser lets a page from a file use the clipboard: the selection does it.
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
