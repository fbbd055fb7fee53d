/** The other side of a remote engine: carries out the calls that come through a port, in their order, on an engine of its own. */
import { decodeFrame } from '../../exchange/frames.ts';
import { ProblemError, raise } from '../../problem.ts';
import type { Problem } from '../../problem.ts';
import type { Engine, RunRequest, Session, SlotData } from '../engine.ts';
import { closedByOwner } from './port.ts';
import type { EnginePort } from './port.ts';
import { isObject, isSlotData, maxSessionBytes } from './protocol.ts';
import type { EngineCall, EngineReply, EngineRequest } from './protocol.ts';

/** Core's type library knows neither world, both have it. */
const { TextDecoder } = globalThis as unknown as {
  TextDecoder: new () => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };
};

/**
 * The engine is made by the first call, and disposed of when the port closes or the other side is done with it.
 * @param now milliseconds, for what is timed here
 * @returns once the engine is gone
 */
export function serveEngine(port: EnginePort, create: () => Promise<Engine> | Engine, now: () => number = Date.now): Promise<void> {
  let engine: Promise<Engine> | undefined;
  const pieces: Uint8Array[] = [];
  let pieceTotal = 0;
  let closed = false;

  async function carryOut(call: EngineCall): Promise<SlotData | undefined> {
    engine ??= Promise.resolve(create());
    const made = await engine;
    switch (call.call) {
      case 'sessionPiece':
        pieceTotal += call.bytes.length;
        if (pieceTotal > maxSessionBytes) throw new Error('The session is larger than any network.');
        pieces.push(call.bytes);
        return undefined;
      case 'load':
        pieceTotal = 0;
        await made.load(decodeSession(pieces.splice(0)));
        return undefined;
      case 'write':
        await made.write(call.slot, call.data, call.offset);
        return undefined;
      case 'run':
        await made.run(call.program, call.request);
        return undefined;
      case 'profile':
        return (await made.profile?.(call.program, call.request, now)) ?? raise(noKernels(made));
      case 'read':
        return made.read(call.slot, call.offset, call.length);
      case 'dispose':
        engine = undefined;
        await made.dispose();
        return undefined;
      default:
        return call satisfies never;
    }
  }

  async function answer(request: EngineRequest): Promise<void> {
    if (closed) return;
    const { id } = request;
    try {
      const value = await carryOut(request);
      port.post((value === undefined ? { id, ok: true } : { id, ok: true, value }) satisfies EngineReply);
    } catch (error) {
      port.post({ id, ok: false, ...describe(error) } satisfies EngineReply);
    }
  }

  let last: Promise<void> = Promise.resolve();
  port.onMessage((message) => {
    const request = readRequest(message);
    if (request === null) return port.close('A call to the engine could not be understood.');
    last = last.then(() => answer(request));
    if (request.call === 'dispose') last = last.then(() => port.close(closedByOwner));
  });

  return new Promise((resolve) => {
    port.onClose(() => {
      closed = true;
      // What is under way ends first: an engine is never disposed of in the middle of a call.
      void last
        .then(async () => (await engine)?.dispose())
        .catch(() => undefined)
        .then(() => resolve());
    });
  });
}

const noKernels = ({ info }: Engine): Problem => ({
  code: 'engine.noKernels',
  message: `The kernels of ${info.label} cannot be measured one by one.`,
});

function decodeSession(pieces: readonly Uint8Array[]): Session {
  const decoder = new TextDecoder();
  let json = '';
  for (const piece of pieces) json += decoder.decode(piece, { stream: true });
  return decodeFrame(json + decoder.decode()) as Session;
}

function describe(error: unknown): { problem: Problem } | { error: string } {
  if (error instanceof ProblemError) return { problem: error.problem };
  return { error: error instanceof Error ? error.message : String(error) };
}

/** The call as it should be, or null. Sessions and run requests are checked by the engine. */
function readRequest(message: unknown): EngineRequest | null {
  if (!isObject(message) || !Number.isSafeInteger(message.id)) return null;
  const { call } = message;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const well =
    call === 'load' ||
    call === 'dispose' ||
    (call === 'sessionPiece' && message.bytes instanceof Uint8Array) ||
    (call === 'write' && typeof message.slot === 'string' && isSlotData(message.data) && isCount(message.offset)) ||
    ((call === 'run' || call === 'profile') && typeof message.program === 'string' && isRunRequest(message.request)) ||
    (call === 'read' &&
      typeof message.slot === 'string' &&
      (message.offset === undefined || isCount(message.offset)) &&
      (message.length === undefined || isCount(message.length)));
  return well ? (message as unknown as EngineRequest) : null;
}

function isRunRequest(value: unknown): value is RunRequest {
  return (
    isObject(value) &&
    Number.isSafeInteger(value.steps) &&
    Number.isSafeInteger(value.firstStep) &&
    (value.rows === undefined || value.rows instanceof Int32Array) &&
    (value.scalars === undefined || value.scalars instanceof Float32Array)
  );
}
