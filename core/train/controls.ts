/** What was asked of a running training, heard between two chunks of steps, and the clock that stands still meanwhile. */
import type { Platform } from '../engines/platform.ts';
import type { TrainingCommand, TrainingEvent } from './records.ts';

/** While paused, commands are looked for this often. */
const pausedPollMs = 20;

export interface CommandQueue {
  next(): TrainingCommand | undefined;
}

export interface Controls {
  /** From the next step on; the schedule multiplies it. */
  readonly learningRate: number;
  readonly stopping: boolean;
  /** Where it was when it heard the stop. */
  readonly stopStep: number;
  readonly paused: boolean;
  /** Exactly one step is wanted before the training pauses again. */
  readonly singleStep: boolean;
  /**
   * Hears all waiting commands; while paused it comes back only for a step, a continue or a stop.
   * @param factor what the schedule multiplies the learning rate with now: who sets one means the rate in force
   */
  gate(step: number, factor?: number): AsyncGenerator<TrainingEvent>;
  /** To be told after each chunk of optimizer steps. */
  stepped(): void;
  /** Milliseconds of training so far, pauses left out. */
  elapsedMs(): number;
  /** Sets the clock back to where the training goes on from; what was asked for stays. */
  rewind(elapsedMs: number): void;
}

export function createControls(options: { platform: Platform; commands: CommandQueue; learningRate: number; elapsedMs: number }): Controls {
  const { platform, commands } = options;
  let learningRate = options.learningRate;
  let paused = false;
  let stopping = false;
  let stopStep = 0;
  let stepsWanted = 0;
  let elapsed = options.elapsedMs;
  let runningSince: number | null = platform.now();

  const elapsedMs = () => elapsed + (runningSince === null ? 0 : platform.now() - runningSince);
  const holdClock = () => {
    elapsed = elapsedMs();
    runningSince = null;
  };

  /** What the command says to the listener, if anything. */
  function obey(command: TrainingCommand, step: number, factor: number): TrainingEvent | null {
    switch (command.type) {
      case 'pause':
        if (paused) return null;
        paused = true;
        return { type: 'paused', step };
      case 'step':
        stepsWanted++;
        if (paused) return null;
        paused = true;
        return { type: 'paused', step };
      case 'continue':
        if (!paused) return null;
        paused = false;
        stepsWanted = 0;
        return { type: 'continued', step };
      case 'stop':
        if (!stopping) stopStep = step;
        stopping = true;
        return null;
      case 'setLearningRate':
        if (command.learningRate > 0 && Number.isFinite(command.learningRate)) {
          // Where the schedule leaves nothing of it, no rate in force can be asked for.
          learningRate = factor > 1e-9 ? command.learningRate / factor : command.learningRate;
          return null;
        }
        return {
          type: 'notice',
          problem: {
            code: 'training.learningRate',
            message: `The learning rate stays ${learningRate}: ${command.learningRate} is not a number above 0.`,
            where: { kind: 'config', path: 'optimizer.learningRate' },
          },
        };
      default:
        command satisfies never;
        return null;
    }
  }

  async function* gate(step: number, factor = 1): AsyncGenerator<TrainingEvent> {
    await platform.poll();
    for (;;) {
      for (let command = commands.next(); command !== undefined; command = commands.next()) {
        const event = obey(command, step, factor);
        if (event !== null) yield event;
      }
      if (!paused || stopping || stepsWanted > 0) break;
      if (runningSince !== null) holdClock();
      await platform.wait(pausedPollMs);
    }
    runningSince ??= platform.now();
  }

  return {
    get learningRate() {
      return learningRate;
    },
    get stopping() {
      return stopping;
    },
    get stopStep() {
      return stopStep;
    },
    get paused() {
      return paused;
    },
    get singleStep() {
      return paused && stepsWanted > 0;
    },
    gate,
    stepped() {
      if (stepsWanted > 0) stepsWanted--;
    },
    elapsedMs,
    rewind(toMs) {
      elapsed = toMs;
      runningSince = paused ? null : platform.now();
    },
  };
}
