/** Images from random numbers in one pass: the generator of an adversarial pair, the decoder of a variational autoencoder. */
import type { Engine } from '../engines/engine.ts';
import type { NodeId } from '../graph/document.ts';
import { elementCount } from '../ops/shapes.ts';
import { readPair } from '../program/adversarialStep.ts';
import { createBuilder } from '../program/builder.ts';
import { lowerForward, type LoweredNetwork } from '../program/lowerNetwork.ts';
import { readablePrediction } from '../program/lowerLoss.ts';
import type { Program } from '../program/program.ts';
import { createRandom } from '../random/philox.ts';
import { openComputation, outputSlot } from './computation.ts';
import { givenInput, inputSlot, type Trained } from './trained.ts';

const latentSlot = 'input/latent';
const latentLayer = 'gaussianLatent';
const firstLatentStream = 0x1a000000;

export interface Drawer {
  readonly batchSize: number;
  /** Values of images `from` to `from` + batchSize on the network's scale; every image has random numbers of its own. */
  draw(seed: number, from: number): Promise<Float32Array>;
}

/** Whether a network draws from random numbers in one pass. */
export function canDraw({ config, network }: Trained): boolean {
  return config.task.type === 'adversarial' || (config.task.type === 'autoencoding' && latentOf(network) !== undefined);
}

export async function openDrawer(engine: Engine, trained: Trained, batchSize: number): Promise<Drawer> {
  const isPair = trained.config.task.type === 'adversarial';
  const program = isPair ? generatorProgram(trained, batchSize) : decoderProgram(trained, batchSize);
  const noise = trained.inputs.find(({ role }) => role.name === 'noise');
  const slot = isPair && noise !== undefined ? inputSlot(noise) : latentSlot;
  const op = program.ops.find((candidate) => candidate.op === 'slot' && candidate.attrs.slot === slot);
  const size = op === undefined ? 0 : elementCount(program.values[op.output]!.shape) / batchSize;
  const computation = await openComputation(engine, trained, program);
  return {
    batchSize,
    async draw(seed, from) {
      const numbers = new Float32Array(batchSize * size);
      for (let i = 0; i < batchSize; i++) {
        const random = createRandom(seed, firstLatentStream + from + i);
        for (let k = 0; k < size; k++) numbers[i * size + k] = random.normal();
      }
      await computation.write(slot, numbers);
      await computation.run();
      return computation.read(outputSlot);
    },
  };
}

/** What the generator gives to the discriminator. */
function generatorProgram({ network }: Trained, batchSize: number): Program {
  const { drawing, drawnSide } = readPair(network);
  const judged = network.nodes.find(
    ({ node, inputs }) => drawnSide.has(node.id) && !drawing.has(node.id) && inputs.some((id) => drawing.has(id)),
  );
  const drawn = judged?.inputs.find((id) => drawing.has(id));
  if (drawn === undefined) throw new Error('An adversarial pair without a generator was trained.');
  const b = createBuilder({ name: 'draw', batchSize: 0 });
  const forward = lowerForward(b, network, { mode: 'evaluate', feed: { input: givenInput(b, batchSize) }, only: drawing });
  b.assign(outputSlot, forward.valueOf(drawn));
  return b.build();
}

/** The part behind the latent layer, which gets standard normal numbers for its sample. */
function decoderProgram({ network, config, data }: Trained, batchSize: number): Program {
  const latent = latentOf(network);
  if (latent === undefined) throw new Error('An autoencoder without a latent layer draws nothing.');
  const b = createBuilder({ name: 'draw', batchSize: 0 });
  const sizes = (latent.context.inputs[0] ?? []).slice(1).map(({ size }) => size ?? 1);
  const value = b.slot(latentSlot, { shape: [batchSize, ...sizes], dtype: 'f32' });
  const forward = lowerForward(b, network, {
    mode: 'evaluate',
    feed: { input: givenInput(b, batchSize) },
    known: new Map([[latent.node.id, value]]),
    only: leadingTo(network, network.outputId, latent.node.id),
  });
  const wanted = data.target.role.shape.slice(1).map(({ size }) => size ?? 1);
  b.assign(outputSlot, readablePrediction(b, config, b.reshape(forward.valueOf(network.outputId), [batchSize, ...wanted])));
  return b.build();
}

function latentOf({ nodes }: LoweredNetwork) {
  return nodes.find(({ node }) => node.type === latentLayer);
}

function leadingTo({ nodes }: LoweredNetwork, end: NodeId, from: NodeId): ReadonlySet<NodeId> {
  const found = new Set<NodeId>([end]);
  for (const { node, inputs } of [...nodes].reverse()) if (found.has(node.id) && node.id !== from) for (const id of inputs) found.add(id);
  return found;
}
