/** Questions about measured speeds. */
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { EngineSpeed } from '../../electron/contract/calls.ts';

export function fastest(speeds: readonly EngineSpeed[]): EngineSpeed | undefined {
  const of = ({ speed }: EngineSpeed) => speed?.samplesPerSecond ?? 0;
  return speeds.reduce<EngineSpeed | undefined>((best, next) => (of(next) > (best === undefined ? 0 : of(best)) ? next : best), undefined);
}

/** The measured engine that a run with this choice uses; automatically it takes the fastest. */
export function chosenSpeed(speeds: readonly EngineSpeed[], choice: RunConfig['engine']): EngineSpeed | undefined {
  if (choice.kind === 'auto') return fastest(speeds);
  return speeds.find(({ choice: { kind, threads } }) => kind === choice.kind && (!hasThreads(kind) || threads === choice.threads));
}

/** Whether a run can be given a number of threads with this engine. */
export function hasThreads(kind: RunConfig['engine']['kind']): boolean {
  return kind !== 'reference' && kind !== 'webgpu';
}
