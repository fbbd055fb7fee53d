/** Long jobs of the host (imports, scoring), as the status line and its list show them. */
import type { Events } from '../../electron/contract/calls.ts';

export type Activity = Events['activity'];

/** A finished job stays this long, so that its end can be seen. */
const lingerMs = 4000;

export class ActivityList {
  list = $state.raw<readonly Activity[]>([]);
  running = $derived(this.list.filter((activity) => activity.state === 'running'));

  put(activity: Activity): void {
    const known = this.list.some((other) => other.id === activity.id);
    this.list = known ? this.list.map((other) => (other.id === activity.id ? activity : other)) : [...this.list, activity];
    if (activity.state !== 'running') setTimeout(() => this.#forget(activity.id), lingerMs);
  }

  #forget(id: string): void {
    this.list = this.list.filter((activity) => activity.id !== id || activity.state === 'running');
  }
}
