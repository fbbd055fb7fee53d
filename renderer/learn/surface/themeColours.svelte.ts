/** The maps' colours of the present theme. */
import { onThemeChange, token } from '../../ui/theme.ts';
import { readColours, type PlaneColours } from './planeColours.ts';

export class ThemeColours {
  current: PlaneColours = $state.raw(readColours(token));

  /** @returns how to stop following the theme */
  follow(): () => void {
    return onThemeChange(() => (this.current = readColours(token)));
  }
}
