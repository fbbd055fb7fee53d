/** Measures of probabilities: log-loss, calibration error, and what they are for text: perplexity and bits per character. */

/** As scikit-learn: f32 probabilities are kept this far from 0 and 1. */
const closestToZero = 2 ** -23;

/**
 * The mean of −ln p of the true class, of rows brought to sum 1.
 * @param probabilities (rows, classes), row by row
 */
export function logLoss(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, closest = closestToZero): number {
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.min(1 - closest, Math.max(closest, probabilities[row * classes + c]!));
    const own = Math.min(1 - closest, Math.max(closest, probabilities[row * classes + truth[row]!]!));
    total -= Math.log(own / sum);
  }
  return total / truth.length;
}

/**
 * Expected calibration error: rows in bins of equal width by the probability of the predicted class; the mean difference
 * of that probability from the share that is right (Guo, Pleiss, Sun, Weinberger 2017, On calibration of modern neural networks).
 */
export function calibrationError(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, bins = 15): number {
  const certain = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let row = 0; row < truth.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
    const confidence = probabilities[row * classes + best]!;
    // A bin holds its upper end.
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    certain[bin]! += confidence;
    if (best === truth[row]) right[bin]! += 1;
  }
  return certain.reduce((sum, value, bin) => sum + Math.abs(value - right[bin]!), 0) / truth.length;
}

/** Among how many equally likely next tokens the network is as unsure; of a mean loss in nats. */
export function perplexity(lossNats: number): number {
  return Math.exp(lossNats);
}

/** Of a mean loss in nats per character. */
export function bitsPerCharacter(lossNats: number): number {
  return lossNats / Math.LN2;
}
