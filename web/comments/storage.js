/*
 * storage.js: what is kept in the browser.
 */

// A browser may forbid to keep anything.
const storage = where => ({
  get(key) {
    try {
      return JSON.parse(window[where].getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value) {
        window[where].setItem(key, JSON.stringify(value));
      } else {
        window[where].removeItem(key);
      }
    } catch { /* then it is not kept */ }
  },
});

// What was typed in this tab, one for each page and comment that is answered;
// and who writes, when one wants that to be remembered.
export const drafts = storage('sessionStorage');
export const readers = storage('localStorage');
