/** Shortens a text to a width without the help of the layout, so that the canvas needs no clipping. */

const fonts = { name: '600 13px "Inter Variable", Inter, sans-serif', summary: '12px "Inter Variable", Inter, sans-serif' };
type FontName = keyof typeof fonts;

/** Used where nothing can be measured. */
const averageLetter = { name: 7.4, summary: 6.2 };
const mostKept = 5000;

let pen: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();

function measure(text: string, font: FontName): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (pen === undefined) pen = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
  if (pen) pen.font = fonts[font];
  const width = pen ? pen.measureText(text).width : text.length * averageLetter[font];
  if (widths.size > mostKept) widths.clear();
  widths.set(key, width);
  return width;
}

/** The text, or its beginning with an ellipsis, at most `room` pixels wide. */
export function shorten(text: string, room: number, font: FontName): string {
  if (measure(text, font) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${text.slice(0, middle)}…`, font) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
