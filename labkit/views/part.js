// One part of a view. New HTML is patched into the old: a moved mark slides, an opened table
// stays open, a scrolled reply keeps its place and the focus stays where it is.
function patch(old, now) {
  const before = [...old.childNodes], after = [...now.childNodes];
  after.forEach((node, i) => {
    const there = before[i];
    if (!there) old.append(node);
    else if (there.nodeName !== node.nodeName) there.replaceWith(node);
    else if (node.nodeType !== Node.ELEMENT_NODE) { if (there.data !== node.data) there.data = node.data; }
    else { attributes(there, node); patch(there, node); }
  });
  before.slice(after.length).forEach(node => node.remove());
}
function attributes(old, now) {
  const mine = name => name === "open" && old.nodeName === "DETAILS";
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !mine(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value && !mine(name)) old.setAttribute(name, value);
}
// JupyterLab's command mode takes these keys from whatever has the focus inside an output.
const OURS = /^(Arrow.*|Home|End|Page.*|Enter| )$/;
function keep(event) {
  if (OURS.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) event.stopPropagation();
}
export default {
  render({ model, el }) {
    const paint = () => {
      const template = document.createElement("template");
      template.innerHTML = model.get("html");
      patch(el, template.content);
    };
    const attached = new ResizeObserver(() => {
      const view = el.closest(".lk-view, .lk-card");
      if (view) { view.addEventListener("keydown", keep); attached.disconnect(); }
    });
    el.classList.add("lk-part");
    attached.observe(el);
    model.on("change:html", paint);
    paint();
    return () => { attached.disconnect(); model.off("change:html", paint); };
  },
};
