/** The points over the map: training points filled, test points hollow; once per change, not per frame. */
import type { PlaneData } from '../../../core/learn/planeData.ts';
import { parseHex, type PlaneColours } from './planeColours.ts';

export function drawPoints(
  canvas: HTMLCanvasElement,
  size: number,
  { points, targets, classes, trainCount, bounds: [x0, x1, y0, y1] }: PlaneData,
  withTest: boolean,
  colours: PlaneColours,
  numberScale: number,
): void {
  const ratio = devicePixelRatio;
  canvas.width = canvas.height = size * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const radius = targets.length > 800 ? 2.2 : 3;
  const count = withTest ? targets.length : trainCount;
  for (let i = 0; i < count; i++) {
    const x = ((points[2 * i]! - x0) / (x1 - x0)) * size;
    const y = ((y1 - points[2 * i + 1]!) / (y1 - y0)) * size;
    const colour = classes.length > 0 ? colours.classes[targets[i]!]! : numberColour(targets[i]! / numberScale, colours);
    const hollow = i >= trainCount;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = hollow ? colours.panel : colour;
    context.strokeStyle = hollow ? colour : colours.panel;
    context.lineWidth = hollow ? 1.6 : 1;
    context.fill();
    context.stroke();
  }
}

function numberColour(value: number, { negative, positive, text }: PlaneColours): string {
  const [from, to] = [parseHex(text), parseHex(value < 0 ? negative : positive)];
  const share = Math.min(1, Math.abs(value));
  return `rgb(${[0, 1, 2].map((k) => Math.round(from[k]! * 0.25 + (1 - share) * from[k]! * 0.25 + to[k]! * (0.5 + 0.25 * share))).join(' ')})`;
}
