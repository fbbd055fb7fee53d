/** The bench's state: the curve, the place on it, and what the open network does with such an activation. */
import { activationCurve, isCurve, normOf, type CurveActivation } from '../../../core/learn/activationCurve.ts';
import {
  activationOf,
  activationSites,
  pathOf,
  placeOf,
  swapActivations,
  type ActivationSite,
} from '../../../core/learn/swapActivation.ts';
import type { NetworkDocument } from '../../../core/graph/document.ts';
import type { Problem } from '../../../core/problem.ts';
import type { ExplainView, Trainable } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';
import { problemOf } from '../../problemOf.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import { mostSamples, nextCount } from './sampleCounts.ts';

export const range = { from: -6, to: 6 } as const;
/** Ticks of x. */
export const columns = [-6, -4, -2, 0, 2, 4, 6].map((x) => ({ at: (x - range.from) / (range.to - range.from), text: String(x) }));
export const points = Float64Array.from({ length: 481 }, (_, i) => range.from + ((range.to - range.from) * i) / 480);

export const scopes = ['one', 'all'] as const;
export type Scope = (typeof scopes)[number];

/** A layer of the open network with an activation of its own. */
export interface ActiveLayer {
  /** As it is lowered. */
  readonly node: string;
  readonly name: string;
  readonly activation: CurveActivation;
  readonly site: ActivationSite;
  /** What its activation acts on; more than one where the layer is unrolled over time. */
  readonly values: readonly number[];
}

export interface LayerNorm {
  readonly node: string;
  readonly name: string;
  readonly activation: CurveActivation | undefined;
  readonly norm: number;
}

interface Looked {
  readonly of: Trainable;
  readonly machine: number;
  readonly rows: readonly number[];
  readonly layers: readonly ActiveLayer[];
  readonly norms: readonly LayerNorm[];
}

const close = (machine: number): void => void call('explain.close', { machine }).catch(() => undefined);

function recalled(): CurveActivation {
  const name: unknown = preferences.recall<string>('learn.activation', 'tanh');
  return isCurve(name) ? name : 'tanh';
}

export class Activations {
  name = $state.raw<CurveActivation>(recalled());
  scope = $state.raw<Scope>(preferences.recall<string>('learn.activationScope', 'one') === 'all' ? 'all' : 'one');
  x = $state(1);
  curve = $derived(activationCurve(this.name, points));
  here = $derived.by(() => {
    const { values, slopes } = activationCurve(this.name, Float64Array.of(this.x));
    return { value: values[0]!, slope: slopes[0]! };
  });
  looked = $state.raw<Looked | null>(null);
  #chosen = $state.raw<string | undefined>();
  layer = $derived(this.looked?.layers.find(({ node }) => node === this.#chosen) ?? this.looked?.layers[0]);
  /** What arrives at the chosen layer's activation. */
  arriving = $state.raw<Float64Array | null>(null);
  /** With the activation swapped; null while it is computed. */
  swapped = $state.raw<readonly LayerNorm[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Samples that could be counted. */
  available = $state(0);
  /** The number of samples that is being counted. */
  counting = $state<number | undefined>();
  /** What all samples that could be counted would take, in milliseconds. */
  allMs = $state(0);
  #asked = { look: 0, read: 0, swap: 0 };

  choose(name: CurveActivation): void {
    this.name = name;
    preferences.remember('learn.activation', name);
  }

  chooseScope(scope: Scope): void {
    this.scope = scope;
    preferences.remember('learn.activationScope', scope);
  }

  chooseLayer(node: string): void {
    this.#chosen = node;
  }

  move(x: number): void {
    this.x = Math.min(range.to, Math.max(range.from, x));
  }

  /** The network as it is, on more and more samples; its machine stays open for what arrives at one layer or another. */
  async look(of: Trainable): Promise<void> {
    const own = ++this.#asked.look;
    const isCurrent = (): boolean => own === this.#asked.look;
    this.close();
    await this.#trying(isCurrent, async () => {
      let rows: readonly number[] = [];
      for (let count: number | undefined = 1; count !== undefined;) {
        this.counting = count;
        const start = performance.now();
        const view = await call('explain.open', { of, rows: rows.slice(0, count) });
        const [all, { machine }] = [[...view.samples.validation, ...view.samples.train], view];
        const found = { of, machine, rows: view.rows, layers: activeLayers(of, view), norms: await normsOf(of, view) };
        if (!isCurrent()) return close(machine);
        if (this.looked !== null) close(this.looked.machine);
        this.looked = found;
        const msPerSample = (performance.now() - start) / found.rows.length;
        rows = all;
        this.available = Math.min(mostSamples, all.length);
        this.allMs = msPerSample * this.available;
        count = nextCount(found.rows.length, this.available, msPerSample);
      }
    });
    if (isCurrent()) this.counting = undefined;
  }

  /** Those that were counted are enough. */
  stopCounting(): void {
    this.#asked.look++;
    this.counting = undefined;
  }

  async readArriving(): Promise<void> {
    const own = ++this.#asked.read;
    const { looked, layer } = this;
    this.arriving = null;
    if (looked === null || layer === undefined) return;
    await this.#trying(
      () => own === this.#asked.read,
      async () => {
        const parts = await call('explain.read', { machine: looked.machine, values: layer.values });
        if (own === this.#asked.read) this.arriving = Float64Array.from(parts.flatMap((part) => [...part]));
      },
    );
  }

  /** The same samples and start weights with another activation: in the chosen layer, or in all. */
  async swap(): Promise<void> {
    const own = ++this.#asked.swap;
    const { looked, layer, name, scope } = this;
    this.swapped = null;
    if (looked === null || layer === undefined) return;
    this.problem = null;
    await this.#trying(
      () => own === this.#asked.swap,
      async () => {
        const { of, rows } = looked;
        const document = swapActivations(of.document, name, scope === 'one' ? [layer.site] : activationSites(of.document));
        const view = await call('explain.open', { of: { ...of, document }, rows });
        const norms = await normsOf(of, view);
        close(view.machine);
        if (own === this.#asked.swap) this.swapped = norms;
      },
    );
  }

  async #trying(current: () => boolean, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (current()) this.problem = problemOf(error);
    }
  }

  close(): void {
    if (this.looked !== null) close(this.looked.machine);
    [this.looked, this.problem, this.counting] = [null, null, undefined];
  }
}

const layerStages = (view: ExplainView) => view.stages.filter((stage) => stage.phase === 'forward');

/** Layers of blocks share their names: there the block is said, too. */
const inWords = (document: NetworkDocument, node: string, name: string): string => (node.includes('/') ? placeOf(document, node) : name);

function activeLayers({ document }: Trainable, view: ExplainView): ActiveLayer[] {
  const sites = new Map(activationSites(document).map((site) => [site.path.join('/'), site]));
  return layerStages(view).flatMap(({ node, name, inside, inputs }): ActiveLayer[] => {
    const site = sites.get(pathOf(node).join('/'));
    if (site === undefined) return [];
    const before = inside.filter((ref) => ref.name === 'preActivation').map(({ id }) => id);
    // An activation that stands alone acts on what it reads.
    return [
      {
        node,
        name: inWords(document, node, name),
        activation: site.activation,
        site,
        values: before.length > 0 ? before : inputs.slice(0, 1).map(({ id }) => id),
      },
    ];
  });
}

/** Of the loss by the output of every layer that has weights or an activation. */
async function normsOf({ document }: Trainable, view: ExplainView): Promise<LayerNorm[]> {
  const found: LayerNorm[] = [];
  for (const { node, name, type, params, output, weights } of layerStages(view)) {
    const activation = activationOf({ type, params });
    if (output.gradient === undefined || (weights.length === 0 && activation === undefined)) continue;
    const [gradient] = await call('explain.read', { machine: view.machine, values: [output.gradient] });
    found.push({ node, name: inWords(document, node, name), activation, norm: normOf(gradient!) });
  }
  return found;
}
