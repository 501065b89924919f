/*
 * times.js: when a comment was written: how long ago that is, and the date in
 * the title.  Where the browser does not know the page's language, and without
 * us, the server's date is there.
 */

const MINUTE_MS = 60000, DAY_MS = 86400000;
const DAYS_MAX = 30;           // what is older has its date

let formats;

function formats_of(lang) {
  // "en-GB" rather than "en", when that is what the reader has.
  const own = navigator.languages.find(tag => tag.split('-')[0] === lang)
    || lang;
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(own).length && {
      date: new Intl.DateTimeFormat(own,
        { dateStyle: 'long', timeStyle: 'short' }),
      ago: new Intl.RelativeTimeFormat(own, { numeric: 'auto' }),
    };
  } catch {
    return null;
  }
}

const midnight = time => new Date(time).setHours(0, 0, 0, 0);

// "yesterday" is a day of the calendar; a clock that goes wrong is not asked.
function told(time) {
  const now = Date.now();
  const minutes = Math.trunc((now - time) / MINUTE_MS);
  const days = Math.round((midnight(now) - midnight(time)) / DAY_MS);
  const { date, ago } = formats;
  return minutes < 0 || days > DAYS_MAX ? date.format(time)
    : minutes < 1 ? ago.format(0, 'second')
    : minutes < 60 ? ago.format(-minutes, 'minute')
    : minutes < 1440 ? ago.format(-Math.trunc(minutes / 60), 'hour')
    : ago.format(-days, 'day');
}

export function show_times(inside, lang) {
  formats ??= formats_of(lang);
  for (const node of inside.querySelectorAll('time.dt-published')) {
    const time = new Date(node.dateTime);
    if (!formats || isNaN(time)) {
      continue;
    }
    const text = told(time);
    if (node.textContent !== text) {
      node.textContent = text;
      node.title = formats.date.format(time);
    }
  }
}

// One look a minute is enough.
export const keep_times = (inside, lang) => setInterval(() =>
  document.hidden || show_times(inside, lang), MINUTE_MS);
