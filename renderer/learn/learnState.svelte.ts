/** Which page of Learn is open, kept over a restart. */
import { preferences } from '../workspace/preferences.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { learnPages, type LearnPage } from './pages.ts';

class LearnState {
  #chosen = $state.raw<string | null>(null);
  page: LearnPage | undefined = $derived(
    learnPages.find(({ id }) => id === (this.#chosen ?? preferences.recall('learn.page', ''))) ?? learnPages[0],
  );

  show(id: string): void {
    this.#chosen = id;
    preferences.remember('learn.page', id);
  }

  /** From anywhere else. */
  open(id: string): void {
    this.show(id);
    workspace.go('learn');
  }
}

export const learn = new LearnState();
