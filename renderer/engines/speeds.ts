/** Questions about measured speeds. */
import type { EngineKind } from '../../core/engines/engine.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { StepSpeed } from '../../core/train/trial.ts';
import type { EngineSpeed } from '../../electron/contract/calls.ts';

export function fastest(speeds: readonly EngineSpeed[]): EngineSpeed | undefined {
  const of = ({ speed }: EngineSpeed) => speed?.samplesPerSecond ?? 0;
  return speeds.reduce<EngineSpeed | undefined>((best, next) => (of(next) > (best === undefined ? 0 : of(best)) ? next : best), undefined);
}

/** Whether a run with this choice would use the measured engine. */
export function isChoice(measured: RunConfig['engine'], choice: RunConfig['engine'], available: readonly EngineKind[]): boolean {
  const kind = choice.kind === 'auto' ? available[0] : choice.kind;
  return measured.kind === kind && (kind === 'reference' || measured.threads === choice.threads);
}

export function pickSpeed(
  speeds: readonly EngineSpeed[],
  choice: RunConfig['engine'],
  available: readonly EngineKind[],
): StepSpeed | undefined {
  return speeds.find((each) => isChoice(each.choice, choice, available))?.speed;
}
