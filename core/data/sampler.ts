/**
 * Which rows each step trains on: the training part in a new order every epoch. A pure function of the seed and the
 * step, so that a resumed run sees exactly the batches it would have seen.
 */
import { createRandom } from '../random/philox.ts';
import type { SlotData } from '../engines/engine.ts';
import type { SamplingMode } from '../train/controlSpecs.ts';
import { drawEpoch, epochRows, rowsByClass } from './sampling.ts';

export interface Sampler {
  readonly stepsPerEpoch: number;
  /** Rows of an epoch's last, short batch; 0 where the batch size divides the rows. */
  readonly tailSize: number;
  epochOf(step: number): number;
  /** Whether this step's batch is the short one. */
  isTail(step: number): boolean;
  /**
   * Row indices of `steps` whole batches of one epoch, or of its one short batch: (steps × batch). A view that stays
   * valid until rows of another epoch are asked for.
   */
  rowsFor(step: number, steps?: number): Int32Array;
}

/** Streams of the seed's random numbers from here on are the epochs' orders; below are initial weights and the like. */
const firstEpochStream = 0x4000_0000;

export interface SamplerOptions {
  /** The training part. */
  readonly rows: Int32Array;
  readonly batchSize: number;
  readonly seed: number;
  /** Where classes are drawn other than by their number of rows: how, and every row's class. */
  readonly sampling?: { readonly mode: Exclude<SamplingMode, 'shuffle'>; readonly codes: SlotData };
}

export function createSampler({ rows, batchSize, seed, sampling }: SamplerOptions): Sampler {
  const classes = sampling === undefined ? [] : rowsByClass(rows, sampling.codes);
  const rowCount = epochRows(
    sampling?.mode ?? 'shuffle',
    classes.map((own) => own.length),
    rows.length,
  );
  const wholeBatches = Math.floor(rowCount / batchSize);
  const tailSize = rowCount - wholeBatches * batchSize;
  const stepsPerEpoch = wholeBatches + (tailSize > 0 ? 1 : 0);
  const order = new Int32Array(rowCount);
  let orderedEpoch = -1;

  function shuffleFor(epoch: number): void {
    if (epoch === orderedEpoch) return;
    const random = createRandom(seed, firstEpochStream + epoch);
    if (sampling === undefined) {
      order.set(rows);
      random.shuffle(order);
    } else drawEpoch(order, classes, sampling.mode, random);
    orderedEpoch = epoch;
  }

  const isTail = (step: number) => tailSize > 0 && step % stepsPerEpoch === wholeBatches;

  return {
    stepsPerEpoch,
    tailSize,
    epochOf: (step) => Math.floor(step / stepsPerEpoch),
    isTail,
    rowsFor(step, steps = 1) {
      const inEpoch = step % stepsPerEpoch;
      const available = isTail(step) ? 1 : wholeBatches - inEpoch;
      if (steps < 1 || steps > available)
        throw new Error(`sampler: ${steps} steps from step ${step}, this epoch has ${available} of one size left`);
      shuffleFor(Math.floor(step / stepsPerEpoch));
      const start = inEpoch * batchSize;
      return order.subarray(start, isTail(step) ? rowCount : start + steps * batchSize);
    },
  };
}
