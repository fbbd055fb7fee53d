/** The forward pass on what is given: probabilities, numbers or images, and on request what one layer says. */
import type { Engine } from '../engines/engine.ts';
import type { NodeId } from '../graph/document.ts';
import { createBuilder } from '../program/builder.ts';
import { lowerForward } from '../program/lowerNetwork.ts';
import { readablePrediction } from '../program/lowerLoss.ts';
import type { Program } from '../program/program.ts';
import { elementCount } from '../ops/shapes.ts';
import { openComputation, outputSlot } from './computation.ts';
import { givenInput, inputSlot, inputType, type InputValues, type Trained } from './trained.ts';

/** By role. */
export type GivenInputs = ReadonlyMap<string, InputValues>;

export interface Predictor {
  readonly batchSize: number;
  /** Numbers per item: all classes, labels, steps or pixels. */
  readonly units: number;
  /** Numbers of the asked layer per item; 0 where none was asked. */
  readonly featureUnits: number;
  /** (items × units) and (items × featureUnits); any number of items. */
  predict(items: readonly GivenInputs[]): Promise<{ readonly values: Float32Array; readonly features: Float32Array }>;
}

const featureSlot = 'output/features';

export interface PredictorOptions {
  readonly batchSize?: number;
  /** The layer to read beside the prediction. */
  readonly layer?: NodeId;
}

export async function openPredictor(engine: Engine, trained: Trained, options: PredictorOptions = {}): Promise<Predictor> {
  const { batchSize = 1, layer } = options;
  const program = predictProgram(trained, batchSize, layer);
  const computation = await openComputation(engine, trained, program);
  const unitsOf = (slot: string): number => {
    const found = program.assignments.find((assignment) => assignment.slot === slot);
    return found === undefined ? 0 : elementCount(program.values[found.value]!.shape) / batchSize;
  };
  const [units, featureUnits] = [unitsOf(outputSlot), unitsOf(featureSlot)];
  return {
    batchSize,
    units,
    featureUnits,
    async predict(items) {
      const values = new Float32Array(items.length * units);
      const features = new Float32Array(items.length * featureUnits);
      for (let at = 0; at < items.length; at += batchSize) {
        const batch = items.slice(at, at + batchSize);
        for (const role of trained.inputs) {
          const type = inputType(role, batchSize);
          const size = elementCount(type.shape) / (role.reading?.kind === 'whole' ? 1 : batchSize);
          // Places that nobody asked for hold what stood there before or zeros.
          const given = type.dtype === 'i32' ? new Int32Array(elementCount(type.shape)) : new Float32Array(elementCount(type.shape));
          batch.forEach((item, i) => {
            const own = item.get(role.role.name);
            if (own?.length !== size) throw new Error(`Input "${role.role.name}" has ${own?.length ?? 0} numbers, expected ${size}.`);
            given.set(own, role.reading?.kind === 'whole' ? 0 : i * size);
          });
          await computation.write(inputSlot(role), given);
        }
        await computation.run();
        values.set((await computation.read(outputSlot)).subarray(0, batch.length * units), at * units);
        if (featureUnits > 0)
          features.set((await computation.read(featureSlot)).subarray(0, batch.length * featureUnits), at * featureUnits);
      }
      return { values, features };
    },
  };
}

export function predictProgram({ config, network, data }: Trained, batchSize: number, layer: NodeId | undefined): Program {
  const b = createBuilder({ name: 'predict', batchSize: 0 });
  const forward = lowerForward(b, network, { mode: 'evaluate', feed: { input: givenInput(b, batchSize) } });
  const arriving = forward.valueOf(network.outputId);
  const wanted = data.target.role.shape.slice(1).map(({ size }) => size ?? 1);
  b.assign(outputSlot, readablePrediction(b, config, b.reshape(arriving, [arriving.shape[0] ?? 1, ...wanted])));
  if (layer !== undefined) b.assign(featureSlot, forward.valueOf(layer));
  return b.build();
}
