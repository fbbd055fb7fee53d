/** The dense layers in a row of the open network, with what goes in and what comes out. */
import { applyAll, applyLinear, collapse, largestDifference, type LinearLayer } from '../../../core/learn/collapse.ts';
import type { ExplainView, Trainable } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';

const samples = 8;

export interface Collapsed {
  readonly layers: readonly LinearLayer[];
  readonly one: LinearLayer;
  /** Over all samples. */
  readonly difference: number;
  readonly withActivations: number;
  /** Of the first sample. */
  readonly outputs: { readonly one: Float64Array; readonly many: Float64Array; readonly real: ArrayLike<number> };
}

type Layer = Extract<ExplainView['stages'][number], { phase: 'forward' }>;

/** The longest row of dense layers, each reading the one before. */
export function denseRow(stages: ExplainView['stages']): Layer[] {
  let best: Layer[] = [];
  let row: Layer[] = [];
  for (const stage of stages) {
    if (stage.phase !== 'forward') continue;
    const fits = stage.type === 'dense' && stage.inputs[0]?.shape.length === 2;
    const follows = row.length === 0 || stage.inputNodes[0] === row.at(-1)!.node;
    row = fits ? (follows ? [...row, stage] : [stage]) : [];
    if (row.length > best.length) best = row;
  }
  return best.length >= 2 ? best : [];
}

/** Undefined where no two dense layers follow one another. */
export async function collapseNetwork(of: Trainable): Promise<Collapsed | undefined> {
  const first = await call('explain.open', { of, rows: [] });
  const row = denseRow(first.stages);
  void call('explain.close', { machine: first.machine }).catch(() => undefined);
  if (row.length === 0) return undefined;
  const rows = [...first.samples.validation, ...first.samples.train].slice(0, samples);
  const view = await call('explain.open', { of, rows });
  const stages = denseRow(view.stages);
  const { machine } = view;
  const read = async (id: number) => (await call('explain.read', { machine, values: [id] }))[0]!;
  const layers: LinearLayer[] = [];
  for (const { name, weights, output } of stages) {
    const weight = weights.find((own) => own.name === 'weight')!;
    const bias = weights.find((own) => own.name === 'bias');
    const [units = 1, inputs = 1] = weight.shape;
    layers.push({ name, units, inputs, weight: await read(weight.id), bias: bias === undefined ? new Float32Array(output.shape[1] ?? units) : await read(bias.id) }); // prettier-ignore
  }
  const [x, real] = [await read(stages[0]!.inputs[0]!.id), await read(stages.at(-1)!.output.id)];
  void call('explain.close', { machine }).catch(() => undefined);
  const one = collapse(layers);
  const results = rows.map((_, i) => {
    const own = x.subarray(i * one.inputs, (i + 1) * one.inputs);
    return { one: applyLinear(one, own), many: applyAll(layers, own), real: real.subarray(i * one.units, (i + 1) * one.units) };
  });
  return {
    layers,
    one,
    difference: Math.max(...results.map((own) => largestDifference(own.one, own.many))),
    withActivations: Math.max(...results.map((own) => largestDifference(own.one, own.real))),
    outputs: results[0]!,
  };
}
