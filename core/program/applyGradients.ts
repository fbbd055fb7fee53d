/** The end of a training step: clipped gradients go through the optimizer into the parameters and their moving averages. */
import type { Builder, Value } from './builder.ts';
import { createBuilder } from './builder.ts';
import { averageSlot, type ParameterSlot } from './lowerNetwork.ts';
import { clipGradients, gradientSlot, joinScalar, rateFactor, weightSlot } from './optimizerStep.ts';
import type { Program } from './program.ts';
import { slotOf, trainableOf, type Session } from './trainingParts.ts';

/** Weights sum to less only where no row counts. */
export const smallestWeight = 1e-12;

/** @returns the new values by slot */
export function applyGradients(
  b: Builder,
  { network, config, optimizer }: Session,
  changes: readonly Value[],
  trained: readonly ParameterSlot[],
): Map<string, Value> {
  const { optimizer: settings, controls, layerRates } = config;
  const clipped = clipGradients(b, changes, controls);
  const names = new Map(network.nodes.map(({ node }) => [node.id, node.name]));
  const news = new Map<string, Value>();
  trained.forEach((own, i) => {
    const { slot, spec, nodeId } = own;
    const parameter = slotOf(b, own);
    const gradient = clipped[i];
    if (gradient === undefined) throw new Error(`No gradient for ${slot}.`);
    b.within(nodeId, () => {
      const states = optimizer.stateNames(settings).map((state) => `${slot}/${state}`);
      const values = states.map((state) => b.slot(state, { shape: spec.shape, dtype: 'f32' }));
      const factor = rateFactor(layerRates, nodeId, names.get(nodeId));
      const scalar = (name: string) => b.scalar(joinScalar(name, factor));
      const updated = optimizer.update({ b, config: settings, parameter, gradient, states: values, scalar });
      b.assign(slot, updated.parameter);
      news.set(slot, updated.parameter);
      updated.states.forEach((value, k) => b.assign(states[k] ?? '', value));
      if (!network.averaged) return;
      const average = b.slot(averageSlot(slot), { shape: spec.shape, dtype: 'f32' });
      b.assign(averageSlot(slot), b.add(average, b.multiply(b.subtract(updated.parameter, average), b.scalar('averageShare'))));
    });
  });
  return news;
}

/** The optimizer's step on summed gradients, which start again at 0. */
export function applyProgram(session: Session): Program {
  const b = createBuilder({ name: 'apply', batchSize: 0 });
  const weight = b.maximum(b.slot(weightSlot, { shape: [], dtype: 'f32' }), smallestWeight);
  const trainable = trainableOf(session.network);
  const sums = trainable.map(({ slot, spec }) => b.slot(gradientSlot(slot), { shape: spec.shape, dtype: 'f32' }));
  applyGradients(
    b,
    session,
    sums.map((sum) => b.divide(sum, weight)),
    trainable,
  );
  trainable.forEach(({ slot, spec }) => b.assign(gradientSlot(slot), b.constant(0, spec.shape)));
  b.assign(weightSlot, b.constant(0));
  return b.build();
}
