/** Engines of this machine: their speed on a network, and what they make of its layers. */
import * as v from 'valibot';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { networkDocument, noArgs, runConfig } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `engines.${string}`>;

const trained = v.strictObject({ document: networkDocument, config: runConfig });

export const engineSchemas: ArgsSchemas<Names> = {
  'engines.measure': trained,
  'engines.plan': trained,
  'engines.kernelText': v.strictObject({ ...trained.entries, kernel: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  'engines.measureKernels': trained,
  'engines.findRate': trained,
  'engines.cancel': noArgs,
};

export function engineHandlers({ engines }: HostParts): Pick<Handlers, Names> {
  return {
    'engines.measure': (args) => engines.measure(args),
    'engines.plan': (args) => engines.plan(args),
    'engines.kernelText': ({ kernel, ...args }) => engines.kernelText(args, kernel),
    'engines.measureKernels': (args) => engines.measureKernels(args),
    'engines.findRate': (args) => engines.findRate(args),
    'engines.cancel': () => {
      engines.cancel();
      return null;
    },
  };
}
