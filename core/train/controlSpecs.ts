/** Controls of a training beside loss, optimizer and schedule: what each is, its range and default. */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';

export const controlSpecs = {
  clipNorm: {
    kind: 'number',
    label: 'Clip norm',
    doc: 'Scales all gradients down together when their norm is larger, against steps that explode (Pascanu, Mikolov, Bengio 2013). 0 is off.',
    default: 0,
    min: 0,
    max: 1_000_000,
    step: 0.5,
  },
  clipValue: {
    kind: 'number',
    label: 'Clip value',
    doc: 'Limits every single gradient to ± this. 0 is off.',
    default: 0,
    min: 0,
    max: 1_000_000,
    step: 0.5,
  },
  accumulation: {
    kind: 'integer',
    label: 'Batches per step',
    doc: 'Gradients of so many batches are summed before the optimizer takes a step: a batch as many times as large in the memory of one.',
    default: 1,
    min: 1,
    max: 1024,
    step: 1,
  },
  averageDecay: {
    kind: 'number',
    label: 'Weight average',
    doc: 'Keeps a moving average of the weights that validation, scores and predictions use (Polyak, Juditsky 1992); 0.999 forgets in about 1,000 steps. 0 is off.',
    default: 0,
    min: 0,
    max: 0.999999,
    step: 0.001,
  },
  sampling: {
    kind: 'choice',
    label: 'Sampling',
    doc: 'Which training rows make an epoch, where classes are unequal.',
    default: 'shuffle',
    options: [
      { value: 'shuffle', label: 'Every row once', doc: 'All rows, in a new order every epoch.' },
      {
        value: 'weighted',
        label: 'Classes alike',
        doc: 'As many draws as there are rows, each class as likely as any other; rows may repeat.',
      },
      {
        value: 'oversample',
        label: 'Repeat rare classes',
        doc: 'Rows of rare classes repeat until every class has as many as the largest.',
      },
      { value: 'undersample', label: 'Thin common classes', doc: 'A new selection every epoch, as many of each class as the rarest has.' },
    ],
  },
  earlyStopping: {
    kind: 'choice',
    label: 'Early stopping',
    doc: 'Ends the training when the validation no longer improves (Prechelt 1998).',
    default: 'off',
    options: [
      { value: 'off', label: 'Off', doc: 'All epochs are trained.' },
      { value: 'loss', label: 'By loss', doc: 'The validation loss should fall.' },
      { value: 'score', label: 'By score', doc: 'The validation accuracy should rise, or the error fall.' },
    ],
  },
  patience: {
    kind: 'integer',
    label: 'Patience',
    doc: 'Epochs without improvement that are borne.',
    default: 5,
    min: 1,
    max: 1_000_000,
    unit: 'epochs',
    step: 1,
    onlyWith: { param: 'earlyStopping', values: ['loss', 'score'] },
  },
  minimumDelta: {
    kind: 'number',
    label: 'At least by',
    doc: 'Smaller changes are no improvement.',
    default: 0,
    min: 0,
    max: 1_000_000,
    step: 0.001,
    onlyWith: { param: 'earlyStopping', values: ['loss', 'score'] },
  },
  restoreBest: {
    kind: 'boolean',
    label: 'Restore the best',
    doc: 'Ends with the weights of the best epoch instead of the last.',
    default: true,
    onlyWith: { param: 'earlyStopping', values: ['loss', 'score'] },
  },
} as const satisfies ParamSpecs;

export type ControlsConfig = ParamsOf<typeof controlSpecs>;
export type SamplingMode = 'shuffle' | 'weighted' | 'oversample' | 'undersample';
