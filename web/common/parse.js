/*
 * parse.js: HTML of our own server.  A page may ask for trusted types: here
 * alone something is parsed, by the policy ngx-comments.
 */

const policy = (() => {
  try {
    return trustedTypes.createPolicy('ngx-comments', { createHTML: s => s });
  } catch {                    // no such thing here, or a second script
    return { createHTML: s => s };
  }
})();

export const parse = html => new DOMParser().parseFromString(
  policy.createHTML(html), 'text/html');
