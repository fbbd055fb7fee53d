/** Typed events from the host to whoever listens: the shells, the command line. */
import type { EventName, Events } from '../contract/calls.ts';

export type Emit = <K extends EventName>(name: K, value: Events[K]) => void;
export type AnyListener = <K extends EventName>(name: K, value: Events[K]) => void;

export interface EventHub {
  readonly emit: Emit;
  on<K extends EventName>(name: K, listener: (value: Events[K]) => void): () => void;
  /** Every event, for a shell that forwards them; first the notices that came while there was none, as during a reload. */
  onAny(listener: AnyListener): () => void;
}

/** The newest of them say enough. */
const maxUnheard = 10;

/** A listener that throws harms neither the others nor whoever emits. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const listeners = new Set<AnyListener>();
  const forwarders = new Set<AnyListener>();
  let unheard: Events['notice'][] = [];
  return {
    emit: (name, value) => {
      if (name === 'notice' && forwarders.size === 0) unheard = [...unheard, value as Events['notice']].slice(-maxUnheard);
      for (const listener of [...listeners, ...forwarders]) {
        try {
          listener(name, value);
        } catch (error) {
          onError(error);
        }
      }
    },
    on: (wanted, listener) => {
      const filtered: AnyListener = (name, value) => {
        if ((name as EventName) === wanted) listener(value as never);
      };
      listeners.add(filtered);
      return () => listeners.delete(filtered);
    },
    onAny: (listener) => {
      forwarders.add(listener);
      for (const notice of unheard.splice(0)) listener('notice', notice);
      return () => forwarders.delete(listener);
    },
  };
}
