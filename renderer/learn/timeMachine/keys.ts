/** Keys of the time machine, wherever the focus is but in a field: Space plays, arrows step where no grid takes them. */
import type { TimeMachine } from './machine.svelte.ts';

export function pressInMachine(machine: TimeMachine, event: KeyboardEvent): void {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || machine.view === null) return;
  if (target instanceof HTMLElement && target.closest('input, select, textarea, [role="tablist"], [role="dialog"], .svelte-flow') !== null)
    return;
  // Space presses the button that has the focus.
  if (event.key === ' ' && !(target instanceof HTMLElement && target.closest('button') !== null)) {
    if (machine.playing) machine.pause();
    else machine.play();
  } else if (event.key === 'ArrowRight' || event.key === '.') {
    machine.pause();
    void machine.forward();
  } else if (event.key === 'ArrowLeft' || event.key === ',') {
    machine.pause();
    void machine.backward();
  } else if (event.key === 'Escape' && machine.choice !== null) void machine.choose(null);
  else return;
  event.preventDefault();
}
