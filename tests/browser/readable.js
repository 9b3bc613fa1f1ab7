// Every visible text in `root` with the contrast of its colour over what lies behind it.
root => {
  const parse = colour => {
    const [r, g, b, alpha = 1] = (colour.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
    const unit = colour.startsWith("color(") ? 1 : 255;
    return [r / unit, g / unit, b / unit, alpha];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = node => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [1, 1, 1, 1]);
  };
  const light = colour => {
    const [r, g, b] = colour.map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const words = node => [...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data).join("").trim();
  const found = [];
  for (const node of root.querySelectorAll("*")) {
    const text = node.nodeName === "SELECT" ? node.selectedOptions[0]?.textContent : words(node);
    if (!text || node.nodeName === "OPTION" || node.disabled || !node.checkVisibility()) continue;
    const behind = ground(node), colour = over(parse(getComputedStyle(node).color), behind);
    const [low, high] = [light(behind), light(colour)].sort((a, b) => a - b);
    found.push([text, Math.round((high + 0.05) / (low + 0.05) * 100) / 100]);
  }
  return found;
}
