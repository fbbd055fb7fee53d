/**
 * The WebAssembly that walks a program: steps × calls, each thread its share of the units, a barrier where one call needs
 * another's results. Whoever reaches the barrier last at a step's end finishes the step (stores, ring cursors) and sets up
 * the next, so that no JavaScript runs in between.
 */
import { control, statusAddress, stepAddress } from './memoryLayout.ts';

/** One call of a program, in words. */
export const entryWords = { function: 0, args: 1, units: 2, threads: 3, barrier: 4 } as const;
export const entryLength = 8;

/** What a program's header tells, in words. */
export const programWords = {
  entries: 0,
  /** End of the entries. */
  entriesEnd: 1,
  /** Threads that take part. */
  threads: 2,
  rows: 3,
  scalars: 4,
  /** Bytes per step. */
  rowsBytes: 5,
  scalarsBytes: 6,
  stores: 7,
  storesEnd: 8,
} as const;
export const programLength = 16;

/** One store at the end of a step: `cursor` is the address of a ring's cursor, 0 where the slot is replaced. */
export const storeWords = { target: 0, source: 1, bytes: 2, cursor: 3, capacity: 4 } as const;
export const storeLength = 8;

/** Polls of a waiting thread before it sleeps: about 20 µs. */
const spins = 6000;

const get = (name: string) => `(local.get $${name})`;
const set = (name: string, value: string) => `(local.set $${name} ${value})`;
const at = (address: number) => `(i32.const ${address})`;
const program = (name: keyof typeof programWords) => `(i32.load offset=${4 * programWords[name]} ${get('program')})`;
const entry = (name: keyof typeof entryWords) => `(i32.load offset=${4 * entryWords[name]} ${get('entry')})`;
const store = (name: keyof typeof storeWords) => `(i32.load offset=${4 * storeWords[name]} ${get('store')})`;
const aborted = `(i32.atomic.load ${at(control.abort)})`;

/** Exports: `setup(scratch)`, `begin(program)`, `walk(program, steps, thread)`, `serve(thread)`. */
export const dispatcherText = `
(type $kernel (func (param i32 i32 i32)))
(global $scratch (mut i32) (i32.const 0))
(func (export "setup") (param $at i32) (global.set $scratch (local.get $at)))

(func $take_inputs (param $program i32)
  (memory.copy ${program('rows')} (i32.load ${at(control.nextRows)}) ${program('rowsBytes')})
  (memory.copy ${program('scalars')} (i32.load ${at(control.nextScalars)}) ${program('scalarsBytes')})
  (i32.store ${at(control.nextRows)} (i32.add (i32.load ${at(control.nextRows)}) ${program('rowsBytes')}))
  (i32.store ${at(control.nextScalars)} (i32.add (i32.load ${at(control.nextScalars)}) ${program('scalarsBytes')})))

(func $finish_step (param $program i32) (param $last i32)
  (local $store i32) (local $row i32)
  (if (i32.load ${at(statusAddress)}) (then (i32.atomic.store ${at(control.abort)} (i32.const 1)) (return)))
  ${set('store', program('stores'))}
  (block $end (loop $next
    (br_if $end (i32.ge_u ${get('store')} ${program('storesEnd')}))
    ${set('row', `(i32.const 0)`)}
    (if ${store('cursor')} (then
      ${set('row', `(i32.load ${store('cursor')})`)}
      (i32.store ${store('cursor')} (i32.rem_u (i32.add ${get('row')} (i32.const 1)) ${store('capacity')}))))
    (memory.copy (i32.add ${store('target')} (i32.mul ${get('row')} ${store('bytes')})) ${store('source')} ${store('bytes')})
    ${set('store', `(i32.add ${get('store')} (i32.const ${4 * storeLength}))`)}
    (br $next)))
  (i64.store offset=8 ${at(stepAddress)} (i64.add (i64.load offset=8 ${at(stepAddress)}) (i64.const 1)))
  (if (i32.eqz ${get('last')}) (then (call $take_inputs ${get('program')}))))

;; Waits for all threads; at a step's end the last one finishes it.
(func $barrier (param $program i32) (param $threads i32) (param $stepEnd i32) (param $last i32)
  (local $generation i32) (local $spins i32)
  ${set('generation', `(i32.atomic.load ${at(control.generation)})`)}
  (if (i32.eq (i32.add (i32.atomic.rmw.add ${at(control.arrived)} (i32.const 1)) (i32.const 1)) ${get('threads')}) (then
    (i32.atomic.store ${at(control.arrived)} (i32.const 0))
    (if ${get('stepEnd')} (then (call $finish_step ${get('program')} ${get('last')})))
    (i32.atomic.store ${at(control.generation)} (i32.add ${get('generation')} (i32.const 1)))
    (if (i32.atomic.load ${at(control.sleepers)}) (then
      (drop (memory.atomic.notify ${at(control.generation)} (i32.const -1)))))
    (return)))
  (loop $spin
    (if (i32.ne (i32.atomic.load ${at(control.generation)}) ${get('generation')}) (then (return)))
    (if ${aborted} (then (return)))
    (br_if $spin (i32.lt_u (local.tee $spins (i32.add ${get('spins')} (i32.const 1))) (i32.const ${spins}))))
  (drop (i32.atomic.rmw.add ${at(control.sleepers)} (i32.const 1)))
  (loop $sleep
    (drop (memory.atomic.wait32 ${at(control.generation)} ${get('generation')} (i64.const 100000000)))
    (if (i32.eqz ${aborted}) (then
      (br_if $sleep (i32.eq (i32.atomic.load ${at(control.generation)}) ${get('generation')})))))
  (drop (i32.atomic.rmw.sub ${at(control.sleepers)} (i32.const 1))))

(func $begin (export "begin") (param $program i32) (call $take_inputs ${get('program')}))

(func $walk (export "walk") (param $program i32) (param $steps i32) (param $thread i32)
  (local $threads i32) (local $entry i32) (local $share i32) (local $units i32)
  ${set('threads', program('threads'))}
  (block $end (loop $step
    (br_if $end (i32.eqz ${get('steps')}))
    ${set('steps', `(i32.sub ${get('steps')} (i32.const 1))`)}
    ${set('entry', program('entries'))}
    (block $calls_end (loop $call
      (br_if $calls_end (i32.ge_u ${get('entry')} ${program('entriesEnd')}))
      (if ${entry('barrier')} (then
        (call $barrier ${get('program')} ${get('threads')} (i32.const 0) (i32.const 0))
        (br_if $end ${aborted})))
      ${set('share', entry('threads'))}
      (if (i32.lt_u ${get('thread')} ${get('share')}) (then
        ${set('units', entry('units'))}
        (call_indirect (type $kernel) ${entry('args')}
          (i32.div_u (i32.mul ${get('units')} ${get('thread')}) ${get('share')})
          (i32.div_u (i32.mul ${get('units')} (i32.add ${get('thread')} (i32.const 1))) ${get('share')})
          ${entry('function')})))
      ${set('entry', `(i32.add ${get('entry')} (i32.const ${4 * entryLength}))`)}
      (br $call)))
    (if (i32.gt_u ${get('threads')} (i32.const 1))
      (then (call $barrier ${get('program')} ${get('threads')} (i32.const 1) (i32.eqz ${get('steps')})))
      (else (call $finish_step ${get('program')} (i32.eqz ${get('steps')}))))
    (br_if $step (i32.eqz ${aborted})))))

;; A helper thread: jobs until one says end. \`$job\` is the number of the last job it knows; returns the last it did.
(func (export "serve") (param $thread i32) (param $job i32)
  (local $spins i32)
  (loop $next
    ${set('spins', '(i32.const 0)')}
    (block $found
      (loop $spin
        (br_if $found (i32.ne (i32.atomic.load ${at(control.job)}) ${get('job')}))
        (br_if $spin (i32.lt_u (local.tee $spins (i32.add ${get('spins')} (i32.const 1))) (i32.const ${spins}))))
      (loop $sleep
        (drop (memory.atomic.wait32 ${at(control.job)} ${get('job')} (i64.const -1)))
        (br_if $sleep (i32.eq (i32.atomic.load ${at(control.job)}) ${get('job')}))))
    ${set('job', `(i32.atomic.load ${at(control.job)})`)}
    (if (i32.eq (i32.load ${at(control.program)}) (i32.const -1)) (then (return)))
    (if (i32.lt_u ${get('thread')} (i32.load offset=${4 * programWords.threads} (i32.load ${at(control.program)}))) (then
      (call $walk (i32.load ${at(control.program)}) (i32.load ${at(control.steps)}) ${get('thread')})))
    (drop (i32.atomic.rmw.add ${at(control.done)} (i32.const 1)))
    (br $next)))
`;
