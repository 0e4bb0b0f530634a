// The curves of a training as a drawing: the loss on a scale of its own, likeness on held-out pictures from 0 to 1.

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [460, 170, 34, 22, 10];
const SVG = "http://www.w3.org/2000/svg";

function part(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

/** network: {steps: [[seconds, l1, gan], ...], held_out: [[seconds, ssim], ...]}; null where there is nothing to draw. */
export function drawing(name, { steps, held_out }) {
  if (steps.length < 2) return null;
  const end = steps.at(-1)[0];
  const losses = steps.map(([, l1]) => l1);
  const most = Math.max(...losses);
  const x = (seconds) => LEFT + ((WIDTH - LEFT - 8) * seconds) / end;
  const y = (share) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
  const path = (points) => points.map(([across, up], i) => `${i ? "L" : "M"}${x(across).toFixed(1)} ${y(up).toFixed(1)}`).join("");
  const newest = held_out.at(-1)?.[1];
  const words = `${name}: loss ${losses.at(-1).toFixed(3)}${newest === undefined ? "" : `, likeness on held-out pictures ${newest.toFixed(2)}`}`;
  const svg = part("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words, class: "pt-curve" });
  for (const share of [0, 0.5, 1]) {
    svg.append(part("line", { x1: LEFT, x2: WIDTH - 8, y1: y(share), y2: y(share), class: "pt-grid" }));
    svg.append(part("text", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }, String(share)));
  }
  svg.append(part("text", { x: WIDTH - 8, y: HEIGHT - 5, "text-anchor": "end" }, `${(end / 60).toFixed(1)} min`));
  svg.append(part("path", { d: path(steps.map(([s, l1]) => [s, l1 / most])), class: "pt-loss" }));
  if (held_out.length > 1) svg.append(part("path", { d: path(held_out), class: "pt-likeness" }));
  for (const [seconds, ssim] of held_out) svg.append(part("circle", { cx: x(seconds), cy: y(ssim), r: 2.5, class: "pt-likeness" }));
  return svg;
}
