/** From the forward pass to a loss per sample and the statistics of a step, as task and loss want them. */
import * as math from '../layers/activationMath.ts';
import type { SampleLoss } from '../losses/defineLoss.ts';
import { lossOf } from '../losses/index.ts';
import { buildStatistics, type StatisticOptions } from '../metrics/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { taskOf } from '../tasks/index.ts';
import type { RunConfig } from '../train/runConfig.ts';
import type { Builder, Value } from './builder.ts';
import { createFeed } from './feed.ts';
import { lowerForward, type Forward, type ForwardOptions, type LoweredNetwork, type Mode } from './lowerNetwork.ts';
import type { Session } from './trainingParts.ts';

/** Logits as probabilities; numbers and images as they are. */
export function readablePrediction(b: Builder, config: Pick<RunConfig, 'task' | 'loss'>, prediction: Value): Value {
  const { answer } = taskOf(config.task);
  if (answer === 'classes') return (lossOf(config.loss).probabilities ?? math.softmax)(b, prediction);
  const fromLogits = config.loss.type === 'binaryCrossEntropy';
  return answer === 'labels' || answer === 'verdicts' || fromLogits ? b.unary('sigmoid', prediction) : prediction;
}

/** What of the forward pass is compared with the target, in its shape. */
export function predictionOf(b: Builder, { task, network }: Session, arriving: Value): Value {
  if (task.selectPrediction !== undefined) return task.selectPrediction(b, arriving);
  const wanted = network.data.target.role.shape.slice(1).map((d) => d.size ?? 1);
  return b.reshape(arriving, [arriving.shape[0] ?? 1, ...wanted]);
}

interface LoweredLoss {
  readonly sampleLoss: SampleLoss;
  readonly forward: Forward;
  /** What was compared with the target, (B, ...). */
  readonly prediction: Value;
  readonly target: Value;
  /** One row of the statistics ring. */
  readonly statistics: Value;
}

export function lowerLoss(b: Builder, session: Session, mode: Mode, options: Pick<ForwardOptions, 'batchStatistics'> = {}): LoweredLoss {
  const { network, config, classCounts, task } = session;
  const feed = createFeed(b, network, config.task, mode, b.batchSize, config.augmentation);
  const forward = lowerForward(b, network, { mode, feed, ...options });
  return b.within(network.outputId, () => {
    const prediction = predictionOf(b, session, forward.valueOf(network.outputId));
    const { target } = feed;
    const counts = classCounts === undefined ? {} : { classCounts };
    const perSample = (wanted: Value): SampleLoss =>
      lossOf(config.loss).perSample({ b, params: config.loss, prediction, target: wanted, ...counts });
    const own = feed.mixingShare === undefined ? perSample(target) : mixLosses(b, perSample, target, feed.mixingShare);
    const compared = config.loss.type === 'binaryCrossEntropy' && task.answer === 'values' ? b.unary('sigmoid', prediction) : prediction;
    const sampleLoss = addLosses(b, own, forward.addedLosses, elementCount(target.shape.slice(1)));
    const statistics = buildStatistics(b, task.answer, sampleLoss, compared, target, statisticOptions(session));
    return { sampleLoss, forward, prediction, target, statistics };
  });
}

/** λ of the loss against a sample's own target, 1 − λ of that against its counterpart's; weights alike. */
function mixLosses(b: Builder, perSample: (target: Value) => SampleLoss, target: Value, share: Value): SampleLoss {
  const [own, other] = [perSample(target), perSample(b.flip(target, 0))];
  const between = (left: Value, right: Value): Value => b.add(right, b.multiply(b.subtract(left, right), share));
  const loss = between(own.loss, other.loss);
  return own.weight === undefined || other.weight === undefined ? { loss } : { loss, weight: between(own.weight, other.weight) };
}

/** The loss is a mean over the target's numbers, what layers add is a sum over their own: both come to the same scale. */
function addLosses(b: Builder, { loss, ...rest }: SampleLoss, added: readonly Value[], numbers: number): SampleLoss {
  return { ...rest, loss: added.reduce((sum, value) => b.add(sum, b.divide(value, numbers)), loss) };
}

export function statisticOptions({ config, task }: Session): StatisticOptions {
  const ignoreIndex = config.loss.type === 'crossEntropy' && config.loss.ignoreIndex >= 0 ? config.loss.ignoreIndex : undefined;
  const inSteps = config.task.type === 'sequenceToSequence' || config.task.type === 'sequenceLabelling';
  return {
    weighs: task.answer === 'classes' && lossOf(config.loss).weighs?.(config.loss) === true,
    ...(inSteps && ignoreIndex !== undefined ? { ignoreIndex } : {}),
  };
}

/** Of one row: classes, or 1 for a number; (T, classes) where every time step is classified. */
export function predictionShape({ data }: LoweredNetwork): number[] {
  const { role } = data.target;
  const sizes = role.shape.slice(1).map((d) => d.size ?? 1);
  return role.task === 'nodeClassification' ? sizes.slice(-1) : sizes;
}
