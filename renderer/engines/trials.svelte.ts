/**
 * What is known about training the open networks on this machine: measured speeds, the plan of a training (kernels,
 * memory), measured kernels. Nothing is measured before someone asks; the plan follows the network by itself.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { serializeDocument } from '../../core/graph/parseDocument.ts';
import { ProblemError } from '../../core/problem.ts';
import type { EngineSpeed, KernelMeasurement, KernelText, Trainable, TrainingPlan } from '../../electron/contract/calls.ts';
import { call } from '../client.ts';
import { showError } from '../workspace/notices.svelte.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';

/** A network is planned once it has been left alone for so long. */
const quietMs = 500;

interface Known<T> {
  readonly key: string;
  readonly value: T;
}

/** Equal keys train alike: where layers stand, names of the run, how long and with which seed it trains do not matter. */
export function keyOf({ document, config }: Trainable, withEngine: boolean): string {
  const { engine, epochs: _epochs, seed: _seed, ...rest } = config;
  let network = networks.get(document);
  if (network === undefined) networks.set(document, (network = serializeDocument(document, { positions: false })));
  return JSON.stringify([network, rest, withEngine ? engine.kind : '']);
}

/** Asked for several times after every change. */
const networks = new WeakMap<NetworkDocument, string>();

class Trials {
  /** What is being measured: the host does one at a time. */
  measuring = $state<'speeds' | 'kernels' | 'rate' | null>(null);
  #speeds = new SvelteMap<string, Known<readonly EngineSpeed[]>>();
  #kernels = new SvelteMap<string, Known<KernelMeasurement>>();
  #plans = new SvelteMap<string, Known<{ readonly trained: Trainable; readonly plan: TrainingPlan } | null>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';

  /** Undefined before the first measurement; `stale` once the network or its settings are others. */
  speeds(open: OpenDocument): { readonly speeds: readonly EngineSpeed[]; readonly stale: boolean } | undefined {
    const known = this.#speeds.get(open.id);
    const trained = trainable(open);
    return known && { speeds: known.value, stale: trained === undefined || keyOf(trained, false) !== known.key };
  }

  /** Null where the network cannot be planned; undefined while nothing is known about this state of it. */
  plan(open: OpenDocument): TrainingPlan | null | undefined {
    const known = this.#known(this.#plans, open);
    return known === undefined ? undefined : (known?.plan ?? null);
  }

  kernels(open: OpenDocument): KernelMeasurement | undefined {
    return this.#known(this.#kernels, open);
  }

  #known<T>(all: ReadonlyMap<string, Known<T>>, open: OpenDocument): T | undefined {
    const trained = trainable(open);
    const known = all.get(open.id);
    return trained !== undefined && known?.key === keyOf(trained, true) ? known.value : undefined;
  }

  /** Has the plan follow the network; to be called when it changed. */
  follow(open: OpenDocument): void {
    const trained = trainable(open);
    clearTimeout(this.#timer);
    if (trained === undefined) return;
    const key = keyOf(trained, true);
    if (this.#plans.get(open.id)?.key === key || this.#asked === key) return;
    this.#timer = setTimeout(() => void this.#askPlan(open.id, trained, key), quietMs);
  }

  async #askPlan(id: string, trained: Trainable, key: string): Promise<void> {
    this.#asked = key;
    try {
      this.#plans.set(id, { key, value: { trained, plan: await call('engines.plan', trained) } });
    } catch {
      // What is wrong with the network stands at its place already.
      this.#plans.set(id, { key, value: null });
    } finally {
      if (this.#asked === key) this.#asked = '';
    }
  }

  /** @throws ProblemError */
  async kernelText(open: OpenDocument, kernel: number): Promise<KernelText | undefined> {
    const known = this.#known(this.#plans, open);
    return known ? call('engines.kernelText', { ...known.trained, kernel }) : undefined;
  }

  async measureSpeeds(open: OpenDocument): Promise<void> {
    await this.#measure('speeds', open, async (trained) => {
      this.#speeds.set(open.id, { key: keyOf(trained, false), value: await call('engines.measure', trained) });
    });
  }

  async measureKernels(open: OpenDocument): Promise<void> {
    await this.#measure('kernels', open, async (trained) => {
      this.#kernels.set(open.id, { key: keyOf(trained, true), value: await call('engines.measureKernels', trained) });
    });
  }

  async cancel(): Promise<void> {
    await call('engines.cancel', {}).catch(showError);
  }

  async #measure(what: 'speeds' | 'kernels', open: OpenDocument, work: (trained: Trainable) => Promise<void>): Promise<void> {
    const trained = trainable(open);
    if (trained === undefined || this.measuring !== null) return;
    this.measuring = what;
    try {
      await work(trained);
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'job.cancelled')) showError(error);
    } finally {
      this.measuring = null;
    }
  }
}

/** What would be trained now; undefined while it cannot be. */
export function trainable(open: OpenDocument): Trainable | undefined {
  const { document, config } = open;
  return config === undefined || open.checking || open.problems.length > 0 ? undefined : { document, config };
}

export const trials = new Trials();
