// Radio buttons in a named group. They stay where they are while their name changes: the stock
// ones are made anew with every new name, and the focus is lost.
export default {
  render({ model, el }) {
    const name = `lk-pick-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`; // every widget has a copy of this module
    const make = (tag, set) => Object.assign(document.createElement(tag), set);
    const group = make("fieldset"), legend = make("legend", { className: "widget-label" });
    const inputs = model.get("labels").map((text, i) => {
      const label = make("label"), input = make("input", { type: "radio", name, value: `${i}` });
      input.addEventListener("change", () => { model.set("index", i); model.save_changes(); });
      label.append(input, text);
      return input;
    });
    group.append(legend, ...inputs.map(input => input.parentNode));
    el.classList.add("lk-pick");
    el.replaceChildren(group);
    const show = () => {
      legend.textContent = model.get("description");
      inputs.forEach((input, i) => { input.checked = i === model.get("index"); });
    };
    model.on("change", show);
    show();
    return () => model.off("change", show);
  },
};
