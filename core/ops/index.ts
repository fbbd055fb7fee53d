/** The closed set of ops as one total table: an op without a definition is a compile error. */
import type { OpName } from '../program/program.ts';
import type { OpDefinition } from './defineOp.ts';
import { argmax } from './argmax.ts';
import { binary } from './binary.ts';
import { broadcast } from './broadcast.ts';
import { cast } from './cast.ts';
import { concat } from './concat.ts';
import { constant } from './constant.ts';
import { contract } from './contract.ts';
import { flip } from './flip.ts';
import { fold } from './fold.ts';
import { gather } from './gather.ts';
import { iota } from './iota.ts';
import { pad } from './pad.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { reshape } from './reshape.ts';
import { rows } from './rows.ts';
import { scalar } from './scalar.ts';
import { segmentReduce } from './segmentReduce.ts';
import { select } from './select.ts';
import { slice } from './slice.ts';
import { slot } from './slot.ts';
import { transpose } from './transpose.ts';
import { unary } from './unary.ts';
import { window } from './window.ts';

export const ops: { readonly [K in OpName]: OpDefinition<K> } = {
  slot,
  rows,
  scalar,
  constant,
  iota,
  random,
  unary,
  binary,
  select,
  cast,
  reduce,
  argmax,
  contract,
  gather,
  segmentReduce,
  reshape,
  transpose,
  slice,
  pad,
  concat,
  broadcast,
  flip,
  window,
  fold,
};
