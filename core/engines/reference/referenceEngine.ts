/**
 * The engine that walks a plan with the ops' own plain loops. Slow and always right: every other engine is tested
 * against it. In double precision it serves to check gradients against differences.
 */
import type { Scratch, StepState } from '../../ops/defineOp.ts';
import { setKey } from '../../random/philox.ts';
import { layoutSlots, planProgram, type PlanOptions, type SlotLayout } from '../../plan/plan.ts';
import type { Program } from '../../program/program.ts';
import { checkRange, checkRequest, checkWrite } from '../checkCalls.ts';
import type { Engine, RunRequest, Session, SlotData } from '../engine.ts';
import { prepareSteps, prepareStores, typedView, type RingCursors } from './prepare.ts';

export interface ReferenceOptions {
  readonly precision?: 'f32' | 'f64';
}

interface LoadedProgram {
  readonly program: Program;
  readonly readsRows: boolean;
  readonly kernels: readonly (() => void)[];
}

interface LoadedSession {
  readonly layout: SlotLayout;
  readonly slotMemory: ArrayBuffer;
  readonly cursors: RingCursors;
  readonly state: StepState;
  readonly programs: ReadonlyMap<string, LoadedProgram>;
}

export function createReferenceEngine({ precision = 'f32' }: ReferenceOptions = {}): Engine {
  const planOptions: PlanOptions = { floatBytes: precision === 'f64' ? 8 : 4 };
  let session: LoadedSession | undefined;

  function loaded(): LoadedSession {
    if (session === undefined) throw new Error('reference engine: no session is loaded');
    return session;
  }

  function slotView(name: string): SlotData {
    const { layout, slotMemory } = loaded();
    const placed = layout.slots.get(name);
    if (placed === undefined) throw new Error(`reference engine: the session has no slot "${name}"`);
    return typedView(slotMemory, placed.byteOffset, placed.byteLength, placed.spec.type.dtype, planOptions);
  }

  return {
    info: { kind: 'reference', label: 'reference, 1 thread', numerics: `reference/${precision}/1`, threads: 1 },

    async load(next) {
      session = loadSession(next, planOptions);
    },

    async write(name, data, offset = 0) {
      const view = slotView(name);
      checkWrite(loaded().layout.slots.get(name)!.spec, data, offset);
      view.set(data, offset);
      const { cursors } = loaded();
      if (cursors.has(name)) cursors.get(name)![0] = 0;
    },

    async run(name, request) {
      const { state, programs } = loaded();
      const program = programs.get(name);
      if (program === undefined) throw new Error(`run: the session has no program "${name}"`);
      runSteps(program, request, state);
    },

    async read(name, offset = 0, length) {
      const view = slotView(name);
      const count = length ?? view.length - offset;
      checkRange(name, view.length, offset, count);
      return view.slice(offset, offset + count);
    },

    async dispose() {
      session = undefined;
    },
  };
}

function loadSession(session: Session, options: PlanOptions): LoadedSession {
  const layout = layoutSlots(session.slots, options);
  const plans = Object.entries(session.programs).map(([name, program]) => ({ name, plan: planProgram(program, layout, options) }));
  const slotMemory = new ArrayBuffer(layout.totalBytes);
  const arenaMemory = new ArrayBuffer(Math.max(0, ...plans.map(({ plan }) => plan.arenaBytes)));
  const memory = { slot: slotMemory, arena: arenaMemory };
  const state: StepState = {
    key: new Uint32Array(2),
    step: new Uint32Array(2),
    rows: new Int32Array(0),
    rowsStart: 0,
    scalars: new Float32Array(0),
    scalarsStart: 0,
  };
  setKey(state.key, session.seed);
  const cursors: RingCursors = new Map(session.slots.filter((slot) => slot.kind === 'ring').map((slot) => [slot.name, new Int32Array(1)]));
  const scratch = createScratch();
  const programs = new Map(
    plans.map(({ name, plan }): [string, LoadedProgram] => [
      name,
      {
        program: plan.program,
        readsRows: plan.steps.some((step) => step.op.op === 'rows'),
        kernels: [...prepareSteps(plan, memory, state, scratch, options), ...prepareStores(plan, memory, layout, cursors, options)],
      },
    ]),
  );
  return { layout, slotMemory, cursors, state, programs };
}

function createScratch(): Scratch {
  let array = new Float64Array(0);
  return {
    get array() {
      return array;
    },
    reserve(length) {
      if (length > array.length) array = new Float64Array(length);
    },
  };
}

function runSteps({ program, readsRows, kernels }: LoadedProgram, request: RunRequest, state: StepState): void {
  const { steps, firstStep, rows, scalars } = request;
  const rowsPerStep = readsRows ? program.batchSize : 0;
  const scalarsPerStep = program.scalarNames.length;
  checkRequest(program, request, rowsPerStep);
  if (rows !== undefined) state.rows = rows;
  if (scalars !== undefined) state.scalars = scalars;
  for (let i = 0; i < steps; i++) {
    const step = firstStep + i;
    state.step[0] = step % 2 ** 32;
    state.step[1] = step / 2 ** 32;
    state.rowsStart = i * rowsPerStep;
    state.scalarsStart = i * scalarsPerStep;
    for (let k = 0; k < kernels.length; k++) kernels[k]!();
  }
}
