/**
 * Memory of a network's weights, and of what training keeps beside each of them. Activations come on top: they grow with
 * the batch, and depend on what is computed anew (Rajbhandari and others 2020, ZeRO, section 3).
 */
import { defaultOptimizer, optimizerOf, type OptimizerName } from '../optimizers/index.ts';

export type Precision = 'float32' | 'mixed' | 'bfloat16';

interface NumberSizes {
  /** Bytes of a weight as the forward pass uses it, of its gradient, and of each of the optimizer's numbers. */
  readonly weight: number;
  readonly gradient: number;
  readonly state: number;
  /** Bytes of the exact copy that the update is added to. */
  readonly master: number;
}

/** Mixed: 16 bits are computed with, the update happens in 32 (Micikevicius and others 2018). */
export const precisions: Readonly<Record<Precision, NumberSizes>> = {
  float32: { weight: 4, gradient: 4, state: 4, master: 0 },
  mixed: { weight: 2, gradient: 2, state: 4, master: 4 },
  bfloat16: { weight: 2, gradient: 2, state: 2, master: 0 },
};

/** Numbers that an optimizer with default settings keeps for each weight. */
export function statesPerWeight(optimizer: OptimizerName): number {
  const config = defaultOptimizer(optimizer);
  return optimizerOf(config).stateNames(config).length;
}

export interface Memory {
  /** Bytes of the weights alone, as when the network is used. */
  readonly weights: number;
  /** Bytes in training: weights, exact copies, gradients, the optimizer's states. */
  readonly training: number;
}

export function memoryOf(parameters: number, precision: Precision, optimizer: OptimizerName): Memory {
  const { weight, gradient, state, master } = precisions[precision];
  return {
    weights: parameters * weight,
    training: parameters * (weight + gradient + master + state * statesPerWeight(optimizer)),
  };
}
