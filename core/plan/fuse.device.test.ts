/** Random small programs on the graphics adapter give what the reference gives, also where memory comes in many pieces. */
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { Engine } from '../engines/engine.ts';
import { createDeviceEngine } from '../testing/checkOp.ts';
import { buildCase, checkCase, randomShapes, randomSteps } from '../testing/randomPrograms.ts';

const runs = Number(process.env['FUSE_RUNS'] ?? (process.env['LAYERBENCH_BATTERY'] === 'full' ? 150 : 12));
const seed = Number(process.env['FUSE_SEED'] ?? 3);
const limit = { timeout: 600_000 };
let engine: Engine | undefined;
afterEach(async () => engine?.dispose());

it('random programs agree with the reference', limit, async () => {
  const own = (engine = createDeviceEngine());
  await fc.assert(
    fc.asyncProperty(randomShapes, randomSteps, async (shapes, steps) => checkCase(buildCase(shapes, steps), own)),
    { numRuns: runs, seed },
  );
});

it('and so they do on pages as large as their largest tensor', limit, async () => {
  await fc.assert(
    fc.asyncProperty(randomShapes, randomSteps, async (shapes, steps) => {
      const { program, slots, data } = buildCase(shapes, steps);
      const bytes = Math.max(...program.values.map(({ shape }) => shape.reduce((product, size) => product * size, 4)));
      const own = createDeviceEngine({ pageBytes: Math.ceil(bytes / 256) * 256 });
      try {
        await checkCase({ program, slots, data }, own);
      } catch (error) {
        // A kernel may read more tensors than pages can be bound: a sentence, not a failure of the device.
        expect(error).toMatchObject({ problem: { code: 'engine.gpuBindings' } });
      } finally {
        await own.dispose();
      }
    }),
    { numRuns: runs, seed: seed + 1 },
  );
});
