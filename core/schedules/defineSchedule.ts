/** A schedule: what the learning rate is multiplied with at each step, a pure function of the step, shown before training. */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';

/** A step within a training, counted from 0; lengths in epochs become steps by `stepsPerEpoch`. */
export interface ScheduleMoment {
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

/** `C` is the config as the definition sees it. */
export interface ScheduleDefinition<S extends ParamSpecs = ParamSpecs, C = ParamsOf<S>> {
  /** Its `kind` in a run config. */
  readonly kind: string;
  readonly title: string;
  readonly doc: string;
  readonly source: string;
  /** One entry per field of the config but `kind`, in the order of the form. */
  readonly params: S;
  /** The share of the learning rate at a step; counted after the warm-up, where there is one. */
  factor(config: C, moment: ScheduleMoment): number;
}

export function defineSchedule<const T extends string, const S extends ParamSpecs>(
  definition: ScheduleDefinition<S> & { readonly kind: T },
): ScheduleDefinition<S> & { readonly kind: T } {
  return definition;
}

/** A linear warm-up before any schedule; formula as torch.optim.lr_scheduler.LinearLR. */
export const warmUpSpecs = {
  warmUp: {
    kind: 'number',
    label: 'Warm-up',
    doc: 'The learning rate grows evenly over so many epochs before the schedule begins (Goyal and others 2017).',
    default: 0,
    min: 0,
    max: 1_000_000,
    unit: 'epochs',
    step: 0.5,
  },
  warmUpStart: {
    kind: 'number',
    label: 'Warm-up from',
    doc: 'Share of the learning rate that the warm-up begins with.',
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.1,
    advanced: true,
  },
} as const;

export const minimumSpec = {
  kind: 'number',
  label: 'Minimum',
  doc: 'Share of the learning rate that is left at the lowest point.',
  default: 0,
  min: 0,
  max: 1,
  step: 0.05,
} as const;

/** Half a cosine wave from 1 at share 0 to `minimum` at share 1. */
export function cosineBetween(share: number, minimum: number): number {
  return minimum + ((1 - minimum) * (1 + Math.cos(Math.PI * share))) / 2;
}
