/** A workload's training session on one of our engines. */
import type { Engine } from '../../../core/engines/engine.ts';
import { fuseProgram } from '../../../core/plan/fuse.ts';
import { layoutSlots } from '../../../core/plan/plan.ts';
import { initialiseParameters } from '../../../core/program/lowerSession.ts';
import { createPacer } from '../../../core/train/pacer.ts';
import { resetRing } from '../../../core/train/score.ts';
import { openSession } from '../../../core/train/session.ts';
import { buildDocument } from '../networks.ts';
import { contractionFlops } from '../flops.ts';
import type { Workload } from '../workloads.ts';

export interface Measured {
  readonly elapsedUs: number;
  readonly loss: number;
}

export interface EngineBench {
  /** Floating-point operations of the contractions in one step. */
  readonly flops: number;
  /** From the start weights; times the steps alone. */
  run(steps: number): Promise<Measured>;
  /** The steps in one call of the engine with everything prepared before; @returns that call, to be made once. */
  prepareOneRun?(steps: number): Promise<() => Promise<void>>;
  /** Each kernel's median over the steps, on one thread; undefined where the engine has no kernels. */
  profile?(steps: number): Promise<KernelTime[] | undefined>;
}

export interface KernelTime {
  readonly kind: string;
  readonly title: string;
  readonly microseconds: number;
  readonly flops: number;
  readonly bytes: number;
}

export async function openTraining(engine: Engine, workload: Workload): Promise<EngineBench> {
  const { config } = workload;
  const data = workload.data();
  const lowered = await openSession({ config, document: buildDocument(workload.network), data, engine });
  const { train } = lowered.programs;
  const { slot: ring, names, capacity } = lowered.trainRing;
  const start = initialiseParameters(lowered, config.seed);
  const batchCount = data.rowCount / config.batchSize;
  const pacer = createPacer(Math.min(capacity, batchCount * Math.floor(capacity / batchCount)));
  const lossColumn = names.indexOf('loss');

  /** Rows in order, as the peers see them, long enough for the longest chunk from any batch. */
  const rows = Int32Array.from({ length: (capacity + batchCount) * config.batchSize }, (_, i) => i % data.rowCount);

  async function restart(): Promise<void> {
    for (const [slot, values] of start) await engine.write(slot, values);
    for (const { name, kind, type } of lowered.slots) {
      if (kind !== 'optimizer') continue;
      await engine.write(name, new Float32Array(type.shape.reduce((product, size) => product * size, 1)));
    }
  }

  return {
    flops: contractionFlops(train),
    async run(steps) {
      await restart();
      let loss = NaN;
      const startMs = performance.now();
      for (let done = 0; done < steps;) {
        const chunk = Math.min(pacer.steps('train'), steps - done);
        const chunkMs = performance.now();
        await resetRing(engine, ring);
        const first = (done % batchCount) * config.batchSize;
        await engine.run('train', {
          steps: chunk,
          firstStep: done,
          rows: rows.subarray(first, first + chunk * config.batchSize),
          scalars: lowered.fillScalars(done, chunk, config.optimizer.learningRate),
        });
        const sums = await engine.read(ring, 0, chunk * names.length);
        loss = (sums[(chunk - 1) * names.length + lossColumn] ?? NaN) / config.batchSize;
        pacer.measured('train', chunk, performance.now() - chunkMs);
        done += chunk;
      }
      return { elapsedUs: (performance.now() - startMs) * 1000, loss };
    },
    async prepareOneRun(steps) {
      await restart();
      const request = {
        steps,
        firstStep: 0,
        rows: Int32Array.from({ length: steps * config.batchSize }, (_, i) => i % data.rowCount),
        scalars: lowered.fillScalars(0, steps, config.optimizer.learningRate),
      };
      return () => engine.run('train', request);
    },
    async profile(steps) {
      if (engine.profile === undefined) return undefined;
      await restart();
      const request = { steps, firstStep: 0, rows, scalars: lowered.fillScalars(0, steps, config.optimizer.learningRate) };
      const times = await engine.profile('train', request, () => performance.now());
      const { kernels } = fuseProgram(train, layoutSlots(lowered.slots));
      return kernels.map(({ kind, title, flops, bytes }, i) => ({ kind, title, flops, bytes, microseconds: (times[i] ?? 0) * 1000 }));
    },
  };
}
