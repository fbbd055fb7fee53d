/**
 * What a race is run on: a network with its data, whichever it is. A course says which weights are trained and opens lanes;
 * on a lane an optimizer takes steps from the common start, and the loss at any weights can be asked for.
 */
import type { Engine } from '../engines/engine.ts';
import type { OptimizerConfig } from '../optimizers/index.ts';
import { elementCount } from '../ops/shapes.ts';
import type { SlotSpec } from '../program/program.ts';

export interface RaceParameter {
  readonly slot: string;
  readonly shape: readonly number[];
  /** Along it stand the filters, each with the weights into one unit or channel; none for biases and scales. */
  readonly filterAxis?: number;
}

/** All trained weights, one parameter behind the other. */
export type Point = Float32Array | Float64Array;

export interface Course {
  readonly parameters: readonly RaceParameter[];
  /** Of start weights, batches and random directions. */
  readonly seed: number;
  /** Rows of the training part over which losses are taken, of how many. */
  readonly sample: { readonly rows: number; readonly of: number };
  /** At the start. Without an optimizer it only takes losses. */
  open(optimizer?: OptimizerConfig): Promise<Lane>;
}

export interface Lane {
  read(into: Float32Array): Promise<void>;
  write(point: Float32Array): Promise<void>;
  /** @param step counted from 0; the batch is the same on every lane */
  step(step: number): Promise<void>;
  /** Over the course's sample, of the weights as they stand. */
  loss(): Promise<number>;
  close(): Promise<void>;
}

/** (): where a course's loss program leaves its result. */
export const lossSlot: SlotSpec = { name: 'race/loss', kind: 'carry', type: { shape: [], dtype: 'f32' } };

export function countOf(parameters: readonly RaceParameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** A lane on a loaded engine whose program `loss` writes its slot. @param loss what the program is run with */
export function laneOn(
  engine: Engine,
  parameters: readonly RaceParameter[],
  loss: { readonly rows?: Int32Array },
  step: Lane['step'],
): Lane {
  return {
    step,
    async loss() {
      // Always the same step, so that what the network draws at random is the same at all weights.
      await engine.run('loss', { steps: 1, firstStep: 0, ...loss });
      return (await engine.read(lossSlot.name))[0]!;
    },
    async read(into) {
      let at = 0;
      for (const { slot, shape } of parameters) {
        into.set(await engine.read(slot), at);
        at += elementCount(shape);
      }
    },
    async write(point) {
      let at = 0;
      for (const { slot, shape } of parameters) {
        const size = elementCount(shape);
        await engine.write(slot, point.subarray(at, at + size));
        at += size;
      }
    },
    close: () => engine.dispose(),
  };
}

/** Does something on a lane that is not needed afterwards. */
export async function onLane<T>(opening: Promise<Lane>, work: (lane: Lane) => Promise<T>): Promise<T> {
  const lane = await opening;
  try {
    return await work(lane);
  } finally {
    await lane.close();
  }
}
