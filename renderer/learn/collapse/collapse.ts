/** The dense layers in a row of the open network, with what goes in and what comes out. */
import { isCurve } from '../../../core/learn/activationCurve.ts';
import {
  applyDense,
  largestDifference,
  mergeLinear,
  withoutActivations,
  type DenseLayer,
  type MergedLayer,
} from '../../../core/learn/collapse.ts';
import { isActivationName } from '../../../core/layers/activationMath.ts';
import { findLayer } from '../../../core/layers/index.ts';
import { resolveParams } from '../../../core/layers/params.ts';
import type { ExplainView, Trainable } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';

const samples = 8;

export interface DenseRow {
  readonly layers: readonly DenseLayer[];
  /** By sample: what the first layer reads, and what the last one gives in the network as it is. */
  readonly samples: readonly { readonly x: Float64Array; readonly output: Float64Array }[];
}

export interface Collapsed {
  readonly merged: readonly MergedLayer[];
  /** Largest of all samples: merged against one by one, and against the network as it is. */
  readonly difference: number;
  readonly fromNetwork: number;
  /** Of the first sample. */
  readonly outputs: { readonly merged: Float64Array; readonly separate: Float64Array; readonly network: Float64Array };
}

type Layer = Extract<ExplainView['stages'][number], { phase: 'forward' }>;

/** A dense layer, and the activation that follows it as a layer of its own. */
interface Place {
  readonly dense: Layer;
  readonly alone?: Layer;
}

const endOf = ({ dense, alone }: Place): Layer => alone ?? dense;
const isLinear = ({ params }: Layer): boolean => params['activation'] === 'linear';

/** An activation with the settings that `activate` knows. */
function isPlainActivation({ type, params }: Layer): boolean {
  const definition = findLayer(type);
  return isCurve(type) && definition !== undefined && JSON.stringify(resolveParams(definition, {})) === JSON.stringify(params);
}

/** The longest row of dense layers, each reading the one before. */
export function denseRow(stages: ExplainView['stages']): Place[] {
  let best: Place[] = [];
  let row: Place[] = [];
  for (const stage of stages) {
    if (stage.phase !== 'forward') continue;
    const last = row.at(-1);
    const follows = last === undefined || stage.inputNodes[0] === endOf(last).node;
    const fits = stage.type === 'dense' && stage.inputs[0]?.shape.length === 2;
    if (last !== undefined && follows && last.alone === undefined && isLinear(last.dense) && isPlainActivation(stage)) {
      row = [...row.slice(0, -1), { ...last, alone: stage }];
    } else row = fits ? (follows ? [...row, { dense: stage }] : [{ dense: stage }]) : [];
    if (row.length >= best.length) best = row;
  }
  return best.length >= 2 ? best : [];
}

/** Undefined where no two dense layers follow one another. */
export async function readDenseRow(of: Trainable): Promise<DenseRow | undefined> {
  const first = await call('explain.open', { of, rows: [] });
  void call('explain.close', { machine: first.machine }).catch(() => undefined);
  if (denseRow(first.stages).length === 0) return undefined;
  const rows = [...first.samples.validation, ...first.samples.train].slice(0, samples);
  const view = await call('explain.open', { of, rows });
  const { machine } = view;
  try {
    const read = async (id: number): Promise<Float64Array> =>
      Float64Array.from((await call('explain.read', { machine, values: [id] }))[0]!);
    const places = denseRow(view.stages);
    const layers: DenseLayer[] = [];
    for (const { dense, alone } of places) {
      const weight = dense.weights.find((own) => own.name === 'weight')!;
      const bias = dense.weights.find((own) => own.name === 'bias');
      const [units = 1, inputs = 1] = weight.shape;
      const activation = String(alone?.type ?? dense.params['activation']);
      layers.push({
        name: dense.node.includes('/') ? `${dense.name} (${dense.node})` : dense.name,
        units,
        inputs,
        weight: await read(weight.id),
        bias: bias === undefined ? new Float64Array(units) : await read(bias.id),
        activation: isActivationName(activation) ? activation : 'linear',
      });
    }
    const x = await read(places[0]!.dense.inputs[0]!.id);
    const output = await read(endOf(places.at(-1)!).output.id);
    const part = (values: Float64Array, i: number, size: number): Float64Array => values.subarray(i * size, (i + 1) * size);
    return {
      layers,
      samples: rows.map((_, i) => ({ x: part(x, i, layers[0]!.inputs), output: part(output, i, layers.at(-1)!.units) })),
    };
  } finally {
    void call('explain.close', { machine }).catch(() => undefined);
  }
}

/** What is left when the activations of these layers are removed. */
export function collapseRow(row: DenseRow, removed: ReadonlySet<string>): Collapsed {
  const separate = withoutActivations(row.layers, removed);
  const merged = mergeLinear(separate);
  const results = row.samples.map(({ x, output }) => ({
    merged: applyDense(merged, x),
    separate: applyDense(separate, x),
    network: output,
  }));
  return {
    merged,
    difference: Math.max(...results.map((own) => largestDifference(own.merged, own.separate))),
    fromNetwork: Math.max(...results.map((own) => largestDifference(own.merged, own.network))),
    outputs: results[0]!,
  };
}

export const countWeights = (layers: readonly DenseLayer[]): number =>
  layers.reduce((sum, { units, inputs }) => sum + units * (inputs + 1), 0);
