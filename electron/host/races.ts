/** Races of optimizers over a network's loss: one at a time, on a thread of their own, to be cancelled at any time. */
import { refuseAdversaries } from '../../core/learn/networkCourse.ts';
import type { RaceProgress } from '../../core/learn/raceBench.ts';
import { ProblemError, type Problem } from '../../core/problem.ts';
import type { CallArgs, RaceOutcome } from '../contract/calls.ts';
import { createAskThread } from '../trainer/askThread.ts';
import type { RaceQuestion } from '../trainer/raceProtocol.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';
import type { Log } from './log.ts';

export interface Races {
  /** Ends the one that runs. @throws ProblemError */
  run(args: CallArgs<'race.run'>): Promise<RaceOutcome>;
  cancel(job: string): void;
  close(): Promise<void>;
}

export interface RacesOptions {
  readonly data: DataLibrary;
  readonly emit: Emit;
  readonly log: Log;
}

/** What is longer starts only when it was confirmed. */
const mostMs = 5_000;
/** A thread that is amid a long step when it is cancelled is ended after this. */
const patienceMs = 1_000;

const cancelled: Problem = { code: 'job.cancelled', message: 'The race was cancelled.' };

export function createRaces({ data, emit, log }: RacesOptions): Races {
  const thread = createAskThread<RaceQuestion, RaceProgress>({
    worker: new URL('../trainer/raceWorker.ts', import.meta.url),
    name: 'layerbench race',
    doing: 'The race',
    code: 'race',
    memoryHint: 'Race fewer optimizers, fewer steps or a smaller network.',
    onDefect: (stack) => log.error('race', stack),
  });
  let running: { readonly job: string; readonly controller: AbortController } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function ask(question: RaceQuestion, job: string, signal: AbortSignal): Promise<RaceOutcome> {
    const say = (state: 'running' | 'done' | 'cancelled' | 'failed', { phase, done, total }: RaceProgress) => {
      // What is over in a moment is no activity.
      if (question.mostMs !== undefined) return;
      emit('activity', { id: job, title: 'Racing optimizers', done, total, unit: phase === 'race' ? 'steps' : 'points of the map', state });
    };
    let at: RaceProgress = { phase: 'race', done: 0, total: 1 };
    let end: NodeJS.Timeout | undefined;
    const giveUp = () => (end = setTimeout(() => void thread.close(), patienceMs));
    signal.addEventListener('abort', giveUp);
    try {
      say('running', at);
      const outcome = (await thread.ask(question, {
        signal,
        onProgress: (progress) => {
          if (signal.aborted) return;
          at = progress;
          emit('race.progress', { job, ...progress });
          say('running', at);
        },
      })) as RaceOutcome;
      say('done', { ...at, done: at.total });
      return outcome;
    } catch (error) {
      say(signal.aborted ? 'cancelled' : 'failed', at);
      throw signal.aborted ? new ProblemError(cancelled) : error;
    } finally {
      clearTimeout(end);
      signal.removeEventListener('abort', giveUp);
    }
  }

  return {
    async run({ job, document, config, confirmed, ...request }) {
      refuseAdversaries(config);
      running?.controller.abort();
      const controller = new AbortController();
      running = { job, controller };
      const before = last;
      const work = async () => {
        const info = data.get(config.data.id);
        await data.ensureCached(info);
        await before.catch(() => undefined);
        if (controller.signal.aborted) throw new ProblemError(cancelled);
        const source = { document, config, data: { folder: data.cacheFolder, hash: info.hash } };
        return ask({ source, request, ...(confirmed ? {} : { mostMs }) }, job, controller.signal);
      };
      return (last = work()) as Promise<RaceOutcome>;
    },
    cancel: (job) => running?.job === job && running.controller.abort(),
    async close() {
      running?.controller.abort();
      await thread.close();
    },
  };
}
