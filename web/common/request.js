/*
 * request.js: requests to our own server that are answered in JSON.
 */

// A refusal is thrown as { status, code, message, field }, no answer at all as
// a TypeError of fetch.
export async function request(address, options) {
  const answer = await fetch(address, {
    credentials: 'same-origin', ...options,
    headers: { Accept: 'application/json', ...options.headers },
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw { status: answer.status, ...json.error };
  }
  return json;
}
