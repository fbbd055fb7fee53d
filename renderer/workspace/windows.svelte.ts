/** What stands above the places: command palette, settings, help, and a tab being renamed. */
class Windows {
  palette = $state(false);
  settings = $state(false);
  help = $state(false);
  /** The network whose tab is being renamed. */
  renaming = $state.raw<string | null>(null);
}

export const windows = new Windows();
