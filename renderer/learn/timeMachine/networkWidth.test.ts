import { describe, expect, it } from 'vitest';
import type { NetworkDocument } from '../../../core/graph/document.ts';
import { networkWidthOf } from './networkWidth.ts';

const page = { pageWidth: 1054, outerHeight: 624 };
const at = (...places: readonly (readonly [x: number, y: number])[]): NetworkDocument => ({
  format: 'layerbench.network',
  version: 2,
  name: 'n',
  blocks: [],
  nodes: places.map(([x, y], i) => ({ id: `n${i}`, type: 'relu', typeVersion: 1, name: `n${i}`, params: {}, position: { x, y } })),
  edges: [],
});

describe('the width of the network beside a moment', () => {
  it('is the same for all single columns', () => {
    expect(networkWidthOf(undefined, page)).toBe(208);
    expect(networkWidthOf(at([160, 40], [160, 640]), page)).toBe(208);
  });

  it('grows with branches, up to a share of the page', () => {
    const two = at([160, 40], [428, 40], [160, 640]);
    expect(networkWidthOf(two, page)).toBe(Math.round(0.28 * 1054));
    expect(networkWidthOf(two, { pageWidth: 1694, outerHeight: 904 })).toBe(Math.round((488 * 0.8) / 0.88));
  });

  it('is not more than what the height lets it be drawn in', () => {
    expect(networkWidthOf(at([160, 40], [428, 40], [160, 4000]), page)).toBe(208);
  });
});
