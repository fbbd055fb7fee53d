/** The numbers of one value in a picture: few written out, many as colours, its planes side by side. */
import { formatNumber } from '../../../ui/format.ts';
import { isSmall, largest, planesOf, shapeText, type Planes } from '../tensorPlane.ts';
import type { PictureColours, PicturePanel } from './picture.ts';
import { storyText } from './storyText.ts';

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** What of a value is drawn, and how large: cells of planes, planes in rows. */
interface Arrangement {
  readonly rows: number;
  readonly columns: number;
  readonly planes: number;
  readonly perRow: number;
  /** Of a cell. */
  readonly wide: number;
  readonly high: number;
}

const gap = 12;
/** What a picture file can well hold of one value; larger values are cut, and say so. */
const mostCells = 250_000;
const mostPlanes = 64;
/** Up to here every cell is a shape of its own that knows its number. */
const mostSingle = 6000;

function arrange({ rows: allRows, columns: allColumns, count }: Planes, isWritten: boolean, width: number): Arrangement {
  const columns = Math.min(allColumns, width);
  const rows = Math.min(allRows, Math.floor(mostCells / columns));
  const room = count > 1 ? Math.max(160, width / Math.min(count, 6) - gap) : width;
  const wide = isWritten ? 74 : Math.max(width / Math.max(columns, width), Math.min(18, room / columns));
  const high = isWritten || rows === 1 ? 22 : wide;
  const perRow = Math.max(1, Math.floor((width + gap) / (columns * wide + gap)));
  const planes = Math.min(count, mostPlanes, Math.max(1, Math.floor(mostCells / (rows * columns))));
  return { rows, columns, planes, perRow, wide, high };
}

export function drawPanel({ title, shape, numbers }: PicturePanel, { left, top, width }: Place, colours: PictureColours) {
  const all = planesOf(shape);
  const isWritten = isSmall(all);
  const own = arrange(all, isWritten, width);
  const { rows, columns, planes, perRow, wide, high } = own;
  const most = largest(numbers);
  const isCut = rows < all.rows || columns < all.columns;
  const extent = isCut
    ? storyText.part(rows, columns, shapeText(shape))
    : `${shapeText(shape)}${planes < all.count ? `, ${storyText.planes(planes, all.count)}` : ''}`;
  const out = [`<text x="${left}" y="${top + 12}" font-size="13" fill="${colours.dim}">${escape(`${title}  ${extent}`)}</text>`];
  const strengthOf = (number: number): number => 0.85 * Math.sqrt(Math.min(1, Math.abs(number) / most));
  for (let plane = 0; plane < planes; plane++) {
    const x = left + (plane % perRow) * (columns * wide + gap);
    const y = top + 20 + Math.floor(plane / perRow) * (rows * high + gap);
    const at = (row: number, column: number): number => numbers[(plane * all.rows + row) * all.columns + column]!;
    out.push(
      rows * columns * planes <= mostSingle
        ? singleCells(own, { x, y }, at, strengthOf, colours, isWritten)
        : stretches(own, { x, y }, at, strengthOf, colours),
      `<rect x="${x}" y="${y}" width="${columns * wide}" height="${rows * high}" fill="none" stroke="${colours.dim}" stroke-opacity="0.5"/>`,
    );
  }
  const lines = Math.ceil(planes / perRow);
  return { svg: out.join('\n'), height: 20 + lines * rows * high + (lines - 1) * gap };
}

type At = (row: number, column: number) => number;
type Strength = (number: number) => number;
interface Corner {
  readonly x: number;
  readonly y: number;
}

function singleCells(
  { rows, columns, wide, high }: Arrangement,
  corner: Corner,
  at: At,
  strengthOf: Strength,
  { high: above, low: below, ink }: PictureColours,
  isWritten: boolean,
): string {
  const cells: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const number = at(row, column);
      const [x, y] = [corner.x + column * wide, corner.y + row * high];
      const opacity = Math.round(1000 * strengthOf(number)) / 1000;
      cells.push(
        `<rect x="${x}" y="${y}" width="${wide}" height="${high}" fill="${number < 0 ? below : above}" fill-opacity="${opacity}" data-number="${number}"/>`,
      );
      if (isWritten) {
        cells.push(
          `<text x="${x + wide - 5}" y="${y + 15}" font-size="11" text-anchor="end" font-family="monospace" fill="${ink}">${escape(formatNumber(number, 3))}</text>`,
        );
      }
    }
  }
  return cells.join('\n');
}

/** Colours in this many steps: neighbours of the same one are drawn as one stretch, all stretches of a colour as one path. */
const steps = 48;

function stretches(
  { rows, columns, wide, high }: Arrangement,
  { x, y }: Corner,
  at: At,
  strengthOf: Strength,
  colours: PictureColours,
): string {
  const paths = new Map<number, string[]>();
  /** Below 0 for negative numbers; 0 is the paper. */
  const stepOf = (row: number, column: number): number => {
    const number = at(row, column);
    return Math.sign(number) * Math.round(steps * strengthOf(number));
  };
  for (let row = 0; row < rows; row++) {
    for (let from = 0, to = 0; from < columns; from = to) {
      const step = stepOf(row, from);
      for (to = from + 1; to < columns && stepOf(row, to) === step;) to++;
      if (step === 0 || Number.isNaN(step)) continue;
      const path = paths.get(step) ?? [];
      paths.set(step, path);
      path.push(`M${from} ${row}h${to - from}v1h${from - to}z`);
    }
  }
  const drawn = [...paths].map(
    ([step, path]) =>
      `<path fill="${step < 0 ? colours.low : colours.high}" fill-opacity="${Math.round((1000 * Math.abs(step)) / steps) / 1000}" d="${path.join('')}"/>`,
  );
  return `<g transform="translate(${x} ${y}) scale(${wide} ${high})" shape-rendering="crispEdges">${drawn.join('')}</g>`;
}
