// The page of long work shows how far it is, without being loaded anew.

const SECONDS = 2;
const place = () => document.getElementById("progress");

async function look() {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.getElementById("progress");
  if (!newer) return location.reload(); // the sign-in has ended
  for (const part of [".page-head .chip", ".job__sum", ".job__bar"]) {
    const [old, fresh] = [place(), newer].map((at) => at.querySelector(part));
    if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
  }
  update(newer);
  if (newer.dataset.isOver === "1") return location.reload();
  return setTimeout(keepLooking, SECONDS * 1000);
}

/** Only rows that changed are replaced: the focus stays where it is. */
function update(newer) {
  const [old, fresh] = [place(), newer].map((at) => at.querySelectorAll("tbody tr"));
  fresh.forEach((row, number) => {
    if (old[number] && old[number].innerHTML !== row.innerHTML) old[number].replaceWith(row);
  });
}

function keepLooking() {
  // A line that is down for a moment is no reason to stop.
  look().catch(() => setTimeout(keepLooking, SECONDS * 1000));
}

setTimeout(keepLooking, SECONDS * 1000);
