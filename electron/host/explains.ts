/** Time machines: finds what is to be looked at, and passes questions on to the thread that knows. */
import type { LayerCost } from '../../core/learn/cost.ts';
import type { RunId, Trainable } from '../contract/calls.ts';
import type { ExplainView } from '../../core/explain/view.ts';
import type { ExplainAsk, ExplainAskName, ExplainAsks, ExplainSource } from '../trainer/explainProtocol.ts';
import { createAskThread } from '../trainer/askThread.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Log } from './log.ts';
import type { RunManager } from './runManager.ts';

export interface Explains {
  /** A run with its last weights, or a network with its seed's start weights. @throws ProblemError */
  open(of: { readonly run: RunId } | Trainable, rows: readonly number[], mode?: ExplainView['mode']): Promise<ExplainView>;
  /** What a gradient of the network costs, layer by layer. */
  cost(of: Trainable): Promise<readonly LayerCost[]>;
  ask<K extends Exclude<ExplainAskName, 'open' | 'cost'>>(
    ask: { readonly kind: K; readonly machine: number } & ExplainAsks[K]['args'],
  ): Promise<ExplainAsks[K]['result']>;
  close(): Promise<void>;
}

export interface ExplainsOptions {
  readonly data: DataLibrary;
  readonly runs: Pick<RunManager, 'trained'>;
  readonly log: Log;
}

export function createExplains({ data, runs, log }: ExplainsOptions): Explains {
  const thread = createAskThread<ExplainAsk>({
    worker: new URL('../trainer/explainWorker.ts', import.meta.url),
    name: 'layerbench explain',
    doing: 'Explaining the step',
    code: 'explain',
    memoryHint: 'Look at a smaller network, or at smaller images or shorter sequences.',
    onDefect: (stack) => log.error('explain', stack),
  });

  async function sourceOf(of: { readonly run: RunId } | Trainable): Promise<ExplainSource> {
    if ('run' in of) return runs.trained(of.run);
    const { document, config } = of;
    const info = data.get(config.data.id);
    await data.ensureCached(info);
    return { document, config, data: { folder: data.cacheFolder, hash: info.hash } };
  }

  return {
    async open(of, rows, mode) {
      const ask: ExplainAsk = { kind: 'open', source: await sourceOf(of), rows, ...(mode === undefined ? {} : { mode }) };
      return (await thread.ask(ask)) as ExplainView;
    },
    cost: async (of) => (await thread.ask({ kind: 'cost', source: await sourceOf(of) })) as readonly LayerCost[],
    ask: async (ask) => (await thread.ask(ask as unknown as ExplainAsk)) as ExplainAsks[typeof ask.kind]['result'],
    close: () => thread.close(),
  };
}
