/** What is set on the page on how networks grew, as it is remembered. */
import { optimizerNames, type OptimizerName } from '../../../core/optimizers/index.ts';
import { hardware } from '../../../core/scale/hardware.ts';
import { precisions, type Precision } from '../../../core/scale/memory.ts';
import { scaleText } from './scaleText.ts';

export type Axis = keyof typeof scaleText.axes;
export const axes = Object.keys(scaleText.axes) as Axis[];

/** Among the choices of hardware. */
export const thisMachine = 'thisMachine';

export interface ScaleSettings {
  readonly axis: Axis;
  readonly optimizer: OptimizerName;
  readonly precision: Precision;
  readonly hardware: string;
  readonly count: number;
  /** Percent of the peak that is reached; Llama 3 was trained at 38 to 43 (Grattafiori and others 2024, section 3.3.2). */
  readonly utilisation: number;
}

export const mostDevices = 1_000_000;

/** What was remembered, where it still is a choice. */
export function readScale(stored: Partial<Record<keyof ScaleSettings, unknown>>): ScaleSettings {
  const oneOf = <T extends string>(value: unknown, among: readonly T[], fallback: T): T =>
    among.includes(value as T) ? (value as T) : fallback;
  const within = (value: unknown, most: number, fallback: number): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most ? value : fallback;
  return {
    axis: oneOf(stored.axis, axes, 'parameters'),
    optimizer: oneOf(stored.optimizer, optimizerNames, 'adamw'),
    precision: oneOf(stored.precision, Object.keys(precisions) as Precision[], 'mixed'),
    hardware: oneOf(stored.hardware, [thisMachine, ...hardware.map(({ id }) => id)], 'h100'),
    count: within(stored.count, mostDevices, 1),
    utilisation: within(stored.utilisation, 100, 40),
  };
}
