/** A moment as a vector picture: title, rule, and its numbers as cells, written out where they are few. */
import { drawPanel, escape } from './picturePanel.ts';

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
    const { svg, height } = drawPanel(panel, { left: rim, top: y, width: width - 2 * rim }, colours);
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
