import { describe, expect, it } from 'vitest';
import { frameNodes, fromOverview, toOverview } from './overview.ts';

describe('overview', () => {
  it('shows every node within its margin', () => {
    const corners = [
      { x: -500, y: 0 },
      { x: 4000, y: 2500 },
    ];
    const frame = frameNodes(corners, 130, 100);
    for (const corner of corners) {
      const at = toOverview(frame, corner);
      expect(at.x).toBeGreaterThanOrEqual(8);
      expect(at.x).toBeLessThan(122);
      expect(at.y).toBeGreaterThanOrEqual(8);
      expect(at.y).toBeLessThan(92);
    }
  });

  it('goes back to where it came from', () => {
    const frame = frameNodes([{ x: 30, y: 70 }], 130, 100);
    const back = fromOverview(frame, toOverview(frame, { x: 123, y: -45 }));
    expect(back.x).toBeCloseTo(123);
    expect(back.y).toBeCloseTo(-45);
  });

  it('has a frame for an empty network', () => expect(frameNodes([], 130, 100)).toMatchObject({ x: 65, y: 50 }));
});
