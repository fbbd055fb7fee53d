/** Where things stand in the small overview of a network. */
import { nodeHeight, nodeWidth, type Point } from './layout.ts';

export interface OverviewFrame {
  /** Overview pixels per canvas pixel. */
  readonly scale: number;
  /** Overview position of the canvas's origin. */
  readonly x: number;
  readonly y: number;
}

const margin = 8;
/** One single layer does not fill the overview. */
const largestScale = 0.13;

/** The frame that shows every node, centred. */
export function frameNodes(positions: readonly Point[], width: number, height: number): OverviewFrame {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of positions) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + nodeWidth);
    bottom = Math.max(bottom, y + nodeHeight);
  }
  if (left > right) return { scale: largestScale, x: width / 2, y: height / 2 };
  const scale = Math.min(largestScale, (width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top));
  return { scale, x: width / 2 - ((left + right) / 2) * scale, y: height / 2 - ((top + bottom) / 2) * scale };
}

export const toOverview = (frame: OverviewFrame, point: Point): Point => ({
  x: point.x * frame.scale + frame.x,
  y: point.y * frame.scale + frame.y,
});

export const fromOverview = (frame: OverviewFrame, point: Point): Point => ({
  x: (point.x - frame.x) / frame.scale,
  y: (point.y - frame.y) / frame.scale,
});
