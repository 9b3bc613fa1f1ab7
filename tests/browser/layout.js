// Texts in `root` that run over each other, out of their box, or are too small to read; and names
// on an axis that read as one word.
root => {
  const seen = [], found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const box = text.parentElement;
    if (!text.data.trim() || !box.checkVisibility({visibilityProperty: true}) || ["OPTION", "SELECT"].includes(box.nodeName)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const size = parseFloat(getComputedStyle(box).fontSize);
    if (getComputedStyle(box).clipPath === "inset(50%)") continue; // for a screen reader alone
    if (size < 12) found.push(["small", text.data]);
    for (const edge of range.getClientRects()) if (edge.width > 1) seen.push([text, edge]);
    if (/hidden|clip/.test(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1) found.push(["cut", text.data]);
  }
  seen.forEach(([text, a], i) => seen.slice(i + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const on = [text, other].every(one => one.parentElement.closest(".lk-axis"));
    if (text !== other && wide > (on ? -3 : 2) && high > 4) found.push(["over", text.data, other.data]);
  }));
  const edge = root.getBoundingClientRect();
  seen.forEach(([text, a]) => { if (a.right > edge.right + 1 && !text.parentElement.closest(".lk-scroll, [style*='overflow-x']")) found.push(["out", text.data]); });
  return found;
}
