/** Answers that keep up with what is drawn or typed: one question is under way, of those asked meanwhile only the newest is asked next. */
import type { Problem } from '../../core/problem.ts';
import { problemOf } from '../problemOf.ts';

export class Live<Question, Answer> {
  answer = $state.raw<Answer | undefined>();
  problem = $state.raw<Problem | undefined>();
  busy = $state(false);
  #ask: (question: Question) => Promise<Answer>;
  #next: { readonly question: Question } | undefined;
  /** Counts up when what was asked no longer matters. */
  #round = 0;

  constructor(ask: (question: Question) => Promise<Answer>) {
    this.#ask = ask;
  }

  ask(question: Question): void {
    this.#next = { question };
    if (!this.busy) void this.#work();
  }

  clear(): void {
    this.#round++;
    this.#next = undefined;
    this.answer = undefined;
    this.problem = undefined;
  }

  async #work(): Promise<void> {
    this.busy = true;
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      const round = this.#round;
      try {
        const answer = await this.#ask(next.question);
        if (round !== this.#round) continue;
        this.answer = answer;
        this.problem = undefined;
      } catch (error) {
        if (round !== this.#round) continue;
        this.answer = undefined;
        this.problem = problemOf(error);
      }
    }
    this.busy = false;
  }
}
