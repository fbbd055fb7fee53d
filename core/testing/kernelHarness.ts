/**
 * An engine for tests of fused kernels alone: one module per program, one thread, contractions as plain loops, and every
 * kernel in pieces of changing size, so that units that depend on each other would be noticed.
 */
import wabt from 'wabt';
import type { Engine, Session, SlotData } from '../engines/engine.ts';
import { emitEpilogue, emitKernel, epilogueSignature, kernelHelpers, kernelSignature } from '../engines/wasm/emit/emitKernel.ts';
import { setKey } from '../random/philox.ts';
import { fuseProgram } from '../plan/fuse.ts';
import type { BufferRef, ContractAxis, ContractKernel, KernelProgram } from '../plan/kernelProgram.ts';
import { layoutSlots, type SlotLayout } from '../plan/plan.ts';
import { elementCount } from '../ops/shapes.ts';

const features = { simd: true, threads: true, relaxed_simd: true, bulk_memory: true, sat_float_to_int: true } as const;

type Kernels = Record<string, (...args: number[]) => void>;

export async function assemble(text: string): Promise<WebAssembly.Module> {
  const tools = await wabt();
  const parsed = tools.parseWat('kernels.wat', text, features as never);
  try {
    parsed.resolveNames();
    parsed.validate();
    return new WebAssembly.Module(parsed.toBinary({}).buffer as Uint8Array<ArrayBuffer>);
  } finally {
    parsed.destroy();
  }
}

interface Loaded {
  readonly program: KernelProgram;
  readonly run: () => void;
}

export function createHarness({ relaxed = false } = {}): Engine {
  let layout: SlotLayout;
  let memory: WebAssembly.Memory;
  let session: Session;
  let blocks: { readonly [K in BufferRef['region']]: number };
  const cursors = new Map<string, number>();
  const programs = new Map<string, Loaded>();

  const address = ({ region, byteOffset }: BufferRef) => blocks[region] + byteOffset;

  async function load(next: Session): Promise<void> {
    session = next;
    layout = layoutSlots(session.slots);
    const fused = Object.entries(session.programs).map(([name, program]) => [name, fuseProgram(program, layout)] as const);
    const arenaBytes = Math.max(64, ...fused.map(([, program]) => program.arenaBytes));
    const rows = Math.max(1, ...fused.map(([, program]) => program.batchSize));
    let top = 64;
    const block = (bytes: number) => {
      const start = top;
      top += Math.ceil(bytes / 64) * 64 + 64;
      return start;
    };
    blocks = {
      status: block(8),
      step: block(16),
      scalars: block(4 * 64),
      rows: block(4 * rows),
      slot: block(layout.totalBytes),
      arena: block(arenaBytes),
    };
    const largestTile = Math.max(1, ...fused.flatMap(([, program]) => program.kernels.map(tileElements)));
    const tile = block(4 * largestTile);
    const tables = block(1 << 20);
    memory = new WebAssembly.Memory({ initial: Math.ceil(top / 65_536) + 1 });
    // Nothing may count on fresh memory: NaN everywhere but in the slots.
    new Uint32Array(memory.buffer).fill(0x7fc00001);
    new Uint8Array(memory.buffer, blocks.slot, layout.totalBytes).fill(0);
    new Uint32Array(memory.buffer, blocks.status, 2).fill(0);
    setKey(new Uint32Array(memory.buffer, blocks.step, 2), session.seed);
    programs.clear();
    cursors.clear();
    for (const [name, program] of fused) programs.set(name, { program, run: await prepare(program, tables, tile) });
  }

  async function prepare(program: KernelProgram, tables: number, tile: number): Promise<() => void> {
    const names = new Map<string, string>();
    const texts: string[] = [];
    const named = (signature: string, emit: (name: string) => string): string => {
      let name = names.get(signature);
      if (name === undefined) {
        names.set(signature, (name = `kernel${names.size}`));
        texts.push(emit(`$${name} (export "${name}")`));
      }
      return name;
    };
    const calls = program.kernels.map((kernel) => {
      const args = kernel.buffers.map(address);
      if (kernel.kind !== 'contract') {
        return { kernel, args, name: named(kernelSignature(kernel), (name) => emitKernel(kernel, { name, relaxed })) };
      }
      const name = kernel.epilogue && named(epilogueSignature(kernel), (own) => emitEpilogue(kernel, { name: own, relaxed }));
      return { kernel, args, name };
    });
    const text = `(module (import "m" "memory" (memory 1)) ${kernelHelpers} ${texts.join('\n')})`;
    const { exports } = new WebAssembly.Instance(await assemble(text), { m: { memory } });
    return () => {
      for (const { kernel, args, name } of calls) {
        new Int32Array(memory.buffer, tables, args.length).set(args);
        const run = name === undefined ? undefined : (exports as Kernels)[name]!;
        if (kernel.kind === 'contract') runContract(kernel, args, run, tables, tile, memory);
        else for (let from = 0, size = 1; from < kernel.units; from += size++) run!(tables, from, Math.min(kernel.units, from + size));
      }
    };
  }

  function view(name: string): SlotData {
    const { byteOffset, spec } = layout.slots.get(name)!;
    const count = elementCount(spec.type.shape);
    const start = blocks.slot + byteOffset;
    if (spec.type.dtype === 'u8') return new Uint8Array(memory.buffer, start, count);
    return spec.type.dtype === 'i32' ? new Int32Array(memory.buffer, start, count) : new Float32Array(memory.buffer, start, count);
  }

  return {
    info: { kind: 'wasm', label: `kernels alone${relaxed ? ', relaxed' : ''}`, numerics: 'test', threads: 1 },
    load,
    write: async (name, data, offset = 0) => view(name).set(data, offset),
    read: async (name, offset = 0, length) => view(name).slice(offset, length === undefined ? undefined : offset + length),
    async run(name, { steps, firstStep, rows, scalars }) {
      const { program, run } = programs.get(name)!;
      for (let i = 0; i < steps; i++) {
        new Uint32Array(memory.buffer, blocks.step + 8, 2).set([(firstStep + i) % 2 ** 32, (firstStep + i) / 2 ** 32]);
        const k = program.scalarNames.length;
        if (scalars !== undefined) new Float32Array(memory.buffer, blocks.scalars, k).set(scalars.subarray(i * k, i * k + k));
        const b = program.batchSize;
        if (rows !== undefined) new Int32Array(memory.buffer, blocks.rows, b).set(rows.subarray(i * b, i * b + b));
        run();
        storeResults(program);
        const [failed, row] = new Int32Array(memory.buffer, blocks.status, 2);
        if (failed !== 0) throw new Error(`gather: row ${row} is outside its table`);
      }
    },
    dispose: async () => programs.clear(),
  };

  function storeResults({ stores }: KernelProgram): void {
    const bytes = new Uint8Array(memory.buffer);
    for (const { slot, mode, source } of stores) {
      const { byteOffset, spec } = layout.slots.get(slot)!;
      const cursor = cursors.get(slot) ?? 0;
      const target = blocks.slot + byteOffset + (mode === 'append' ? cursor * source.byteLength : 0);
      bytes.copyWithin(target, address(source), address(source) + source.byteLength);
      if (mode === 'append') cursors.set(slot, (cursor + 1) % spec.type.shape[0]!);
    }
  }
}

function count(axes: readonly ContractAxis[]): number {
  return axes.reduce((total, axis) => total * axis.size, 1);
}

function tileElements(kernel: KernelProgram['kernels'][number]): number {
  return kernel.kind === 'contract' ? count(kernel.m) * count(kernel.n) : 1;
}

/** Distances from the first element, in elements, of every index of a group of axes. */
function offsetsOf(axes: readonly ContractAxis[], key: 'left' | 'right' | 'out'): number[] {
  return axes.reduce<number[]>(
    (all, axis) => all.flatMap((start) => Array.from({ length: axis.size }, (_, i) => start + i * axis[key])),
    [0],
  );
}

function runContract(
  kernel: ContractKernel,
  args: readonly number[],
  epilogue: ((...args: number[]) => void) | undefined,
  tables: number,
  tile: number,
  memory: WebAssembly.Memory,
): void {
  const floats = new Float32Array(memory.buffer);
  const [left, right, out] = args.map((byte) => byte / 4) as [number, number, number];
  const { batch, m, n, k } = kernel;
  const offsets = (key: 'left' | 'right' | 'out') => [batch, m, n, k].map((axes) => offsetsOf(axes, key));
  const [lefts, rights, outs] = [offsets('left'), offsets('right'), offsets('out')];
  const sums = new Float32Array(memory.buffer, tile, count(m) * count(n));
  for (let z = 0; z < count(batch); z++) {
    for (let row = 0; row < count(m); row++) {
      for (let column = 0; column < count(n); column++) {
        let sum = 0;
        const l = left + lefts[0]![z]! + lefts[1]![row]!;
        const r = right + rights[0]![z]! + rights[2]![column]!;
        for (let i = 0; i < count(k); i++) sum += floats[l + lefts[3]![i]!]! * floats[r + rights[3]![i]!]!;
        sums[row * count(n) + column] = sum;
        if (kernel.storesResult) floats[out + outs[0]![z]! + outs[1]![row]! + outs[2]![column]!] = sum;
      }
    }
    if (epilogue === undefined) continue;
    // In pieces, as an engine's tiles are.
    for (let m0 = 0; m0 < count(m); m0 += 5) {
      for (let n0 = 0; n0 < count(n); n0 += 7) {
        const [m1, n1] = [Math.min(count(m), m0 + 5), Math.min(count(n), n0 + 7)];
        epilogue(tables, z, m0, m1, n0, n1, tile + 4 * (m0 * count(n) + n0), 4 * count(n));
      }
    }
  }
}
