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
  /** How long an answer may take. */
  readonly patienceMs: number;
  /** Whoever takes longer for a step is timed by few of them, or the bench would take hours. */
  readonly slowStepUs: number;
  /** Turns of such a contender, one step each, after its second request, which counts too. */
  readonly slowTurns: number;
  /** A contender that cannot take part, and why. */
  readonly onAbsent: (name: string, reason: string) => void;
}

export interface Measured {
  readonly name: string;
  readonly ours: boolean;
  readonly medianUs: number;
  readonly introduction: Readonly<Record<string, unknown>>;
}

/** Steps of the uncounted requests before the turns: their last losses must be the same for all. */
const checkedSteps = [1, 2, 10] as const;
/** Rounding differs between libraries and is amplified step by step; another network differs by far more. */
const lossTolerance = 0.01;
const mostSteps = 20_000;

interface Turn {
  readonly entry: Entry;
  readonly contender: Contender;
  /** After as many steps as `checkedSteps` says, as far as it went. */
  readonly losses: readonly number[];
  /** Per turn. */
  readonly steps: number;
  readonly turns: number;
  readonly times: number[];
}

/** @returns those that took part, in the order of `entries` */
export async function measure(entries: readonly Entry[], options: MeasureOptions): Promise<Measured[]> {
  const turns: Turn[] = [];
  try {
    for (const entry of entries) {
      const turn = await warmUp(entry, options);
      if (turn !== undefined) turns.push(turn);
    }
    const taking = agreeing(turns, options.onAbsent);
    const gone = new Set<Turn>();
    for (let round = 0; round < options.rounds; round++) {
      for (let i = 0; i < taking.length; i++) {
        const turn = taking[(round + i) % taking.length]!;
        if (round >= turn.turns || gone.has(turn)) continue;
        try {
          const { elapsedUs } = await turn.contender.ask<Measurement>({ steps: turn.steps });
          turn.times.push(elapsedUs / turn.steps);
        } catch (error) {
          gone.add(turn);
          options.onAbsent(turn.entry.name, (error as Error).message);
        }
      }
    }
    return taking
      .filter((turn) => !gone.has(turn))
      .map(({ entry, contender, times }) => ({
        name: entry.name,
        ours: entry.ours,
        medianUs: median(times),
        introduction: contender.introduction,
      }));
  } finally {
    await Promise.all(turns.map(({ contender }) => contender.close()));
  }
}

async function warmUp(entry: Entry, options: MeasureOptions): Promise<Turn | undefined> {
  const { rounds, roundMs, patienceMs, slowStepUs, slowTurns, onAbsent } = options;
  let contender: Contender | undefined;
  try {
    contender = await startContender(entry.name, entry.command, patienceMs);
    const losses: number[] = [];
    for (const steps of checkedSteps) {
      const { elapsedUs, loss } = await contender.ask<Measurement>({ steps });
      losses.push(loss);
      // A slow first step may only mean that something is compiled in it.
      if (steps > 1 && elapsedUs / steps > slowStepUs) {
        return { entry, contender, losses, steps: 1, turns: slowTurns, times: [elapsedUs / steps] };
      }
      if (steps !== checkedSteps.at(-1)) continue;
      // The first steps are slower than later ones: a second, longer look decides how many fit into a turn.
      const probe = stepsFor(roundMs / 2, steps, elapsedUs, mostSteps);
      const probed = await contender.ask<Measurement>({ steps: probe });
      return { entry, contender, losses, steps: stepsFor(roundMs, probe, probed.elapsedUs, mostSteps), turns: rounds, times: [] };
    }
  } catch (error) {
    onAbsent(entry.name, (error as Error).message);
    await contender?.close();
  }
  return undefined;
}

/** Leaves out peers whose loss after the same steps is another one: they do not do the same work. */
function agreeing(turns: readonly Turn[], onAbsent: MeasureOptions['onAbsent']): Turn[] {
  const ours = turns.find(({ entry }) => entry.ours);
  return turns.filter(({ entry, losses }) => {
    if (ours === undefined) return true;
    const last = Math.min(losses.length, ours.losses.length) - 1;
    const [loss = NaN, expected = NaN] = [losses[last], ours.losses[last]];
    if (relativeDifference(loss, expected) <= lossTolerance) return true;
    const steps = last === 0 ? '1 step' : `${checkedSteps[last]} steps`;
    onAbsent(entry.name, `its loss after ${steps} is ${loss.toPrecision(5)}, ours is ${expected.toPrecision(5)}`);
    return false;
  });
}
