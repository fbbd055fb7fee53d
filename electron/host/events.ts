/** Typed events from the host to whoever listens: the shells, the command line. */
import type { EventName, Events } from '../contract/calls.ts';

export type Emit = <K extends EventName>(name: K, value: Events[K]) => void;
export type AnyListener = <K extends EventName>(name: K, value: Events[K]) => void;

export interface EventHub {
  readonly emit: Emit;
  on<K extends EventName>(name: K, listener: (value: Events[K]) => void): () => void;
  /** Every event, for a shell that forwards them. */
  onAny(listener: AnyListener): () => void;
}

/** A listener that throws harms neither the others nor whoever emits. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const listeners = new Set<AnyListener>();
  const onAny = (listener: AnyListener): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    emit: (name, value) => {
      for (const listener of [...listeners]) {
        try {
          listener(name, value);
        } catch (error) {
          onError(error);
        }
      }
    },
    on: (wanted, listener) =>
      onAny((name, value) => {
        if ((name as EventName) === wanted) listener(value as never);
      }),
    onAny,
  };
}
