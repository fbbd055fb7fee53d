/** Optimizers raced over the loss of a network. */
import * as v from 'valibot';
import { optimizerSchema } from '../../core/train/runConfigSchema.ts';
import type { OptimizerConfig } from '../../core/train/runConfig.ts';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { identifier, networkDocument, runConfig } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `race.${string}`>;

const optimizer = optimizerSchema as v.GenericSchema<unknown, OptimizerConfig>;
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

export const raceSchemas: ArgsSchemas<Names> = {
  'race.run': v.strictObject({
    job: identifier,
    document: networkDocument,
    config: runConfig,
    optimizers: v.pipe(v.array(optimizer), v.minLength(1), v.maxLength(24)),
    steps: whole(1, 10_000),
    plane: v.picklist(['principal', 'random', 'ends']),
    side: whole(2, 99),
    confirmed: v.boolean(),
  }),
  'race.cancel': v.strictObject({ job: identifier }),
};

export function raceHandlers({ races }: HostParts): Pick<Handlers, Names> {
  return {
    'race.run': (args) => races.run(args),
    'race.cancel': ({ job }) => {
      races.cancel(job);
      return null;
    },
  };
}
