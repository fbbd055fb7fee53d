/** The large map in words: what it shows, values at places, and the columns' own units at the axes. */
import { mapSide } from '../../../core/learn/planeBench.ts';
import type { Scale } from '../../../core/learn/planeData.ts';
import { formatNumber, formatPercent } from '../../ui/format.ts';
import type { SurfaceFrame } from './surfaceLoop.ts';
import type { SurfacePage } from './surfacePage.svelte.ts';
import { surfaceText } from './surfaceText.ts';
import { unitName } from './unitNames.ts';

export interface MapWords {
  readonly name: string;
  readonly spoken: string;
  readonly left: string;
  readonly right: string;
  readonly across: string;
  readonly up: string;
}

type Shown = Pick<SurfacePage, 'settings' | 'counts' | 'data' | 'scales'>;

const own = (value: number, scale: Scale | undefined): number => (scale === undefined ? value : scale.mean + scale.deviation * value);

/** A cell's value as a person reads it: `87.1 %`, `setosa 87.1 %`, `1.23`. */
function valueAt(page: Shown, { map, look }: SurfaceFrame, cell: number): string {
  const classes = page.data?.classes ?? [];
  const cells = mapSide * mapSide;
  const units = map.length / cells;
  if (units > 1) {
    let best = 0;
    for (let k = 1; k < units; k++) if (map[k * cells + cell]! > map[best * cells + cell]!) best = k;
    return `${classes[best]} ${formatPercent(map[best * cells + cell]!)}`;
  }
  const value = map[cell]!;
  if (look.layer !== page.counts.length - 1) return formatNumber(value, 3);
  return classes.length > 0 ? formatPercent(value) : formatNumber(own(value, page.scales?.target), 3);
}

export function describeMap(page: Shown, frame: SurfaceFrame): MapWords {
  const [x0, x1, y0, y1] = page.data!.bounds;
  const { scales, settings, data } = page;
  const { layer, unit } = frame.look;
  const atOutput = layer === page.counts.length - 1;
  const units = frame.map.length / mapSide ** 2;
  const kind = data!.classes.length === 0 ? 'number' : units > 1 ? 'classes' : 'probability';
  const name =
    atOutput && (unit === 'all' || page.counts.at(-1) === 1)
      ? surfaceText.answer(kind, data!.classes)
      : unitName(page, layer, unit === 'all' ? 0 : unit);
  const last = mapSide * mapSide - 1;
  const middle = (mapSide / 2) * mapSide + mapSide / 2;
  const corners = [0, mapSide - 1, last - mapSide + 1, last].map((cell) => valueAt(page, frame, cell));
  const isOwn = scales !== null;
  const axis = (value: number, scale: Scale | undefined): string => formatNumber(own(value, scale), 3);
  return {
    name,
    spoken: surfaceText.spoken(name, valueAt(page, frame, middle), corners),
    left: axis(x0, scales?.x),
    right: axis(x1, scales?.x),
    across: isOwn ? settings.own.x : 'x',
    up: `${isOwn ? settings.own.y : 'y'}: ${axis(y0, scales?.y)} … ${axis(y1, scales?.y)}`,
  };
}

/** @param place shares of the square, from its upper left corner */
export function placeUnder(page: Shown, frame: SurfaceFrame, place: { readonly x: number; readonly y: number }): string | undefined {
  const [column, row] = [Math.floor(place.x * mapSide), Math.floor(place.y * mapSide)];
  if (column < 0 || row < 0 || column >= mapSide || row >= mapSide) return undefined;
  const [x0, x1, y0, y1] = page.data!.bounds;
  const x = own(x0 + (x1 - x0) * place.x, page.scales?.x);
  const y = own(y1 - (y1 - y0) * place.y, page.scales?.y);
  return surfaceText.under(formatNumber(x, 3), formatNumber(y, 3), valueAt(page, frame, row * mapSide + column));
}
