/** The loss before a layer's first head was muted, kept to be compared as long as nothing else is changed. */
import type { Edit } from '../../../../../core/explain/record.ts';
import type { TimeMachine } from '../../machine.svelte.ts';

type Machine = Pick<TimeMachine, 'state'>;

interface Heard {
  readonly step: number;
  readonly others: string;
  readonly loss: number;
}
const losses = new WeakMap<object, Heard>();

/** @param edits apart from the mutes of this layer */
const othersOf = (edits: readonly Edit[], heard: number): string => JSON.stringify(edits.filter(({ value }) => value !== heard));

/** To be called while all heads are heard. @param heard the value that mutes change */
export function keepLoss(machine: Machine, heard: number): void {
  const { state } = machine;
  if (state !== null) losses.set(machine, { step: state.step, others: othersOf(state.edits, heard), loss: state.loss });
}

/** Undefined where something else has changed since. */
export function keptLoss(machine: Machine, heard: number): number | undefined {
  const [{ state }, kept] = [machine, losses.get(machine)];
  if (state === null || kept === undefined) return undefined;
  return kept.step === state.step && kept.others === othersOf(state.edits, heard) ? kept.loss : undefined;
}
