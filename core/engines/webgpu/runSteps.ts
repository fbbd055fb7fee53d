/** Runs steps: inputs uploaded in pieces, every step encoded anew, several per submit, one small read-back at the end. */
import { checkRequest } from '../checkCalls.ts';
import type { RunRequest } from '../engine.ts';
import { checkRows } from '../rowTables.ts';
import { encodeDispatch } from './dispatches.ts';
import type { GpuProgram, GpuSession, GpuStore } from './gpuSession.ts';
import { fillBlocks, statusBytes } from './stepBlock.ts';

const clearStatus = new Uint32Array(statusBytes / 4);

/** Of the same program, waiting on the device: one that runs and one that is ready. */
const submitsInFlight = 2;

export async function runSteps(session: GpuSession, loaded: GpuProgram, request: RunRequest): Promise<void> {
  const { device, guard, memory, readback } = session;
  const { pace } = loaded;
  checkRun(loaded, request);
  if (request.steps === 0) return;
  device.queue.writeBuffer(memory.step, 0, clearStatus);
  const inFlight: Promise<void>[] = [];
  for (let done = 0; done < request.steps;) {
    const uploaded = uploadSteps(session, loaded, request, done);
    for (let i = 0; i < uploaded;) {
      const count = Math.min(uploaded - i, pace.steps);
      const encoder = device.createCommandEncoder();
      for (let k = 0; k < count; k++) encodeStep(encoder, session, loaded, i + k);
      i += count;
      done += count;
      const finish = pace.start(count);
      if (done === request.steps) {
        const bytes = await readback.read(8, (last, staging) => last.copyBufferToBuffer(memory.step, 0, staging, 0, 8), encoder);
        finish();
        const [failed, row] = new Int32Array(bytes.buffer);
        if (failed !== 0) throw new Error(`gather: row ${row} is outside its table`);
        return;
      }
      device.queue.submit([encoder.finish()]);
      const submitted = guard.wait(device.queue.onSubmittedWorkDone()).then(finish);
      // Where the device fails, the call says it once.
      submitted.catch(() => undefined);
      inFlight.push(submitted);
      if (inFlight.length >= submitsInFlight) await inFlight.shift();
    }
  }
}

/** @throws Error naming what is missing, or the row outside its table */
export function checkRun({ program, block, rowTables }: GpuProgram, request: RunRequest): void {
  checkRequest(program, request, block.rows);
  if (block.rows > 0 && request.rows !== undefined) checkRows(rowTables, request.rows, request.steps * block.rows);
}

/** Uploads as many steps as fit; returns how many. */
export function uploadSteps(
  { device, memory, uploadWords, key }: GpuSession,
  { block }: GpuProgram,
  request: RunRequest,
  from: number,
): number {
  const count = Math.min(request.steps - from, Math.floor(uploadWords.length / block.words));
  const { firstStep, rows, scalars } = request;
  fillBlocks(uploadWords, block, { key, firstStep, rows, scalars }, from, count);
  device.queue.writeBuffer(memory.upload, 0, uploadWords, 0, count * block.words);
  return count;
}

/** The uploaded step `index`: its inputs into the step page. */
export function encodeInputs(encoder: GPUCommandEncoder, { memory }: GpuSession, { block }: GpuProgram, index: number): void {
  encoder.copyBufferToBuffer(memory.upload, 4 * index * block.words, memory.step, statusBytes, 4 * block.words);
}

function encodeStep(encoder: GPUCommandEncoder, session: GpuSession, loaded: GpuProgram, index: number): void {
  encodeInputs(encoder, session, loaded, index);
  const { dispatches, stores } = loaded;
  if (dispatches.length > 0) {
    const pass = encoder.beginComputePass();
    for (let i = 0; i < dispatches.length; i++) encodeDispatch(pass, dispatches[i]!);
    pass.end();
  }
  for (let i = 0; i < stores.length; i++) encodeStore(encoder, stores[i]!, session.memory.hop);
}

function encodeStore(encoder: GPUCommandEncoder, { source, sourceAt, target, targetAt, bytes, ring }: GpuStore, hop: GPUBuffer): void {
  let at = targetAt;
  if (ring !== undefined) {
    at += ring.next * bytes;
    ring.next = (ring.next + 1) % ring.rows;
  }
  if (source !== target) {
    encoder.copyBufferToBuffer(source, sourceAt, target, at, bytes);
    return;
  }
  encoder.copyBufferToBuffer(source, sourceAt, hop, 0, bytes);
  encoder.copyBufferToBuffer(hop, 0, target, at, bytes);
}
