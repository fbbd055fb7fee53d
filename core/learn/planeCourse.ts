/** A race of a small network over two features, on the reference engine. */
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createBuilder } from '../program/builder.ts';
import type { Program } from '../program/program.ts';
import { laneOn, lossSlot, type Course } from './course.ts';
import { epochOrder } from './planeBench.ts';
import type { PlaneData } from './planeData.ts';
import { forwardPlane, planeLoss, startPlane, type PlaneNetwork } from './planeNetwork.ts';
import { dataOf, dataSlots, parameterOf, parameterSlots, planeParameters, trainProgram, trainScalars } from './planePrograms.ts';

export interface PlaneRace {
  readonly network: PlaneNetwork;
  readonly batchSize: number;
  readonly seed: number;
}

/** Whole batches only: every step is as long for everyone. (batch) rows, epoch after epoch. */
export function planeBatches({ batchSize, seed }: Pick<PlaneRace, 'batchSize' | 'seed'>, trainCount: number): (step: number) => Int32Array {
  const size = Math.min(batchSize, trainCount);
  const perEpoch = Math.floor(trainCount / size);
  let [epoch, order] = [-1, new Int32Array(0) as Int32Array];
  return (step) => {
    const wanted = Math.floor(step / perEpoch);
    if (wanted !== epoch) [epoch, order] = [wanted, epochOrder(seed, wanted, trainCount)];
    const within = step % perEpoch;
    return order.subarray(within * size, (within + 1) * size);
  };
}

export function planeCourse(race: PlaneRace, data: PlaneData): Course {
  const { network, seed } = race;
  const { trainCount } = data;
  const parameters = planeParameters(network).map(({ slot, shape, isBias }) => ({ slot, shape, ...(isBias ? {} : { filterAxis: 0 }) }));
  const loss = lossProgram(network, data);

  return {
    parameters,
    seed,
    sample: { rows: trainCount, of: trainCount },
    async open(optimizer) {
      const batches = planeBatches(race, trainCount);
      const train = optimizer && trainProgram('train', batches(0).length, { network, optimizer, penalty: 'none' }, data);
      const engine = createReferenceEngine();
      const slots = parameterSlots({ network, ...(optimizer && { optimizer }) });
      await engine.load({ programs: { loss, ...(train && { train }) }, slots: [...slots, ...dataSlots(data), lossSlot], seed });
      await engine.write('data/points', data.points);
      await engine.write('data/targets', data.targets);
      for (const [slot, values] of startPlane(network, seed)) await engine.write(slot, values);
      return laneOn(engine, parameters, {}, async (step) => {
        const scalars = trainScalars(train!.scalarNames, optimizer!, step, 0);
        await engine.run('train', { steps: 1, firstStep: step, rows: batches(step), scalars });
      });
    },
  };
}

/** Over the whole training part. */
function lossProgram(network: PlaneNetwork, data: PlaneData): Program {
  const b = createBuilder({ name: 'loss', batchSize: 0 });
  const { points, targets } = dataOf(b, data);
  const scores = forwardPlane(b, network, b.slice(points, 0, 0, data.trainCount), parameterOf(b)).layers.at(-1)!;
  b.assign(lossSlot.name, planeLoss(b, network, scores, b.slice(targets, 0, 0, data.trainCount)));
  return b.build();
}
