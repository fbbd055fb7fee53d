/** Up to the learning rate and down to almost nothing, along cosines; as torch.optim.lr_scheduler.OneCycleLR. */
import { cosineBetween, defineSchedule } from './defineSchedule.ts';

export const oneCycle = defineSchedule({
  kind: 'oneCycle',
  title: 'One cycle',
  doc: 'Starts at a small share of the learning rate, rises to the whole of it and falls to almost nothing: allows large learning rates and short trainings.',
  source:
    'Smith, Topin 2019, Super-convergence: very fast training of neural networks using large learning rates; as OneCycleLR of PyTorch',
  params: {
    rising: { kind: 'number', label: 'Rising', doc: 'Share of the steps on the way up.', default: 0.3, min: 0.01, max: 0.99, step: 0.05 },
    startDivisor: {
      kind: 'number',
      label: 'Start ÷',
      doc: 'The start is the learning rate divided by this.',
      default: 25,
      min: 1,
      max: 1_000_000,
      step: 5,
    },
    endDivisor: {
      kind: 'number',
      label: 'End ÷',
      doc: 'The end is the start divided by this.',
      default: 10_000,
      min: 1,
      max: 1_000_000_000,
      step: 1000,
      advanced: true,
    },
  },
  factor({ rising, startDivisor, endDivisor }, { step, totalSteps }) {
    const [start, peak, last] = [1 / startDivisor, rising * totalSteps - 1, totalSteps - 1];
    if (step <= peak) return 1 + (start - 1) * cosineBetween(Math.max(0, step) / Math.max(peak, 1e-9), 0);
    const end = start / endDivisor;
    return cosineBetween(Math.min(1, (step - peak) / Math.max(last - peak, 1e-9)), end);
  },
});
