// Words in `view` that the focus ring of one of its controls runs over.
view => {
  const words = [], found = [];
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const box = text.parentElement;
    if (!text.data.trim() || !box.checkVisibility({visibilityProperty: true}) || box.nodeName === "OPTION") continue;
    if (getComputedStyle(box).clipPath === "inset(50%)") continue; // for a screen reader alone
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const edge of range.getClientRects()) if (edge.width > 1) words.push([text, edge]);
  }
  for (const control of view.querySelectorAll("select, input, button, summary, [tabindex='0']")) {
    if (!control.checkVisibility()) continue;
    control.focus({focusVisible: true, preventScroll: true});
    const style = getComputedStyle(control), box = control.getBoundingClientRect();
    const thumb = control.type === "range" ? box.left + 8 + (box.width - 16) * (control.value - control.min) / (control.max - control.min) : null;
    const middle = (box.top + box.bottom) / 2; // a slider has its ring around its thumb, 16 px wide
    const ring = thumb === null ? parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) : 12;
    const [left, right, top, bottom] = thumb === null
      ? [box.left - ring, box.right + ring, box.top - ring, box.bottom + ring]
      : [thumb - ring, thumb + ring, middle - ring, middle + ring];
    for (const [text, edge] of words) {
      const wide = Math.min(right, edge.right) - Math.max(left, edge.left);
      const high = Math.min(bottom, edge.bottom) - Math.max(top, edge.top);
      if (!control.contains(text) && wide > 0.5 && high > 0.5) found.push([control.nodeName, text.data]);
    }
  }
  document.activeElement.blur();
  return found;
}
