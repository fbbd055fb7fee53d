/** Every schedule, by its `kind` in a run config, in the order they are offered. Adding one: its file and a line here. */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { defaultsOf } from '../layers/specs.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { cosineRestarts } from './cosineRestarts.ts';
import type { ScheduleDefinition, ScheduleMoment } from './defineSchedule.ts';
import { exponential } from './exponential.ts';
import { multiStep } from './multiStep.ts';
import { oneCycle } from './oneCycle.ts';
import { plateau, plateauAfter, plateauStart, type PlateauState } from './plateau.ts';
import { polynomial } from './polynomial.ts';
import { step } from './step.ts';

export type { ScheduleDefinition, ScheduleMoment } from './defineSchedule.ts';
export type { PlateauState } from './plateau.ts';

export const schedules = { constant, cosine, cosineRestarts, oneCycle, step, multiStep, exponential, polynomial, plateau };

export type ScheduleName = keyof typeof schedules;

export type ScheduleConfig = { [K in ScheduleName]: { readonly kind: K } & ParamsOf<(typeof schedules)[K]['params']> }[ScheduleName];

export const scheduleNames = Object.keys(schedules) as ScheduleName[];

/** A schedule's config with every parameter at its default. */
export function defaultSchedule<K extends ScheduleName>(kind: K): Extract<ScheduleConfig, { kind: K }> {
  return { kind, ...defaultsOf(schedules[kind].params) } as unknown as Extract<ScheduleConfig, { kind: K }>;
}

/** What the learning rate is multiplied with at a step, warm-up included. */
export function scheduleFactor(config: ScheduleConfig, moment: ScheduleMoment, state: PlateauState = plateauStart): number {
  const warmUp = config.kind === 'oneCycle' ? 0 : Math.min(moment.totalSteps, Math.round(config.warmUp * moment.stepsPerEpoch));
  if (config.kind !== 'oneCycle' && moment.step < warmUp) return config.warmUpStart + (1 - config.warmUpStart) * (moment.step / warmUp);
  const own = { ...moment, step: moment.step - warmUp, totalSteps: Math.max(1, moment.totalSteps - warmUp) };
  const factor = (schedules[config.kind] as ScheduleDefinition<ParamSpecs, ScheduleConfig>).factor(config, own);
  return config.kind === 'plateau' ? factor * state.factor : factor;
}

/** The schedule's state after an epoch with this validation loss; only a plateau has one. */
export function scheduleAfter(config: ScheduleConfig, state: PlateauState | undefined, loss: number): PlateauState | undefined {
  return config.kind === 'plateau' ? plateauAfter(config, state ?? plateauStart, loss) : undefined;
}
