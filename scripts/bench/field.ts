/** Who takes part in a comparison: our engines, and the peers that are there. */
import { engineCommand, findEngines } from './engines.ts';
import type { Command } from './contender.ts';
import type { BenchOptions } from './options.ts';
import { findPeers } from './peers.ts';

export interface Field {
  /** `profiled` starts one whose kernels can be timed one by one. */
  readonly engines: readonly { readonly name: string; readonly command: StartCommand; readonly profiled?: StartCommand }[];
  /** Several ways to run a peer; the fastest counts. */
  readonly peers: readonly { readonly name: string; readonly variants: readonly StartCommand[] }[];
}

export type StartCommand = (workload: string, taskFile: string) => Command;

/** On the processor. */
export async function cpuField(options: BenchOptions, tell: (text: string) => void): Promise<Field> {
  return {
    engines: findEngines(options.engines, tell).map((name) => ({
      name,
      command: (workload: string) => engineCommand(workload, name, options.threads),
      ...(name === 'reference' ? {} : { profiled: (workload: string) => engineCommand(workload, name, 1) }),
    })),
    peers: (await findPeers(options.peers, options.python, tell)).map(({ name, variants }) => ({
      name,
      variants: variants.map((variant) => (_workload: string, taskFile: string) => variant(taskFile)),
    })),
  };
}
