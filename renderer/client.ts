/**
 * The interface's only door to the host: `call` and `on`, the same over the desktop shell's bridge and over the
 * browser shell's WebSocket. Calls made while the connection is down wait for it; calls that were under way when
 * it broke fail with a Problem, because nobody can know whether they were carried out.
 */
import { decodeFrame, encodeFrame } from '../core/exchange/frames.ts';
import { ProblemError, type Problem } from '../core/problem.ts';
import type {
  Bridge,
  CallArgs,
  CallFrame,
  CallName,
  CallResult,
  Calls,
  EventName,
  Events,
  HostFrame,
  Reply,
} from '../electron/contract/calls.ts';
import { text } from './text.ts';

declare global {
  interface Window {
    layerbench?: Bridge;
  }
}

export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'refused';

/** Milliseconds between two attempts to connect, growing to the last. */
const retryDelaysMs = [200, 400, 800, 1500, 3000];
/** How long a call waits for the connection before it fails. */
const patienceMs = 10_000;
/** The host's way to say that this page has no session. */
const noSessionCode = 4401;

type AnyListener = (event: never) => void;

const lostProblem: Problem = { code: 'connection.lost', message: text.connection.lostCall, hint: text.connection.lostHint };
const waitedProblem: Problem = { code: 'connection.none', message: text.connection.noAnswer, hint: text.connection.lostHint };

/** The `Bridge` over a WebSocket, with reconnection. */
export class SocketBridge {
  #address: string;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #lastId = 0;
  #open = new Map<number, (reply: Reply<unknown>) => void>();
  #waiting = new Map<number, { frame: CallFrame; timer: ReturnType<typeof setTimeout>; settle: (reply: Reply<unknown>) => void }>();
  #listeners = new Map<EventName, Set<AnyListener>>();
  #stateListeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = 'connecting';

  constructor(address: string) {
    this.#address = address;
    this.#connect();
  }

  call<K extends CallName>(name: K, args: CallArgs<K>): Promise<Reply<CallResult<K>>> {
    const frame: CallFrame = { id: ++this.#lastId, name, args };
    return new Promise((resolve) => {
      const settle = resolve as (reply: Reply<unknown>) => void;
      if (this.#state === 'connected') return this.#send(frame, settle);
      const timer = setTimeout(() => {
        this.#waiting.delete(frame.id);
        settle({ ok: false, problem: waitedProblem });
      }, patienceMs);
      this.#waiting.set(frame.id, { frame, timer, settle });
    });
  }

  on<K extends EventName>(name: K, listener: (event: Events[K]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener as AnyListener));
    return () => listeners.delete(listener as AnyListener);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    listener(this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  #send(frame: CallFrame, settle: (reply: Reply<unknown>) => void): void {
    try {
      const encoded = encodeFrame(frame);
      this.#open.set(frame.id, settle);
      this.#socket?.send(encoded);
    } catch (error) {
      this.#open.delete(frame.id);
      settle({ ok: false, problem: error instanceof ProblemError ? error.problem : lostProblem });
    }
  }

  #connect(): void {
    const socket = new WebSocket(this.#address);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempt = 0;
      this.#setState('connected');
      for (const { frame, timer, settle } of this.#waiting.values()) {
        clearTimeout(timer);
        this.#send(frame, settle);
      }
      this.#waiting.clear();
    };
    socket.onmessage = (message) => this.#receive(decodeFrame(message.data as string | ArrayBuffer) as HostFrame);
    socket.onclose = (event) => void this.#closed(event.code);
  }

  #receive(frame: HostFrame): void {
    if ('event' in frame) {
      for (const listener of this.#listeners.get(frame.event) ?? []) listener(frame.value as never);
      return;
    }
    this.#open.get(frame.id)?.(frame.reply);
    this.#open.delete(frame.id);
  }

  async #closed(code: number): Promise<void> {
    for (const settle of this.#open.values()) settle({ ok: false, problem: lostProblem });
    this.#open.clear();
    if (code === noSessionCode || (await this.#sessionEnded())) return this.#setState('refused');
    this.#setState('lost');
    const delayMs = retryDelaysMs[Math.min(this.#attempt++, retryDelaysMs.length - 1)];
    setTimeout(() => this.#connect(), delayMs);
  }

  /** A restarted Layerbench answers but no longer knows this page; one that is down does not answer at all. */
  async #sessionEnded(): Promise<boolean> {
    try {
      return (await fetch('/session', { cache: 'no-store' })).status === 401;
    } catch {
      return false;
    }
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

type Door = Pick<Bridge, 'call' | 'on'> & { onState(listener: (state: ConnectionState) => void): () => void };

function openDoor(): Door {
  const desktop = window.layerbench;
  if (desktop !== undefined) {
    return {
      call: (name, args) => desktop.call(name, args),
      on: (name, listener) => desktop.on(name, listener),
      onState: (listener) => desktop.onConnection((connected) => listener(connected ? 'connected' : 'lost')),
    };
  }
  return new SocketBridge(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`);
}

let door: Door | undefined;

/** @throws ProblemError what the host answered, or that the connection broke */
export async function call<K extends keyof Calls>(name: K, args: CallArgs<K>): Promise<CallResult<K>> {
  door ??= openDoor();
  const reply = await door.call(name, args);
  if (!reply.ok) throw new ProblemError(reply.problem);
  return reply.value;
}

/** @returns a function that ends the subscription */
export function on<K extends EventName>(name: K, listener: (event: Events[K]) => void): () => void {
  door ??= openDoor();
  return door.on(name, listener);
}

export function onConnectionState(listener: (state: ConnectionState) => void): () => void {
  door ??= openDoor();
  return door.onState(listener);
}
