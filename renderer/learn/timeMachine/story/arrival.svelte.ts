/** A link that was followed: opens what it names, and brings the time machine to its moment once that is there. */
import { raise } from '../../../../core/problem.ts';
import { preferences } from '../../../workspace/preferences.svelte.ts';
import { notices, showError, showProblem } from '../../../workspace/notices.svelte.ts';
import { workspace } from '../../../workspace/workspace.svelte.ts';
import { learn } from '../../learnState.svelte.ts';
import type { TimeMachine } from '../machine.svelte.ts';
import { hasWeights, sourceKeys } from '../sources.ts';
import { isLink, readLink, type MachineLink } from './links.ts';
import { stoppedProblem } from './stopped.ts';

class Arrival {
  /** Not yet come to. */
  wanted = $state.raw<(MachineLink & { readonly key: string }) | null>(null);
  /** The steps of training that a link says were taken are taken again. */
  replay = $state.raw<{ readonly done: number; readonly total: number } | null>(null);

  /** @throws ProblemError with one sentence where it is no link, or leads out of this library */
  async follow(text: string): Promise<void> {
    const link = readLink(text);
    const { of } = link;
    if ('run' in of) {
      if (!workspace.runs.some((run) => run.id === of.run && hasWeights(run))) {
        raise({
          code: 'link.run',
          message: `This link leads to run ${of.run}, which this library does not have or which has no weights.`,
          hint: 'Links work inside the library they were copied in.',
        });
      }
    } else {
      if (!workspace.documents.some(({ id }) => id === of.network)) {
        raise({
          code: 'link.network',
          message: 'This link leads to a network that this library does not have.',
          hint: 'Links work inside the library they were copied in.',
        });
      }
      if ((await workspace.open(of.network)) === null) return;
    }
    const key = 'run' in of ? sourceKeys.run(of.run) : sourceKeys.network;
    preferences.remember('learn.timeMachine.source', key);
    preferences.remember('learn.timeMachine.row', link.row);
    this.wanted = { ...link, key };
    learn.open('timeMachine');
  }

  /** The machine has opened what was asked for. */
  async arrive(machine: TimeMachine): Promise<void> {
    const { wanted } = this;
    if (wanted === null || machine.view === null || machine.opening) return;
    this.wanted = null;
    if (machine.view.rows[0] !== wanted.row || wanted.at >= machine.moments.length) {
      return showError(problemOf('has other moments or samples than this link names; it was changed since'));
    }
    if (!(await this.#takeSteps(machine, wanted.earlier))) return;
    machine.go(wanted.at);
    if (wanted.edits.length > 0) await machine.change(() => wanted.edits);
    if (wanted.number !== undefined) await machine.choose(wanted.number);
  }

  /** Stays at the step reached. */
  stop(): void {
    this.replay = null;
  }

  /** @returns false where it was stopped, or a step could not be taken: then it is said how far it came, and why */
  async #takeSteps(machine: TimeMachine, earlier: MachineLink['earlier']): Promise<boolean> {
    const { view } = machine;
    const total = earlier.length;
    try {
      for (const [done, edits] of earlier.entries()) {
        if (done > 0 && this.replay === null) return false;
        this.replay = { done, total };
        const said = notices.list;
        if (edits.length > 0) await machine.change(() => edits);
        const isChanged = edits.length === 0 || machine.edits.length === edits.length;
        if (machine.view === view && isChanged) await machine.advance();
        if (machine.view === view && isChanged && machine.state?.taken === done + 1) continue;
        // Why, the machine has said already: one notice instead of two.
        const cause = notices.list.findLast((notice) => notice.tone === 'bad' && !said.includes(notice));
        if (cause !== undefined) notices.dismiss(cause.id);
        showProblem(stoppedProblem({ done, total, cause: cause?.text, isElsewhere: machine.view !== view }));
        return false;
      }
      return true;
    } finally {
      this.replay = null;
    }
  }
}

function problemOf(what: string): unknown {
  try {
    return raise({ code: 'link.changed', message: `The network ${what}.`, hint: 'Copy the link again.' });
  } catch (error) {
    return error;
  }
}

export const arrival = new Arrival();

/** Follows a link in the address, at the start and whenever it changes; the address is cleared, so that it works twice. */
export function bindLinks(): () => void {
  const look = (): void => {
    const { hash } = location;
    if (!isLink(hash)) return;
    history.replaceState(null, '', location.pathname + location.search);
    arrival.follow(hash).catch(showError);
  };
  look();
  window.addEventListener('hashchange', look);
  return () => window.removeEventListener('hashchange', look);
}
