/**
 * An engine that computes elsewhere: every call crosses a port and waits for its reply. Whoever uses it does not know.
 * When the port closes, all calls under way and all later ones fail with `engine.lost`.
 */
import { encodeFrame } from '../../exchange/frames.ts';
import { ProblemError, raise } from '../../problem.ts';
import type { Engine, EngineInfo, RunRequest, Session, SlotData } from '../engine.ts';
import { closedByOwner, engineLost } from './port.ts';
import type { EnginePort } from './port.ts';
import { pieceBytes, piecesUnderWay, readReply } from './protocol.ts';
import type { EngineCall, EngineRequest } from './protocol.ts';

/** Core's type library knows neither world, both have it. */
const { TextEncoder } = globalThis as unknown as { TextEncoder: new () => { encode(text: string): Uint8Array } };

/** A double is the longest element any engine stores. */
const maxElementBytes = 8;

interface OpenCall {
  resolve(value: SlotData | undefined): void;
  reject(error: Error): void;
}

export function createRemoteEngine(port: EnginePort, info: EngineInfo): Engine {
  const open = new Map<number, OpenCall>();
  let lastId = 0;
  let lostFor: string | undefined;
  let disposed: Promise<void> | undefined;
  /** Elements and length of one element of each slot, from the session that was loaded. */
  let slots = new Map<string, { elements: number; elementBytes: number }>();

  const lostError = (): Error =>
    disposed === undefined ? new ProblemError(engineLost(lostFor!)) : new Error('The engine is disposed of: no session is loaded.');
  const lose = (reason: string): void => {
    lostFor ??= reason;
    for (const { reject } of open.values()) reject(lostError());
    open.clear();
  };
  const breach = (): void => {
    lose('The engine gave an answer that could not be understood.');
    port.close(lostFor);
  };

  port.onMessage((message) => {
    const reply = readReply(message);
    const call = reply === null ? undefined : open.get(reply.id);
    if (reply === null || call === undefined) return breach();
    open.delete(reply.id);
    if (reply.ok) call.resolve(reply.value);
    else if ('problem' in reply) call.reject(new ProblemError(reply.problem));
    else call.reject(new Error(reply.error));
  });
  port.onClose(lose);

  function ask(call: EngineCall): Promise<SlotData | undefined> {
    return new Promise((resolve, reject) => {
      if (lostFor !== undefined) return reject(lostError());
      const id = ++lastId;
      // Throws for what no port carries; then nobody waits for a reply.
      port.post({ ...call, id } satisfies EngineRequest);
      open.set(id, { resolve, reject });
    });
  }

  async function askForData(slot: string, offset: number | undefined, length: number | undefined): Promise<SlotData> {
    const range = { ...(offset === undefined ? {} : { offset }), ...(length === undefined ? {} : { length }) };
    const data = await ask({ call: 'read', slot, ...range });
    if (data !== undefined && (length === undefined || data.length === length)) return data;
    breach();
    return raise(engineLost(lostFor!));
  }

  /** One call after the other, so that the pieces of one never stand between those of another. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function load(session: Session): Promise<void> {
    const json = new TextEncoder().encode(encodeFrame(session, Infinity) as string);
    await inPieces(json.length, pieceBytes, (from, to) => ask({ call: 'sessionPiece', bytes: json.subarray(from, to) }));
    await ask({ call: 'load' });
    slots = new Map(
      session.slots.map(({ name, type }) => [
        name,
        { elements: type.shape.reduce((product, size) => product * size, 1), elementBytes: type.dtype === 'u8' ? 1 : maxElementBytes },
      ]),
    );
  }

  async function write(slot: string, data: SlotData, offset = 0): Promise<void> {
    // Nothing to write is still a write: it sets a ring's cursor back.
    if (data.length === 0) await ask({ call: 'write', slot, data, offset });
    await inPieces(data.length, pieceBytes / data.BYTES_PER_ELEMENT, (from, to) =>
      ask({ call: 'write', slot, data: data.subarray(from, to), offset: offset + from }),
    );
  }

  /** A request whose rows are longer than a message is several: steps do not depend on how they are grouped. */
  async function run(program: string, request: RunRequest): Promise<void> {
    const { steps, firstStep, rows, scalars } = request;
    const stepBytes = ((rows?.length ?? 0) + (scalars?.length ?? 0)) * (4 / Math.max(1, steps));
    const stepsAtOnce = Math.max(1, Math.floor(pieceBytes / Math.max(1, stepBytes)));
    if (steps <= stepsAtOnce) return void (await ask({ call: 'run', program, request }));
    for (let from = 0; from < steps; from += stepsAtOnce) {
      const count = Math.min(stepsAtOnce, steps - from);
      const part = <T extends Int32Array | Float32Array>(all: T): T =>
        all.subarray((all.length / steps) * from, (all.length / steps) * (from + count)) as T;
      const piece = { ...(rows === undefined ? {} : { rows: part(rows) }), ...(scalars === undefined ? {} : { scalars: part(scalars) }) };
      await ask({ call: 'run', program, request: { steps: count, firstStep: firstStep + from, ...piece } });
    }
  }

  async function read(slot: string, offset?: number, length?: number): Promise<SlotData> {
    const known = slots.get(slot);
    const wanted = length ?? (known === undefined ? undefined : known.elements - (offset ?? 0));
    const atOnce = known === undefined ? Infinity : pieceBytes / known.elementBytes;
    if (wanted === undefined || wanted <= atOnce) return askForData(slot, offset, wanted);
    let whole: SlotData | undefined;
    await inPieces(wanted, atOnce, async (from, to) => {
      const piece = await askForData(slot, (offset ?? 0) + from, to - from);
      whole ??= new (piece.constructor as new (length: number) => SlotData)(wanted);
      whole.set(piece, from);
    });
    return whole!;
  }

  async function profile(program: string, request: RunRequest): Promise<Float64Array> {
    const times = await ask({ call: 'profile', program, request });
    if (times instanceof Float64Array) return times;
    breach();
    return raise(engineLost(lostFor!));
  }

  async function dispose(): Promise<void> {
    if (lostFor !== undefined) return;
    await ask({ call: 'dispose' }).catch(() => undefined);
    lose(closedByOwner);
    port.close(closedByOwner);
  }

  return {
    info,
    load: (session) => inTurn(() => load(session)),
    write: (slot, data, offset) => inTurn(() => write(slot, data, offset)),
    run: (program, request) => inTurn(() => run(program, request)),
    read: (slot, offset, length) => inTurn(() => read(slot, offset, length)),
    profile: (program, request) => inTurn(() => profile(program, request)),
    dispose: () => (disposed ??= inTurn(dispose)),
  };
}

/** Calls for every piece of `count` elements, a few at a time. */
async function inPieces(count: number, atOnce: number, send: (from: number, to: number) => Promise<unknown>): Promise<void> {
  let underWay: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const piece = send(from, Math.min(count, from + atOnce));
    // Those behind the first that fails fail unheard.
    piece.catch(() => undefined);
    underWay.push(piece);
    if (underWay.length < piecesUnderWay) continue;
    await underWay[0];
    underWay = underWay.slice(1);
  }
  await Promise.all(underWay);
}
