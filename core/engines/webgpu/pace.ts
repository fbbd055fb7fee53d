/**
 * How many steps go into one submit: as many as take about 40 ms, so that other work on the adapter, the screen's above
 * all, waits no longer, and a driver that ends long work doesn't end ours.
 */
const wantedMs = 40;
const mostSteps = 1024;

export interface Pace {
  readonly steps: number;
  /** When a submit of so many steps went out, and what it returns is called once they are done. */
  start(steps: number): () => void;
}

export function createPace(now: () => number): Pace {
  let steps = 1;
  let lastDone = -Infinity;
  return {
    get steps() {
      return steps;
    },
    start(submitted) {
      const startedAt = now();
      return () => {
        const doneAt = now();
        // Submits wait for one another.
        const perStep = (doneAt - Math.max(startedAt, lastDone)) / submitted;
        lastDone = doneAt;
        const fitting = Math.floor(wantedMs / Math.max(perStep, wantedMs / mostSteps));
        // A first step is slow; and a short submit says little about long ones.
        steps = Math.max(1, Math.min(fitting, 2 * Math.max(steps, submitted)));
      };
    },
  };
}
