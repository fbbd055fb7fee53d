/** The zoo as points of one axis: what each network holds, what a pass and its training compute. */
import { countModel, zoo, type ZooModel } from '../zoo/index.ts';
import { estimates, trainingFacts, type DataUnit } from './trainingFacts.ts';

export interface ScalePoint {
  readonly id: string;
  readonly title: string;
  readonly year: number;
  readonly parameters: number;
  /** FLOPs of a forward pass for one unit; absent of what was never published. */
  readonly forward?: number;
  readonly unit?: DataUnit;
  readonly data?: number;
  readonly seen?: number;
  /** FLOPs of the whole training: counted, or estimated where nothing was published. */
  readonly training?: number;
  /** As published, where it was. */
  readonly publishedTraining?: number;
  readonly source: string;
  /** Not one figure of it was published. */
  readonly isEstimate: boolean;
  /** Absent of an estimate, which can't be drawn. */
  readonly model?: ZooModel;
}

/**
 * A backward pass computes about twice what the forward pass does: the gradient of the inputs and that of the weights
 * (Kaplan and others 2020, section 2.1).
 */
export const passesOfTraining = 3;

/** In the order of years. Counts every network anew: some tens of milliseconds. */
export function scalePoints(): ScalePoint[] {
  const drawn = zoo.map((model): ScalePoint => {
    const { parameters, flops } = countModel(model);
    const facts = trainingFacts[model.id];
    const forward = flops / (facts?.unitsPerSample ?? 1);
    const { id, title, year, paper } = model;
    return {
      id,
      title,
      year,
      parameters,
      forward,
      ...(facts && { unit: facts.unit }),
      ...(facts?.data !== undefined && { data: facts.data }),
      ...(facts?.seen !== undefined && { seen: facts.seen, training: passesOfTraining * forward * facts.seen }),
      ...(facts?.flops !== undefined && { publishedTraining: facts.flops }),
      source: facts?.source ?? paper,
      isEstimate: false,
      model,
    };
  });
  const guessed = estimates.map(({ flops, ...of }): ScalePoint => ({
    ...of,
    unit: 'token',
    training: flops,
    isEstimate: true,
  }));
  return [...drawn, ...guessed].sort((a, b) => a.year - b.year);
}
