/** Binds Input and Output layers to the chosen data where there is only one possibility, and says so. */
import type { DataRole, DataSetInfo } from '../../core/data/dataSet.ts';
import { rolesOf } from '../../core/tasks/roles.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { setParam } from '../../core/graph/edit.ts';
import { findLayer } from '../../core/layers/index.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { Terminal } from './command.ts';

export function bindNetwork(document: NetworkDocument, info: DataSetInfo, config: RunConfig, terminal: Terminal): NetworkDocument {
  const roles = rolesOf(info, config);
  let bound = document;
  for (const node of document.nodes) {
    for (const [param, spec] of Object.entries(findLayer(node.type)?.params ?? {})) {
      if (spec.kind !== 'role') continue;
      const role = onlyRole(roles, spec.roleKind, node.params[param]);
      if (role === undefined) continue;
      bound = setParam(bound, node.id, param, role.name);
      terminal.err(`${node.name} is bound to "${role.name}" of ${info.id}: ${role.description}.`);
    }
  }
  return bound;
}

/** Undefined where the present role exists, or where a person has to choose. */
function onlyRole(roles: readonly DataRole[], kind: DataRole['kind'], present: unknown): DataRole | undefined {
  const possible = roles.filter((role) => role.kind === kind);
  return possible.length === 1 && possible[0]!.name !== present ? possible[0] : undefined;
}
