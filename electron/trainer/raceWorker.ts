/** The thread that races optimizers over a network's loss. It answers one question after another and keeps the last race. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Course } from '../../core/learn/course.ts';
import { networkCourse } from '../../core/learn/networkCourse.ts';
import { RaceBench, type RaceOutcome, type RaceProgress, type Say } from '../../core/learn/raceBench.ts';
import { ProblemError, raise } from '../../core/problem.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import { readDataSet } from '../files/dataCache.ts';
import type { AskMessage, AskReply } from './askThread.ts';
import { createEngine } from './createEngine.ts';
import { oneLine } from './oneLine.ts';
import type { RaceQuestion } from './raceProtocol.ts';
import type { TrialSource } from './trialProtocol.ts';

/** Progress is said this often; a cancel is looked for more often. */
const sayEveryMs = 150;
const lookEveryMs = 20;

const port = parentPort!;
const now = () => performance.now();
const cancelled = new Set<number>();
const bench = new RaceBench();
let loaded: { readonly key: string; readonly course: Course } | undefined;
let last: Promise<void> = Promise.resolve();

function post(reply: AskReply<RaceProgress>): void {
  port.postMessage(reply);
}

port.on('message', (message: AskMessage<RaceQuestion>) => {
  if (message.type === 'cancel') cancelled.add(message.id);
  else last = last.then(() => answer(message.id, message.question));
});

async function answer(id: number, question: RaceQuestion): Promise<void> {
  try {
    refuseCancelled(id);
    post({ id, type: 'answer', value: await work(question, sayer(id)) });
  } catch (error) {
    const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
    if (error instanceof ProblemError) post({ id, type: 'failed', problem: error.problem });
    else post({ id, type: 'failed', problem: { code: 'internal', message: `The race failed: ${oneLine(error)}` }, ...stack });
  } finally {
    cancelled.delete(id);
  }
}

async function work({ source, request, mostMs }: RaceQuestion, say: Say): Promise<RaceOutcome> {
  const key = JSON.stringify([source.document, source.config, source.data.hash]);
  const course = loaded?.key === key ? loaded.course : await load(source);
  loaded = { key, course };
  if (mostMs !== undefined) {
    const estimate = await bench.estimate(key, course, request, now);
    if (estimate.raceMs + estimate.mapMs > mostMs) return { kind: 'estimate', estimate, sample: course.sample };
  }
  return { kind: 'done', landscape: await bench.run(key, course, request, say) };
}

async function load({ document, config, data }: TrialSource): Promise<Course> {
  // The one before is let go first: both data sets need not fit.
  loaded = undefined;
  const { engine } = config;
  // A graphics card is the window's: the fastest engine of this process computes in its place.
  const choice = engine.kind === 'webgpu' ? ({ ...engine, kind: 'auto' } as const) : engine;
  return networkCourse({ document, config, data: prepareData(await readDataSet(data.folder, data.hash), config) }, () =>
    createEngine(choice),
  );
}

/** Lets the port be read, where a cancel may wait. */
function sayer(id: number): Say {
  let [saidAt, lookedAt] = [-Infinity, -Infinity];
  return async (progress) => {
    const time = now();
    if (time - lookedAt < lookEveryMs) return;
    await nextTurn();
    refuseCancelled(id);
    lookedAt = time;
    if (time - saidAt < sayEveryMs) return;
    saidAt = time;
    // A view would take its whole buffer along.
    const curves = progress.curves?.map((losses) => losses.slice());
    post({ id, type: 'progress', progress: { ...progress, ...(curves !== undefined && { curves }) } });
  };
}

function refuseCancelled(id: number): void {
  if (cancelled.has(id)) raise({ code: 'job.cancelled', message: 'The race was cancelled.' });
}
