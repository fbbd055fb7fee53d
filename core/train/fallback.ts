/**
 * Training on an engine that may be lost at any moment: its window is closed, its device stops, its memory is too small. A
 * notice says so, another engine takes over from the newest checkpoint, and the records of later steps are replaced. What
 * was asked of the training meanwhile still counts.
 */
import type { Engine } from '../engines/engine.ts';
import { ProblemError } from '../problem.ts';
import type { Problem } from '../problem.ts';
import type { TrainingEvent } from './records.ts';
import { controlsOf, train } from './trainer.ts';
import type { TrainJob } from './trainer.ts';

export interface EngineWithFallback {
  /** @throws ProblemError where there is no such engine now */
  open(): Promise<Engine>;
  /** The one that is always there. */
  fallBack(): Engine;
}

export type FallbackJob = Omit<TrainJob, 'engine' | 'controls' | 'takesOver' | 'onSafetyCheckpoint'> & {
  readonly engines: EngineWithFallback;
};

export async function* trainWithFallback(job: FallbackJob): AsyncGenerator<TrainingEvent> {
  const { engines } = job;
  const controls = controlsOf(job, job.checkpoint);
  let newest = job.checkpoint;
  /** The newest that was passed on. */
  let saved = job.checkpoint;
  /** Of the newest record that was passed on. */
  let lastStep = newest?.step ?? 0;
  let started = false;
  let lost: EngineFailure;
  let first: Engine | undefined;
  try {
    first = await openWatched(engines);
    const events = train({ ...job, engine: first, controls, onSafetyCheckpoint: (checkpoint) => (newest = checkpoint) });
    for await (const event of events) {
      started = true;
      if (event.type === 'checkpoint') saved = newest = event.checkpoint;
      if (event.type === 'record') lastStep = event.step;
      yield event;
    }
    return;
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    lost = error;
  } finally {
    await first?.dispose();
  }

  const engine = engines.fallBack();
  try {
    const { step, epoch, elapsedMs } = newest ?? { step: 0, epoch: 0, elapsedMs: 0 };
    // Nothing may happen to it while the other engine is made ready.
    if (newest !== undefined && newest !== saved) yield { type: 'checkpoint', checkpoint: newest };
    const from = !started ? '' : step === 0 ? ' from the start' : ` from step ${step}`;
    yield { type: 'notice', problem: lost.notice(`The training goes on with ${engine.info.label}${from}.`) };
    if (lastStep > step) yield { type: 'rewound', step, epoch, elapsedMs };
    controls.rewind(elapsedMs);
    yield* train({ ...job, engine, controls, takesOver: started, ...(newest === undefined ? {} : { checkpoint: newest }) });
  } finally {
    await engine.dispose();
  }
}

/** Work that is short enough to begin anew when its engine is lost. */
export async function workWithFallback<T>(
  engines: EngineWithFallback,
  work: (engine: Engine) => Promise<T>,
  onNotice: (problem: Problem) => void,
): Promise<T> {
  let engine: Engine | undefined;
  try {
    engine = await openWatched(engines);
    return await work(engine);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    onNotice(error.notice('Another engine is used.'));
  } finally {
    await engine?.dispose();
  }
  const other = engines.fallBack();
  try {
    return await work(other);
  } finally {
    await other.dispose();
  }
}

/** What the engine itself threw, as against mistakes in the network or the data, which no other engine would mend. */
class EngineFailure extends Error {
  readonly problem: Problem;

  constructor(error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    super(message);
    this.problem = error instanceof ProblemError ? error.problem : { code: 'engine.failed', message: `The engine failed: ${message}.` };
  }

  /** What happened and what is done about it. */
  notice(goingOn: string): Problem {
    const { code, message } = this.problem;
    return { code, message: `${message} ${goingOn}` };
  }
}

async function openWatched({ open }: EngineWithFallback): Promise<Engine> {
  const watch = <T>(call: Promise<T>): Promise<T> =>
    call.catch((error: unknown) => {
      throw new EngineFailure(error);
    });
  const engine = await watch(open());
  return {
    info: engine.info,
    load: (session) => watch(engine.load(session)),
    write: (slot, data, offset) => watch(engine.write(slot, data, offset)),
    run: (program, request) => watch(engine.run(program, request)),
    read: (slot, offset, length) => watch(engine.read(slot, offset, length)),
    dispose: () => engine.dispose().catch(() => undefined),
  };
}
