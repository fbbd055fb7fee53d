/** The learning rate over the epochs to come, as the schedule will set it: drawn before training. */
import type { RunConfig } from '../../core/train/runConfig.ts';
import { scheduleFactor } from '../../core/schedules/index.ts';
import type { ChartPoint } from './chartData.ts';

/** About one point per two pixels of the small chart. */
const pointCount = 160;

/** @returns no points where a setting is being typed that cannot be */
export function scheduleCurve(config: RunConfig, stepsPerEpoch: number): ChartPoint[] {
  const totalSteps = Math.max(1, config.epochs * stepsPerEpoch);
  const count = Math.min(pointCount, totalSteps);
  try {
    return Array.from({ length: count }, (_, i) => {
      const step = count === 1 ? 0 : Math.round((i * (totalSteps - 1)) / (count - 1));
      const factor = scheduleFactor(config.schedule, { step, stepsPerEpoch, totalSteps });
      return { x: step / stepsPerEpoch, y: config.optimizer.learningRate * factor };
    });
  } catch {
    return [];
  }
}

/** Optimizer steps in an epoch, as far as they are known before the data are sampled. */
export function stepsInEpoch(config: RunConfig, trainRows: number): number {
  return Math.max(1, Math.ceil(trainRows / (config.batchSize * config.controls.accumulation)));
}

/** Whether the curve says more than a number. */
export function hasCurve({ schedule }: RunConfig): boolean {
  return schedule.kind !== 'constant' || schedule.warmUp > 0;
}
