/** What stands above the places: command palette, settings, help, the zoo, and a tab being renamed. */
class Windows {
  palette = $state(false);
  settings = $state(false);
  help = $state(false);
  zoo = $state(false);
  /** The field for a link to a moment of the time machine. */
  openLink = $state(false);
  /** The network whose tab is being renamed. */
  renaming = $state.raw<string | null>(null);
}

export const windows = new Windows();
