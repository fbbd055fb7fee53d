/** Random numbers are those of the reference: uniform ones bit for bit, normal ones within rounding, however rows are dealt out. */
import { expect, it } from 'vitest';
import { createDeviceEngine, runLeaves } from '../../../testing/checkOp.ts';
import { expectClose } from '../../../testing/compare.ts';
import { engineTolerances, exact } from '../../../testing/tolerances.ts';
import type { Builder } from '../../../program/builder.ts';
import type { Engine, SlotData } from '../../engine.ts';
import { createReferenceEngine } from '../../reference/referenceEngine.ts';

const request = { firstStep: 2 ** 32 + 5 };
const options = { seed: 2 ** 40 + 12_345, request };

async function draw(engine: Engine, shape: readonly number[]): Promise<SlotData[]> {
  const turned = shape.map((_, i) => i).reverse();
  const build = (b: Builder) => [
    b.random('uniform', shape),
    b.add(b.random('uniform', shape), b.random('uniform', shape)),
    b.transpose(b.random('uniform', shape), turned),
    b.random('normal', shape),
    b.slice(b.random('normal', [shape[0]! + 2, ...shape.slice(1)]), 0, 1, shape[0]!),
  ];
  const results = await runLeaves(build, { ...options, engine });
  await engine.dispose();
  return results;
}

it.each([[[4]], [[1023]], [[4096]], [[7, 8]], [[2, 3, 17]]])('shape %j', async (shape) => {
  const expected = await draw(createReferenceEngine(), shape);
  const got = await draw(createDeviceEngine(), shape);
  expected.forEach((values, i) => expectClose(got[i]!, values, i < 3 ? exact : engineTolerances.webgpu, { what: `stream ${i}` }));
  expect(got[0]).not.toEqual(got[2]);
});
