/** Start values of the parameters, from the seed alone, and of the statistics. */
import { drawWeights } from '../initialisers/draw.ts';
import { createRandom } from '../random/philox.ts';
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
    [...parameters, ...statistics].map(
      ({ slot, spec }, i) => [slot, drawWeights(spec.initialiser, spec.shape, createRandom(seed, firstWeightStream + i))] as const,
    ),
  );
  for (const { slot } of averaged) values.set(averageSlot(slot), values.get(slot)!);
  return values;
}
