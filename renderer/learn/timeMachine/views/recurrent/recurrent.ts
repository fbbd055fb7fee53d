/** A recurrent layer over time: gates and states of every step, by stacked layer and direction. */
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import type { Moment } from '../../moments.ts';

export interface Run {
  /** Behind the names of its values: '', '2', 'Reverse', '2Reverse'. */
  readonly suffix: string;
  /** Of stacked ones, from 1. */
  readonly layer: number;
  readonly isReverse: boolean;
}

/** A gate or state by step; a step may have none, such as the forget gate where nothing is remembered yet. */
export interface Series {
  readonly name: string;
  readonly steps: readonly (TensorRef | undefined)[];
}

/** In the order they are read: what opens, what is proposed, what is kept. */
const order = [
  'inputGate',
  'forgetGate',
  'resetGate',
  'updateGate',
  'candidate',
  'newState',
  'outputGate',
  'preActivation',
  'cell',
  'hidden',
];

const ending = /^(.*?)(\d*)(Reverse)?$/;

export function splitName(name: string): { readonly base: string; readonly suffix: string } {
  const [, base = name, layer = '', reverse = ''] = ending.exec(name) ?? [];
  return { base, suffix: layer + reverse };
}

export function runsOf({ inside }: LayerStage): Run[] {
  const found = new Map<string, Run>();
  for (const { name, step } of inside) {
    if (step === undefined) continue;
    const { suffix } = splitName(name);
    found.set(suffix, { suffix, layer: Number.parseInt(suffix, 10) || 1, isReverse: suffix.endsWith('Reverse') });
  }
  return [...found.values()];
}

export function seriesOf({ inside, output }: LayerStage, run: string): Series[] {
  const own = inside.filter(({ name, step }) => step !== undefined && splitName(name).suffix === run);
  const count = Math.max(...own.map(({ step }) => step! + 1), 0);
  const found = new Map<string, (TensorRef | undefined)[]>();
  for (const ref of own) {
    const { base } = splitName(ref.name);
    const steps = found.get(base) ?? new Array<TensorRef | undefined>(count).fill(undefined);
    steps[ref.step!] = ref;
    found.set(base, steps);
  }
  const hidden = found.get('hidden');
  const missing = hidden?.indexOf(undefined) ?? -1;
  // The last state is what such a layer gives, and is named so.
  if (hidden !== undefined && missing >= 0 && output.shape.length === 2) hidden[missing] = output;
  return [...found].map(([name, steps]) => ({ name, steps })).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** The numbers of every step, or their gradients, as (units, steps); undefined while some are read. */
export function readSeries(
  { steps }: Series,
  units: number,
  idOf: (ref: TensorRef) => number | undefined,
  read: (ids: readonly number[]) => readonly (ArrayLike<number> | undefined)[],
): Float32Array | undefined {
  const ids = steps.map((ref) => (ref === undefined ? undefined : idOf(ref)));
  const known = ids.filter((id) => id !== undefined);
  const numbers = read(known);
  if (numbers.some((own) => own === undefined)) return undefined;
  return unitsOverTime(
    ids.map((id) => (id === undefined ? undefined : numbers[known.indexOf(id)])),
    units,
  );
}

/** (units, steps) of the first sample, from one array per step; a step where nothing flows is 0. */
export function unitsOverTime(steps: readonly (ArrayLike<number> | undefined)[], units: number): Float32Array {
  const grid = new Float32Array(units * steps.length);
  steps.forEach((numbers, t) => {
    for (let unit = 0; unit < units; unit++) grid[unit * steps.length + t] = numbers?.[unit] ?? 0;
  });
  return grid;
}

/** Euclidean norm over all numbers of a step. */
export function norm(numbers: ArrayLike<number> | undefined): number {
  let sum = 0;
  for (let i = 0; i < (numbers?.length ?? 0); i++) sum += numbers![i]! ** 2;
  return Math.sqrt(sum);
}

/** Sizes on a logarithmic scale as shares of the height, 0 at the smallest; undefined for 0, which has no place on it. */
export function logShares(sizes: readonly number[]): (number | undefined)[] {
  const logs = sizes.filter((size) => size > 0 && Number.isFinite(size)).map(Math.log10);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  return sizes.map((size) => (size > 0 ? (high > low ? (Math.log10(size) - low) / (high - low) : 1) : undefined));
}

/** An SVG path through shares of width and height; gaps where there is none. */
export function linePath(shares: readonly (number | undefined)[], width: number, height: number): string {
  const x = (i: number) => ((i + 0.5) * width) / shares.length;
  let isDrawn = false;
  return shares
    .map((share, i) => {
      if (share === undefined) return ((isDrawn = false), '');
      const start = isDrawn ? 'L' : 'M';
      isDrawn = true;
      return `${start}${x(i).toFixed(1)} ${((1 - share) * height).toFixed(1)}`;
    })
    .join(' ')
    .trim();
}

/** The moment of another step of the same layer in the same phase, -1 where there is none. */
export function momentAt(moments: readonly Moment[], { node, phase }: Moment, step: number, run: string): number {
  return moments.findIndex(
    (own) => own.node === node && own.phase === phase && own.step === step && splitName(own.shown[0]?.ref.name ?? '').suffix === run,
  );
}
