/**
 * The time machine: one network, a few samples, and steps of training that can be taken, looked into and taken back. All
 * numbers are those of the reference loops.
 */
import type { PreparedData } from '../data/prepared.ts';
import type { SlotData } from '../engines/engine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { elementCount } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import { initialiseParameters } from '../program/initialise.ts';
import { dataSlot, type Mode } from '../program/lowerNetwork.ts';
import { readSession, tableOf, valuesOf } from '../program/lowerSession.ts';
import { splitScalar, stepScalars } from '../program/optimizerStep.ts';
import type { ValueId } from '../program/program.ts';
import { epochRows, countClasses } from '../data/sampling.ts';
import { scheduleFactor } from '../schedules/index.ts';
import { tableSlot } from '../tasks/tables.ts';
import type { Checkpoint } from '../train/records.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { compose, type Composition, type CompositionRequest } from './composition.ts';
import { derive, type Derivation, type DerivationRequest } from './derivation.ts';
import { explainSession, type Explanation } from './explanation.ts';
import { record, type Edit, type Recording } from './record.ts';

export interface ExplainerParts {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: PreparedData;
  /** Weights and optimizer states to start from; without them the seed's start weights. */
  readonly checkpoint?: Pick<Checkpoint, 'slots' | 'step'> & Partial<Pick<Checkpoint, 'learningRate'>>;
  /** Of the data: at least one. */
  readonly rows: readonly number[];
  /** Default: `train`, but `evaluate` where a single sample has no batch statistics of its own. */
  readonly mode?: Mode;
  readonly precision?: 'f32' | 'f64';
}

export interface Explainer {
  readonly explanation: Explanation;
  readonly rows: readonly number[];
  /** Optimizer steps taken before this one, those of the run included. */
  readonly step: number;
  /** How many steps can be taken back. */
  readonly taken: number;
  readonly learningRate: number;
  readonly edits: readonly Edit[];
  /** Row-major. */
  read(id: ValueId): SlotData;
  readonly recording: Recording;
  derive(request: DerivationRequest): Derivation;
  compose(request: CompositionRequest): Composition;
  /** Computes again with these changes made by hand; none: as it was. */
  change(edits: readonly Edit[]): void;
  /** The updated weights become the weights; edits of weights stay in them, other edits go. */
  advance(): void;
  /** Takes the last step back. */
  back(): void;
}

/** @throws ProblemError where the network can't be trained, or a row isn't there */
export function createExplainer({ document, config, data, checkpoint, rows, mode, precision = 'f32' }: ExplainerParts): Explainer {
  checkRows(rows, data.rowCount);
  const read = readSession({ document, config, data });
  const { averaged: _, ...network } = read.network;
  const session = { ...read, network };
  const chosen = mode ?? (network.statistics.length > 0 && rows.length === 1 ? 'evaluate' : 'train');
  const explanation = explainSession(session, rows.length, chosen);
  const { program } = explanation;

  const fixed = new Map<string, SlotData>([
    ...network.usedRoles.map((role) => [dataSlot(role), valuesOf(data, role)] as const),
    ...(data.tables ?? []).map(({ name }) => [tableSlot(name), tableOf(data, name)] as const),
  ]);
  const start = new Map<string, SlotData>(initialiseParameters(network, config.seed));
  for (const [slot, values] of Object.entries(checkpoint?.slots ?? {})) start.set(slot, values);
  for (const op of program.ops) {
    if (op.op !== 'slot' || fixed.has(op.attrs.slot)) continue;
    const count = elementCount(program.values[op.output]!.shape);
    const known = start.get(op.attrs.slot);
    if (known === undefined) start.set(op.attrs.slot, new Float32Array(count));
    else if (known.length !== count) {
      raise({
        code: 'checkpoint.otherNetwork',
        message: `The saved weights do not belong to this network: "${op.attrs.slot}" has ${known.length} values, expected ${count}.`,
        hint: 'Look at the network as the run trained it.',
      });
    }
  }

  const firstStep = checkpoint?.step ?? 0;
  const schedule = rateOf(config, data, checkpoint?.learningRate);
  const history: { readonly slots: ReadonlyMap<string, SlotData>; readonly edits: readonly Edit[] }[] = [];
  let slots: ReadonlyMap<string, SlotData> = start;
  let edits: readonly Edit[] = [];
  let recording = run();

  function run(): Recording {
    const step = firstStep + history.length;
    const byFactor = new Map<number, Record<string, number>>();
    const scalars = program.scalarNames.map((scalar) => {
      const { name, factor } = splitScalar(scalar);
      const values = byFactor.get(factor) ?? stepScalars(config, session.optimizer, step, schedule(step) * factor);
      byFactor.set(factor, values);
      return values[name] ?? NaN;
    });
    const slotData = (slot: string): SlotData => {
      const values = slots.get(slot) ?? fixed.get(slot);
      if (values === undefined) throw new Error(`explain: nothing stands in slot "${slot}"`);
      return values;
    };
    const request = {
      slotData,
      rows: Int32Array.from(rows),
      scalars: Float32Array.from(scalars),
      seed: config.seed,
      step,
      edits,
      precision,
    };
    return record(program, request);
  }

  return {
    explanation,
    rows,
    get step() {
      return firstStep + history.length;
    },
    get taken() {
      return history.length;
    },
    get learningRate() {
      return schedule(firstStep + history.length);
    },
    get edits() {
      return edits;
    },
    get recording() {
      return recording;
    },
    read: (id) => recording.dataOf(id),
    derive: (request) => derive(explanation, recording, request),
    compose: (request) => compose(explanation, recording, request),
    change(next) {
      const before = edits;
      edits = next;
      try {
        recording = run();
      } catch (error) {
        edits = before;
        throw error;
      }
    },
    advance() {
      const next = new Map(slots);
      for (const { slot, value } of program.assignments) if (start.has(slot)) next.set(slot, recording.dataOf(value).slice());
      history.push({ slots, edits });
      slots = next;
      edits = [];
      recording = run();
    },
    back() {
      const last = history.pop();
      if (last === undefined) return;
      ({ slots, edits } = last);
      recording = run();
    },
  };
}

/** Learning rate by step; behind the end of the training its schedule is over, and the plain rate shows what an update does. */
function rateOf(config: RunConfig, data: PreparedData, learningRate = config.optimizer.learningRate): (step: number) => number {
  const rows = epochRows(config.controls.sampling, countClasses(data), data.parts.train.length);
  const batchSize = Math.min(config.batchSize, rows);
  const stepsPerEpoch = Math.ceil(Math.ceil(rows / batchSize) / config.controls.accumulation);
  const totalSteps = stepsPerEpoch * config.epochs;
  return (step) =>
    step >= totalSteps ? learningRate : learningRate * scheduleFactor(config.schedule, { step, stepsPerEpoch, totalSteps });
}

function checkRows(rows: readonly number[], count: number): void {
  const wrong = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
  if (rows.length > 0 && wrong === undefined) return;
  raise({
    code: 'explain.row',
    message: rows.length === 0 ? 'No sample was chosen to look at.' : `The data set has no row ${wrong}; its rows are 0 to ${count - 1}.`,
    hint: `Choose a row from 0 to ${count - 1}.`,
  });
}
