/** What stands around the optimizer in a training step: clipping, learning rates by layer, and the step's scalars by name. */
import { range } from '../ops/shapes.ts';
import type { AnyOptimizer } from '../optimizers/index.ts';
import type { ControlsConfig } from '../train/controlSpecs.ts';
import type { RunConfig } from '../train/runConfig.ts';
import type { Builder, Value } from './builder.ts';

/** Where the gradients of several batches are summed up. */
export function gradientSlot(slot: string): string {
  return `${slot}/gradient`;
}

/** () Σ of the weights of the samples whose gradients are summed up. */
export const weightSlot = 'train/weight';

/** By value first, then by the norm of all gradients together; formulas as torch.nn.utils.clip_grad_value_ and clip_grad_norm_. */
export function clipGradients(b: Builder, gradients: readonly Value[], { clipNorm, clipValue }: ControlsConfig): readonly Value[] {
  const limited = clipValue === 0 ? gradients : gradients.map((gradient) => b.minimum(b.maximum(gradient, -clipValue), clipValue));
  const [first, ...others] = limited.map((gradient) => b.sum(b.unary('square', gradient), range(gradient.shape.length)));
  if (clipNorm === 0 || first === undefined) return limited;
  const norm = b.unary(
    'sqrt',
    others.reduce((sum, square) => b.add(sum, square), first),
  );
  const scale = b.minimum(b.divide(b.constant(clipNorm), b.add(norm, 1e-6)), 1);
  return limited.map((gradient) => b.multiply(gradient, scale));
}

/**
 * The factor on a layer's learning rate: by its id, its name, or a block it stands in, the innermost first.
 * @param nodeId its path through the blocks: `n3`, `n5/0/n2`
 */
export function rateFactor(layerRates: RunConfig['layerRates'], nodeId: string, name: string | undefined): number {
  const named = name === undefined ? undefined : layerRates[name];
  for (let path = nodeId; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const factor = layerRates[path] ?? (path === nodeId ? named : undefined);
    if (factor !== undefined) return factor;
  }
  return 1;
}

/** A layer with a learning rate of its own has scalars of its own: `stepSize@0.1`. */
export function joinScalar(name: string, factor: number): string {
  return factor === 1 ? name : `${name}@${factor}`;
}

export function splitScalar(scalar: string): { name: string; factor: number } {
  const [name = '', factor] = scalar.split('@');
  return { name, factor: factor === undefined ? 1 : Number(factor) };
}

/** The optimizer's scalars of a step, and how much of the new weights goes into their moving average. */
export function stepScalars(config: RunConfig, optimizer: AnyOptimizer, step: number, learningRate: number): Record<string, number> {
  // At first the average forgets fast, so that it does not hang on to the start weights (as TensorFlow's num_updates).
  const decay = Math.min(config.controls.averageDecay, (1 + step) / (10 + step));
  return { ...optimizer.scalars(config.optimizer, step, learningRate), averageShare: 1 - decay };
}
