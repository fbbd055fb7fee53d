/** The map of the loss with its contours, and the paths over it. */
import { contourPieces, logLevels } from '../../../core/learn/contours.ts';
import type { RacerResult } from '../../../core/learn/landscape.ts';
import type { LossGrid } from '../../../core/learn/lossGrid.ts';
import { parseHex } from '../surface/planeColours.ts';

export interface LandscapeColours {
  readonly panel: string;
  /** What low ground is tinted with. */
  readonly low: string;
  readonly contour: string;
  readonly text: string;
}

const contourCount = 12;

export interface Heights {
  readonly low: number;
  readonly high: number;
}

/** Lowest and highest loss of the map that are numbers above 0; a cross-entropy of 0 is as low as 1e-4. */
export function heightsOf({ losses }: LossGrid): Heights {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (!Number.isFinite(loss)) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  low = Math.max(low, 1e-4);
  return { low, high: Math.max(high, low * 1.001) };
}

/** Of what is drawn: walls higher than nine tenths of the map would leave one tone and no line for all else. */
export function drawnHeights(grid: LossGrid): Heights {
  const { low, high } = heightsOf(grid);
  const sorted = grid.losses.filter(Number.isFinite).sort();
  return { low, high: Math.min(high, Math.max(sorted[Math.floor(0.9 * sorted.length)] ?? high, low * 1.5)) };
}

/** On a logarithmic scale: 0 at the lowest, 1 at the highest loss. */
export function heightOf(loss: number, { low, high }: Heights): number {
  return Math.min(1, Math.max(0, Math.log(loss / low) / Math.log(high / low)));
}

export function drawMap(canvas: HTMLCanvasElement, width: number, height: number, grid: LossGrid, colours: LandscapeColours): void {
  const context = prepare(canvas, width, height);
  if (context === null) return;
  const { side, losses } = grid;
  const heights = drawnHeights(grid);
  const [low, high] = [parseHex(colours.low), parseHex(colours.panel)];
  const image = new ImageData(side, side);
  for (let i = 0; i < losses.length; i++) {
    const share = heightOf(losses[i]!, heights);
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = low[k]! + (high[k]! - low[k]!) * (Number.isNaN(share) ? 1 : share);
    image.data[4 * i + 3] = 255;
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  // The outermost values stand at the very edge: half a cell of the picture is cut off all round.
  context.drawImage(small, 0.5, 0.5, side - 1, side - 1, 0, 0, width, height);
  context.strokeStyle = colours.contour;
  context.lineWidth = 0.8;
  context.globalAlpha = 0.65;
  for (const level of logLevels(heights.low, heights.high, contourCount)) {
    const pieces = contourPieces(losses, side, level);
    context.beginPath();
    for (let i = 0; i < pieces.length; i += 4) {
      context.moveTo((pieces[i]! / (side - 1)) * width, (pieces[i + 1]! / (side - 1)) * height);
      context.lineTo((pieces[i + 2]! / (side - 1)) * width, (pieces[i + 3]! / (side - 1)) * height);
    }
    context.stroke();
  }
}

export interface DrawnPath extends Pick<RacerResult, 'places'> {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** @param from 0 to draw all anew, else only what follows this step is added */
export function drawPaths(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  range: LossGrid['range'],
  paths: readonly DrawnPath[],
  from: number,
  step: number,
  colours: LandscapeColours,
): void {
  const context = from === 0 ? prepare(canvas, width, height) : canvas.getContext('2d');
  if (context === null) return;
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  const [x, y] = axes(range, width, height);
  for (const { places, colour, dash } of paths) {
    context.beginPath();
    for (let i = from; i <= step; i++) {
      const [px, py] = [x(places[2 * i]!), y(places[2 * i + 1]!)];
      // What was thrown far away is drawn no farther than a canvas can.
      if (!(Math.abs(px) < 1e5 && Math.abs(py) < 1e5)) break;
      context.lineTo(px, py);
    }
    context.setLineDash([]);
    context.strokeStyle = colours.panel;
    context.lineWidth = 4.5;
    context.stroke();
    context.setLineDash([...dash]);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.stroke();
  }
}

/** Where all are at a step, and the common start. */
export function drawDots(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  range: LossGrid['range'],
  paths: readonly DrawnPath[],
  step: number,
  colours: LandscapeColours,
): void {
  const context = prepare(canvas, width, height);
  if (context === null) return;
  const [x, y] = axes(range, width, height);
  for (const { places, colour } of paths) dot(context, x(places[2 * step]!), y(places[2 * step + 1]!), 5.5, colour, colours.panel);
  const first = paths[0]?.places;
  if (first !== undefined) dot(context, x(first[0]!), y(first[1]!), 4, colours.panel, colours.text);
}

function axes([a0, a1, b0, b1]: LossGrid['range'], width: number, height: number): [(alpha: number) => number, (beta: number) => number] {
  return [(alpha) => ((alpha - a0) / (a1 - a0)) * width, (beta) => ((b1 - beta) / (b1 - b0)) * height];
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string, stroke: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.strokeStyle = stroke;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  if (context !== null) context.globalAlpha = 1;
  return context;
}
