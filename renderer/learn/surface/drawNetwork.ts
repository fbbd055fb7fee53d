/** All weights and all units' maps on one canvas: hundreds of lines and dozens of maps are drawn in every frame. */
import { smallSide } from '../../../core/learn/planeBench.ts';
import { curveOf, weightAt, type Edge, type NetworkLayout } from './networkLayout.ts';
import { paintShares, paintValues, type MapScale, type PlaneColours } from './planeColours.ts';

const widest = 7;
/** Lines of one sign and about one width are drawn in one go. */
const widthSteps = 14;

export function drawEdges(
  context: CanvasRenderingContext2D,
  layout: NetworkLayout,
  counts: readonly number[],
  weights: readonly Float32Array[],
  chosen: Edge | null,
  colours: PlaneColours,
): void {
  const groups = new Map<number, Path2D>();
  for (let layer = 1; layer < counts.length; layer++) {
    for (let to = 0; to < counts[layer]!; to++) {
      for (let from = 0; from < counts[layer - 1]!; from++) {
        const { parameter, index } = weightAt({ layer, to, from }, counts);
        const weight = weights[parameter]?.[index] ?? 0;
        const size = Number.isFinite(weight) ? Math.min(widthSteps, Math.ceil(Math.abs(weight) * 2.5)) : 0;
        const key = weight < 0 ? -size - 1 : size;
        let path = groups.get(key);
        if (path === undefined) groups.set(key, (path = new Path2D()));
        addCurve(path, layout, layer, from, to);
      }
    }
  }
  context.setLineDash([]);
  for (const [key, path] of [...groups].sort(([a], [z]) => sizeOf(a) - sizeOf(z))) {
    const share = sizeOf(key) / widthSteps;
    context.globalAlpha = Math.min(1, 0.35 + 1.6 * share);
    context.lineWidth = 0.7 + (widest - 0.7) * share;
    context.strokeStyle = key < 0 ? colours.negative : colours.positive;
    context.stroke(path);
  }
  context.globalAlpha = 1;
  if (chosen === null || chosen.from === 'bias') return;
  const marked = new Path2D();
  addCurve(marked, layout, chosen.layer, chosen.from, chosen.to);
  context.setLineDash([4, 3]);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.text;
  context.stroke(marked);
}

const sizeOf = (key: number): number => (key < 0 ? -key - 1 : key);

function addCurve(path: Path2D, layout: NetworkLayout, layer: number, from: number, to: number): void {
  const { x0, y0, x1, y1 } = curveOf(layout, layer, from, to);
  const half = (x1 - x0) / 2;
  path.moveTo(x0, y0);
  path.bezierCurveTo(x0 + half, y0, x1 - half, y1, x1, y1);
}

/** How a layer's maps are coloured: outputs for several classes each in their class's colour. */
export type LayerPaint = (layer: number, unit: number, values: Float32Array) => { readonly scale: MapScale; readonly classColour?: string };

export class TileSheet {
  #canvas = new OffscreenCanvas(1, 1);
  #image = new ImageData(smallSide, smallSide);

  draw(
    context: CanvasRenderingContext2D,
    layout: NetworkLayout,
    small: readonly Float32Array[],
    paint: LayerPaint,
    colours: PlaneColours,
  ): void {
    const { places, tile } = layout;
    const cells = smallSide * smallSide;
    const width = Math.max(...places.map((column) => column.length)) * smallSide;
    const height = places.length * smallSide;
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    const sheet = this.#canvas.getContext('2d');
    if (sheet === null) return;
    const pixels = new Uint32Array(this.#image.data.buffer);
    places.forEach((column, layer) =>
      column.forEach((_, unit) => {
        const values = small[layer]!.subarray(unit * cells, (unit + 1) * cells);
        const { scale, classColour } = paint(layer, unit, values);
        if (classColour === undefined) paintValues(pixels, values, scale, colours);
        else paintShares(pixels, values, classColour, scale.discretise, colours);
        sheet.putImageData(this.#image, unit * smallSide, layer * smallSide);
      }),
    );
    places.forEach((column, layer) =>
      column.forEach(({ x, y }, unit) => {
        // Half a cell less all round, so that smoothing takes nothing from the neighbour.
        const [left, top, side] = [unit * smallSide + 0.5, layer * smallSide + 0.5, smallSide - 1];
        context.drawImage(this.#canvas, left, top, side, side, x - tile / 2, y - tile / 2, tile, tile);
      }),
    );
  }
}
