/** The bench's state: the curve, the place on it, and what the open network does with such an activation. */
import { activationCurve, curveNames, normOf, type CurveActivation } from '../../../core/learn/activationCurve.ts';
import type { NetworkDocument } from '../../../core/graph/document.ts';
import type { Problem } from '../../../core/problem.ts';
import type { ExplainView, Trainable } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';
import { problemOf } from '../../problemOf.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';

export const range = { from: -6, to: 6 } as const;
export const points = Float64Array.from({ length: 481 }, (_, i) => range.from + ((range.to - range.from) * i) / 480);
const samples = 32;

export interface PreActivations {
  readonly node: string;
  readonly name: string;
  readonly values: Float64Array;
}

export interface LayerNorms {
  readonly node: string;
  readonly name: string;
  readonly before: number;
  readonly after: number | undefined;
}

export const isCurve = (name: unknown): name is CurveActivation => (curveNames as readonly unknown[]).includes(name);

export class Activations {
  name = $state.raw<CurveActivation>(preferences.recall('learn.activation', 'tanh') as CurveActivation);
  x = $state(1);
  curve = $derived(activationCurve(this.name, points));
  here = $derived.by(() => {
    const { values, slopes } = activationCurve(this.name, Float64Array.of(this.x));
    return { value: values[0]!, slope: slopes[0]! };
  });
  layers = $state.raw<readonly PreActivations[] | null>(null);
  norms = $state.raw<readonly LayerNorms[]>([]);
  problem = $state.raw<Problem | null>(null);
  #asked = 0;

  choose(name: CurveActivation): void {
    this.name = name;
    preferences.remember('learn.activation', name);
  }

  move(x: number): void {
    this.x = Math.min(range.to, Math.max(range.from, x));
  }

  async look(of: Trainable): Promise<void> {
    const own = ++this.#asked;
    const { name } = this;
    try {
      const first = await call('explain.open', { of, rows: [] });
      const rows = [...first.samples.validation, ...first.samples.train].slice(0, samples);
      const view = await call('explain.open', { of, rows });
      const swapped = await call('explain.open', { of: { ...of, document: withActivation(of.document, name) }, rows });
      const layers = await preActivationsOf(view);
      const [before, after] = [await normsOf(view), await normsOf(swapped)];
      for (const { machine } of [first, view, swapped]) void call('explain.close', { machine }).catch(() => undefined);
      if (own !== this.#asked) return;
      this.layers = layers;
      this.norms = before.map(({ node, name: layer, norm }) => ({ node, name: layer, before: norm, after: after.find((other) => other.node === node)?.norm })); // prettier-ignore
      this.problem = null;
    } catch (error) {
      if (own !== this.#asked) return;
      [this.layers, this.norms, this.problem] = [null, [], problemOf(error)];
    }
  }
}

/** The network with this activation wherever a hidden layer has one; what gives the answer stays. */
export function withActivation(document: NetworkDocument, name: CurveActivation): NetworkDocument {
  const swap = <T extends { readonly params: Readonly<Record<string, unknown>> }>(node: T): T =>
    isCurve(node.params['activation']) && node.params['activation'] !== 'linear'
      ? { ...node, params: { ...node.params, activation: name } }
      : node;
  return { ...document, nodes: document.nodes.map(swap) };
}

const layerStages = (view: ExplainView) => view.stages.filter((stage) => stage.phase === 'forward');

async function preActivationsOf(view: ExplainView): Promise<PreActivations[]> {
  const found: PreActivations[] = [];
  for (const { node, name, inside } of layerStages(view)) {
    const ids = inside.filter((ref) => ref.name === 'preActivation').map(({ id }) => id);
    if (ids.length === 0) continue;
    const parts = await call('explain.read', { machine: view.machine, values: ids });
    found.push({ node, name, values: Float64Array.from(parts.flatMap((part) => [...part])) });
  }
  return found;
}

async function normsOf(view: ExplainView): Promise<{ node: string; name: string; norm: number }[]> {
  const found: { node: string; name: string; norm: number }[] = [];
  for (const { node, name, output, weights } of layerStages(view)) {
    if (output.gradient === undefined || weights.length === 0) continue;
    const [gradient] = await call('explain.read', { machine: view.machine, values: [output.gradient] });
    found.push({ node, name, norm: normOf(gradient!) });
  }
  return found;
}
