/**
 * The learning rate falls when the validation loss no longer does; as torch.optim.lr_scheduler.ReduceLROnPlateau with
 * mode 'min'. The one schedule that remembers: its state is part of every checkpoint.
 */
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export interface PlateauState {
  /** The lowest loss so far; null before the first. */
  readonly best: number | null;
  readonly badEpochs: number;
  readonly cooldown: number;
  /** What the learning rate is multiplied with now. */
  readonly factor: number;
}

export const plateauStart: PlateauState = { best: null, badEpochs: 0, cooldown: 0, factor: 1 };

/** Reductions smaller than this share of the learning rate are not worth one. */
const smallestChange = 1e-8;

export const plateau = defineSchedule({
  kind: 'plateau',
  title: 'On plateau',
  doc: 'Multiplies the learning rate with a factor when the validation loss has not fallen for some epochs (the training loss where there is no validation part).',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.3; as ReduceLROnPlateau of PyTorch',
  params: {
    gamma: {
      kind: 'number',
      label: 'Factor',
      doc: 'What the learning rate is multiplied with.',
      default: 0.1,
      min: 0,
      openMin: true,
      max: 0.999,
      step: 0.1,
    },
    patience: {
      kind: 'integer',
      label: 'Patience',
      doc: 'Epochs without improvement that are borne.',
      default: 5,
      min: 0,
      max: 1_000_000,
      unit: 'epochs',
      step: 1,
    },
    threshold: {
      kind: 'number',
      label: 'Threshold',
      doc: 'A loss counts as lower only when it is lower by this share.',
      default: 0.0001,
      min: 0,
      max: 1,
      step: 0.0001,
      advanced: true,
    },
    cooldown: {
      kind: 'integer',
      label: 'Cool-down',
      doc: 'Epochs after a fall that do not count.',
      default: 0,
      min: 0,
      max: 1_000_000,
      unit: 'epochs',
      step: 1,
      advanced: true,
    },
    minimum: {
      kind: 'number',
      label: 'Minimum',
      doc: 'Share of the learning rate that it never falls below.',
      default: 0,
      min: 0,
      max: 1,
      step: 0.001,
      advanced: true,
    },
    ...warmUpSpecs,
  },
  /** Without its state nothing has fallen yet. */
  factor: () => 1,
});

interface PlateauConfig {
  readonly gamma: number;
  readonly patience: number;
  readonly threshold: number;
  readonly cooldown: number;
  readonly minimum: number;
}

/** The state after one more epoch with this loss. */
export function plateauAfter(
  { gamma, patience, threshold, cooldown, minimum }: PlateauConfig,
  state: PlateauState,
  loss: number,
): PlateauState {
  const better = state.best === null || loss < state.best * (1 - threshold);
  const best = better ? loss : state.best;
  const cooling = state.cooldown > 0;
  const badEpochs = better || cooling ? 0 : state.badEpochs + 1;
  if (badEpochs <= patience) return { best, badEpochs, cooldown: Math.max(0, state.cooldown - 1), factor: state.factor };
  const lower = Math.max(state.factor * gamma, minimum);
  return { best, badEpochs: 0, cooldown, factor: state.factor - lower > smallestChange ? lower : state.factor };
}
