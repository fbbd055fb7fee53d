/**
 * A step of an adversarial pair (Goodfellow and others 2014, with the loss that does not saturate): the discriminator learns
 * to tell real images from drawn ones, then the generator learns to be taken for real by the discriminator as it is now.
 */
import type { NodeId } from '../graph/document.ts';
import { lossOf } from '../losses/index.ts';
import { stackStatistics } from '../metrics/index.ts';
import { drawnName, realName } from '../tasks/adversarial.ts';
import { applyGradients } from './applyGradients.ts';
import { createBuilder, type Builder, type Value } from './builder.ts';
import { createFeed } from './feed.ts';
import { gradients } from './gradient.ts';
import { lowerForward, type LoweredNetwork, type ParameterSlot } from './lowerNetwork.ts';
import type { Program } from './program.ts';
import { slotOf, trainableOf, type Session } from './trainingParts.ts';

export interface Pair {
  readonly generator: readonly ParameterSlot[];
  readonly discriminator: readonly ParameterSlot[];
  /** Everything that leads to the verdict on drawn images. */
  readonly drawnSide: ReadonlySet<NodeId>;
  /** Of these, what no parameter of the discriminator touches: the generator. */
  readonly drawing: ReadonlySet<NodeId>;
  readonly drawnId: NodeId;
  readonly realId: NodeId;
}

/** Which part of the network draws and which judges. */
export function readPair(network: LoweredNetwork): Pair {
  const realId = network.outputs.get(realName) ?? '';
  const drawnId = network.outputs.get(drawnName) ?? '';
  const realSide = leadingTo(network, realId);
  const drawnSide = leadingTo(network, drawnId);
  const usedBy = (side: ReadonlySet<NodeId>): Set<string> =>
    new Set(network.nodes.filter(({ node }) => side.has(node.id)).flatMap(({ parameters }) => parameters.map(({ slot }) => slot)));
  const [judging, drawn] = [usedBy(realSide), usedBy(drawnSide)];
  const judged = new Set<NodeId>();
  for (const { node, inputs, parameters } of network.nodes) {
    if (parameters.some(({ slot }) => judging.has(slot)) || inputs.some((id) => judged.has(id))) judged.add(node.id);
  }
  const trainable = trainableOf(network);
  return {
    generator: trainable.filter(({ slot }) => drawn.has(slot) && !judging.has(slot)),
    discriminator: trainable.filter(({ slot }) => judging.has(slot)),
    drawnSide,
    drawing: new Set([...drawnSide].filter((id) => !judged.has(id) && id !== drawnId)),
    drawnId,
    realId,
  };
}

function leadingTo(network: LoweredNetwork, end: NodeId): ReadonlySet<NodeId> {
  const found = new Set<NodeId>([end]);
  for (const { node, inputs } of [...network.nodes].reverse()) if (found.has(node.id)) for (const id of inputs) found.add(id);
  return found;
}

export function adversarialProgram(name: string, batchSize: number, session: Session, ring: string): Program {
  const { network, config } = session;
  const pair = readPair(network);
  const b = createBuilder({ name, batchSize });
  const feed = createFeed(b, network, config.task, 'train', batchSize);
  const forward = lowerForward(b, network, { mode: 'train', feed });
  const judged = judge(b, session, forward.valueOf(pair.realId), forward.valueOf(pair.drawnId));
  const learned = applyGradients(
    b,
    session,
    gradients(
      b,
      judged.discriminator,
      pair.discriminator.map((parameter) => slotOf(b, parameter)),
    ),
    pair.discriminator,
  );
  // The generator meets the discriminator as it is after its step; neither step moves the other's weights.
  const known = new Map([...pair.drawing].map((id) => [id, forward.valueOf(id)] as const));
  const weights = new Map([...learned].map(([slot, value]) => [slot, b.stopGradient(value)] as const));
  const again = lowerForward(b, network, { mode: 'train', feed, only: pair.drawnSide, known, weights, keepsStatistics: false });
  const fooled = verdictLoss(b, session, again.valueOf(pair.drawnId), 1);
  applyGradients(
    b,
    session,
    gradients(
      b,
      fooled,
      pair.generator.map((parameter) => slotOf(b, parameter)),
    ),
    pair.generator,
  );
  b.append(ring, stackStatistics(b, [b.multiply(fooled, batchSize), b.multiply(judged.discriminator, batchSize)]));
  return b.build();
}

export function adversarialScores(name: string, batchSize: number, session: Session, ring: string): Program {
  const { network, config } = session;
  const pair = readPair(network);
  const b = createBuilder({ name, batchSize });
  const feed = createFeed(b, network, config.task, 'evaluate', batchSize);
  const forward = lowerForward(b, network, { mode: 'evaluate', feed });
  const { generator, discriminator } = judge(b, session, forward.valueOf(pair.realId), forward.valueOf(pair.drawnId));
  b.append(ring, stackStatistics(b, [b.multiply(generator, batchSize), b.multiply(discriminator, batchSize)]));
  return b.build();
}

/** Mean losses of both sides, (). */
function judge(b: Builder, session: Session, real: Value, drawn: Value): { readonly generator: Value; readonly discriminator: Value } {
  return {
    generator: verdictLoss(b, session, drawn, 1),
    discriminator: b.add(verdictLoss(b, session, real, 1), verdictLoss(b, session, drawn, 0)),
  };
}

function verdictLoss(b: Builder, { config }: Session, verdict: Value, wanted: 0 | 1): Value {
  const target = b.constant(wanted, verdict.shape);
  return b.mean(lossOf(config.loss).perSample({ b, params: config.loss, prediction: verdict, target }).loss, [0]);
}
