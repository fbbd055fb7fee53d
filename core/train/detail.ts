/** What a finished run's score says beyond loss and accuracy, from the predictions of every row of a part. */
import type { Task } from '../data/dataSet.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import { bitsPerCharacter, calibrationError, logLoss, perplexity } from '../metrics/calibration.ts';
import { averageScores, balancedAccuracy, confusionMatrix, matthews } from '../metrics/confusion.ts';
import { averagePrecision, oneAgainstRest, rocAuc, topAccuracy } from '../metrics/ranking.ts';
import { regressionScores } from '../metrics/regression.ts';
import type { LoweredSession } from '../program/lowerSession.ts';
import { createPacer } from './pacer.ts';
import type { PartScore } from './records.ts';
import type { LossConfig } from './runConfig.ts';
import { resetRing } from './score.ts';

/** Tasks whose rows have one answer each that the further measures are made for. */
const rowTasks: ReadonlySet<Task> = new Set<Task>(['classification', 'regression', 'nodeClassification', 'forecasting']);
/** Numbers predicted for one part that are kept at once; beyond it the score stays with loss and accuracy. */
const mostNumbers = 2 ** 24;
/** From more classes on, the share of rows with the true class among the five likeliest is told. */
const fewForTop5 = 5;
/** A matrix of more classes cannot be read. */
const mostForMatrix = 64;

export interface Predictor {
  /** Predicts up to a chunk's time more rows; false once none are left. */
  advance(): Promise<boolean>;
  /** (rows, units): probabilities, or numbers on the training scale. */
  readonly predictions: Float32Array;
}

/** Whether the rows' predictions are looked at one by one: not for sequences, which have far too many. */
export function wantsPredictions({ target }: PreparedData, { predictionsRing }: LoweredSession, rows: Int32Array): boolean {
  return rowTasks.has(target.role.task ?? 'classification') && rows.length > 0 && rows.length * predictionsRing.units <= mostNumbers;
}

export function createPredictor(engine: Engine, lowered: LoweredSession, rows: Int32Array, now: () => number): Predictor {
  const { batchSize } = lowered.programs.predict;
  const { slot, units, capacity } = lowered.predictionsRing;
  const predictions = new Float32Array(rows.length * units);
  const pacer = createPacer(capacity);
  let at = 0;
  return {
    predictions,
    async advance() {
      const left = rows.length - at;
      if (left === 0) return false;
      const steps = Math.min(pacer.steps('predict'), Math.max(1, Math.floor(left / batchSize)));
      const wanted = Math.min(left, steps * batchSize);
      // The last batch is filled up with rows whose predictions are not read.
      const batch = Int32Array.from({ length: steps * batchSize }, (_, i) => rows[at + Math.min(i, wanted - 1)]!);
      const startedAt = now();
      await resetRing(engine, slot);
      await engine.run('predict', { steps, firstStep: 0, rows: batch });
      predictions.set(await engine.read(slot, 0, wanted * units), at * units);
      pacer.measured('predict', steps, now() - startedAt);
      at += wanted;
      return at < rows.length;
    },
  };
}

/** The measures of predicted rows, in the target's own units. */
export function detailFrom(data: PreparedData, rows: Int32Array, predictions: Float32Array): Partial<PartScore> {
  const { values } = data.target;
  if (data.task === 'regression' || data.task === 'forecasting') {
    const { shift, scale } = data.targetScale ?? { shift: 0, scale: 1 };
    const own = (value: number): number => value * scale + shift;
    const { reading } = data.target;
    const [offset, length] = reading?.kind === 'window' ? [reading.offset, reading.length] : [0, 1];
    const truth = Float64Array.from({ length: rows.length * length }, (_, i) =>
      own(values[rows[Math.floor(i / length)]! + offset + (i % length)]!),
    );
    return { mape: regressionScores(truth, Float64Array.from(predictions, own)).mape };
  }
  const classes = predictions.length / rows.length;
  const truth = Int32Array.from(rows, (row) => values[row]!);
  const predicted = Int32Array.from(truth, (_, i) => likeliest(predictions, i * classes, classes));
  const matrix = confusionMatrix(truth, predicted, classes);
  const { precision, recall, f1 } = averageScores(matrix, 'macro');
  const auc = oneAgainstRest(rocAuc, truth, predictions, classes);
  const precisionRecall = oneAgainstRest(averagePrecision, truth, predictions, classes);
  return {
    balancedAccuracy: balancedAccuracy(matrix),
    ...(classes > fewForTop5 ? { top5: topAccuracy(truth, predictions, classes, 5) } : {}),
    precision,
    recall,
    f1,
    f1Weighted: averageScores(matrix, 'weighted').f1,
    matthews: matthews(matrix),
    ...(auc === undefined ? {} : { rocAuc: auc }),
    ...(precisionRecall === undefined ? {} : { prAuc: precisionRecall }),
    logLoss: logLoss(truth, predictions, classes),
    calibrationError: calibrationError(truth, predictions, classes),
    ...(classes <= mostForMatrix ? { confusion: matrix } : {}),
  };
}

/** What the mean loss says of text: only where it is plain cross-entropy in nats. */
export function detailOfSequences({ target }: PreparedData, loss: LossConfig, meanLoss: number): Partial<PartScore> {
  const isPlain = loss.type === 'crossEntropy' && loss.labelSmoothing === 0 && loss.classWeights === 'none';
  if ((target.role.task !== 'nextToken' && target.role.task !== 'sequenceToSequence') || !isPlain) return {};
  return { perplexity: perplexity(meanLoss), bitsPerCharacter: bitsPerCharacter(meanLoss) };
}

function likeliest(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[from + c]! > values[from + best]!) best = c;
  return best;
}
