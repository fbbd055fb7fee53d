/** What a hand draws: strokes of points, in shares of the pad from its top left corner. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Stroke = readonly Point[];
export type Drawing = readonly Stroke[];

/** Points nearer than this to the last one say nothing new. */
const nearest = 0.004;

export function beginStroke(drawing: Drawing, point: Point): Drawing {
  return [...drawing, [within(point)]];
}

/** The last stroke goes on to this point. */
export function extendStroke(drawing: Drawing, point: Point): Drawing {
  const stroke = drawing.at(-1);
  const last = stroke?.at(-1);
  const next = within(point);
  if (stroke === undefined || last === undefined) return beginStroke(drawing, point);
  if (Math.hypot(next.x - last.x, next.y - last.y) < nearest) return drawing;
  return [...drawing.slice(0, -1), [...stroke, next]];
}

export const undoStroke = (drawing: Drawing): Drawing => drawing.slice(0, -1);

const within = ({ x, y }: Point): Point => ({ x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) });
