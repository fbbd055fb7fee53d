/** What a thread does with its finished sums. */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { ShaderMemory } from '../wgsl/memory.ts';
import { offsetOf } from './groups.ts';
import type { Sides } from './sides.ts';

export interface Results {
  /** Names of the sums by row i and column j of the thread. */
  readonly sums: readonly (readonly string[])[];
  /** WGSL of the row of `i` and the column of `j`; they grow with i and j. */
  readonly row: string;
  readonly column: string;
  /** All of them exist in every tile, so that none need be checked. */
  readonly rowsFit?: boolean;
  readonly columnsFit?: boolean;
}

/** Stores the sum at `batch`, `m`, `n` and calls the epilogue, whichever there are. */
export function emitResult({ batch, m, n, storesResult, epilogue }: ContractKernel, memory: ShaderMemory, sum: string): string {
  const place = `(${offsetOf(batch, 'out', 'batch')} + ${offsetOf(m, 'out', 'm')} + ${offsetOf(n, 'out', 'n')})`;
  const store = storesResult ? memory.store(2, 'f32', place, sum) : '';
  return epilogue === undefined ? store : `${store} epilogue(batch, m, n, ${sum});`;
}

/** The same for all sums of a thread that exist, one after the other: an epilogue written out for each would be long. */
export function emitResults(
  kernel: ContractKernel,
  { rows, columns, swapped }: Sides,
  memory: ShaderMemory,
  { sums, row, column, rowsFit = false, columnsFit = false }: Results,
  finish = (sum: string) => emitResult(kernel, memory, sum),
): string {
  const height = sums.length;
  const width = sums[0]!.length;
  const [rowName, columnName] = swapped ? ['n', 'm'] : ['m', 'n'];
  return `var sums = array<f32, ${height * width}>(${sums.flat().join(', ')});
  for (var i = 0u; i < ${height}u; i++) {
    let ${rowName} = ${row};
    ${rowsFit ? '' : `if (${rowName} >= ${rows.count}u) { break; }`}
    for (var j = 0u; j < ${width}u; j++) {
      let ${columnName} = ${column};
      ${columnsFit ? '' : `if (${columnName} >= ${columns.count}u) { break; }`}
      let total = sums[i * ${width}u + j];
      ${finish('total')}
    }
  }`;
}
