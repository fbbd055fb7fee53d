// Sets the theme and text size before the first paint; renderer/ui/theme.ts keeps them afterwards.
(function () {
  const root = document.documentElement;
  let choice = 'system';
  try {
    choice = localStorage.getItem('layerbench.theme') || 'system';
    const scale = Number(localStorage.getItem('layerbench.textScale'));
    if (scale >= 0.8 && scale <= 2) root.style.setProperty('--text-scale', String(scale));
  } catch {
    // Storage may be refused; the system's theme is then the choice.
  }
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
})();
