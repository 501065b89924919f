/*
 * state.js: what all parts of the page know: which list is asked for, what is
 * shown of it, and what was decided.
 */

export const view = { status: 'pending', filters: {} };
export const cards = new Map();      // id: { item, node, busy }
export const chosen = new Set();     // ids
export const outbox = [];            // { id, decision, version, ... group }
export const undos = [];             // { what, done: [{ id, version }] }

export const filter_names = ['words', 'page', 'author_of', 'rule', 'since',
                             'until', 'id'];
export const statuses = ['pending', 'reported', 'approved', 'spam', 'rejected',
                         'deleted', 'any'];
export const decisions = { approve: 'approved', hold: 'pending', spam: 'spam',
                           reject: 'rejected', delete: 'deleted' };

export const is_search = () => filter_names.some(name => view.filters[name])
  || view.status === 'any';

// Does an item belong to the list?
export const belongs = item => view.status === 'any'
  || view.status === item.status
  || view.status === 'reported' && Boolean(item.reports?.open);

// A comment that was reported can be found good as it is.
export const changes = (item, what) => decisions[what] !== item.status
  || Boolean(item.reports?.open);

export const is_pending = id => outbox.some(entry => entry.id === id);

export const is_on_its_way = group =>
  outbox.some(entry => entry.group === group);

// The list as the address and the API name it.
export function query(extra) {
  const fields = new URLSearchParams({ status: view.status, limit: 50 });
  for (const [name, value] of Object.entries({ ...view.filters, ...extra })) {
    if (value) {
      fields.set(name, value);
    }
  }
  return fields;
}
