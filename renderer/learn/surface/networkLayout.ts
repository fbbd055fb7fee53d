/** Where units and the lines between them are drawn, and which line a click meant. */

export interface NetworkLayout {
  /** Side of a unit's square. */
  readonly tile: number;
  /** Middles, by layer and unit; layer 0 is the inputs. */
  readonly places: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

const headerHeight = 34;
const gap = 6;

export function layoutNetwork(counts: readonly number[], width: number, height: number): NetworkLayout {
  const most = Math.max(...counts, 1);
  const column = width / counts.length;
  const room = height - headerHeight;
  const tile = Math.max(12, Math.min(112, room / most - gap, column * 0.5));
  // A short column stands in the middle of a tall one.
  const pitch = (count: number): number => Math.min((room - gap) / count, tile * 1.45);
  return {
    tile,
    places: counts.map((count, layer) =>
      Array.from({ length: count }, (_, unit) => ({
        x: column * (layer + 0.5),
        y: headerHeight + room / 2 + (unit - (count - 1) / 2) * pitch(count),
      })),
    ),
  };
}

/** A weight: into a unit of a layer (1 is the first hidden one) from a unit of the layer before, or its bias. */
export interface Edge {
  readonly layer: number;
  readonly to: number;
  readonly from: number | 'bias';
}

/** Its place in `SurfaceFrame.weights`. @param counts units by layer */
export function weightAt({ layer, to, from }: Edge, counts: readonly number[]): { parameter: number; index: number } {
  if (from === 'bias') return { parameter: 2 * layer - 1, index: to };
  return { parameter: 2 * layer - 2, index: to * counts[layer - 1]! + from };
}

export function edgeExists({ layer, to, from }: Edge, counts: readonly number[]): boolean {
  return layer >= 1 && layer < counts.length && to < counts[layer]! && (from === 'bias' || from < counts[layer - 1]!);
}

interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function curveOf(layout: NetworkLayout, layer: number, from: number, to: number): Curve {
  const a = layout.places[layer - 1]![from]!;
  const b = layout.places[layer]![to]!;
  return { x0: a.x + layout.tile / 2, y0: a.y, x1: b.x - layout.tile / 2, y1: b.y };
}

/** The point at a share of an S from left to right, a cubic Bézier whose handles are level. */
export function pointOn({ x0, y0, x1, y1 }: Curve, t: number): { x: number; y: number } {
  const s = 3 * t * t - 2 * t * t * t;
  const half = (x1 - x0) / 2;
  const x = (1 - t) ** 3 * x0 + 3 * (1 - t) ** 2 * t * (x0 + half) + 3 * (1 - t) * t * t * (x1 - half) + t ** 3 * x1;
  return { x, y: y0 + (y1 - y0) * s };
}

/** The line nearest to a place, at most `reach` pixels away. */
export function edgeNear(layout: NetworkLayout, counts: readonly number[], x: number, y: number, reach = 7): Edge | undefined {
  let nearest: Edge | undefined;
  let least = reach;
  for (let layer = 1; layer < counts.length; layer++) {
    for (let to = 0; to < counts[layer]!; to++) {
      for (let from = 0; from < counts[layer - 1]!; from++) {
        const curve = curveOf(layout, layer, from, to);
        if (x < curve.x0 - reach || x > curve.x1 + reach) continue;
        for (let i = 0; i <= 24; i++) {
          const point = pointOn(curve, i / 24);
          const away = Math.hypot(point.x - x, point.y - y);
          if (away < least) [least, nearest] = [away, { layer, to, from }];
        }
      }
    }
  }
  return nearest;
}
