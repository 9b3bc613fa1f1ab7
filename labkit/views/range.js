// A native range input: named, moved by every key a reader expects, its value beside it.
export default {
  render({ model, el }) {
    const id = `lk-range-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`; // every widget has a copy of this module
    const make = (tag, set) => Object.assign(document.createElement(tag), set);
    const label = make("label", { className: "widget-label", htmlFor: id });
    const input = make("input", { type: "range", id });
    const output = make("output", { htmlFor: id });
    output.setAttribute("aria-live", "off");
    el.classList.add("lk-range");
    el.replaceChildren(label, input, output);
    const spell = value => {
      const places = (String(model.get("step")).split(".")[1] || "").length;
      const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
      return (value < 0 ? "\u2212" : "") + text + (model.get("unit") ? "\u202f" + model.get("unit") : "");
    };
    const say = () => { output.textContent = spell(+input.value); input.setAttribute("aria-valuetext", output.textContent); };
    const show = () => {
      label.textContent = model.get("description");
      for (const name of ["min", "max", "step"]) input[name] = model.get(name);
      if (!model.get("moving")) input.value = model.get("value");
      say();
    };
    input.addEventListener("input", () => { say(); model.set({ moving: true, value: +input.value }); model.save_changes(); });
    input.addEventListener("change", () => { model.set("moving", false); model.save_changes(); });
    input.addEventListener("keydown", event => { if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation(); });
    model.on("change", show);
    show();
    return () => model.off("change", show);
  },
};
