/**
 * Contractions for graphics processors: a workgroup computes a tile of results from pieces of both operands that it
 * brings to workgroup memory together, a thread a block of the tile in registers. Where there are too few tiles to keep
 * the processor busy, several workgroups share the sum over k, and a second dispatch adds their parts in order.
 */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place, Shader } from '../shader.ts';
import { spread } from '../wgsl/dispatch.ts';
import { emitEpilogue, epilogueMemory } from '../wgsl/epilogue.ts';
import { shaderMemory, type ShaderMemory } from '../wgsl/memory.ts';
import { countOf, offsetOf, type Axes } from './groups.ts';
import { emitResult, emitResults } from './results.ts';
import { readSides, type Side, type Sides } from './sides.ts';

/** Threads of a workgroup and sums of a thread in each direction; all powers of two. */
interface Tile {
  readonly threadRows: number;
  readonly threadColumns: number;
  readonly rows: number;
  readonly columns: number;
}

/** Steps of k in workgroup memory at once: 64 rows and 64 columns of them take 8 KiB. */
const depthBlock = 16;
/** Fewer workgroups than that leave most processors idle. */
const enoughGroups = 96;
/** Steps of k a part has at least, or adding the parts would cost more than it saves. */
const shortestPart = 128;
const largestScratchBytes = 32 << 20;
const finishThreads = 64;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function chooseTile({ rows, columns }: Sides, batch: number): Tile {
  const wide = (width: number) => ({ threadColumns: 16, columns: width });
  if (rows.count <= 2) return { threadRows: 1, rows: rows.count, threadColumns: 64, columns: 1 };
  if (rows.count <= 8) return { threadRows: 4, rows: 2, threadColumns: 32, columns: 2 };
  const groups = (height: number, width: number) => batch * Math.ceil(rows.count / height) * Math.ceil(columns.count / width);
  const height = rows.count <= 16 ? 1 : rows.count <= 32 ? 2 : 4;
  const width = columns.count <= 16 ? 1 : columns.count <= 32 ? 2 : 4;
  // Half as large, if that is what it takes to occupy the processor.
  const isScarce = groups(16 * height, 16 * width) < enoughGroups;
  return { threadRows: 16, rows: isScarce ? Math.min(height, 2) : height, ...wide(isScarce ? Math.min(width, 2) : width) };
}

function choosePartCount(groups: number, depth: number, outputs: number): number {
  if (groups >= enoughGroups) return 1;
  const parts = Math.min(
    Math.ceil(enoughGroups / groups),
    Math.floor(depth / shortestPart),
    Math.floor(largestScratchBytes / (4 * outputs)),
  );
  return Math.max(1, parts);
}

export function tileShaders(kernel: ContractKernel, place: Place, limits: GpuLimits): KernelShaders {
  const { batch, m, n, k, epilogue } = kernel;
  const sides = readSides(kernel, place);
  const { rows, columns } = sides;
  const [batches, depth] = [countOf(batch), countOf(k)];
  const tile = chooseTile(sides, batches);
  const tileRows = tile.threadRows * tile.rows;
  const tileColumns = tile.threadColumns * tile.columns;
  const threads = tile.threadRows * tile.threadColumns;
  const rowTiles = Math.ceil(rows.count / tileRows);
  const columnTiles = Math.ceil(columns.count / tileColumns);
  const tiles = batches * rowTiles * columnTiles;
  const outputs = batches * rows.count * columns.count;
  const parts = choosePartCount(tiles, depth, outputs);
  const span = Math.ceil(depth / parts / depthBlock) * depthBlock;
  const { workgroups, number, overhangs } = spread(tiles * parts, limits);

  const isSplit = parts > 1;
  const finishing = epilogue === undefined ? {} : epilogueMemory(epilogue);
  const vectors = [rows, columns].filter(({ reading }) => reading !== 'single').map(({ buffer }) => buffer);
  const memory = isSplit
    ? shaderMemory(kernel.buffers.slice(0, 2), place, { vectors, scratch: 'plain' })
    : shaderMemory(kernel.buffers, place, { ...finishing, vectors });
  const sums = range(tile.rows).map((i) => range(tile.columns).map((j) => `sum${i}_${j}`));
  const flat = `((batch * ${countOf(m)}u + m) * ${countOf(n)}u + n)`;
  const results = emitResults(
    kernel,
    sides,
    memory,
    { sums, row: `firstRow + threadRow + i * ${tile.threadRows}u`, column: `firstColumn + threadColumn + j * ${tile.threadColumns}u` },
    isSplit ? (sum) => memory.store(memory.scratch, 'f32', `(part * ${outputs}u + ${flat})`, sum) : undefined,
  );
  const rowPiece = emitPiece('rowPiece', rows, kernel, tileRows, threads, 'firstRow', memory);
  const columnPiece = emitPiece('columnPiece', columns, kernel, tileColumns, threads, 'firstColumn', memory);
  const code = `${memory.declarations}
${epilogue === undefined || isSplit ? '' : emitEpilogue(epilogue, memory)}
var<workgroup> rowPiece: array<f32, ${depthBlock * (tileRows + 1)}>;
var<workgroup> columnPiece: array<f32, ${depthBlock * (tileColumns + 1)}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let number = ${number};
  ${overhangs ? `if (number >= ${tiles * parts}u) { return; }` : ''}
  let part = number / ${tiles}u;
  let tile = number % ${tiles}u;
  let batch = tile / ${rowTiles * columnTiles}u;
  let firstRow = tile / ${columnTiles}u % ${rowTiles}u * ${tileRows}u;
  let firstColumn = tile % ${columnTiles}u * ${tileColumns}u;
  let threadRow = thread / ${tile.threadColumns}u;
  let threadColumn = thread % ${tile.threadColumns}u;
  ${rowPiece.starts}
  ${columnPiece.starts}
  ${sums
    .flat()
    .map((name) => `var ${name} = 0f;`)
    .join(' ')}
  let depthEnd = min(${depth}u, (part + 1u) * ${span}u);
  for (var depth = part * ${span}u; depth < depthEnd; depth += ${depthBlock}u) {
    ${rowPiece.load}
    ${columnPiece.load}
    workgroupBarrier();
    for (var step = 0u; step < ${depthBlock}u; step++) {
      ${range(tile.rows)
        .map((i) => `let row${i} = rowPiece[step * ${tileRows + 1}u + threadRow + ${i * tile.threadRows}u];`)
        .join('\n      ')}
      ${range(tile.columns)
        .map((j) => `let column${j} = columnPiece[step * ${tileColumns + 1}u + threadColumn + ${j * tile.threadColumns}u];`)
        .join('\n      ')}
      ${sums.flatMap((names, i) => names.map((name, j) => `${name} = fma(row${i}, column${j}, ${name});`)).join('\n      ')}
    }
    workgroupBarrier();
  }
  ${results}
}
`;
  const shader: Shader = { code, workgroups, pages: memory.pages, args: memory.args };
  if (!isSplit) return { shaders: [shader], scratchBytes: 0 };
  return { shaders: [shader, finishShader(kernel, place, limits, outputs, parts)], scratchBytes: 4 * outputs * parts };
}

interface PieceText {
  /** Declares what stays the same for all pieces. */
  readonly starts: string;
  readonly load: string;
}

/**
 * A piece: `size` rows or columns × `depthBlock` steps from `depth` on, zero beyond the end, as piece[step * (size + 1) + index].
 * Threads go along whichever the tensor has closer together, so that neighbours read neighbours,
 * four elements at a time where the strides allow.
 */
function emitPiece(
  name: string,
  { tensor, buffer, axes, reading }: Side,
  { batch, k }: ContractKernel,
  size: number,
  threads: number,
  first: string,
  memory: ShaderMemory,
): PieceText {
  const closest = (group: Axes) => group.findLast((axis) => axis.size > 1)?.[tensor] || Infinity;
  // Elements of a load.
  const width = memory.isVector(buffer) && size >= 4 ? 4 : 1;
  const alongDepth = reading === 'depth' || (reading === 'single' && closest(k) < closest(axes)) || size / width > threads;
  const loadCount = (size * depthBlock) / width;
  const rounds = Math.ceil(loadCount / threads);
  const groups = (alongDepth ? depthBlock : size) / width;
  const near = `thread % ${groups}u * ${width}u`;
  const far = (r: number) => `thread / ${groups}u + ${(r * threads) / groups}u`;
  const startOf = (r: number) => (alongDepth ? r : 0);
  const starts = range(alongDepth ? rounds : 1).map((r) => {
    const place = `${memory.base(buffer)} + ${offsetOf(batch, tensor, 'batch')} + ${offsetOf(axes, tensor, `(${first} + ${name}Index${r})`)}`;
    return `let ${name}Index${r} = ${alongDepth ? far(r) : near}; let ${name}Start${r} = ${place};`;
  });
  const overhangs = alongDepth && countOf(k) % width > 0;
  const loads = range(rounds).map((r) => {
    const start = startOf(r);
    const place = `(${name}Start${start} + ${offsetOf(k, tensor, 'at')})`;
    const to = (c: number) => `${name}[(step + ${alongDepth ? c : 0}u) * ${size + 1}u + ${name}Index${start} + ${alongDepth ? 0 : c}u]`;
    const lines = [
      `let step = ${alongDepth ? near : far(r)}; let at = depth + step;`,
      `var value = ${width === 4 ? 'vec4f()' : '0f'};`,
      `if (at < depthEnd) { value = ${width === 4 ? memory.load4(buffer, place) : memory.loadAt(buffer, 'f32', place)}; }`,
      width === 4 && overhangs ? 'value = select(vec4f(), value, vec4u(at) + vec4u(0, 1, 2, 3) < vec4u(depthEnd));' : '',
      ...range(width).map((c) => `${to(c)} = value${width === 4 ? `.${'xyzw'[c]!}` : ''};`),
    ];
    return `{ ${lines.join(' ')} }`;
  });
  const load = loads.join('\n    ');
  return { starts: starts.join('\n  '), load: loadCount < threads ? `if (thread < ${loadCount}u) { ${load} }` : load };
}

/** Adds the parts of every result in order. */
function finishShader(kernel: ContractKernel, place: Place, limits: GpuLimits, outputs: number, parts: number): Shader {
  const { m, n, epilogue } = kernel;
  const options = epilogue === undefined ? {} : epilogueMemory(epilogue);
  const memory = shaderMemory(kernel.buffers, place, { ...options, scratch: 'plain' });
  const [rows, columns] = [countOf(m), countOf(n)];
  const { workgroups, number } = spread(Math.ceil(outputs / finishThreads), limits);
  const code = `${memory.declarations}
${epilogue === undefined ? '' : emitEpilogue(epilogue, memory)}
@compute @workgroup_size(${finishThreads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let output = ${number} * ${finishThreads}u + thread;
  if (output >= ${outputs}u) { return; }
  let n = output % ${columns}u;
  let m = output / ${columns}u % ${rows}u;
  let batch = output / ${columns * rows}u;
  var total = 0f;
  for (var part = 0u; part < ${parts}u; part++) { total += ${memory.load(memory.scratch, 'f32', `(part * ${outputs}u + output)`)}; }
  ${emitResult(kernel, memory, 'total')}
}
`;
  return { code, workgroups, pages: memory.pages, args: memory.args };
}
