/** What a program's batch holds: read from the data slots, or as the task computes it. */
import { augment, type AugmentationConfig } from '../augmentation/index.ts';
import { mixed, mixingShare } from '../augmentation/mixUp.ts';
import { taskOf, type Feed, type TaskConfig } from '../tasks/index.ts';
import type { Builder, Value } from './builder.ts';
import { readRole, type LoweredNetwork, type Mode, type PreparedRoleType } from './lowerNetwork.ts';

export function createFeed(
  b: Builder,
  network: LoweredNetwork,
  task: TaskConfig,
  mode: Mode,
  batchSize: number,
  augmentation?: AugmentationConfig,
): Feed {
  const done = new Map<PreparedRoleType, Value>();
  const read = (role: PreparedRoleType): Value => {
    const value = done.get(role) ?? readRole(b, role, network.data.rowCount);
    done.set(role, value);
    return value;
  };
  const definition = taskOf(task);
  if (definition.feed !== undefined) return definition.feed({ b, settings: task, network, mode, batchSize, read });
  if (mode === 'train' && augmentation !== undefined && isOn(augmentation)) return augmentedFeed(b, network, read, augmentation);
  return {
    input: read,
    get target() {
      return read(network.data.target);
    },
  };
}

function isOn(augmentation: AugmentationConfig): boolean {
  return Object.values(augmentation).some((strength) => strength !== 0);
}

/** Inputs changed at random; the target as it is, with the share of it where samples are mixed. */
function augmentedFeed(b: Builder, network: LoweredNetwork, read: Feed['input'], augmentation: AugmentationConfig): Feed {
  const { mixUp: alpha = 0 } = augmentation;
  const share = alpha === 0 ? undefined : mixingShare(b, alpha);
  const done = new Map<PreparedRoleType, Value>();
  return {
    input(role) {
      const known = done.get(role);
      if (known !== undefined) return known;
      const changed = augment(b, read(role), augmentation, role);
      const value = share === undefined ? changed : mixed(b, changed, share);
      done.set(role, value);
      return value;
    },
    get target() {
      return read(network.data.target);
    },
    ...(share === undefined ? {} : { mixingShare: share }),
  };
}
