/** Points by hand: where they may stand, how close together, and what was there before. */
import { planeReach, type DrawnPoint } from '../../../core/learn/planeData.ts';

export const mostDrawn = 600;
/** Points stand on a fine raster: what is remembered stays short. */
const perUnit = 20;
/** How far the pointer goes between two points of a stroke. */
const apart = 0.4;
const mostStates = 100;

const onRaster = (value: number): number => Math.round(Math.min(planeReach, Math.max(-planeReach, value)) * perUnit) / perUnit;

export function drawnAt(x: number, y: number, target: DrawnPoint['target']): DrawnPoint {
  return { x: onRaster(x), y: onRaster(y), target };
}

/** Another point of a stroke, or the same stroke where it is too close to the last one. */
export function withPoint(stroke: readonly DrawnPoint[], point: DrawnPoint): readonly DrawnPoint[] {
  const last = stroke.at(-1);
  return last !== undefined && Math.hypot(point.x - last.x, point.y - last.y) < apart ? stroke : [...stroke, point];
}

/** Points as they were remembered; what is none is left out. */
export function readDrawn(stored: unknown): readonly DrawnPoint[] {
  if (!Array.isArray(stored)) return [];
  const points = stored.filter(
    (own: Partial<DrawnPoint> | null): own is DrawnPoint =>
      [own?.x, own?.y].every((value) => typeof value === 'number' && Math.abs(value) <= planeReach) && [0, 1].includes(own?.target ?? NaN),
  );
  return points.slice(0, mostDrawn);
}

/** What can be taken back, and taken back again. */
export class DrawnHistory {
  #before: (readonly DrawnPoint[])[] = [];
  #after: (readonly DrawnPoint[])[] = [];

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#after.length > 0;
  }

  /** Called with what stood there before a change. */
  keep(state: readonly DrawnPoint[]): void {
    this.#before = [...this.#before, state].slice(-mostStates);
    this.#after = [];
  }

  /** @returns what stands there now; the same where nothing can be taken back */
  undo(now: readonly DrawnPoint[]): readonly DrawnPoint[] {
    const state = this.#before.pop();
    if (state === undefined) return now;
    this.#after.push(now);
    return state;
  }

  redo(now: readonly DrawnPoint[]): readonly DrawnPoint[] {
    const state = this.#after.pop();
    if (state === undefined) return now;
    this.#before.push(now);
    return state;
  }
}
