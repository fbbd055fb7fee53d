/** A Dense layer as its views see it: x (rows, F) · Wᵀ (F, units) + b = z, y = f(z); rows are samples, or their tokens. */
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import type { Choice } from '../../machine.svelte.ts';
import { preActivationOf, weightOf } from '../layerParts.ts';

export interface DenseLayer {
  readonly x: TensorRef;
  readonly weight: TensorRef;
  readonly bias: TensorRef | undefined;
  readonly z: TensorRef;
  readonly y: TensorRef;
  readonly features: number;
  readonly units: number;
  readonly rows: number;
}

export function denseLayer(stage: LayerStage): DenseLayer | undefined {
  const [x] = stage.inputs;
  const weight = weightOf(stage, 'weight');
  if (x === undefined || weight === undefined) return undefined;
  const [units = 1, features = 1] = weight.shape;
  const rows = x.shape.slice(0, -1).reduce((all, size) => all * size, 1);
  return { x, weight, bias: weightOf(stage, 'bias'), z: preActivationOf(stage), y: stage.output, features, units, rows };
}

export interface DensePlace {
  readonly unit?: number;
  readonly input?: number;
  readonly row?: number;
}

/** Where a chosen number stands in the layer. */
export function placeIn({ x, weight, bias, z, y, features, units }: DenseLayer, choice: Choice | null): DensePlace {
  if (choice === null) return {};
  const { value, element } = choice;
  if (value === weight.id) return { unit: Math.floor(element / features), input: element % features };
  if (value === bias?.id) return { unit: element };
  if (value === z.id || value === y.id) return { unit: element % units, row: Math.floor(element / units) };
  if (value === x.id) return { input: element % features, row: Math.floor(element / features) };
  return {};
}

/** Every `size`-th number from `start` on: one unit or input over all rows. */
export function column(numbers: ArrayLike<number>, start: number, size: number): Float32Array {
  return Float32Array.from({ length: Math.ceil((numbers.length - start) / size) }, (_, i) => numbers[start + i * size]!);
}

/** One number as often as it takes: the δ that every input of a unit is multiplied with. */
export const repeated = (number: number, count: number): Float32Array => new Float32Array(count).fill(number);
