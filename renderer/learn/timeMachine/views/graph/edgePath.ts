/** An edge from rim to rim, bent to its left, so that both directions of a pair can be seen. */
import type { Point } from './layout.ts';

export function edgePath(from: Point, to: Point, radius: number): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(1e-6, Math.hypot(dx, dy));
  const bend = Math.min(14, 0.12 * length);
  const [mx, my] = [(from.x + to.x) / 2 - (dy / length) * bend, (from.y + to.y) / 2 + (dx / length) * bend];
  const rim = (at: Point): string => {
    const [ux, uy] = [mx - at.x, my - at.y];
    const own = Math.min(radius, length / 3) / Math.max(1e-6, Math.hypot(ux, uy));
    return `${round(at.x + ux * own)},${round(at.y + uy * own)}`;
  };
  return `M${rim(from)} Q${round(mx)},${round(my)} ${rim(to)}`;
}

const round = (value: number): number => Math.round(10 * value) / 10;
