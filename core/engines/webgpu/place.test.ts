import { expect, it } from 'vitest';
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { createArgsTable } from './dispatches.ts';
import { placeIn } from './place.ts';
import { layoutStep } from './stepBlock.ts';

it('finds the page of a buffer', () => {
  const block = layoutStep({ scalarNames: ['rate'], readsRows: true, batchSize: 4 } as unknown as KernelProgram);
  const place = placeIn(block, 1024);
  const at = (region: 'slot' | 'arena' | 'rows' | 'scalars' | 'step' | 'status', byteOffset: number, byteLength = 8) => {
    const placed = place({ region, byteOffset, byteLength });
    return `${placed.page.kind} ${placed.page.index} ${placed.byteOffset}`;
  };
  expect([at('slot', 64), at('slot', 1024), at('arena', 2999)]).toEqual(['slot 0 64', 'slot 1 0', 'arena 2 951']);
  expect([at('status', 0), at('step', 0), at('scalars', 0), at('rows', 8)]).toEqual(['step 0 0', 'step 0 16', 'step 0 32', 'step 0 44']);
  expect(at('arena', 4096, 0)).toBe('arena 0 0');
});

it('keeps equal uniform blocks once, each at a multiple of the alignment', () => {
  const table = createArgsTable(256);
  const blocks = [
    Uint32Array.of(1, 2, 3, 4),
    Uint32Array.of(5, 6, 7, 8),
    Uint32Array.of(1, 2, 3, 4),
    new Uint32Array(80).fill(9),
    Uint32Array.of(7),
  ];
  expect(blocks.map((args) => table.place(args))).toEqual([0, 256, 0, 512, 1024]);
  expect(table.bytes).toBe(1280);
  const words = table.words();
  expect([words[0], words[64], words[128], words[207], words[208], words[256]]).toEqual([1, 5, 9, 9, 0, 7]);
});
