import { expect, it } from 'vitest';
import { checkLayer, readShape } from '../testing/checkLayer.ts';
import { runLeaves } from '../testing/checkOp.ts';
import { dropout } from './dropout.ts';

it('passes the battery when evaluating and when training', async () => {
  await checkLayer({
    type: 'dropout',
    params: { probability: 0.3 },
    inputs: ['F4'],
    shape: 'B × 4',
    fixtures: ['dropout when evaluating'],
  });
  await checkLayer({ type: 'dropout', params: { probability: 0.3 }, inputs: ['C2 H2 W2'], shape: 'B × 2 × 2 × 2', mode: 'train' });
});

it('drops the given share, keeps the mean and changes from step to step', async () => {
  const run = async (firstStep: number): Promise<Float32Array> => {
    const [values] = await runLeaves(
      (b) => [
        dropout.lower({
          b,
          params: { probability: 0.25 },
          inputs: [readShape('F10000')],
          inputNames: ['x'],
          name: 'd',
          weights: {},
          mode: 'train',
          values: [b.constant(3, [1, 10000])],
        }),
      ],
      { request: { firstStep } },
    );
    return values as Float32Array;
  };
  const first = await run(0);
  const kept = first.filter((value) => value !== 0);
  expect(new Set(kept)).toEqual(new Set([4]));
  // Four standard deviations of a share of 0.75 among 10,000 are 0.017.
  expect(Math.abs(kept.length / 10_000 - 0.75)).toBeLessThan(0.018);
  expect(await run(1)).not.toEqual(first);
  expect(await run(0)).toEqual(first);
});
