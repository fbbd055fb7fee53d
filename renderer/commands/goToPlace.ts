import { text } from '../text.ts';
import { placeIcons } from '../frame/placeIcons.ts';
import { places, workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

/** One per place, Alt+1 and so on in the order of the rail. */
export const goToPlace: readonly Command[] = places.map((place, index) => ({
  id: `go.${place}`,
  label: text.commands.goTo(text.places[place]),
  group: 'view',
  icon: placeIcons[place],
  shortcuts: [`Alt+${index + 1}`],
  inFields: true,
  run: () => workspace.go(place),
}));
