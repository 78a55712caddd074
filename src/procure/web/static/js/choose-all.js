// A button that ticks every box of its group, for records in which nearly all bodies took part.

function offerAll(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = document.querySelectorAll(`#${button.dataset.choose} input[type="checkbox"]`);
    for (const box of boxes) box.checked = true;
    boxes[0].dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.querySelectorAll("[data-choose]").forEach(offerAll);
