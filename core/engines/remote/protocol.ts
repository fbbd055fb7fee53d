/**
 * What crosses between a remote engine and whoever serves it: one message per call, with a number that comes back with the
 * reply. Slots are written and read piece by piece; a session's programs, which may be megabytes of JSON, come as pieces of
 * text before `load`.
 */
import { maxChunkBytes } from '../../exchange/frames.ts';
import type { Problem, ProblemPlace } from '../../problem.ts';
import type { RunRequest, SlotData } from '../engine.ts';

export type EngineCall =
  /** The next bytes of the session's JSON (UTF-8), in order. */
  | { readonly call: 'sessionPiece'; readonly bytes: Uint8Array }
  /** All pieces are there. */
  | { readonly call: 'load' }
  | { readonly call: 'write'; readonly slot: string; readonly data: SlotData; readonly offset: number }
  | { readonly call: 'run'; readonly program: string; readonly request: RunRequest }
  /** Timed by the clock over there. */
  | { readonly call: 'profile'; readonly program: string; readonly request: RunRequest }
  | { readonly call: 'read'; readonly slot: string; readonly offset?: number; readonly length?: number }
  | { readonly call: 'dispose' };

export type EngineRequest = EngineCall & { readonly id: number };

export type EngineReply = { readonly id: number } & (
  | { readonly ok: true; readonly value?: SlotData }
  | { readonly ok: false; readonly problem: Problem }
  /** A defect of ours. */
  | { readonly ok: false; readonly error: string }
);

/** Largest piece of one message; a frame holds twice as much. */
export const pieceBytes = maxChunkBytes;
/** Pieces under way at once: enough to hide the way there and back, little enough not to pile up. */
export const piecesUnderWay = 4;
/** Far beyond what any network lowers to. */
export const maxSessionBytes = 512 * 1024 * 1024;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

export function isSlotData(value: unknown): value is SlotData {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array || value instanceof Float64Array;
}

/** A reply as it should be, or null. */
export function readReply(message: unknown): EngineReply | null {
  if (!isObject(message) || !Number.isSafeInteger(message.id)) return null;
  const id = message.id as number;
  if (message.ok === true) {
    if (message.value === undefined) return { id, ok: true };
    return isSlotData(message.value) ? { id, ok: true, value: message.value } : null;
  }
  if (message.ok !== false) return null;
  if (typeof message.error === 'string') return { id, ok: false, error: clip(message.error) };
  const problem = readProblem(message.problem);
  return problem === null ? null : { id, ok: false, problem };
}

/** The parts of a problem that can be shown; nothing else of what the other side sent comes through. */
export function readProblem(value: unknown): Problem | null {
  if (!isObject(value) || typeof value.code !== 'string' || typeof value.message !== 'string') return null;
  const where = readPlace(value.where);
  return {
    code: clip(value.code),
    message: clip(value.message),
    ...(typeof value.hint === 'string' ? { hint: clip(value.hint) } : {}),
    ...(where === null ? {} : { where }),
  };
}

function readPlace(value: unknown): ProblemPlace | null {
  if (!isObject(value)) return null;
  if (value.kind === 'config' && typeof value.path === 'string') return { kind: 'config', path: clip(value.path) };
  if (value.kind === 'node' && typeof value.node === 'string') return { kind: 'node', node: clip(value.node) };
  return null;
}

const maxTextLength = 2_000;

function clip(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
