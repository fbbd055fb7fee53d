/** A link whose steps of training were not all taken again: how far it came, why, and what to do. */
import type { Problem } from '../../../../core/problem.ts';
import { storyText } from './storyText.ts';

interface Stopped {
  /** Steps taken again. */
  readonly done: number;
  readonly total: number;
  /** What the machine said when it could not go on. */
  readonly cause: string | undefined;
  /** Another network or sample was opened, or the page was left. */
  readonly isElsewhere: boolean;
}

export function stoppedProblem({ done, total, cause, isElsewhere }: Stopped): Problem {
  const why = isElsewhere ? storyText.wentElsewhere : (cause ?? storyText.steppedMeanwhile);
  return {
    code: 'link.stopped',
    message: storyText.stopped(done, total, why.replace(/\.$/, '')),
    hint: isElsewhere || cause === undefined ? storyText.openAgain : storyText.goOn(done),
  };
}
