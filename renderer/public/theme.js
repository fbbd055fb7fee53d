// Sets the theme and text size before the first paint; renderer/ui/theme.ts keeps them afterwards.
(function () {
  var root = document.documentElement;
  var choice = 'system';
  try {
    choice = localStorage.getItem('layerbench.theme') || 'system';
    var scale = Number(localStorage.getItem('layerbench.textScale'));
    if (scale >= 0.8 && scale <= 2) root.style.setProperty('--text-scale', String(scale));
  } catch {
    // Storage may be refused; the system's theme is then the choice.
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
})();
