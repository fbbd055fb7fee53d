/**
 * Lifts run configs of earlier versions to the present one, one step per version. What a version did not have yet takes
 * its default, so that a run of then trains now as it did.
 *
 *   1 → 2   `loss` was a name and is an object with settings of its own; `schedule`, `controls` and `layerRates` are new,
 *           as are `dampening` of SGD and `amsgrad` of Adam
 *   2 → 3   `task` was a name and is an object with settings of its own
 */
import { defaultLossConfig, losses, type LossName } from '../losses/index.ts';
import { defaultOptimizer, optimizers, type OptimizerName } from '../optimizers/index.ts';
import { defaultControls } from './defaults.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is no config of an earlier version comes back as it is: the schema says what is wrong with it. */
export function upgradeRunConfig(json: unknown): unknown {
  const second = isObject(json) && json.version === 1 ? fromVersion1(json) : json;
  return isObject(second) && second.version === 2 ? fromVersion2(second) : second;
}

function fromVersion1(config: Json): Json {
  const { loss, optimizer } = config;
  const type = isObject(optimizer) ? optimizer.type : undefined;
  return {
    ...config,
    version: 2,
    loss: typeof loss === 'string' && Object.hasOwn(losses, loss) ? defaultLossConfig(loss as LossName) : { type: loss },
    optimizer:
      isObject(optimizer) && typeof type === 'string' && Object.hasOwn(optimizers, type)
        ? { ...defaultOptimizer(type as OptimizerName), ...optimizer }
        : optimizer,
    ...defaultControls,
  };
}

function fromVersion2(config: Json): Json {
  return { ...config, version: 3, task: { type: config.task } };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
