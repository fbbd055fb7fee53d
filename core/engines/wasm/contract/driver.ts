/**
 * The kernel function of a contraction: walks its regions, hands each to the method's `$region_...` (or to the
 * accelerator), then scatters the result where the output is not made of rows, and runs the epilogue on it.
 */
import type { EmitTarget, KernelFunction } from '../kernelFunction.ts';
import { descriptorWords, irregular, regionWords } from './descriptor.ts';
import { methodName, regionHelpers, scratchOffsets, type Method } from './region.ts';

/** Index of each argument of the call. */
export const contractArgs = {
  descriptor: 0,
  /** Size of a region; the last of a row or column of regions is smaller. */
  regionRows: 1,
  regionColumns: 2,
  /** How many regions cover the rows and the columns of one batch index. */
  rowRegions: 3,
  columnRegions: 4,
  /** Address of the output, 0 where the result is not stored. */
  c: 5,
  /** Bytes between rows of the output; `irregular` where columns are not neighbours or rows not evenly apart. */
  cRowStride: 6,
  /** Tables of byte offsets. */
  cBatchTable: 7,
  cRowTable: 8,
  cColumnTable: 9,
  /** Function table index, −1 for none, and address of its arguments. */
  epilogue: 10,
  epilogueArgs: 11,
  /** 1 where neighbouring regions may be done as one. */
  mergeable: 12,
} as const;

export const contractArgCount = 13;

/** (args, batch, m0, m1, n0, n1, tile, tileStride) */
export const epilogueType = '(type $epilogue (func (param i32 i32 i32 i32 i32 i32 i32 i32)))';

export function contractFunction(method: Method | 'native'): KernelFunction {
  const signature = method === 'native' ? 'contract native' : `contract ${methodName(method)}`;
  return {
    signature,
    emit: (name) => emitDriver(name, method === 'native' ? '$native_region' : `$region_${methodName(method)}`),
    helpers: (target: EmitTarget) => (method === 'native' ? [] : regionHelpers(method, target)),
  };
}

const get = (name: string) => `(local.get $${name})`;
const set = (name: string, value: string) => `(local.set $${name} ${value})`;
const arg = (name: keyof typeof contractArgs) => `(i32.load offset=${4 * contractArgs[name]} ${get('args')})`;
const word = (name: keyof typeof descriptorWords) => `(i32.load offset=${4 * descriptorWords[name]} ${arg('descriptor')})`;
const put = (name: keyof typeof regionWords, value: string) => `(i32.store offset=${4 * regionWords[name]} (global.get $scratch) ${value})`;
const tableEntry = (table: string, index: string) => `(i32.load (i32.add ${table} (i32.shl ${index} (i32.const 2))))`;

function emitDriver(name: string, region: string): string {
  return `(func ${name} (param $args i32) (param $from i32) (param $to i32)
  (local $z i32) (local $rest i32) (local $perBatch i32) (local $m0 i32) (local $m1 i32) (local $n0 i32) (local $n1 i32)
  (local $tile i32) (local $stride i32) (local $isTile i32) (local $next i32) (local $limit i32)
  (local $m i32) (local $n i32) (local $p i32) (local $q i32)
  ${put('descriptor', arg('descriptor'))}
  ${set('perBatch', `(i32.mul ${arg('rowRegions')} ${arg('columnRegions')})`)}
  ${set('isTile', `(i32.or (i32.eqz ${arg('c')}) (i32.eq ${arg('cRowStride')} (i32.const ${irregular})))`)}
  (block $end (loop $unit
    (br_if $end (i32.ge_u ${get('from')} ${get('to')}))
    ${set('z', `(i32.div_u ${get('from')} ${get('perBatch')})`)}
    ${set('rest', `(i32.sub ${get('from')} (i32.mul ${get('z')} ${get('perBatch')}))`)}
    ${set('n0', `(i32.div_u ${get('rest')} ${arg('rowRegions')})`)}
    ${set('m0', `(i32.sub ${get('rest')} (i32.mul ${get('n0')} ${arg('rowRegions')}))`)}
    ${set('m1', `(i32.add ${get('m0')} (i32.const 1))`)}
    ${set('n1', `(i32.add ${get('n0')} (i32.const 1))`)}
    ${set('next', `(i32.add ${get('from')} (i32.const 1))`)}
    ;; Regions run down the rows of one column first; where there is one such line, all that follow on it are one.
    (if ${arg('mergeable')} (then
      ${set('limit', `(i32.mul (i32.add ${get('z')} (i32.const 1)) ${get('perBatch')})`)}
      (if (i32.gt_u ${get('limit')} ${get('to')}) (then ${set('limit', get('to'))}))
      (if (i32.eq ${arg('columnRegions')} (i32.const 1))
        (then ${set('m1', `(i32.add ${get('m0')} (i32.sub ${get('limit')} ${get('from')}))`)} ${set('next', get('limit'))})
        (else (if (i32.eq ${arg('rowRegions')} (i32.const 1))
          (then ${set('n1', `(i32.add ${get('n0')} (i32.sub ${get('limit')} ${get('from')}))`)} ${set('next', get('limit'))}))))))
    ${set('m0', `(i32.mul ${get('m0')} ${arg('regionRows')})`)}
    ${set('n0', `(i32.mul ${get('n0')} ${arg('regionColumns')})`)}
    ${set('m1', `(i32.mul ${get('m1')} ${arg('regionRows')})`)}
    ${set('n1', `(i32.mul ${get('n1')} ${arg('regionColumns')})`)}
    (if (i32.gt_u ${get('m1')} ${word('rows')}) (then ${set('m1', word('rows'))}))
    (if (i32.gt_u ${get('n1')} ${word('columns')}) (then ${set('n1', word('columns'))}))
    (if ${get('isTile')}
      (then
        ${set('tile', `(i32.add (global.get $scratch) (i32.const ${scratchOffsets.tile}))`)}
        ${set('stride', `(i32.shl ${arg('regionColumns')} (i32.const 2))`)})
      (else
        ${set('stride', arg('cRowStride'))}
        ${set(
          'tile',
          `(i32.add (i32.add ${arg('c')} ${tableEntry(arg('cBatchTable'), get('z'))})
            (i32.add (i32.mul ${get('m0')} ${get('stride')}) (i32.shl ${get('n0')} (i32.const 2))))`,
        )}))
    ${put('batchIndex', get('z'))}
    ${put('rowStart', get('m0'))}
    ${put('rowEnd', get('m1'))}
    ${put('columnStart', get('n0'))}
    ${put('columnEnd', get('n1'))}
    ${put('c', get('tile'))}
    ${put('cRowStride', get('stride'))}
    (call ${region} (global.get $scratch))
    (if (i32.and ${get('isTile')} (i32.ne ${arg('c')} (i32.const 0))) (then
      ${set('m', get('m0'))}
      (loop $rows
        ${set('q', `(i32.add (i32.add ${arg('c')} ${tableEntry(arg('cBatchTable'), get('z'))}) ${tableEntry(arg('cRowTable'), get('m'))})`)}
        ${set('p', `(i32.add ${get('tile')} (i32.mul (i32.sub ${get('m')} ${get('m0')}) ${get('stride')}))`)}
        ${set('n', get('n0'))}
        (loop $columns
          (i32.store (i32.add ${get('q')} ${tableEntry(arg('cColumnTable'), get('n'))}) (i32.load ${get('p')}))
          ${set('p', `(i32.add ${get('p')} (i32.const 4))`)}
          (br_if $columns (i32.lt_u (local.tee $n (i32.add ${get('n')} (i32.const 1))) ${get('n1')})))
        (br_if $rows (i32.lt_u (local.tee $m (i32.add ${get('m')} (i32.const 1))) ${get('m1')})))))
    (if (i32.ne ${arg('epilogue')} (i32.const -1)) (then
      (call_indirect (type $epilogue) ${arg('epilogueArgs')} ${['z', 'm0', 'm1', 'n0', 'n1', 'tile', 'stride'].map(get).join(' ')} ${arg('epilogue')})))
    ${set('from', get('next'))}
    (br $unit))))`;
}
