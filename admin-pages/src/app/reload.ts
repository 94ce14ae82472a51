const KEY = 'reloaded-for';

/** After a release the pages that were not loaded yet have other names: whoever still has the old ones loads anew, once. */
export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const missing = String(event.payload);
    if (sessionStorage.getItem(KEY) === missing) return;
    sessionStorage.setItem(KEY, missing);
    event.preventDefault();
    window.location.reload();
  });
}
