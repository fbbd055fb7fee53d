/**
 * A race of any network with its data and the settings of its training, on any engine. Batches, loss, clipping, augmentation
 * and dropout are those of training; the learning rate stays as it is, and no average of the weights is kept. Losses are
 * taken without dropout over a fixed sample of the training part. There batch norm normalises by the sample itself: running
 * statistics belong to one place of a path, and the loss has to be a function of the weights alone.
 */
import type { PreparedData } from '../data/prepared.ts';
import { preparedRoles } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { raise } from '../problem.ts';
import { smallestWeight } from '../program/applyGradients.ts';
import { createBuilder } from '../program/builder.ts';
import { initialiseParameters } from '../program/initialise.ts';
import { lowerLoss } from '../program/lowerLoss.ts';
import type { LoweredNetwork, ParameterSlot } from '../program/lowerNetwork.ts';
import { lowerSession, readSession } from '../program/lowerSession.ts';
import type { Program } from '../program/program.ts';
import { trainableOf, type Session } from '../program/trainingParts.ts';
import { createRandom } from '../random/philox.ts';
import { createStepper } from '../train/stepper.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { laneOn, lossSlot, type Course, type RaceParameter } from './course.ts';

export interface NetworkRace {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: PreparedData;
}

const sampleStream = 0x4c400000;
const mostRows = 256;
const fewestRows = 32;
/** Of a loss over the sample: a tenth of a second on one core. */
const mostFlops = 4e9;

/** @throws ProblemError where two losses pull against each other; needs no data to say so */
export function refuseAdversaries(config: RunConfig): void {
  if (config.task.type === 'adversarial') {
    raise({
      code: 'race.adversarial',
      message:
        'An adversarial pair has no loss landscape: its two networks pull two losses against each other, so neither loss is to come down alone.',
      where: { kind: 'config', path: 'task' },
      hint: 'Open a network with one loss, such as a classifier or an autoencoder.',
    });
  }
}

/** @throws ProblemError where the network cannot be trained, or its training is not one loss that goes down */
export function networkCourse({ document, config, data }: NetworkRace, createEngine: () => Engine): Course {
  refuseAdversaries(config);
  const raced: RunConfig = { ...config, controls: { ...config.controls, averageDecay: 0 } };
  const session = readSession({ document, config: raced, data });
  const parameters = trainableOf(session.network).map((own) => parameterOf(session.network, own));
  if (parameters.length === 0) {
    raise({
      code: 'race.noWeights',
      message: 'Nothing can be raced: the network has no weights that are trained.',
      where: { kind: 'document' },
      hint: 'Add a layer with weights, such as Dense, or unfreeze one.',
    });
  }
  const rows = sampleOf(session, document, data, config.seed);
  const loss = lossProgram(session, rows.length);

  return {
    parameters,
    seed: config.seed,
    sample: { rows: rows.length, of: data.parts.train.length },
    async open(optimizer) {
      const own: RunConfig = { ...raced, optimizer: optimizer ?? config.optimizer };
      const lowered = lowerSession({ document, config: own, data });
      const { train, trainTail, apply } = lowered.programs;
      const programs = optimizer === undefined ? { loss } : { loss, train, ...(trainTail && { trainTail }), ...(apply && { apply }) };
      const slots = lowered.slots.filter(({ kind }) => optimizer !== undefined || kind !== 'optimizer');
      const engine = createEngine();
      try {
        await engine.load({ programs, slots: [...slots, lossSlot], seed: config.seed });
        for (const { slot, values } of lowered.dataSlots) await engine.write(slot, values(data));
        for (const [slot, values] of initialiseParameters(lowered, config.seed)) await engine.write(slot, values);
      } catch (error) {
        await engine.dispose();
        throw error;
      }
      const stepper = createStepper(engine, lowered, own, data);
      return laneOn(engine, parameters, { rows }, async (step) => {
        await stepper.run(step, 1, () => own.optimizer.learningRate);
      });
    },
  };
}

function parameterOf({ nodes }: LoweredNetwork, { slot, spec: { shape }, nodeId }: ParameterSlot): RaceParameter {
  if (shape.length < 2) return { slot, shape };
  // A transposed convolution's kernel is (in, out, ...).
  const type = nodes.find(({ node }) => node.id === nodeId)?.node.type ?? '';
  return { slot, shape, filterAxis: type.startsWith('convTranspose') ? 1 : 0 };
}

/** Drawn once from the seed; fewer where a network computes long on each. */
function sampleOf({ network }: Session, document: NetworkDocument, data: PreparedData, seed: number): Int32Array {
  const rows = data.parts.train.slice();
  createRandom(seed, sampleStream).shuffle(rows);
  // Where every batch computes the whole data, more rows cost nothing.
  if (network.data.inputs.some(({ reading }) => reading?.kind === 'whole')) return rows;
  const { flops } = inferShapes(document, preparedRoles(data));
  const count = Math.min(mostRows, Math.max(fewestRows, Math.floor(mostFlops / Math.max(1, flops))));
  return rows.subarray(0, count);
}

/** () the mean over the rows, weighted where the loss is. */
function lossProgram(session: Session, rows: number): Program {
  const b = createBuilder({ name: 'loss', batchSize: rows });
  const { sampleLoss } = lowerLoss(b, session, 'evaluate', { batchStatistics: true });
  const weight = sampleLoss.weight === undefined ? rows : b.maximum(b.sum(sampleLoss.weight, [0]), smallestWeight);
  b.assign(lossSlot.name, b.divide(b.sum(sampleLoss.loss, [0]), weight));
  return b.build();
}
