/** Where the window stood, remembered between starts and kept on a screen that exists. */
import * as v from 'valibot';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Absent at the first start: the system chooses the place. */
  readonly bounds?: Rectangle;
  readonly maximised: boolean;
}

export const defaultSize = { width: 1440, height: 900 };
export const minimumSize = { width: 1024, height: 640 };

/** This much of the window must be on a screen, so that it can be grabbed. */
const visiblePixels = 100;

const integer = v.pipe(v.number(), v.safeInteger());
const schema = v.object({
  bounds: v.optional(v.object({ x: integer, y: integer, width: v.pipe(integer, v.minValue(1)), height: v.pipe(integer, v.minValue(1)) })),
  maximised: v.boolean(),
});

/** Anything unreadable, and any place no screen shows any more, gives the default. */
export function restoreWindowState(json: string | null, screens: readonly Rectangle[]): WindowState {
  let state: WindowState;
  try {
    state = v.parse(schema, JSON.parse(json ?? ''));
  } catch {
    return { maximised: false };
  }
  const { bounds } = state;
  if (bounds === undefined || !screens.some((screen) => overlaps(bounds, screen))) return { maximised: state.maximised };
  return state;
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width >= visiblePixels && height >= visiblePixels;
}
