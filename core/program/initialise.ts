/** Start values of the parameters, from the seed alone, and of the statistics. */
import type { Initialiser } from '../layers/defineLayer.ts';
import { elementCount } from '../ops/shapes.ts';
import { createRandom, type Random } from '../random/philox.ts';
import { averageSlot, type ParameterSlot } from './lowerNetwork.ts';

/** Streams of the start weights, apart from those of split and sampler. */
const firstWeightStream = 0x57000000;

interface Starting {
  readonly parameters: readonly ParameterSlot[];
  /** They start at constants. */
  readonly statistics: readonly ParameterSlot[];
  /** Parameters with a moving average, which starts where they do. */
  readonly averaged?: readonly ParameterSlot[];
}

/** By slot. Each parameter has a stream of its own, so that a layer at the end leaves earlier ones as they were. */
export function initialiseParameters({ parameters, statistics, averaged = [] }: Starting, seed: number): Map<string, Float32Array> {
  const values = new Map(
    [...parameters, ...statistics].map(({ slot, spec }, i) => {
      const draw = drawer(spec.initialiser, createRandom(seed, firstWeightStream + i));
      // A plain loop: Float32Array.from with a function takes several times as long.
      const values = new Float32Array(elementCount(spec.shape));
      for (let k = 0; k < values.length; k++) values[k] = draw();
      return [slot, values];
    }),
  );
  for (const { slot } of averaged) values.set(averageSlot(slot), values.get(slot)!);
  return values;
}

function drawer(initialiser: Initialiser, random: Random): () => number {
  switch (initialiser.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initialiser.value;
    case 'uniform':
      return () => (2 * random.uniform() - 1) * initialiser.bound;
    case 'normal':
      return () => random.normal() * initialiser.standardDeviation;
    default:
      return initialiser satisfies never;
  }
}
