import type { ExplainView } from '../../../electron/contract/calls.ts';
import type { TimeMachine } from './machine.svelte.ts';
import type { Moment } from './moments.ts';

/**
 * The moment as the numbers show it: one frame behind the timeline and the network, so that no frame has all the work of a
 * step. Of a machine that was just opened it is there at once. Made while a component is set up.
 */
export class FollowingMoment {
  #reached = $state.raw<{ readonly moment: Moment | undefined; readonly view: ExplainView | null } | undefined>();
  readonly #machine: TimeMachine;
  readonly moment: Moment | undefined = $derived.by(() => {
    const { moment, view } = this.#machine;
    return this.#reached?.view === view ? this.#reached?.moment : moment;
  });

  constructor(machine: TimeMachine) {
    this.#machine = machine;
    $effect(() => {
      const { moment, view } = machine;
      // The first is called at the beginning of the frame that draws the timeline, the second in the one behind it.
      let frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => (this.#reached = { moment, view }));
      });
      return () => cancelAnimationFrame(frame);
    });
  }
}
