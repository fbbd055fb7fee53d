/** Random numbers of the kernels: uniform ones equal those of core/random bit for bit, normal ones within rounding. */
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../reference/referenceEngine.ts';
import { runLeaves } from '../../../testing/checkOp.ts';
import { expectClose } from '../../../testing/compare.ts';
import { createHarness } from '../../../testing/kernelHarness.ts';
import { engineTolerances, exact } from '../../../testing/tolerances.ts';

const request = { firstStep: 2 ** 32 + 5 };
const options = { seed: 2 ** 40 + 12_345, request };

describe.each([[[1]], [[4]], [[1023]], [[3, 5]], [[7, 8]], [[2, 3, 17]]])('shape %j', (shape) => {
  it('uniform: the same bits', async () => {
    const draw = async (engine = createReferenceEngine()) =>
      runLeaves((b) => [b.random('uniform', shape), b.random('uniform', shape), b.transpose(b.random('uniform', shape), shape.map((_, i) => i).reverse())], { ...options, engine }); // prettier-ignore
    const expected = await draw();
    const got = await draw(createHarness());
    expected.forEach((values, i) => expectClose(got[i]!, values, exact, { what: `stream ${i}` }));
    expect(got[0]).not.toEqual(got[1]);
  });

  it('normal: within rounding', async () => {
    const draw = async (engine = createReferenceEngine({ precision: 'f64' })) =>
      runLeaves((b) => [b.random('normal', shape), b.slice(b.random('normal', [shape[0]! + 2, ...shape.slice(1)]), 0, 1, shape[0]!)], { ...options, engine }); // prettier-ignore
    const expected = await draw();
    for (const relaxed of [false, true]) {
      const got = await draw(createHarness({ relaxed }));
      expected.forEach((values, i) => expectClose(got[i]!, values, engineTolerances.wasm, { what: `stream ${i}` }));
    }
  });
});

it('normal: the tails, too', async () => {
  const count = 20_000;
  const draw = async (engine = createReferenceEngine({ precision: 'f64' })) =>
    runLeaves((b) => [b.random('normal', [count])], { ...options, engine });
  const [expected] = await draw();
  const [got] = await draw(createHarness());
  expectClose(got!, expected!, engineTolerances.wasm, { what: 'normal' });
  expect(Math.max(...expected!)).toBeGreaterThan(3.5);
});
