/** What a program's batch holds: read from the data slots, or as the task computes it. */
import { taskOf, type Feed, type TaskConfig } from '../tasks/index.ts';
import type { Builder, Value } from './builder.ts';
import { readRole, type LoweredNetwork, type Mode, type PreparedRoleType } from './lowerNetwork.ts';

export function createFeed(b: Builder, network: LoweredNetwork, task: TaskConfig, mode: Mode, batchSize: number): Feed {
  const done = new Map<PreparedRoleType, Value>();
  const read = (role: PreparedRoleType): Value => {
    const value = done.get(role) ?? readRole(b, role, network.data.rowCount);
    done.set(role, value);
    return value;
  };
  const definition = taskOf(task);
  if (definition.feed !== undefined) return definition.feed({ b, settings: task, network, mode, batchSize, read });
  return {
    input: read,
    get target() {
      return read(network.data.target);
    },
  };
}
