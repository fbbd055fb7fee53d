/**
 * Undo and redo of an immutable value: every step has a name and keeps the value before it. Steps with the same
 * merge key that follow each other quickly (a drag, typing in one field) become one.
 */

export interface HistoryStep<T> {
  readonly name: string;
  /** The value before this step (in `past`) or after it (in `future`). */
  readonly value: T;
  readonly mergeKey?: string;
  readonly timeMs: number;
}

export interface History<T> {
  readonly past: readonly HistoryStep<T>[];
  readonly future: readonly HistoryStep<T>[];
}

export const historyLimit = 200;
/** A pause longer than this ends a merged step. */
export const mergePauseMs = 1200;

export const emptyHistory: History<never> = { past: [], future: [] };

export interface StepInfo {
  readonly name: string;
  readonly mergeKey?: string;
  readonly timeMs: number;
}

/** Notes a step that turned `before` into something else. */
export function record<T>(history: History<T>, before: T, step: StepInfo): History<T> {
  const last = history.past.at(-1);
  const merges =
    last !== undefined &&
    history.future.length === 0 &&
    step.mergeKey !== undefined &&
    last.mergeKey === step.mergeKey &&
    step.timeMs - last.timeMs <= mergePauseMs;
  const past = merges
    ? [...history.past.slice(0, -1), { ...last, timeMs: step.timeMs }]
    : [...history.past, { ...step, value: before }].slice(-historyLimit);
  return { past, future: [] };
}

export interface Moved<T> {
  readonly history: History<T>;
  readonly value: T;
  /** The step that was undone or redone. */
  readonly name: string;
}

export function undo<T>(history: History<T>, current: T): Moved<T> | null {
  const step = history.past.at(-1);
  if (step === undefined) return null;
  return {
    history: { past: history.past.slice(0, -1), future: [...history.future, { name: step.name, value: current, timeMs: step.timeMs }] },
    value: step.value,
    name: step.name,
  };
}

export function redo<T>(history: History<T>, current: T): Moved<T> | null {
  const step = history.future.at(-1);
  if (step === undefined) return null;
  return {
    history: { past: [...history.past, { name: step.name, value: current, timeMs: step.timeMs }], future: history.future.slice(0, -1) },
    value: step.value,
    name: step.name,
  };
}
