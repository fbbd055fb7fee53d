/** A loss: predictions and targets of a batch to one number, the mean over the batch, built from ops like everything else. */
import type { Task } from '../data/dataSet.ts';
import type { Builder, Value } from '../program/builder.ts';

export interface LossDefinition {
  readonly title: string;
  /** Tasks it fits; the interface offers only these. */
  readonly tasks: readonly Task[];
  readonly doc: string;
  readonly source: string;
  /**
   * The loss of each sample, (B) f32; where every time step is classified, the mean over the steps.
   * @param prediction logits (B, classes) or (B, T, classes), or numbers on the training scale (B, 1)
   * @param target class codes (B) or (B, T) i32, or numbers on the training scale (B, 1) f32
   */
  perSample(b: Builder, prediction: Value, target: Value): Value;
}
