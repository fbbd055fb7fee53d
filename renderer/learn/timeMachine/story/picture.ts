/** A moment as a vector picture: title, rule, and its numbers as cells, written out where they are few. */
import { formatNumber } from '../../../ui/format.ts';
import { isSmall, largest, planesOf, shapeText } from '../tensorPlane.ts';
import { storyText } from './storyText.ts';

export interface PicturePanel {
  readonly title: string;
  readonly shape: readonly number[];
  readonly numbers: ArrayLike<number>;
}

export interface PictureColours {
  readonly paper: string;
  readonly ink: string;
  readonly dim: string;
  readonly high: string;
  readonly low: string;
}

export interface Picture {
  readonly title: string;
  readonly rule?: string;
  /** Network, sample, step, loss. */
  readonly notes: readonly string[];
  readonly panels: readonly PicturePanel[];
  /** The chosen number's story, a line each. */
  readonly lines: readonly string[];
  readonly colours: PictureColours;
}

const width = 1200;
const rim = 32;
/** Cells of one plane that are drawn; larger planes are cut, and say so. */
const [mostRows, mostColumns] = [48, 112];

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Drawn {
  readonly svg: string;
  readonly height: number;
}

export function drawPicture({ title, rule, notes, panels, lines, colours }: Picture): string {
  const out: string[] = [];
  let y = rim + 22;
  const say = (text: string, size: number, colour: string, extra = ''): void => {
    out.push(`<text x="${rim}" y="${y}" font-size="${size}" fill="${colour}" ${extra}>${escape(text)}</text>`);
  };
  say(title, 22, colours.ink, 'font-weight="600"');
  y += 24;
  say(notes.join(' · '), 13, colours.dim);
  if (rule !== undefined) {
    y += 24;
    say(rule, 15, colours.ink, 'font-family="monospace"');
  }
  y += 22;
  for (const panel of panels) {
    const { svg, height } = drawPanel(panel, y, colours);
    out.push(svg);
    y += height + 20;
  }
  for (const line of lines) {
    say(line, 13, colours.ink, 'font-family="monospace"');
    y += 19;
  }
  const height = Math.ceil(y + rim - 10);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    ...out,
    '</svg>',
  ].join('\n');
}

function drawPanel({ title, shape, numbers }: PicturePanel, top: number, colours: PictureColours): Drawn {
  const planes = planesOf(shape);
  const [rows, columns] = [Math.min(planes.rows, mostRows), Math.min(planes.columns, mostColumns)];
  const whole = rows * columns === numbers.length;
  const written = isSmall(planes);
  const wide = written ? 74 : Math.max(4, Math.min(18, Math.floor((width - 2 * rim) / columns)));
  const high = written ? 22 : rows === 1 ? 22 : wide;
  const most = largest(numbers);
  const label = `${title}  ${whole ? shapeText(shape) : storyText.part(rows, columns, shapeText(shape))}`;
  const cells = [`<text x="${rim}" y="${top + 12}" font-size="13" fill="${colours.dim}">${escape(label)}</text>`];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const number = numbers[row * planes.columns + column]!;
      const [x, y] = [rim + column * wide, top + 20 + row * high];
      const strength = Math.round(850 * Math.sqrt(Math.min(1, Math.abs(number) / most))) / 1000;
      const fill = number < 0 ? colours.low : colours.high;
      cells.push(
        `<rect x="${x}" y="${y}" width="${wide}" height="${high}" fill="${fill}" fill-opacity="${strength}" data-number="${number}"/>`,
      );
      if (written) {
        cells.push(
          `<text x="${x + wide - 5}" y="${y + 15}" font-size="11" text-anchor="end" font-family="monospace" fill="${colours.ink}">${escape(formatNumber(number, 3))}</text>`,
        );
      }
    }
  }
  cells.push(
    `<rect x="${rim}" y="${top + 20}" width="${columns * wide}" height="${rows * high}" fill="none" stroke="${colours.dim}" stroke-opacity="0.5"/>`,
  );
  return { svg: cells.join('\n'), height: 20 + rows * high };
}
