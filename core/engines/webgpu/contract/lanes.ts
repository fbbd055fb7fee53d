/**
 * Contractions for processors that play a graphics adapter: four neighbouring threads are the lanes of one vector, any
 * access to memory is many instructions, and barriers cost more than they save. Each thread keeps a block of sums in
 * registers: the same rows as its neighbours, columns of its own. Rows are loaded by one lane each and passed on.
 */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place } from '../shader.ts';
import { spread } from '../wgsl/dispatch.ts';
import { emitEpilogue, epilogueMemory } from '../wgsl/epilogue.ts';
import { shaderMemory, type ShaderMemory } from '../wgsl/memory.ts';
import { emitDepth, planDepth, type DepthBlock } from './depth.ts';
import { countOf, neighbourOffsets, offsetOf } from './groups.ts';
import { emitResults } from './results.ts';
import { readSides, type Side, type Sides } from './sides.ts';

const lanes = 4;
/** Workgroups at least, where rows can be shared out among more. */
const enoughTiles = 16;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const component = (i: number) => 'xyzw'[i]!;

interface Block {
  readonly rows: number;
  readonly columns: number;
  /** Rows are loaded once for all lanes. */
  readonly shared: boolean;
}

export function laneShaders(kernel: ContractKernel, place: Place, limits: GpuLimits): KernelShaders {
  const { batch, k, epilogue } = kernel;
  const sides = readSides(kernel, place);
  const { rows, columns } = sides;
  const block = chooseBlock(sides, countOf(batch), limits.subgroups && limits.subgroupSize === lanes);
  const vectors = [rows, columns].filter(({ reading }) => reading !== 'single').map(({ buffer }) => buffer);
  const memory = shaderMemory(kernel.buffers, place, { ...(epilogue === undefined ? {} : epilogueMemory(epilogue)), vectors });
  const reading = ({ buffer, reading: wanted }: Side) => (memory.isVector(buffer) ? wanted : 'single');
  const [rowReading, columnReading] = [reading(rows), reading(columns)];
  const depth = planDepth(k, { inFours: rowReading !== 'single' || columnReading === 'depth' });

  const rowTiles = Math.ceil(rows.count / block.rows);
  const columnTiles = Math.ceil(columns.count / (lanes * block.columns));
  const tiles = countOf(batch) * rowTiles * columnTiles;
  const { workgroups, number, overhangs } = spread(tiles, limits);
  const start = ({ tensor, buffer, axes }: Side, index: string) =>
    `${memory.base(buffer)} + ${offsetOf(batch, tensor, 'batch')} + ${offsetOf(axes, tensor, index)}`;

  const rowText = emitRows(rows, rowReading, block, memory, start);
  const columnText = emitColumns(columns, columnReading, block, memory, start);
  const sum = (i: number, j: number) => `sum${i}_${j}`;
  const body = (steps: DepthBlock) => {
    const count = steps.left.length;
    return [
      rowText.load(steps[rows.tensor]),
      columnText.load(steps[columns.tensor]),
      ...range(block.rows).map((i) => {
        const chain = (j: number) => range(count).reduce((total, u) => `fma(row${u}, ${columnText.value(j, u)}, ${total})`, sum(i, j));
        const values = range(count).map((u) => `let row${u} = ${rowText.value(i, u)};`);
        return `{ ${values.join(' ')} ${range(block.columns)
          .map((j) => `${sum(i, j)} = ${chain(j)};`)
          .join(' ')} }`;
      }),
    ].join('\n');
  };

  const code = `${block.shared ? 'enable subgroups;\n' : ''}${memory.declarations}
${epilogue === undefined ? '' : emitEpilogue(epilogue, memory)}
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(${block.shared ? 'subgroup_invocation_id' : 'local_invocation_index'}) lane: u32) {
  let tile = ${number};
  ${overhangs ? `if (tile >= ${tiles}u) { return; }` : ''}
  let batch = tile / ${rowTiles * columnTiles}u;
  let firstRow = tile / ${columnTiles}u % ${rowTiles}u * ${block.rows}u;
  let firstColumn = (tile % ${columnTiles}u * ${lanes}u + lane) * ${block.columns}u;
  ${rowText.starts}
  ${columnText.starts}
  ${range(block.rows)
    .flatMap((i) => range(block.columns).map((j) => `var ${sum(i, j)} = 0f;`))
    .join(' ')}
  ${emitDepth(depth, body)}
  ${emitResults(kernel, sides, memory, {
    sums: range(block.rows).map((i) => range(block.columns).map((j) => sum(i, j))),
    row: 'firstRow + i',
    column: 'firstColumn + j',
    rowsFit: rows.count % block.rows === 0,
    columnsFit: columns.count % (lanes * block.columns) === 0,
  })}
}
`;
  return { shaders: [{ code, workgroups, pages: memory.pages, args: memory.args }], scratchBytes: 0 };
}

function chooseBlock({ rows, columns }: Sides, batches: number, canShare: boolean): Block {
  const width = chooseColumns(columns);
  const shared = canShare && rows.count >= lanes;
  const columnTiles = batches * Math.ceil(columns.count / (lanes * width));
  return { rows: shared ? chooseRows(rows.count, columnTiles) : Math.min(rows.count, lanes), columns: width, shared };
}

/** More sums than registers pay: each value that is loaded serves more of them. But all processors should have some. */
function chooseRows(count: number, columnTiles: number): number {
  const isEnough = (height: number) => count >= 2 * height && columnTiles * Math.ceil(count / height) >= enoughTiles;
  if (isEnough(4 * lanes)) return 4 * lanes;
  return count <= lanes || (count <= 4 * lanes && !isEnough(2 * lanes)) ? lanes : 2 * lanes;
}

function chooseColumns({ count, axes, tensor, reading }: Side): number {
  if (count < 4 * lanes) return reading === 'major' && count >= 4 ? 4 : Math.ceil(count / lanes);
  if (reading !== 'single') return 4;
  // Windows: blocks in which neighbours share most of what they read.
  const even = [9, 8, 7, 6, 5, 4].find((width) => neighbourOffsets(axes, tensor, width) !== undefined);
  return axes.filter(({ size }) => size > 1).length === 1 ? 4 : (even ?? 4);
}

interface OperandText {
  /** Declares where its indices begin. */
  readonly starts: string;
  /** Loads a block of steps, each `offsets` from the block's start. */
  load(offsets: readonly number[]): string;
  /** The loaded value of an index at a step. */
  value(index: number, step: number): string;
}

type Start = (side: Side, index: string) => string;

function emitRows(side: Side, reading: Side['reading'], { rows, shared }: Block, memory: ShaderMemory, start: Start): OperandText {
  const { buffer, tensor } = side;
  const depth = tensor === 'left' ? 'depthLeft' : 'depthRight';
  const quads = range(Math.ceil(rows / lanes));
  if (reading === 'major') {
    // Lane u holds four rows at step u.
    const at = (first: number) => start(side, `(firstRow + ${first}u)`);
    return {
      starts: quads.map((q) => `let rowStart${q} = ${at(q * 4)};`).join('\n  '),
      load: (offsets) =>
        quads
          .flatMap((q) =>
            shared
              ? [
                  `let rowLoad${q} = ${memory.load4(buffer, `rowStart${q} + ${depth} + lane * ${(offsets[1] ?? 0) - offsets[0]!}u`)};`,
                  ...offsets.map((_, u) => `let rows${q}_${u} = subgroupBroadcast(rowLoad${q}, ${u}u);`),
                ]
              : offsets.map((offset, u) => `let rows${q}_${u} = ${memory.load4(buffer, `rowStart${q} + ${depth} + ${offset}u`)};`),
          )
          .join(' '),
      value: (i, u) => `rows${i >> 2}_${u}.${component(i & 3)}`,
    };
  }
  const loads = shared ? quads : range(rows);
  const index = (r: number) => (shared ? `(firstRow + ${r * lanes}u + lane)` : `(firstRow + ${r}u)`);
  const starts = loads.map((r) => `let rowStart${r} = ${start(side, index(r))};`).join('\n  ');
  const pass = (i: number, name: (load: number) => string) =>
    shared ? `subgroupBroadcast(${name(Math.floor(i / lanes))}, ${i % lanes}u)` : name(i);
  if (reading === 'depth') {
    return {
      starts,
      load: () => loads.map((r) => `let rowLoad${r} = ${memory.load4(buffer, `rowStart${r} + ${depth}`)};`).join(' '),
      value: (i, u) => pass(i, (r) => `rowLoad${r}.${component(u)}`),
    };
  }
  return {
    starts,
    load: (offsets) =>
      loads
        .flatMap((r) =>
          offsets.map((offset, u) => `let rowLoad${r}_${u} = ${memory.loadAt(buffer, 'f32', `rowStart${r} + ${depth} + ${offset}u`)};`),
        )
        .join(' '),
    value: (i, u) => pass(i, (r) => `rowLoad${r}_${u}`),
  };
}

function emitColumns(side: Side, reading: Side['reading'], { columns }: Block, memory: ShaderMemory, start: Start): OperandText {
  const { axes, buffer, tensor } = side;
  const depth = tensor === 'left' ? 'depthLeft' : 'depthRight';
  const even = neighbourOffsets(axes, tensor, columns);
  const starts = range(even === undefined ? columns : 1)
    .map((j) => `let columnStart${j} = ${start(side, `(firstColumn + ${j}u)`)};`)
    .join('\n  ');
  const at = (j: number, offset: number) =>
    even === undefined ? `columnStart${j} + ${depth} + ${offset}u` : `columnStart0 + ${depth} + ${even[j]! + offset}u`;
  if (reading === 'depth') {
    return {
      starts,
      load: () =>
        range(columns)
          .map((j) => `let column${j} = ${memory.load4(buffer, at(j, 0))};`)
          .join(' '),
      value: (j, u) => `column${j}.${component(u)}`,
    };
  }
  if (reading === 'major' && columns % 4 === 0) {
    return {
      starts,
      load: (offsets) =>
        offsets
          .flatMap((offset, u) => range(columns / 4).map((v) => `let columns${v}_${u} = ${memory.load4(buffer, at(4 * v, offset))};`))
          .join(' '),
      value: (j, u) => `columns${j >> 2}_${u}.${component(j & 3)}`,
    };
  }
  // What several columns read at different steps is loaded once.
  let names = new Map<string, string>();
  let steps: readonly number[] = [];
  return {
    starts,
    load(offsets) {
      names = new Map();
      steps = offsets;
      for (const offset of offsets) {
        for (const j of range(columns)) if (!names.has(at(j, offset))) names.set(at(j, offset), `column${names.size}`);
      }
      return [...names].map(([place, name]) => `let ${name} = ${memory.loadAt(buffer, 'f32', place)};`).join(' ');
    },
    value: (j, u) => names.get(at(j, steps[u]!))!,
  };
}
