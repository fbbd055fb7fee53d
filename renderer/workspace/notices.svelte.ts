/** Short notices in the corner: what happened, with Undo where it can be undone, or a Problem. */
import { ProblemError, type Problem } from '../../core/problem.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly hint?: string;
  /** `warn`: something to know of that stops nothing. */
  readonly tone: 'plain' | 'warn' | 'bad';
  readonly undo?: () => void;
  /** A further button, for example "Show". */
  readonly action?: { readonly label: string; run(): void };
}

const plainMs = 6000;
const undoMs = 10_000;
/** What has stood so long has been read. */
const readMs = 4000;
const warnMs = 20_000;
const msOf = ({ tone, undo }: Pick<Notice, 'tone' | 'undo'>): number => (tone === 'warn' ? warnMs : undo ? undoMs : plainMs);
const mostAtOnce = 4;

class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #since = new Map<number, number>();
  #lastId = 0;

  add(notice: Omit<Notice, 'id'>): number {
    const id = ++this.#lastId;
    const same = this.list.find((old) => old.text === notice.text && old.undo === undefined);
    if (same !== undefined) this.dismiss(same.id);
    for (const old of this.list.slice(0, Math.max(0, this.list.length - mostAtOnce + 1))) this.dismiss(old.id);
    this.list = [...this.list, { ...notice, id }];
    this.#since.set(id, Date.now());
    // A problem stays until it is dismissed, pushed out or left behind: it may name something to be done.
    if (notice.tone !== 'bad') this.#timers.set(id, setTimeout(() => this.dismiss(id), msOf(notice))); // prettier-ignore
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#since.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** The person has gone to another place: problems that were read do not come along. */
  leave(): void {
    for (const { id, tone } of this.list) if (tone !== 'plain' && Date.now() - this.#since.get(id)! > readMs) this.dismiss(id);
  }

  /** While the pointer or the focus rests on the notices, none disappears. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release(): void {
    for (const notice of this.list) {
      if (notice.tone !== 'bad' && !this.#timers.has(notice.id))
        this.#timers.set(
          notice.id,
          setTimeout(() => this.dismiss(notice.id), plainMs),
        );
    }
  }
}

export const notices = new Notices();

export function notify(notice: { text: string; hint?: string; undo?: () => void; action?: Notice['action'] }): void {
  notices.add({ tone: 'plain', ...notice });
}

export function showProblem(problem: Problem, tone: 'warn' | 'bad' = 'bad'): void {
  notices.add({ tone, text: problem.message, ...(problem.hint !== undefined && { hint: problem.hint }) });
}

/** Shows a caught error: a Problem by its sentence, anything else as a defect of ours. */
export function showError(error: unknown): void {
  if (error instanceof ProblemError) return showProblem(error.problem);
  reportError(error);
  notices.add({ tone: 'bad', text: error instanceof Error ? error.message : String(error) });
}
