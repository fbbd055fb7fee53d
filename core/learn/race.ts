/**
 * Several optimizers from the same start over the same batches, each by its own `update` rule in a program. Every step's
 * parameters are kept, so that the paths can be laid onto any plane afterwards.
 */
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { OptimizerConfig } from '../optimizers/index.ts';
import { epochOrder } from './planeBench.ts';
import type { PlaneData } from './planeData.ts';
import { startPlane, type PlaneNetwork } from './planeNetwork.ts';
import { dataSlots, parameterSlots, planeParameters, scoreProgram, trainProgram, trainScalars } from './planePrograms.ts';

export interface RaceSetting {
  readonly network: PlaneNetwork;
  readonly batchSize: number;
  readonly steps: number;
  readonly seed: number;
}

export interface RacePath {
  /** (steps + 1, parameters): the start, then where every step led. */
  readonly parameters: Float32Array;
  /** (steps + 1): loss over the whole training part. */
  readonly losses: Float32Array;
}

/** Whole batches only: every step is as long for everyone. (steps, batch) rows, epoch after epoch. */
export function raceBatches({ batchSize, steps, seed }: RaceSetting, trainCount: number): Int32Array {
  const size = Math.min(batchSize, trainCount);
  const perEpoch = Math.floor(trainCount / size);
  const rows = new Int32Array(steps * size);
  for (let step = 0, order = new Int32Array(0) as Int32Array; step < steps; step++) {
    const within = step % perEpoch;
    if (within === 0) order = epochOrder(seed, step / perEpoch, trainCount);
    rows.set(order.subarray(within * size, (within + 1) * size), step * size);
  }
  return rows;
}

/** @param advanced called after every step; awaited, so that a worker can answer meanwhile */
export async function runRacer(
  setting: RaceSetting,
  data: PlaneData,
  optimizer: OptimizerConfig,
  advanced?: (step: number) => Promise<void> | void,
): Promise<RacePath> {
  const { network, steps, seed } = setting;
  const rows = raceBatches(setting, data.trainCount);
  const batch = rows.length / steps;
  const layout = planeParameters(network);
  const count = layout.reduce((sum, { size }) => sum + size, 0);
  const train = trainProgram('train', batch, { network, optimizer, penalty: 'none' }, data);
  const engine = createReferenceEngine();
  await engine.load({
    programs: { train, score: scoreProgram(network, data) },
    slots: [...parameterSlots({ network, optimizer }), ...dataSlots(data)],
    seed,
  });
  await engine.write('data/points', data.points);
  await engine.write('data/targets', data.targets);
  for (const [slot, values] of startPlane(network, seed)) await engine.write(slot, values);

  const parameters = new Float32Array((steps + 1) * count);
  const losses = new Float32Array(steps + 1);
  for (let step = 0; step <= steps; step++) {
    let at = step * count;
    for (const { slot, size } of layout) {
      parameters.set(await engine.read(slot), at);
      at += size;
    }
    await engine.run('score', { steps: 1, firstStep: 0 });
    losses[step] = (await engine.read('score', 0, 1))[0]!;
    if (step === steps) break;
    const scalars = trainScalars(train.scalarNames, optimizer, step, 0);
    await engine.run('train', { steps: 1, firstStep: step, rows: rows.subarray(step * batch, (step + 1) * batch), scalars });
    await advanced?.(step + 1);
  }
  await engine.dispose();
  return { parameters, losses };
}

export type RateVerdict = 'diverged' | 'large' | 'right' | 'small';

/** Of a way down, how much may be lost again on the way before the steps are called too large. */
const mostClimbing = 0.6;
/** A racer that is left with more than this share of the best racer's way was too slow. */
const mostLeft = 0.25;

/**
 * What a path says about its learning rate. Too large: the loss ends above its start, or climbs back most of what it
 * falls. Too small: much of the way that another rate went still lies ahead.
 * @param best the lowest loss that any racer reached
 */
export function judgeRate(losses: Float32Array, best: number): RateVerdict {
  const start = losses[0] ?? NaN;
  if (losses.some((loss) => !Number.isFinite(loss))) return 'diverged';
  const tail = losses.subarray(Math.floor(losses.length * 0.9));
  const end = tail.reduce((sum, loss) => sum + loss, 0) / tail.length;
  if (end > start) return 'large';
  let [up, down] = [0, 0];
  for (let i = 1; i < losses.length; i++) {
    const change = losses[i]! - losses[i - 1]!;
    if (change > 0) up += change;
    else down -= change;
  }
  const left = (end - best) / (start - best);
  if (up > mostClimbing * down && left > 0.05) return 'large';
  return left > mostLeft ? 'small' : 'right';
}
