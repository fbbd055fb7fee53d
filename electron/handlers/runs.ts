/** Trainings, running and saved. */
import * as v from 'valibot';
import { raise } from '../../core/problem.ts';
import { parseDocumentText } from '../../core/graph/parseDocument.ts';
import type { Handlers, RunId } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { toDetails, toSummary } from '../host/runViews.ts';
import { identifier, name, runId, runIds, text } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `runs.${string}`>;

/** Newest runs of one reply: about 3 MB. */
/** One message holds at most 4 MiB: a run takes about 1 kB with its metrics, more with a long note. */
const maxListed = 1_000;
const maxPoints = 20_000;

const byId = v.strictObject({ id: runId });
const byIds = v.strictObject({ ids: runIds });

export const runSchemas: ArgsSchemas<Names> = {
  'runs.start': v.strictObject({ document: identifier }),
  'runs.resume': byId,
  'runs.command': v.strictObject({
    id: runId,
    command: v.variant('type', [
      v.strictObject({ type: v.literal('pause') }),
      v.strictObject({ type: v.literal('continue') }),
      v.strictObject({ type: v.literal('stop') }),
      v.strictObject({ type: v.literal('step') }),
      v.strictObject({ type: v.literal('setLearningRate'), learningRate: v.pipe(v.number(), v.finite(), v.gtValue(0)) }),
    ]),
  }),
  'runs.list': v.strictObject({ deleted: v.exactOptional(v.boolean()), before: v.exactOptional(runId) }),
  'runs.get': byId,
  'runs.metrics': v.strictObject({
    id: runId,
    names: v.exactOptional(v.array(identifier)),
    maxPoints: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(maxPoints)),
  }),
  'runs.rename': v.strictObject({ id: runId, name }),
  'runs.note': v.strictObject({ id: runId, note: text }),
  'runs.delete': byIds,
  'runs.restore': byIds,
  'runs.revealTest': byId,
};

export function runHandlers({ store, runs, documents, emit }: HostParts): Pick<Handlers, Names> {
  const setDeleted = (ids: readonly RunId[], deletedAt: number | null): null => {
    store.transaction(() => {
      for (const id of ids) {
        const run = runs.find(id);
        if (deletedAt !== null && ['queued', 'running', 'paused'].includes(run.status)) {
          raise({
            code: 'run.active',
            message: `Run ${id} (${run.name}) is ${run.status}, so it cannot be deleted.`,
            where: { kind: 'run', run: id },
            hint: 'Stop it first.',
          });
        }
        store.runs.change(id, { deletedAt });
      }
    });
    emit('runs.changed', {});
    return null;
  };

  return {
    'runs.start': async ({ document }) => {
      const state = documents.open(document);
      if (state.config === undefined) {
        raise({
          code: 'config.noData',
          message: `“${state.document.name}” has no data set yet.`,
          where: { kind: 'document' },
          hint: 'Choose one in Data and bind the network to it.',
        });
      }
      const id = await runs.start({ document: state.document, config: state.config });
      store.documents.setLastRun(document, id);
      return { id };
    },
    'runs.resume': async ({ id }) => {
      await runs.resume(id);
      return null;
    },
    'runs.command': ({ id, command }) => {
      runs.command(id, command);
      return null;
    },
    'runs.list': ({ deleted, before }) => {
      runs.collectDead();
      const list = store.runs.list({ deleted: deleted ?? false, limit: maxListed, ...(before === undefined ? {} : { before }) });
      const summaries = store.metrics.summaries({ from: list.at(-1)?.id ?? 0, to: list[0]?.id ?? 0 });
      return list.map((run) => toSummary(run, summaries.get(run.id) ?? {}));
    },
    'runs.get': ({ id }) => {
      const run = runs.find(id);
      const network =
        store.networks.get(run.networkHash) ??
        raise({ code: 'run.networkMissing', message: `The network of run ${id} is missing from the library.` });
      const summary = store.metrics.summaries({ from: id, to: id }).get(id) ?? {};
      return toDetails(run, summary, parseDocumentText(network), store.runs.latestCheckpoint(id) !== null);
    },
    'runs.metrics': ({ id, names, maxPoints: points }) => {
      runs.find(id);
      return store.metrics.read(id, names, points);
    },
    'runs.rename': ({ id, name: newName }) => {
      runs.find(id);
      store.runs.change(id, { name: newName });
      runs.announce(id);
      return null;
    },
    'runs.note': ({ id, note }) => {
      runs.find(id);
      store.runs.change(id, { note });
      runs.announce(id);
      return null;
    },
    'runs.delete': ({ ids }) => setDeleted(ids, Date.now()),
    'runs.restore': ({ ids }) => setDeleted(ids, null),
    'runs.revealTest': ({ id }) => runs.revealTest(id),
  };
}
