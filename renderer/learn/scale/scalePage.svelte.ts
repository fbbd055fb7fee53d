/** The page on how networks grew: what is set, and how fast this machine was measured to be. */
import { totalCost } from '../../../core/learn/cost.ts';
import { hardware, secondsOn } from '../../../core/scale/hardware.ts';
import { benchmarkData, machineBenchmark } from '../../../core/scale/machineBenchmark.ts';
import { memoryOf } from '../../../core/scale/memory.ts';
import { scalePoints, type ScalePoint } from '../../../core/scale/scaleModels.ts';
import { ProblemError, raise } from '../../../core/problem.ts';
import { call } from '../../client.ts';
import { showError } from '../../workspace/notices.svelte.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import { readScale, type Axis, type ScaleSettings } from './scaleSettings.ts';
import { scaleText } from './scaleText.ts';

export interface MachineSpeed {
  readonly flopsPerSecond: number;
  readonly engine: string;
}

const key = 'learn.scale';
const machineKey = 'learn.scale.machine';

export class ScalePage {
  settings = $state.raw<ScaleSettings>(readScale(preferences.recall(key, {})));
  machine = $state.raw<MachineSpeed | null>(preferences.recall<MachineSpeed | null>(machineKey, null));
  measuring = $state(false);
  chosen = $state<string | undefined>(undefined);
  readonly points: readonly ScalePoint[] = scalePoints();
  readonly device = $derived(hardware.find(({ id }) => id === this.settings.hardware));
  readonly where = $derived(
    this.device === undefined
      ? scaleText.thisMachine
      : `${this.settings.count > 1 ? `${this.settings.count.toLocaleString('en-US')} × ` : ''}${this.device.title}`,
  );

  change(part: Partial<ScaleSettings>): void {
    this.settings = { ...this.settings, ...part };
    preferences.remember(key, this.settings);
  }

  /** Bytes in training. */
  memory(point: ScalePoint): number {
    return memoryOf(point.parameters, this.settings.precision, this.settings.optimizer).training;
  }

  /** Seconds; absent where the training was not published, or this machine was not measured. */
  time({ training }: ScalePoint): number | undefined {
    if (training === undefined) return undefined;
    const { count, utilisation, precision } = this.settings;
    if (this.device !== undefined) return secondsOn(this.device, count, utilisation / 100, precision, training);
    return this.machine === null ? undefined : training / this.machine.flopsPerSecond;
  }

  valueOf(point: ScalePoint, axis: Axis): number | undefined {
    if (axis === 'memory') return this.memory(point);
    return axis === 'time' ? this.time(point) : point[axis];
  }

  /** Trains a network of large matrix products for a moment on every engine of this machine; the fastest counts. */
  async measure(): Promise<void> {
    this.measuring = true;
    try {
      const trained = machineBenchmark(await call('data.get', { id: benchmarkData }));
      const { forward, backward } = totalCost(await call('explain.cost', trained));
      const speeds = await call('engines.measure', trained);
      const fastest = speeds
        .flatMap(({ engine, speed }) =>
          engine === undefined || speed === undefined ? [] : [{ engine: engine.label, rate: speed.samplesPerSecond }],
        )
        .sort((a, b) => b.rate - a.rate)[0];
      if (fastest === undefined) {
        return raise({
          code: 'scale.noEngine',
          message: 'No engine of this machine could be measured.',
          hint: speeds.find(({ problem }) => problem !== undefined)?.problem?.message ?? 'Try again when nothing is being trained.',
        });
      }
      this.machine = { flopsPerSecond: 2 * (forward + backward) * fastest.rate, engine: fastest.engine };
      preferences.remember(machineKey, this.machine);
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'job.cancelled')) showError(error);
    } finally {
      this.measuring = false;
    }
  }

  async cancel(): Promise<void> {
    await call('engines.cancel', {}).catch(showError);
  }
}
