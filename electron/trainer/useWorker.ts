/** The thread in which a finished run works. It answers one question after another; the last used run stays loaded. */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Engine } from '../../core/engines/engine.ts';
import { ProblemError, raise } from '../../core/problem.ts';
import { readTrained } from '../../core/use/trained.ts';
import { createUseSession, type OnProgress, type UseSession } from '../../core/use/useSession.ts';
import { readDataSet } from '../files/dataCache.ts';
import type { AskMessage, AskReply } from './askThread.ts';
import { readCheckpointFile } from './checkpointFile.ts';
import { createEngine } from './createEngine.ts';
import { oneLine } from './oneLine.ts';
import type { TrainedReference } from './protocol.ts';
import type { UseAsk, UseProgressMessage, UseQuestion } from './useProtocol.ts';

interface LoadedRun {
  readonly file: string;
  readonly session: UseSession;
  readonly engine: Engine;
  readonly step: number;
}

/** Progress is said this often. */
const sayEveryMs = 150;

const port = parentPort!;
const cancelled = new Set<number>();
let loaded: LoadedRun | undefined;
let last: Promise<void> = Promise.resolve();

function post(reply: AskReply<UseProgressMessage>): void {
  port.postMessage(reply);
}

port.on('message', (request: AskMessage<UseQuestion>) => {
  if (request.type === 'cancel') cancelled.add(request.id);
  else last = last.then(() => answer(request));
});

async function answer({ id, question: { source, ask } }: Extract<AskMessage<UseQuestion>, { type: 'ask' }>): Promise<void> {
  try {
    refuseCancelled(id);
    const run = await load(source);
    post({ id, type: 'answer', value: await work(run, ask, progressOf(id)) });
  } catch (error) {
    const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
    if (error instanceof ProblemError) post({ id, type: 'failed', problem: error.problem });
    else post({ id, type: 'failed', problem: { code: 'internal', message: `Using the run failed: ${oneLine(error)}` }, ...stack });
  } finally {
    cancelled.delete(id);
  }
}

/** The fastest engine of this process, whatever the run was trained on: a graphics card is the window's. */
async function load({ checkpointFile, config, document, data }: TrainedReference): Promise<LoadedRun> {
  if (loaded?.file === checkpointFile) return loaded;
  await loaded?.engine.dispose();
  loaded = undefined;
  const [{ slots: weights, step }, dataSet] = [await readCheckpointFile(checkpointFile), await readDataSet(data.folder, data.hash)];
  const engine = createEngine({ kind: 'auto', threads: availableParallelism() });
  try {
    const session = createUseSession(engine, readTrained({ document, config, dataSet, weights }), () => performance.now());
    return (loaded = { file: checkpointFile, session, engine, step });
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

/** Lets the port be read, where a cancel may wait. */
function progressOf(id: number): OnProgress {
  let saidAt = 0;
  return async ({ images, ...progress }) => {
    await nextTurn();
    refuseCancelled(id);
    const now = performance.now();
    if (now - saidAt < sayEveryMs) return;
    saidAt = now;
    post({ id, type: 'progress', progress: { ...progress, ...(images === undefined ? {} : { images: await images() }) } });
  };
}

function refuseCancelled(id: number): void {
  if (cancelled.has(id)) raise({ code: 'job.cancelled', message: 'It was cancelled.' });
}

async function work({ session, engine, step }: LoadedRun, ask: UseAsk, onProgress: OnProgress): Promise<unknown> {
  switch (ask.kind) {
    case 'describe':
      return { ...session.abilities, step, engine: engine.info };
    case 'rows':
      return session.rows(ask.rows);
    case 'predict':
      return session.predict(ask.items);
    case 'generate':
      return session.generate(ask.prompt, ask.options, onProgress);
    case 'translate':
      return session.translate(ask.text);
    case 'forecast':
      return session.forecast(ask.row);
    case 'nodes':
      return session.nodes();
    case 'sample':
      return session.sample(ask.options, onProgress);
    case 'trajectory':
      return session.trajectory(ask.options, onProgress);
    case 'features':
      return session.features(ask.images, ask.layer);
    default:
      return ask satisfies never;
  }
}
