/** A finished run at work: predicting, writing, forecasting, drawing. */
import * as v from 'valibot';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { identifier, noArgs, runId } from './schemas.ts';
import type { ModelFileNames } from './modelFiles.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Exclude<Extract<keyof Handlers, `use.${string}`>, ModelFileNames>;

const maxItems = 256;
const maxImages = 1_024;
const maxTokens = 100_000;
const maxPrompt = 100_000;
/** One drawn or read image. */
const maxImageBytes = 16 * 1024 * 1024;

const row = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const byRun = v.strictObject({ run: runId });
const value = v.nullable(v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.maxLength(10_000))]));
const image = v.pipe(
  v.instance(Uint8Array),
  v.check((bytes) => bytes.length <= maxImageBytes, `expected at most ${maxImageBytes} bytes`),
);
const item = v.union([
  v.strictObject({ row }),
  v.strictObject({ values: v.exactOptional(v.record(v.string(), value)), image: v.exactOptional(image) }),
]);
const count = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

const sampling = {
  run: runId,
  job: identifier,
  seed,
  sampler: v.exactOptional(v.picklist(['ddpm', 'ddim'])),
  steps: v.exactOptional(count(1, 10_000)),
  class: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
  guidance: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(100))),
};

export const useSchemas: ArgsSchemas<Names> = {
  'use.describe': byRun,
  'use.rows': v.strictObject({ run: runId, rows: v.pipe(v.array(row), v.maxLength(maxItems)) }),
  'use.predict': v.strictObject({ run: runId, items: v.pipe(v.array(item), v.maxLength(maxItems)) }),
  'use.generate': v.strictObject({
    run: runId,
    job: identifier,
    prompt: v.pipe(v.string(), v.maxLength(maxPrompt)),
    tokens: count(1, maxTokens),
    temperature: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(100)),
    topK: count(0, maxTokens),
    seed,
  }),
  'use.translate': v.strictObject({ run: runId, text: v.pipe(v.string(), v.maxLength(maxPrompt)) }),
  'use.forecast': v.strictObject({ run: runId, row: v.exactOptional(row) }),
  'use.nodes': byRun,
  'use.sample': v.strictObject({ ...sampling, count: count(1, maxImages) }),
  'use.trajectory': v.strictObject(sampling),
  'use.cancel': v.strictObject({ job: identifier }),
  'use.close': noArgs,
};

export function useHandlers({ uses }: HostParts): Pick<Handlers, Names> {
  return {
    'use.describe': async ({ run }) => ({ run, ...(await uses.ask(run, { kind: 'describe' })) }),
    'use.rows': ({ run, rows }) => uses.ask(run, { kind: 'rows', rows }),
    'use.predict': ({ run, items }) => uses.ask(run, { kind: 'predict', items }),
    'use.generate': ({ run, job, prompt, ...options }) => uses.ask(run, { kind: 'generate', prompt, options }, job),
    'use.translate': ({ run, text }) => uses.ask(run, { kind: 'translate', text }),
    'use.forecast': ({ run, row: from }) => uses.ask(run, { kind: 'forecast', ...(from === undefined ? {} : { row: from }) }),
    'use.nodes': ({ run }) => uses.ask(run, { kind: 'nodes' }),
    'use.sample': ({ run, job, ...options }) => uses.ask(run, { kind: 'sample', options }, job),
    'use.trajectory': ({ run, job, ...options }) => uses.ask(run, { kind: 'trajectory', options }, job),
    'use.cancel': ({ job }) => {
      uses.cancel(job);
      return null;
    },
    'use.close': async () => {
      await uses.close();
      return null;
    },
  };
}
