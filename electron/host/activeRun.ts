/**
 * One training of this process: its thread, and its events on their way into the store. When the disk is full the
 * training pauses, nothing that was measured is thrown away, and it goes on by itself once there is room.
 */
import type { RunId } from '../contract/calls.ts';
import type { TrainingCommand, TrainingRecord } from '../../core/train/records.ts';
import type { Problem } from '../../core/problem.ts';
import { sqliteProblem } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { TrainerEvent, TrainerHandle } from '../trainer/trainerThread.ts';
import { recordEvents } from './runRecorder.ts';

const retryMs = 2_000;

export interface ActiveRunOptions {
  readonly id: RunId;
  readonly trainer: TrainerHandle;
  readonly store: Store;
  readonly libraryFolder: string;
  /** @param rewoundTo what was known of later steps no longer counts */
  onRecords(records: readonly TrainingRecord[], rewoundTo: number | undefined): void;
  onStatus(): void;
  onNotice(problem: Problem): void;
  /** The training failed through a mistake of ours. */
  onDefect(stack: string): void;
  /** The last event is stored; the run is over. */
  onEnd(): void;
}

export interface ActiveRun {
  readonly id: RunId;
  command(command: TrainingCommand): void;
  /** Asks for a last checkpoint, waits for it at most `timeoutMs`, ends the thread. True when the run ended by itself. */
  shutDown(timeoutMs: number): Promise<boolean>;
}

export function createActiveRun(options: ActiveRunOptions): ActiveRun {
  const { id, trainer, store, libraryFolder } = options;
  let waiting: TrainerEvent[] = [];
  let retry: NodeJS.Timeout | undefined;
  let over = false;
  let closing = false;
  let checkpointSaved: () => void = () => undefined;

  const flush = (): void => {
    retry = undefined;
    const events = waiting;
    let recorded;
    try {
      recorded = recordEvents(store, libraryFolder, id, events, Date.now());
    } catch (error) {
      if (!closing) holdBack(error);
      return;
    }
    waiting = [];
    const { records, rewoundTo } = recorded;
    if (records.length > 0 || rewoundTo !== undefined) options.onRecords(records, rewoundTo);
    for (const event of events) {
      if (event.type === 'notice') options.onNotice(event.problem);
      if (event.type === 'failed' && event.stack !== undefined) options.onDefect(event.stack);
    }
    if (recorded.statusChanged) options.onStatus();
    if (events.some((event) => event.type === 'checkpoint')) checkpointSaved();
    const last = events.at(-1);
    if (last?.type === 'finished' || last?.type === 'failed') {
      over = true;
      checkpointSaved();
      options.onEnd();
    }
  };

  let held = false;
  const holdBack = (error: unknown): void => {
    if (!held) {
      held = true;
      trainer.command({ type: 'pause' });
      const problem = sqliteProblem(error) ?? {
        code: 'internal',
        message: `The run's values could not be saved: ${(error as Error).message}`,
      };
      options.onNotice({ ...problem, hint: `${problem.hint ?? ''} The training pauses meanwhile and goes on by itself.`.trim() });
    }
    retry ??= setTimeout(() => {
      flush();
      if (waiting.length === 0 && held) {
        held = false;
        trainer.command({ type: 'continue' });
      }
    }, retryMs);
  };

  trainer.onEvents((events) => {
    waiting.push(...events);
    if (retry === undefined) flush();
  });

  return {
    id,
    command: (command) => trainer.command(command),
    async shutDown(timeoutMs) {
      closing = true;
      clearTimeout(retry);
      if (!over) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          checkpointSaved = () => {
            clearTimeout(timer);
            resolve();
          };
          trainer.command({ type: 'stop' });
        });
      }
      await trainer.terminate();
      return over;
    },
  };
}
