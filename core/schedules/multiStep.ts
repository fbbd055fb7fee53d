/** The learning rate falls by a factor at chosen epochs; as torch.optim.lr_scheduler.MultiStepLR. */
import { raise } from '../problem.ts';
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export const multiStep = defineSchedule({
  kind: 'multiStep',
  title: 'Multi-step',
  doc: 'Multiplies the learning rate with a factor at each of the epochs named.',
  source: 'He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition; as MultiStepLR of PyTorch',
  params: {
    milestones: {
      kind: 'text',
      label: 'At epochs',
      doc: 'The epochs after which the learning rate falls, separated by commas.',
      default: '3, 4',
      placeholder: '30, 60, 80',
    },
    gamma: {
      kind: 'number',
      label: 'Factor',
      doc: 'What the learning rate is multiplied with.',
      default: 0.1,
      min: 0,
      openMin: true,
      max: 1,
      step: 0.1,
    },
    ...warmUpSpecs,
  },
  factor({ milestones, gamma }, { step, stepsPerEpoch }) {
    const passed = parseMilestones(milestones).filter((epoch) => step >= Math.round(epoch * stepsPerEpoch));
    return gamma ** passed.length;
  },
});

/** @throws ProblemError for anything but numbers above 0 */
export function parseMilestones(text: string): number[] {
  const epochs = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  if (epochs.every((epoch) => Number.isFinite(epoch) && epoch > 0)) return epochs;
  raise({
    code: 'schedule.milestones',
    message: `The epochs of the schedule should be numbers above 0, separated by commas, got "${text}".`,
    where: { kind: 'config', path: 'schedule.milestones' },
    hint: 'For example: 30, 60, 80.',
  });
}
