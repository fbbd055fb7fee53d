/** Early stopping: whether the validation still improves, and the weights of its best epoch (Prechelt 1998, Early stopping, but when?). */
import type { ControlsConfig } from './controlSpecs.ts';
import type { Checkpoint, PartScore } from './records.ts';

export interface StoppingState {
  /** The best value so far; null before the first epoch. */
  readonly best: number | null;
  readonly bestStep: number;
  readonly badEpochs: number;
}

export const stoppingStart: StoppingState = { best: null, bestStep: 0, badEpochs: 0 };

/** What is watched, and whether more of it is better. */
function watched({ earlyStopping }: ControlsConfig, score: PartScore): { value: number; larger: boolean } {
  if (earlyStopping === 'score' && score.accuracy !== undefined) return { value: score.accuracy, larger: true };
  if (earlyStopping === 'score' && score.rmse !== undefined) return { value: score.rmse, larger: false };
  return { value: score.loss, larger: false };
}

/** The state after one more epoch. */
export function stoppingAfter(controls: ControlsConfig, state: StoppingState, score: PartScore, step: number): StoppingState {
  const { value, larger } = watched(controls, score);
  const gain = state.best === null ? Infinity : larger ? value - state.best : state.best - value;
  return gain > controls.minimumDelta ? { best: value, bestStep: step, badEpochs: 0 } : { ...state, badEpochs: state.badEpochs + 1 };
}

/** The best weights stand in a checkpoint beside the present ones. */
const bestPrefix = 'best/';

export function withBest(slots: Checkpoint['slots'], best: Checkpoint['slots'] | undefined): Checkpoint['slots'] {
  const kept = Object.entries(best ?? {}).map(([name, values]) => [bestPrefix + name, values] as const);
  return { ...slots, ...Object.fromEntries(kept) };
}

export function bestOf(checkpoint: Checkpoint | undefined): Checkpoint['slots'] | undefined {
  const kept = Object.entries(checkpoint?.slots ?? {}).filter(([name]) => name.startsWith(bestPrefix));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([name, values]) => [name.slice(bestPrefix.length), values]));
}
