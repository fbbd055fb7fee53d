/** Steps of training taken apart: the time machine. */
import * as v from 'valibot';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { networkDocument, runConfig, runId } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `explain.${string}`>;

const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const machine = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const byMachine = v.strictObject({ machine });
const request = v.strictObject({ value: index, element: index, limit: v.exactOptional(v.pipe(index, v.maxValue(10_000))) });
const edit = v.strictObject({
  value: index,
  at: v.union([v.strictObject({ element: index }), v.strictObject({ axis: index, index })]),
  to: number,
});
const maxRows = 256;
const maxValues = 10_000;

export const explainSchemas: ArgsSchemas<Names> = {
  'explain.open': v.strictObject({
    of: v.union([v.strictObject({ run: runId }), v.strictObject({ document: networkDocument, config: runConfig })]),
    rows: v.pipe(v.array(index), v.maxLength(maxRows)),
    mode: v.exactOptional(v.picklist(['train', 'evaluate'])),
  }),
  'explain.read': v.strictObject({ machine, values: v.pipe(v.array(index), v.maxLength(maxValues)) }),
  'explain.derive': v.strictObject({ machine, request }),
  'explain.compose': v.strictObject({ machine, request }),
  'explain.change': v.strictObject({ machine, edits: v.pipe(v.array(edit), v.maxLength(maxValues)) }),
  'explain.advance': byMachine,
  'explain.back': byMachine,
  'explain.close': byMachine,
  'explain.cost': v.strictObject({ document: networkDocument, config: runConfig }),
};

export function explainHandlers({ explains }: HostParts): Pick<Handlers, Names> {
  return {
    'explain.open': ({ of, rows, mode }) => explains.open(of, rows, mode),
    'explain.read': (args) => explains.ask({ kind: 'read', ...args }),
    'explain.derive': (args) => explains.ask({ kind: 'derive', ...args }),
    'explain.compose': (args) => explains.ask({ kind: 'compose', ...args }),
    'explain.change': (args) => explains.ask({ kind: 'change', ...args }),
    'explain.advance': (args) => explains.ask({ kind: 'advance', ...args }),
    'explain.back': (args) => explains.ask({ kind: 'back', ...args }),
    'explain.cost': (of) => explains.cost(of),
    'explain.close': (args) => explains.ask({ kind: 'close', ...args }),
  };
}
