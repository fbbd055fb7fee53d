/**
 * The comparison itself: all contenders of a workload live at the same time and take turns, round after round, so that
 * whatever else the machine does meets all of them alike. The order turns with each round.
 */
import { startContender } from './contender.ts';
import type { Command, Contender, Measurement } from './contender.ts';
import { median, relativeDifference, stepsFor } from './statistics.ts';

export interface Entry {
  readonly name: string;
  readonly command: Command;
  /** Ours must run; a peer may be missing or refuse. */
  readonly ours: boolean;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly roundMs: number;
  readonly tell: (text: string) => void;
}

export interface Measured {
  readonly name: string;
  readonly ours: boolean;
  readonly medianUs: number;
  readonly introduction: Readonly<Record<string, unknown>>;
}

/** Steps of the uncounted turn after the first step: its last loss must be the same for all. */
const warmUpSteps = 10;
/** Rounding differs between libraries and is amplified step by step; another network differs by far more. */
const lossTolerance = 0.01;
/** Whoever takes longer for a step is timed by one alone, or the bench would take hours. */
const slowStepUs = 2_000_000;
const mostSteps = 20_000;

interface Turn {
  readonly entry: Entry;
  readonly contender: Contender;
  /** After one step and after the warm-up, unless that would take too long. */
  readonly losses: readonly [number, number?];
  /** Per turn; 0 takes no more turns. */
  readonly steps: number;
  readonly times: number[];
}

/** @returns those that took part, in the order of `entries` */
export async function measure(workload: string, entries: readonly Entry[], options: MeasureOptions): Promise<Measured[]> {
  const { rounds, roundMs, tell } = options;
  const turns: Turn[] = [];
  try {
    for (const entry of entries) {
      const turn = await warmUp(workload, entry, roundMs, tell);
      if (turn !== undefined) turns.push(turn);
    }
    const taking = agreeing(workload, turns, tell);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < taking.length; i++) {
        const { contender, steps, times } = taking[(round + i) % taking.length]!;
        if (steps === 0) continue;
        const { elapsedUs } = await contender.ask<Measurement>({ steps });
        times.push(elapsedUs / steps);
      }
    }
    return taking.map(({ entry, contender, times }) => ({
      name: entry.name,
      ours: entry.ours,
      medianUs: median(times),
      introduction: contender.introduction,
    }));
  } finally {
    await Promise.all(turns.map(({ contender }) => contender.close()));
  }
}

async function warmUp(workload: string, entry: Entry, roundMs: number, tell: (text: string) => void): Promise<Turn | undefined> {
  let contender: Contender | undefined;
  try {
    contender = await startContender(entry.name, entry.command);
    const first = await contender.ask<Measurement>({ steps: 1 });
    // A slow first step may only mean that something is compiled in it.
    const second = first.elapsedUs > slowStepUs ? await contender.ask<Measurement>({ steps: 1 }) : first;
    if (second.elapsedUs > slowStepUs) return { entry, contender, losses: [first.loss], steps: 0, times: [second.elapsedUs] };
    const checked = await contender.ask<Measurement>({ steps: warmUpSteps });
    // The first steps are slower than later ones: a second, longer look decides how many fit into a turn.
    const probe = stepsFor(roundMs / 2, warmUpSteps, checked.elapsedUs, mostSteps);
    const probed = await contender.ask<Measurement>({ steps: probe });
    const steps = stepsFor(roundMs, probe, probed.elapsedUs, mostSteps);
    return { entry, contender, losses: [first.loss, checked.loss], steps, times: [] };
  } catch (error) {
    tell(`${workload}: ${entry.name} takes no part: ${(error as Error).message}.`);
    await contender?.close();
    return undefined;
  }
}

/** Leaves out peers whose loss after the same steps is another one: they do not do the same work. */
function agreeing(workload: string, turns: readonly Turn[], tell: (text: string) => void): Turn[] {
  const ours = turns.find(({ entry }) => entry.ours);
  return turns.filter(({ entry, losses }) => {
    if (ours === undefined) return true;
    const last = losses[1] === undefined || ours.losses[1] === undefined ? 0 : 1;
    const [loss = NaN, expected = NaN] = [losses[last], ours.losses[last]];
    if (relativeDifference(loss, expected) <= lossTolerance) return true;
    const steps = last === 0 ? '1 step' : `${warmUpSteps} steps`;
    tell(
      `${workload}: ${entry.name} takes no part: its loss after ${steps} is ${loss.toPrecision(5)}, ours is ${expected.toPrecision(5)}.`,
    );
    return false;
  });
}
