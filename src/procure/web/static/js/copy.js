// A button beside a text that copies it. Browsers have a clipboard on secure pages only; without one no button is
// offered, and the text is selected and copied by hand.

function offerCopying(button) {
  const text = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "コピーしました。";
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "コピーできませんでした。文章を選択しましたので、Ctrl+Cでコピーしてください。";
    }
  });
}

if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(offerCopying);
