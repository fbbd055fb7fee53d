/** Asks the host what the chosen data set, preparation and split offer to bind to; only the latest answer counts. */
import { ProblemError, type Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { DataRoles } from '../../electron/contract/calls.ts';
import { call } from '../client.ts';

export class RolesQuery {
  result = $state.raw<DataRoles | null>(null);
  problem = $state.raw<Problem | undefined>();
  pending = $state(false);
  #question = '';
  #stopped = false;

  /** Keeps the old answer while the new one is under way, unless the data set itself changed. */
  ask(config: RunConfig | undefined): void {
    if (config === undefined) {
      this.#question = '';
      this.result = null;
      this.problem = undefined;
      this.pending = false;
      return;
    }
    const question = JSON.stringify([config.data.id, config.preparation, config.split, config.task]);
    if (question === this.#question) return;
    if (this.#question !== '' && JSON.parse(this.#question)[0] !== config.data.id) this.result = null;
    this.#question = question;
    void this.#answer(question, config);
  }

  /** Asks the same again, after the data changed or the connection came back. */
  refresh(config: RunConfig | undefined): void {
    this.#question = '';
    this.ask(config);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #answer(question: string, config: RunConfig): Promise<void> {
    this.pending = true;
    let result: DataRoles | null = null;
    let problem: Problem | undefined;
    try {
      const { preparation, split, task } = config;
      result = await call('data.roles', { id: config.data.id, preparation, split, task });
      problem = result.problems[0];
    } catch (error) {
      problem = error instanceof ProblemError ? error.problem : { code: 'data.roles', message: String(error) };
    }
    if (this.#stopped || question !== this.#question) return;
    if (problem?.code.startsWith('connection.')) {
      // Nobody answered: what was known stays until the connection is back and the question is asked again.
      this.#question = '';
      this.pending = false;
      return;
    }
    this.result = result;
    this.problem = problem;
    this.pending = false;
  }
}
