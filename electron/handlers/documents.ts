/** Documents on the canvas. */
import * as v from 'valibot';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { identifier, jsonText, name, networkDocument, noArgs, runConfig, runId } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `documents.${string}`>;

const byId = v.strictObject({ id: identifier });

export const documentSchemas: ArgsSchemas<Names> = {
  'documents.list': v.strictObject({ deleted: v.exactOptional(v.boolean()) }),
  'documents.samples': noArgs,
  'documents.open': byId,
  'documents.create': v.strictObject({
    from: v.union([
      v.strictObject({ sample: identifier }),
      v.strictObject({ json: jsonText }),
      v.strictObject({ run: runId }),
      v.strictObject({ empty: name }),
    ]),
  }),
  'documents.save': v.strictObject({ id: identifier, document: networkDocument, config: v.exactOptional(runConfig) }),
  'documents.delete': byId,
  'documents.restore': byId,
};

export function documentHandlers({ documents, emit }: HostParts): Pick<Handlers, Names> {
  const changed = (): void => emit('documents.changed', {});
  return {
    'documents.list': ({ deleted }) => documents.list(deleted ?? false),
    'documents.samples': () => documents.samples(),
    'documents.open': ({ id }) => documents.open(id),
    'documents.create': ({ from }) => {
      const state = documents.create(from);
      changed();
      return state;
    },
    'documents.save': ({ id, document, config }) => {
      const saved = documents.save(id, document, config);
      changed();
      return saved;
    },
    'documents.delete': ({ id }) => {
      documents.setDeleted(id, true);
      changed();
      return null;
    },
    'documents.restore': ({ id }) => {
      documents.setDeleted(id, false);
      changed();
      return null;
    },
  };
}
