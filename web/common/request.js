/*
 * request.js: requests to our own server.
 */

// Longer than the server takes; then the connection is dead.
const ANSWER_MS = 60000;

export const reach = (address, options) => fetch(address, {
  credentials: 'same-origin', signal: AbortSignal.timeout?.(ANSWER_MS),
  ...options,
});

// What is answered in JSON.  A refusal is thrown as { status, code, message,
// field }, no answer at all, or half of one, as what fetch throws.
export async function request(address, options) {
  const answer = await reach(address, { ...options,
    headers: { Accept: 'application/json', ...options.headers } });
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({}));
    throw { status: answer.status, ...error };
  }
  return answer.json();
}
